using Seamless.Telemetry;

namespace Seamless.Learning.Training;

/// <summary>What of the platform's own history is to be learned from: the devices of one equipment type in a span of event time.</summary>
/// <param name="From">Inclusive.</param>
/// <param name="To">Exclusive.</param>
public sealed record TrainingHistory(string Type, DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>The inputs; empty for all numbers of the type that its devices send.</summary>
    public IReadOnlyList<string> Metrics { get; init; } = [];

    /// <summary>A row is the means of so long, and so it is when the model is used live.</summary>
    public TimeSpan Step { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>For failure: so long before a fault's end a row is failing.</summary>
    public TimeSpan Horizon { get; init; } = TimeSpan.FromHours(24);

    /// <summary>So long after a gap or a stop a machine is not itself yet.</summary>
    public TimeSpan StartUp { get; init; } = TimeSpan.FromMinutes(30);
}

/// <summary>What came of reading history: how many rows, of what failures, and what was left out and why.</summary>
/// <param name="Metrics">The inputs as they were chosen.</param>
/// <param name="Devices">Whose rows were kept.</param>
/// <param name="Read">Rows in which every metric was there or some.</param>
/// <param name="Kept">Rows to learn from.</param>
/// <param name="Settled">Rows before they were thinned: what a later reading is compared with.</param>
/// <param name="Stride">Of so many rows one was kept; 1 when none was thinned out.</param>
/// <param name="Failures">Failure mode → confirmed failures that the rows tell of; for rul all of them together.</param>
/// <param name="Removed">Why (<see cref="HistoryRemoval"/>) → rows; for <c>simulated</c> devices.</param>
public sealed record HistoryTable(
    IReadOnlyList<string> Metrics, int Devices, int Read, int Kept, int Settled, int Stride,
    IReadOnlyDictionary<string, int> Failures, IReadOnlyDictionary<string, int> Removed)
{
    public int Confirmed => Failures.Values.Sum();
}

/// <summary>Why a row of history teaches nothing, in the order in which it is asked.</summary>
public static class HistoryRemoval
{
    public const string Incomplete = "incomplete", Maintenance = "maintenance", Off = "off", StartUp = "start-up", Repair = "repair", Struck = "struck-label", Unlabelled = "unlabelled-alarm",
        Known = "known-alarm", Unsettled = "unsettled", OutsideRun = "outside-run", RareMode = "rare-mode", Thinned = "thinned", Simulated = "simulated";

    public static IReadOnlyList<string> All { get; } = [Incomplete, Maintenance, Off, StartUp, Repair, Struck, Unlabelled, Known, Unsettled, OutsideRun, RareMode, Thinned, Simulated];
}

/// <summary>Of a model that was trained from history: what was asked for, whose history it was, and what came of it.</summary>
public sealed record ModelHistory(string Tenant, TrainingHistory Order, HistoryTable Table)
{
    /// <summary>The failure modes that were asked for; empty for all with enough failures.</summary>
    public IReadOnlyList<string> Modes { get; init; } = [];

    /// <summary>It was trained again by itself.</summary>
    public bool IsRefit { get; init; }
}

/// <summary>Makes tables to learn from of stored history. Known to the room that knows history, labels and maintenance.</summary>
public interface ITrainingHistory
{
    /// <summary>Why this cannot be learned from history at all; null when it can be tried.</summary>
    Refusal? WhatIsWrong(TrainingOrder order);

    /// <summary>Reads and screens; writes the table as CSV unless <paramref name="path"/> is null, which only counts.</summary>
    /// <param name="progress">Devices read, of all.</param>
    /// <returns>Refused, with what is there and what is missing, when it is too little to learn from.</returns>
    Task<Outcome<HistoryTable>> WriteAsync(string tenant, TrainingOrder order, string? path, IProgress<(int Done, int All)>? progress, CancellationToken ct);
}

/// <summary>Names of the columns of a table of history.</summary>
public static class HistoryColumns
{
    public const string Row = "row", Failure = "failure", Group = "group", Unit = "unit", Time = "time";

    public static IReadOnlyList<string> Reserved { get; } = [Row, Failure, Group, Unit, Time];
}
