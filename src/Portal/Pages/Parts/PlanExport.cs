using System.Globalization;
using System.Text;
using Seamless.Portal.Pages.Viewing;
using Seamless.ServiceDesk.Parts.Planning;

namespace Seamless.Portal.Pages.Parts;

/// <summary>The stock plan as a table for a spreadsheet.</summary>
internal static class PlanExport
{
    public static void MapPlanExport(this IEndpointRouteBuilder app) =>
        app.MapGet("/parts/plan.csv", async (IStockPlans plans, Viewer viewer, CancellationToken ct) =>
            // The mark tells spreadsheets that this is UTF-8.
            await plans.LatestAsync(viewer.Tenant, ct) is { } plan ? Results.Text('\uFEFF' + Csv(plan, viewer), "text/csv", Encoding.UTF8) : Results.NotFound())
            .RequireAuthorization(policy => policy.RequireRole(Duties.Readers.Split(','))).ExcludeFromDescription();

    internal static string Csv(StockPlan plan, Viewer viewer)
    {
        var text = new StringBuilder("sku,depot,level,before,demandPerYear,method,knownDemand,leadTimeDays,pipelineMean,pipelineVariance,backOrdersWithOneLess,backOrders,backOrdersWithOneMore,fillRate,targetFillRate,cost,reason,why\r\n");
        foreach (var l in plan.Levels)
            text.Append(CultureInfo.InvariantCulture,
                $"{l.Sku},{l.Depot},{l.Level},{l.Before},{l.DemandPerYear},{l.Method},{l.KnownDemand},{l.LeadTimeDays},{l.PipelineMean},{l.PipelineVariance},{l.BackOrdersWithOneLess},{l.BackOrders},{l.BackOrdersWithOneMore},{l.FillRate},{l.TargetFillRate},{l.Cost},{l.Reason},\"{viewer.In(l.Why)}\"\r\n");
        return text.ToString();
    }
}
