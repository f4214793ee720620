using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Pages.Viewing;
using Seamless.ServiceDesk.Customers;
using Seamless.ServiceDesk.Customers.Complaints;
using Seamless.ServiceDesk.Customers.Requests;
using Seamless.Telemetry;

namespace Seamless.Portal.Pages.Actions;

internal static class CustomerActions
{
    private const int Alternatives = 3;

    public static void Map(IEndpointRouteBuilder app)
    {
        var desk = app.MapGroup("").RequireAuthorization(policy => policy.RequireRole(Duties.Tickets));

        desk.MapPost("/complaints/lodge", async ([FromServices] ActionRequest request, IComplaints complaints) =>
        {
            var type = Enum.TryParse<ComplaintType>(request.Field("type"), out var known) ? known : ComplaintType.Other;
            var outcome = await complaints.LodgeAsync(new NewComplaint(
                request.Viewer.Tenant, request.Field("ticket"), request.Field("customer"), type, request.Field("text") ?? "", "staff"), request.Viewer.Name, request.Aborted);
            return await request.AnswerAsync("complaint.lodge", $"complaint:{outcome.Value?.Number ?? "-"}", outcome, elsewhere: outcome.Succeeded ? $"/complaints/{outcome.Value.Number}" : null);
        });

        desk.MapPost("/complaints/{number}/actions/{action}", async (string number, string action, [FromServices] ActionRequest request, IComplaints complaints) =>
        {
            var by = new Colleague(request.Viewer.Name, request.Viewer.Role ?? "");
            var offered = AlternativesOf(request);
            var outcome = offered.Succeeded
                ? await complaints.ActAsync(request.Viewer.Tenant, number, new ComplaintAction(action, by, request.Fields(), offered.Value), request.Aborted) : offered.Refusal;
            return await request.AnswerAsync("complaint.action", $"complaint:{number}", outcome, action);
        });

        desk.MapPost("/customers/requests/{number}/answer", async (string number, [FromServices] ActionRequest request, ICustomerRequests requests) =>
            await request.AnswerAsync("request.answer", $"request:{number}",
                await requests.AnswerAsync(request.Viewer.Tenant, number, request.Field("answer") ?? "", request.Viewer.Name, request.Aborted)));
    }

    private static Outcome<IReadOnlyList<Alternative>> AlternativesOf(ActionRequest request)
    {
        var offered = new List<Alternative>();
        for (var n = 1; n <= Alternatives; n++)
        {
            if (request.Field($"text{n}") is not { } text) continue;
            var money = 0m;
            if (request.Field($"money{n}") is { } sum && !decimal.TryParse(sum, NumberStyles.Number, CultureInfo.InvariantCulture, out money)) return Refusal.Invalid("amount-no-money", $"'{sum}' is no amount of money");
            CommandRisk? command = Enum.TryParse<CommandRisk>(request.Field($"command{n}"), out var risk) ? risk : null;
            offered.Add(new Alternative(text, money, request.Field($"part{n}") is not null, request.Field($"swap{n}") is not null, command));
        }
        return offered;
    }
}
