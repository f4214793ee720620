using System.Globalization;
using System.Text;
using Seamless.Portal.Pages.Viewing;
using Seamless.Rules.Backtests;

namespace Seamless.Portal.Pages.Backtests;

/// <summary>A backtest's alarms as a table for a spreadsheet: those of the new rules, then those that only the old would raise.</summary>
internal static class BacktestExport
{
    public static void MapBacktestExport(this IEndpointRouteBuilder app) =>
        app.MapGet("/rules/backtests/{id}.csv", (string id, IBacktestRuns runs, Viewer viewer) =>
            runs.Find(viewer.Tenant, id)?.Report is { } report
                // The mark tells spreadsheets that this is UTF-8.
                ? Results.Text('\uFEFF' + Csv(report), "text/csv", Encoding.UTF8)
                : Results.NotFound())
            .RequireAuthorization(policy => policy.RequireRole(Duties.Readers.Split(','))).ExcludeFromDescription();

    internal static string Csv(BacktestReport report)
    {
        var text = new StringBuilder("raisedBy,device,rule,onsetAt,raisedAt,clearedAt,value\r\n");
        foreach (var alarm in report.Alarms) Add(text, alarm.RaisedByOld ? "both" : "new", alarm);
        foreach (var alarm in report.Comparison.OnlyOldAlarms) Add(text, "old", alarm);
        return text.ToString();
    }

    // Ids of devices and rules have neither commas nor quotes.
    private static void Add(StringBuilder text, string raisedBy, BacktestAlarm alarm) =>
        text.Append(CultureInfo.InvariantCulture, $"{raisedBy},{alarm.Device},{alarm.Rule},{Time(alarm.OnsetAt)},{Time(alarm.RaisedAt)},{Time(alarm.ClearedAt)},{alarm.Value}\r\n");

    private static string Time(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture) ?? "";
}
