using System.Globalization;
using System.Text;
using Seamless.Portal.Pages.Viewing;
using Seamless.ServiceDesk.Kpis;

namespace Seamless.Portal.Pages.Kpis;

/// <summary>The scoreboard as a table for a spreadsheet.</summary>
internal static class KpiExport
{
    public static void MapKpiExport(this IEndpointRouteBuilder app) =>
        app.MapGet("/kpis.csv", async (int? days, IKpis kpis, Viewer viewer, CancellationToken ct) =>
        {
            var measured = await kpis.MeasureAsync(viewer.Tenant, viewer.Now.AddDays(-Math.Clamp(days ?? 30, 1, 3660)), viewer.Now, ct);
            // The mark tells spreadsheets that this is UTF-8.
            return Results.Text('\uFEFF' + Csv(measured), "text/csv", Encoding.UTF8);
        }).RequireAuthorization(policy => policy.RequireRole(Duties.Readers.Split(','))).ExcludeFromDescription();

    internal static string Csv(IReadOnlyList<Kpi> kpis)
    {
        var text = new StringBuilder("code,value,unit,target,samples,low,high\r\n");
        foreach (var kpi in kpis)
        {
            text.Append(CultureInfo.InvariantCulture, $"{kpi.Code},{kpi.Value},{kpi.Unit},{kpi.Target},{kpi.Samples},{kpi.Low},{kpi.High}\r\n");
        }
        return text.ToString();
    }
}
