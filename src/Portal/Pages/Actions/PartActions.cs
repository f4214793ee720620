using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Pages.Viewing;
using Seamless.Portal.Pages.Parts;
using Seamless.ServiceDesk.Parts;
using Seamless.ServiceDesk.Parts.Counting;
using Seamless.ServiceDesk.Parts.Custody;
using Seamless.ServiceDesk.Parts.Planning;
using Seamless.ServiceDesk.Parts.Repairs;
using Seamless.Telemetry;

namespace Seamless.Portal.Pages.Actions;

internal static class PartActions
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var parts = app.MapGroup("/parts").RequireAuthorization(policy => policy.RequireRole(Duties.Parts));

        parts.MapPost("/shipments/{id}/{milestone}", async (string id, string milestone, [FromServices] ActionRequest request, IPartsNetwork network) =>
            await request.AnswerAsync("shipment.report", $"shipment:{id}",
                await network.ReportShipmentAsync(request.Viewer.Tenant, id, milestone, request.Viewer.Name, request.Aborted), milestone));

        parts.MapPost("/plan/compute", async ([FromServices] ActionRequest request, IStockPlans plans) =>
            await request.AnswerAsync("stock.plan", "stock", await PlanAsync(request, plans), request.Field("budget")));

        parts.MapPost("/returns/{id}", async (string id, [FromServices] ActionRequest request, IPartsNetwork network) =>
            await request.AnswerAsync("return.receive", $"return:{id}",
                await network.ReceiveReturnAsync(request.Viewer.Tenant, id, request.Field("disposition") ?? "", request.Viewer.Name, request.Aborted, request.Field("serial")), request.Field("disposition")));
        MapCustody(parts);
        MapCounts(parts);
    }

    private static void MapCounts(RouteGroupBuilder parts)
    {
        parts.MapPost("/counts", async ([FromServices] ActionRequest request, IStockCounts counts, CountDrafts drafts) =>
        {
            var (depot, tags) = (request.Field("depot") ?? "", Tags(request));
            var readAt = DateTimeOffset.TryParse(request.Field("readAt"), CultureInfo.InvariantCulture, out var began) ? began : (DateTimeOffset?)null;
            var compared = await counts.CompareAsync(request.Viewer.Tenant, depot, tags, readAt, request.Aborted);
            if (compared.Succeeded) drafts.Keep(request.Viewer.Tenant, request.Viewer.Name, compared.Value, tags);
            return await request.AnswerAsync("stock.compare", $"depot:{depot}", compared, $"{tags.Count}", elsewhere: CountOf(depot));
        });

        parts.MapPost("/counts/settle", async ([FromServices] ActionRequest request, IStockCounts counts, CountDrafts drafts) =>
        {
            var (tenant, depot) = (request.Viewer.Tenant, request.Field("depot") ?? "");
            if (drafts.Find(tenant, request.Viewer.Name, depot) is not { } draft)
                return await request.AnswerAsync<StockCount>("stock.count", $"depot:{depot}", Refusal.Because("count-gone", "what was read is no longer here; read the depot again"), elsewhere: CountOf(depot));
            var settled = await counts.SettleAsync(tenant, depot, draft.Tags, draft.Count.ReadAt, request.Whole("missing", -1), request.Viewer.Name, request.Aborted);
            if (settled.Succeeded) drafts.Keep(tenant, request.Viewer.Name, settled.Value, draft.Tags);
            return await request.AnswerAsync("stock.settle", $"depot:{depot}", settled, elsewhere: CountOf(depot));
        });
    }

    private static string CountOf(string depot) => $"/parts/count?depot={Uri.EscapeDataString(depot)}";

    private static IReadOnlyList<string> Tags(ActionRequest request) => request.Text("tags").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static void MapCustody(RouteGroupBuilder parts)
    {
        parts.MapPost("/units/{serial}/hand-over", async (string serial, [FromServices] ActionRequest request, ICustody custody) =>
            await request.AnswerAsync("custody.offer", $"unit:{serial}", await custody.OfferAsync(request.Viewer.Tenant, serial, request.Field("to") ?? "", null, request.Viewer.Name, request.Aborted), request.Field("to")));

        parts.MapPost("/hand-overs/{id}/{decision:regex(^(confirm|refuse)$)}", async (string id, string decision, [FromServices] ActionRequest request, ICustody custody) =>
            await request.AnswerAsync("custody.decide", $"hand-over:{id}", await custody.DecideAsync(request.Viewer.Tenant, id, decision == "confirm", request.Viewer.Name, request.Field("reason"), request.Aborted), decision));

        parts.MapPost("/losses/{id}/found", async (string id, [FromServices] ActionRequest request, ICustody custody) =>
            await request.AnswerAsync("loss.found", $"loss:{id}", await custody.FindAsync(request.Viewer.Tenant, id, request.Field("depot") ?? "", request.Viewer.Name, request.Aborted), request.Field("depot")));

        parts.MapPost("/losses/{id}/write-off", async (string id, [FromServices] ActionRequest request, ICustody custody) =>
            await request.AnswerAsync("loss.writeOff", $"loss:{id}", await custody.WriteOffAsync(request.Viewer.Tenant, id, request.Field("reason") ?? "", request.Viewer.Name, request.Aborted), request.Field("reason")));

        parts.MapPost("/repairs/{id}/{end:regex(^(repaired|condemned)$)}", async (string id, string end, [FromServices] ActionRequest request, IRepairs repairs) =>
            await request.AnswerAsync("repair.end", $"repair:{id}", await repairs.EndAsync(request.Viewer.Tenant, id, new RepairEnd(end == "repaired", null, request.Field("note")), request.Viewer.Name, request.Aborted), end));
    }

    private static async Task<Outcome<StockPlan>> PlanAsync(ActionRequest request, IStockPlans plans)
    {
        if (request.Field("budget") is not { } text) return await plans.ComputeAsync(request.Viewer.Tenant, null, request.Viewer.Name, request.Aborted);
        if (!decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var budget)) return Refusal.Invalid("amount-no-money", $"'{text}' is no amount of money");
        return await plans.ComputeAsync(request.Viewer.Tenant, budget, request.Viewer.Name, request.Aborted);
    }
}
