using System.Globalization;
using Seamless.Rules.Backtests;

namespace Seamless.Portal.Commands;

/// <summary>A backtest's report for a terminal: the alarms, then what they come to.</summary>
internal static class BacktestPrint
{
    public static void Print(BacktestReport report)
    {
        Terminal.PrintTable(["DEVICE", "RULE", "ONSET", "RAISED", "CLEARED", "VALUE"], report.Alarms.Select(alarm => (IReadOnlyList<string>)
            [alarm.Device, alarm.Rule, Time(alarm.OnsetAt), Time(alarm.RaisedAt), Time(alarm.ClearedAt), Number(alarm.Value)]));
        if (report.Total > report.Alarms.Count) Console.WriteLine($"… and {report.Total - report.Alarms.Count} more");
        Console.WriteLine();
        PrintComparison(report.Comparison);
        Console.WriteLine();
        PrintLoad(report.Load);
        PrintOutcomes(report.Outcomes);
        Console.WriteLine($"{report.Total} alarms on {report.Samples} samples of {report.Devices} devices");
    }

    private static void PrintComparison(BacktestComparison comparison)
    {
        var old = comparison.Against == "text" ? "AGAINST" : "IN FORCE";
        Terminal.PrintTable(["RULE", old, "NEW", "BOTH", "ONLY NEW", $"ONLY {old}"], comparison.Rules
            .Select(rule => (IReadOnlyList<string>)[rule.Rule, Count(rule.Old), Count(rule.New), Count(rule.Both), Count(rule.OnlyNew), Count(rule.OnlyOld)])
            .Append(["all", Count(comparison.Rules.Sum(r => r.Old)), Count(comparison.OnlyNew + comparison.Both), Count(comparison.Both), Count(comparison.OnlyNew), Count(comparison.OnlyOld)]));
    }

    private static void PrintLoad(BacktestLoad load)
    {
        var busiest = load.New.BusiestHour is { } hour ? $"; busiest hour {Time(hour)} with {load.New.InBusiestHour}" : "";
        Console.WriteLine($"{Number(load.New.PerEngineerHour)} alarms an hour for each of {Number(load.Engineers)} engineers (target at most {Number(load.TargetPerEngineerHour)}){busiest}");
    }

    private static void PrintOutcomes(BacktestOutcomes? outcomes)
    {
        if (outcomes is null)
        {
            Console.WriteLine("precision and recall: unknown, no alarm or ticket of these devices in this time was closed with a verdict or a cause");
            return;
        }
        Console.WriteLine($"on {outcomes.Labelled} confirmed outcomes:");
        Terminal.PrintTable(["", "PRECISION", "RECALL", "TRUE", "FALSE", "KNOWN", "UNLABELLED", "LEAD P10 MIN", "MEDIAN", "P90"], [Score("old", outcomes.Old), Score("new", outcomes.New)]);
    }

    private static IReadOnlyList<string> Score(string whose, OutcomeScore score)
    {
        var lead = score.LeadFromRaise;
        return
        [
            whose, Share(score.Precision, score.True, score.True + score.False), Share(score.Recall, score.Found, score.Faults), Count(score.True), Count(score.False), Count(score.Known),
            Count(score.Unlabelled), Number(lead?.P10Minutes), Number(lead?.MedianMinutes), Number(lead?.P90Minutes),
        ];
    }

    private static string Share(double? share, int part, int whole) => share is { } known ? $"{Number(known)} ({part}/{whole})" : "-";
    private static string Count(int? count) => count?.ToString(CultureInfo.InvariantCulture) ?? "-";
    private static string Number(double? value) => value?.ToString("G4", CultureInfo.InvariantCulture) ?? "-";
    private static string Number(double value) => value.ToString("G6", CultureInfo.InvariantCulture);
    private static string Time(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "-";
}
