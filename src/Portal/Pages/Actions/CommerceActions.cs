using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Pages.Viewing;
using Seamless.ServiceDesk.Commerce.Contracts;
using Seamless.ServiceDesk.Commerce.Coverage;
using Seamless.ServiceDesk.Commerce.Quotes;
using Seamless.Telemetry;

namespace Seamless.Portal.Pages.Actions;

internal static class CommerceActions
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var desk = app.MapGroup("").RequireAuthorization(policy => policy.RequireRole(Duties.Tickets));
        MapQuotes(desk.MapGroup("/tickets/{number}"));

        desk.MapPost("/contracts/add", async ([FromServices] ActionRequest request, IContracts contracts) =>
        {
            var price = request.Amount("price");
            var added = !price.Succeeded ? price.Refusal : Enum.TryParse<CoveragePack>(request.Field("pack"), out var pack) && Day(request, "end") is { } end
                ? await contracts.AddAsync(new NewContract(request.Viewer.Tenant, request.Field("device") ?? "", pack, end, Day(request, "start"), Price: price.Value), request.Viewer.Name, request.Aborted)
                : Refusal.Invalid("contract-fields", "a contract has a pack and an end: a day such as 2027-03-31");
            return await request.AnswerAsync("contract.add", $"contract:{added.Value?.Number ?? "new"}", added);
        });

        desk.MapPost("/contracts/renew", async ([FromServices] ActionRequest request, IContracts contracts) =>
        {
            var number = request.Field("number") ?? "";
            var renewed = Day(request, "end") is { } end ? await contracts.RenewAsync(request.Viewer.Tenant, number, new Renewal(end), request.Viewer.Name, request.Aborted) : Refusal.Invalid("renewal-end", "a renewal has an end");
            return await request.AnswerAsync("contract.renew", $"contract:{number}", renewed);
        });
    }

    private static void MapQuotes(RouteGroupBuilder ticket)
    {
        ticket.MapPost("/quote/open", async (string number, [FromServices] ActionRequest request, IQuotes quotes) =>
        {
            var hours = request.Amount("hours");
            return await request.AnswerAsync("quote.open", $"ticket:{number}", hours.Succeeded
                ? await quotes.OpenAsync(request.Viewer.Tenant, number, new NewQuote(Cause(request), Hours: request.Field("hours") is null ? null : hours.Value, Note: request.Field("note")), request.Viewer.Name, request.Aborted)
                : hours.Refusal);
        });

        ticket.MapPost("/quote/decide", async (string number, [FromServices] ActionRequest request, IQuotes quotes) => await request.AnswerAsync("quote.decide", $"ticket:{number}", await quotes.DecideAsync(
            request.Viewer.Tenant, number, new QuoteDecision(request.Whole("revision", 0), request.Field("approve") == "true", request.Field("channel") ?? "", request.Field("note")), request.Viewer.Name, request.Aborted)));

        ticket.MapPost("/quote/withdraw", async (string number, [FromServices] ActionRequest request, IQuotes quotes) =>
            await request.AnswerAsync("quote.withdraw", $"ticket:{number}", await quotes.WithdrawAsync(request.Viewer.Tenant, number, request.Field("note") ?? "", request.Viewer.Name, request.Aborted)));

        ticket.MapPost("/invoice", async (string number, [FromServices] ActionRequest request, IQuotes quotes) =>
            await request.AnswerAsync("invoice.write", $"ticket:{number}", await quotes.InvoiceAsync(request.Viewer.Tenant, number, null, request.Viewer.Name, request.Aborted)));
    }

    private static DamageCause? Cause(ActionRequest request) => Enum.TryParse<DamageCause>(request.Field("cause"), out var cause) ? cause : null;

    /// <summary>The beginning of that day where the viewer is.</summary>
    private static DateTimeOffset? Day(ActionRequest request, string name) =>
        DateTime.TryParse(request.Field(name), CultureInfo.InvariantCulture, out var day) ? new DateTimeOffset(day.Date, request.Viewer.Zone.GetUtcOffset(day.Date)).ToUniversalTime() : null;
}
