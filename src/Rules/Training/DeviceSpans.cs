using Seamless.Learning.Training;
using Seamless.Rules.Alarms;
using Seamless.Rules.Alarms.Maintenance;
using Seamless.Rules.Backtests;
using Seamless.Rules.Labels;

namespace Seamless.Rules.Training;

/// <summary>A fault that somebody has confirmed, with the time in which its device was failing.</summary>
/// <param name="Mode">The cause that was named, or else the failure mode of the alarm.</param>
/// <param name="From">The horizon before the end, or the alarm's onset where that is earlier.</param>
/// <param name="End">When the condition was over, or the repair where it was not.</param>
/// <param name="Closed">When the repair was over; the end where nobody said.</param>
internal sealed record ConfirmedFailure(string Id, string Mode, DateTimeOffset From, DateTimeOffset Onset, DateTimeOffset End, DateTimeOffset Closed);

/// <summary>What is known of a device's time: when it was failing, and when its rows tell nothing. All in event time.</summary>
internal sealed class DeviceSpans
{
    private readonly List<(string Why, DateTimeOffset From, DateTimeOffset To)> _removed = [];
    private readonly IReadOnlyList<Occurrence> _maintenance;

    /// <param name="labels">The label that counts, by alarm.</param>
    /// <param name="struck">Alarms that had a label which was struck out.</param>
    public DeviceSpans(IEnumerable<Alarm> alarms, IReadOnlyDictionary<string, Label> labels, IReadOnlySet<string> struck, IReadOnlyList<Occurrence> maintenance, TimeSpan horizon)
    {
        _maintenance = maintenance;
        var confirmed = new List<ConfirmedFailure>();
        foreach (var alarm in alarms.Where(alarm => !alarm.IsWithdrawn).OrderBy(alarm => alarm.OnsetAt).ThenBy(alarm => alarm.Id, StringComparer.Ordinal))
        {
            switch (labels.GetValueOrDefault(alarm.Id))
            {
                case { Verdict: OutcomeVerdict.True } label:
                    confirmed.Add(Of(alarm, label, horizon));
                    break;
                case { Verdict: OutcomeVerdict.Known }:
                    Remove(HistoryRemoval.Known, alarm);
                    break;
                case null:
                    Remove(struck.Contains(alarm.Id) ? HistoryRemoval.Struck : HistoryRemoval.Unlabelled, alarm);
                    break;
            }
        }
        Failures = Joined(confirmed);
    }

    /// <summary>By their beginning.</summary>
    public IReadOnlyList<ConfirmedFailure> Failures { get; }

    public bool IsUnderMaintenance(DateTimeOffset from, DateTimeOffset to) => _maintenance.Any(time => time.From < to && time.To > from);

    public IEnumerable<ConfirmedFailure> FailingIn(DateTimeOffset from, DateTimeOffset to) => Failures.Where(failure => failure.From < to && failure.End > from);

    /// <summary>Why these rows tell nothing, or null.</summary>
    public string? RemovalIn(DateTimeOffset from, DateTimeOffset to) =>
        Failures.Any(failure => failure.End < to && failure.Closed > from) ? HistoryRemoval.Repair
        : ((string[])[HistoryRemoval.Struck, HistoryRemoval.Unlabelled, HistoryRemoval.Known]).FirstOrDefault(why => _removed.Exists(span => span.Why == why && span.From < to && span.To > from));

    private void Remove(string why, Alarm alarm) => _removed.Add((why, alarm.OnsetAt, alarm.ClearedAt ?? DateTimeOffset.MaxValue));

    private static ConfirmedFailure Of(Alarm alarm, Label label, TimeSpan horizon)
    {
        var end = Later(alarm.ClearedAt is { } cleared && cleared < label.At ? cleared : label.At, alarm.OnsetAt);
        // Only a repair says when it was over; an engineer's word may come weeks later.
        var closed = label.Source is LabelSource.Closure ? Later(label.At, end) : end;
        return new ConfirmedFailure(label.Ticket ?? alarm.Id, label.Cause ?? alarm.Mode, end - horizon < alarm.OnsetAt ? end - horizon : alarm.OnsetAt, alarm.OnsetAt, end, closed);
    }

    /// <summary>Alarms of one ticket are one failure, and so are those of one mode that overlap.</summary>
    private static List<ConfirmedFailure> Joined(List<ConfirmedFailure> failures)
    {
        var joined = new List<ConfirmedFailure>();
        foreach (var next in failures.OrderBy(failure => failure.Onset).ThenBy(failure => failure.Id, StringComparer.Ordinal))
        {
            var same = joined.FindIndex(known => known.Id == next.Id || (known.Mode == next.Mode && next.Onset < known.Closed));
            if (same < 0) joined.Add(next with { From = Later(next.From, joined.Where(known => known.Mode == next.Mode).Select(known => known.Closed).DefaultIfEmpty().Max()) });   // before that it was another failure
            else joined[same] = joined[same] with { End = Later(joined[same].End, next.End), Closed = Later(joined[same].Closed, next.Closed) };
        }
        return joined;
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
