using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Pages.Viewing;
using Seamless.ServiceDesk.Parts;
using Seamless.ServiceDesk.Parts.Planning;
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
                await network.ReceiveReturnAsync(request.Viewer.Tenant, id, request.Field("disposition") ?? "", request.Viewer.Name, request.Aborted), request.Field("disposition")));
    }

    private static async Task<Outcome<StockPlan>> PlanAsync(ActionRequest request, IStockPlans plans)
    {
        if (request.Field("budget") is not { } text) return await plans.ComputeAsync(request.Viewer.Tenant, null, request.Viewer.Name, request.Aborted);
        if (!decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var budget)) return Refusal.Invalid($"'{text}' is no amount of money");
        return await plans.ComputeAsync(request.Viewer.Tenant, budget, request.Viewer.Name, request.Aborted);
    }
}
