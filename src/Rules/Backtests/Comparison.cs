using Seamless.Rules.Packs;

namespace Seamless.Rules.Backtests;

/// <summary>Which alarms of new rules the old raise too, and the other way round.</summary>
/// <remarks>
/// Two alarms are the same when they overlap in time on one device and come from the same rule: the one of the same id or, where an id is only on one side,
/// one that shows the same symptom and is only on the other.
/// </remarks>
internal sealed class Comparison
{
    private readonly JudgedRules _new;
    private readonly JudgedRules _old;
    private readonly bool[] _newInOld;
    private readonly bool[] _oldInNew;

    public Comparison(JudgedRules @new, JudgedRules old)
    {
        (_new, _old) = (@new, old);
        var shared = @new.Rules.Select(r => r.Id).Intersect(old.Rules.Select(r => r.Id)).ToHashSet(StringComparer.Ordinal);
        _newInOld = Found(@new.Alarms, new Spans(old.Alarms, shared), shared);
        _oldInNew = Found(old.Alarms, new Spans(@new.Alarms, shared), shared);
    }

    /// <summary>The first of the new alarms, each with whether the old rules raise it too.</summary>
    public IReadOnlyList<BacktestAlarm> NewAlarms(int most) => [.. _new.Alarms.Take(most).Select((a, i) => a.Alarm with { RaisedByOld = _newInOld[i] })];

    public BacktestComparison Tell(string against, int most)
    {
        var both = _newInOld.Count(found => found);
        var onlyOld = _old.Alarms.Where((_, i) => !_oldInNew[i]).ToList();
        return new BacktestComparison(
            against, _newInOld.Length - both, both, onlyOld.Count, Rules(), [.. onlyOld.Take(most).Select(a => a.Alarm with { RaisedByOld = true })]);
    }

    private List<RuleDifference> Rules()
    {
        var (inNew, inOld) = (Counts(_new, _newInOld), Counts(_old, _oldInNew));
        return [.. inNew.Keys.Union(inOld.Keys).Order(StringComparer.Ordinal).Select(rule => Of(rule, inNew.GetValueOrDefault(rule), inOld.GetValueOrDefault(rule)))];
    }

    private static RuleDifference Of(string rule, Count? inNew, Count? inOld) =>
        new(rule, inOld?.All, inNew?.All, inNew?.Found ?? 0, inNew?.Alone ?? 0, inOld?.Alone ?? 0);

    private sealed class Count
    {
        public int All;
        public int Found;
        public int Alone => All - Found;
    }

    private static Dictionary<string, Count> Counts(JudgedRules rules, bool[] found)
    {
        var counts = rules.Rules.DistinctBy(r => r.Id).ToDictionary(r => r.Id, _ => new Count(), StringComparer.Ordinal);
        for (var i = 0; i < found.Length; i++)
        {
            var rule = rules.Alarms[i].Rule.Id;
            if (!counts.TryGetValue(rule, out var count)) counts[rule] = count = new Count();   // a sensor's
            count.All++;
            if (found[i]) count.Found++;
        }
        return counts;
    }

    private static bool[] Found(IReadOnlyList<JudgedAlarm> alarms, Spans others, HashSet<string> shared) => [.. alarms.Select(alarm => others.Overlap(alarm, shared))];

    private static (string Device, string Rule) KeyOf(JudgedAlarm alarm, HashSet<string> shared)
    {
        var rule = alarm.Rule;
        return (alarm.Device, shared.Contains(rule.Id) || rule.Symptom == Engine.SensorRules.Symptom ? "rule " + rule.Id : "symptom " + rule.Symptom);
    }

    /// <summary>Alarms by device and rule, in which an overlap is found by halving.</summary>
    private sealed class Spans
    {
        private readonly Dictionary<(string, string), (List<DateTimeOffset> Onsets, List<DateTimeOffset> LatestEnds)> _spans = [];

        /// <param name="alarms">By onset.</param>
        public Spans(IReadOnlyList<JudgedAlarm> alarms, HashSet<string> shared)
        {
            foreach (var alarm in alarms)
            {
                var key = KeyOf(alarm, shared);
                if (!_spans.TryGetValue(key, out var spans)) _spans[key] = spans = ([], []);
                spans.Onsets.Add(alarm.OnsetAt);
                spans.LatestEnds.Add(spans.LatestEnds is [.., var latest] && latest > alarm.EndAt ? latest : alarm.EndAt);
            }
        }

        public bool Overlap(JudgedAlarm alarm, HashSet<string> shared)
        {
            if (!_spans.TryGetValue(KeyOf(alarm, shared), out var spans)) return false;
            var begun = UpTo(spans.Onsets, alarm.EndAt);
            return begun > 0 && spans.LatestEnds[begun - 1] >= alarm.OnsetAt;
        }

        /// <summary>How many are not after <paramref name="at"/>.</summary>
        private static int UpTo(List<DateTimeOffset> onsets, DateTimeOffset at)
        {
            var (low, high) = (0, onsets.Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (onsets[middle] <= at) low = middle + 1;
                else high = middle;
            }
            return low;
        }
    }
}
