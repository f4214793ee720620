using System.Globalization;
using System.Text;
using Seamless.Portal.Pages.Viewing;
using Seamless.Rules.Alarms.Performance;

namespace Seamless.Portal.Pages.Alerts;

/// <summary>The rules that speak most as a table for a spreadsheet.</summary>
internal static class PerformanceExport
{
    public static void MapPerformanceExport(this IEndpointRouteBuilder app) =>
        app.MapGet("/alarm-performance.csv", async (int? days, string? site, IAlarmPerformance performance, Viewer viewer, CancellationToken ct) =>
        {
            var from = viewer.Now.AddDays(-Math.Clamp(days ?? 30, 1, 366));
            var report = await performance.MeasureAsync(viewer.Tenant, string.IsNullOrEmpty(site) ? null : site, from, viewer.Now, ct);
            // The mark tells spreadsheets that this is UTF-8.
            return Results.Text('\uFEFF' + Csv(report), "text/csv", Encoding.UTF8);
        }).RequireAuthorization(policy => policy.RequireRole(Duties.Readers.Split(','))).ExcludeFromDescription();

    internal static string Csv(PerformanceReport report)
    {
        var text = new StringBuilder("rule,alarms,share\r\n");
        foreach (var rule in report.TopRules) text.Append(CultureInfo.InvariantCulture, $"{Cell(rule.Rule)},{rule.Count},{rule.Share}\r\n");
        return text.ToString();
    }

    /// <summary>Quoted where it must be, and never a formula.</summary>
    private static string Cell(string text)
    {
        if (text.Length > 0 && "=+-@".Contains(text[0], StringComparison.Ordinal)) text = '\'' + text;
        return text.AsSpan().IndexOfAny("\",\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
