using Seamless.Learning.Training;

namespace Seamless.Rules.Training;

/// <summary>A row to learn from.</summary>
/// <param name="Values">In the order of the metrics.</param>
/// <param name="Failures">Those that were coming or there; none for a sound row, and for rul.</param>
/// <param name="Group">Rows of one group are never both learned from and judged; for rul the run.</param>
internal sealed record HistoryRow(string Device, DateTimeOffset At, double[] Values, IReadOnlyList<ConfirmedFailure> Failures, string Group)
{
    public bool IsFailingIn(string mode) => Failures.Any(failure => failure.Mode == mode);
}

/// <summary>What is read of one device, step after step: screens each and says what it was.</summary>
/// <param name="isRul">A row belongs to a run from one closure to the next end; otherwise it is sound or failing.</param>
/// <param name="settled">Sound rows from here on may turn out to have been failing.</param>
internal sealed class DeviceRows(string device, DeviceSpans spans, TrainingHistory order, bool isRul, DateTimeOffset settled)
{
    /// <summary>Steps without a row that are a gap.</summary>
    private const int GapSteps = 3;

    private DateTimeOffset? _last;
    private DateTimeOffset _ready = DateTimeOffset.MinValue;

    /// <param name="running">Share of the step in which the machine ran; NaN when it does not say.</param>
    public (HistoryRow? Row, string? Removal) Next(DateTimeOffset at, double[] values, double running)
    {
        var to = at + order.Step;
        if (_last is { } last && at - last > (GapSteps + 1) * order.Step) _ready = at + order.StartUp;
        _last = at;
        var isOff = running < 1;
        if (isOff) _ready = to + order.StartUp;
        if (!Array.TrueForAll(values, double.IsFinite)) return (null, HistoryRemoval.Incomplete);
        if (spans.IsUnderMaintenance(at, to)) return (null, HistoryRemoval.Maintenance);
        if (isOff) return (null, HistoryRemoval.Off);
        if (at < _ready) return (null, HistoryRemoval.StartUp);
        return isRul ? OfRun(at, to, values) : OfFailure(at, to, values);
    }

    private (HistoryRow?, string?) OfFailure(DateTimeOffset at, DateTimeOffset to, double[] values)
    {
        ConfirmedFailure[] failures = [.. spans.FailingIn(at, to)];
        if (failures is [var first, ..])
            return (new HistoryRow(device, at, values, failures, $"{device} {first.Id}"), null);
        if (spans.RemovalIn(at, to) is { } why) return (null, why);
        return at >= settled ? (null, HistoryRemoval.Unsettled) : (new HistoryRow(device, at, values, [], $"{device} {at.UtcDateTime:yyyy-MM-dd}"), null);
    }

    private (HistoryRow?, string?) OfRun(DateTimeOffset at, DateTimeOffset to, double[] values)
    {
        for (var run = 1; run < spans.Failures.Count; run++)
        {
            var (begin, end) = (spans.Failures[run - 1].Closed, spans.Failures[run].End);
            if (at < begin || to > end) continue;
            var removal = spans.RemovalIn(at, to);
            return removal is null ? (new HistoryRow(device, at, values, [], $"{device} {run}"), null) : (null, removal);
        }
        return (null, HistoryRemoval.OutsideRun);
    }
}
