using Seamless.Learning.Training;
using Seamless.Telemetry;

namespace Seamless.Rules.Training;

/// <summary>Whether there is enough to learn from, and in words what is there and what is missing.</summary>
internal static class HistoryEnough
{
    public const int FewestFailures = 3, FewestDevices = 2;

    public static Refusal NoMetrics(string type, int devices, int simulated) => Refusal.Invalid(devices == 0
        ? $"there is no device of type '{type}'{(simulated > 0 ? $" ({simulated} that are simulated are left out)" : "")}"
        : $"no number of '{type}' is sent by at least half of the {devices} devices; name the metrics");

    /// <summary>The modes that are learned: those that were asked for, or all with enough failures.</summary>
    public static IReadOnlyList<string> Modes(GatheredRows rows, TrainingOrder order)
    {
        if (order.Kind is HistoryTables.Rul) return [];
        return [.. rows.FailuresByMode().Where(mode => mode.Value >= FewestFailures && (order.Modes.Count == 0 || order.Modes.Contains(mode.Key))).Select(mode => mode.Key)];
    }

    public static Refusal? WhatIsMissing(GatheredRows rows, TrainingOrder order, IReadOnlyList<string> modes, int most)
    {
        if (rows.Devices() < FewestDevices)
            return Refusal.Invalid($"rows of {rows.Devices()} devices of '{order.History!.Type}' are left after screening; at least {FewestDevices} are needed to tell a failure from a device. {Removed(rows)}");
        return order.Kind is HistoryTables.Rul ? WhatIsMissingOfRuns(rows, order, most) : WhatIsMissingOfFailures(rows, order, modes);
    }

    private static Refusal? WhatIsMissingOfFailures(GatheredRows rows, TrainingOrder order, IReadOnlyList<string> modes)
    {
        var there = rows.FailuresByMode();
        string[] rare = [.. order.Modes.Except(modes)];
        if (modes.Count > 0 && rare.Length == 0)
            return rows.Kept.Any(row => row.Failures.Count == 0) ? null : Refusal.Invalid($"there are no sound rows to compare the failures with. {Removed(rows)}");
        var counts = there.Count == 0 ? "no failure is confirmed" : $"confirmed are {string.Join(", ", there.Select(mode => $"{mode.Value} of {mode.Key}"))}";
        var wanted = rare.Length > 0 ? string.Join(", ", rare) : "at least one mode";
        return Refusal.Invalid($"too few confirmed failures: {counts}; {FewestFailures} of {wanted} are needed. Close tickets with codes, or label alarms. {Removed(rows)}");
    }

    private static Refusal? WhatIsMissingOfRuns(GatheredRows rows, TrainingOrder order, int most)
    {
        if (rows.Runs() < FewestFailures)
            return Refusal.Invalid($"{rows.Runs()} runs from one closure to the next failure are there; at least {FewestFailures} are needed. {Removed(rows)}");
        var step = order.History!.Step * Math.Ceiling(rows.Seen / (double)most);
        return rows.Stride == 1 ? null : Refusal.Invalid($"the runs have {rows.Seen} rows; at most {most} can be learned from, and a life cannot be thinned out: choose a step of at least {step:c}");
    }

    private static string Removed(GatheredRows rows) => $"Left after screening: {rows.Seen} rows; {rows.RemovedWords}";
}
