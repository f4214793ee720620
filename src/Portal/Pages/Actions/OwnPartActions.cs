using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Pages.Viewing;
using Seamless.ServiceDesk.Parts;
using Seamless.ServiceDesk.Parts.Compatibility;
using Seamless.Telemetry;

namespace Seamless.Portal.Pages.Actions;

/// <summary>An owner's own kinds of spare, and parts that a ticket turned out to need.</summary>
internal static class OwnPartActions
{
    private const string Home = "/parts#own-parts";

    public static void Map(IEndpointRouteBuilder app)
    {
        var own = app.MapGroup("/parts/own").RequireAuthorization(policy => policy.RequireRole(Duties.Administration));

        own.MapPost("/save", async ([FromServices] ActionRequest request, ICompatibility compatibility) =>
        {
            var part = await ReadAsync(request, compatibility);
            var saved = part.Succeeded ? await compatibility.PutPartAsync(request.Viewer.Tenant, part.Value, request.Viewer.Name, request.Aborted) : part.Refusal;
            return await request.AnswerAsync("part.save", $"part:{request.Field("sku")}", saved, part.Value?.Title.En, saved.Succeeded ? Home : null);
        });

        own.MapPost("/{sku}/remove", async (string sku, [FromServices] ActionRequest request, ICompatibility compatibility) =>
            await request.AnswerAsync("part.remove", $"part:{sku}", await compatibility.RemovePartAsync(request.Viewer.Tenant, sku, request.Viewer.Name, request.Aborted)));

        app.MapGroup("/tickets").RequireAuthorization(policy => policy.RequireRole(Duties.Tickets)).MapPost("/{number}/parts", async (string number, [FromServices] ActionRequest request, IPartsNetwork network) =>
            await request.AnswerAsync("ticket.part", $"ticket:{number}",
                await network.ReserveAsync(request.Viewer.Tenant, number, request.Field("sku") ?? "", request.Whole("quantity", 1), request.Viewer.Name, request.Aborted), request.Field("sku")));
    }

    /// <summary>What the form does not ask for stays as it was.</summary>
    private static async Task<Outcome<OwnPart>> ReadAsync(ActionRequest request, ICompatibility compatibility)
    {
        if (request.Field("sku") is not { } sku) return Refusal.Invalid("own-part-number", "sku: the maker's article number, such as PMP-CPL-45");
        var cost = request.Amount("unitCost");
        if (!cost.Succeeded) return cost.Refusal;
        var before = (await compatibility.CurrentAsync(request.Viewer.Tenant, request.Aborted)).Catalogue.Parts.FirstOrDefault(part => part.Sku == sku);
        var types = (request.Field("types") ?? "").Split([',', ' ', '，', '、'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new OwnPart(
            sku, new(request.Field("nameEn") ?? "", request.Field("nameZh") ?? ""), Letter("criticality", 'E'), Letter("class", 'B'), request.Whole("leadTimeDays", -1), cost.Value,
            request.Field("currency") ?? "", types, before?.Stock,
            request.Field("alternateTo"), request.Field("approved") is not null, request.Field("quality"));

        char Letter(string field, char otherwise) => request.Field(field) is [var letter] ? letter : otherwise;
    }
}
