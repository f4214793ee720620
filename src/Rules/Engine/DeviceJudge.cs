using Seamless.Analytics.Conditions;
using Seamless.Learning;
using Seamless.Rules.Packs;
using Seamless.Telemetry;
using Seamless.Telemetry.Rows;

namespace Seamless.Rules.Engine;

/// <summary>Judges a device's samples, events and silence by the rules of its pack. Pure: event time in, findings out. One owner at a time.</summary>
/// <param name="scorers">Opens the scorer of a model rule; null while the model is not there.</param>
public sealed class DeviceJudge(Func<CompiledRule, IScorer?> scorers)
{
    private readonly List<int> _fresh = [];
    private readonly SampleRows _single = new(1);

    /// <summary>The same for a sample that is an object.</summary>
    public void Observe(JudgedDevice state, Sample sample, List<Finding> findings)
    {
        _single.Clear();
        _single.Add(sample, sample.TimestampMs);
        Observe(state, _single, 0, findings);
    }

    /// <summary>Judges what is newer than what was judged; adds to <paramref name="findings"/>.</summary>
    public void Observe(JudgedDevice state, SampleRows rows, int row, List<Finding> findings)
    {
        var timestampMs = rows.TimestampsMs[row];
        Hear(state, rows, row, findings);
        TakeFresh(state, rows, row, findings);
        foreach (var metric in _fresh)
            foreach (var rule in state.Pack.ByMetric[metric]) Judge(state, rule, timestampMs, findings);
        if (_fresh.Count > 0) Score(state, timestampMs, findings);
        if (timestampMs <= state.NewestMs) return;
        state.NewestMs = timestampMs;
        foreach (var rule in state.Pack.Events)
            if (rule.Event!.Elapse(ref state.Conditions[rule.Index], timestampMs) is Transition.Clear) findings.Add(Ended(state, rule, timestampMs));
    }

    public static void Observe(JudgedDevice state, DeviceEvent happened, List<Finding> findings)
    {
        foreach (var rule in state.Pack.Events)
        {
            if (rule.Definition.Metric != happened.Code || happened.TimestampMs <= state.Conditions[rule.Index].SinceMs) continue;
            state.Judged[rule.Index] = true;
            if (EventCondition.Occur(ref state.Conditions[rule.Index], happened.TimestampMs) is Transition.Raise) findings.Add(Begun(state, rule, happened.TimestampMs));
        }
    }

    /// <summary>The platform's clock went on by <paramref name="stepMs"/>.</summary>
    public static void Tick(JudgedDevice state, long stepMs, List<Finding> findings)
    {
        for (var i = 0; i < state.Silences.Length; i++)
        {
            var rule = state.Pack.Missing[i];
            ref var silence = ref state.Silences[i];
            if (rule.Missing!.Tick(ref silence, stepMs) is not Transition.Raise) continue;
            var raisedMs = silence.LastHeardMs + rule.Missing.TimeoutMs;
            findings.Add(new Finding(rule, true, silence.LastHeardMs, raisedMs, rule.Missing.TimeoutMs / 1000.0, rule.Definition.Setpoint, null, null, Finding.NoContributions));
        }
    }

    private static void Hear(JudgedDevice state, SampleRows rows, int row, List<Finding> findings)
    {
        var timestampMs = rows.TimestampsMs[row];
        for (var i = 0; i < state.Silences.Length; i++)
        {
            var rule = state.Pack.Missing[i];
            if (!Carries(state.Pack, rows, row, rule.Metric)) continue;
            ref var silence = ref state.Silences[i];
            var (onsetMs, raisedMs) = (silence.LastHeardMs, silence.LastHeardMs + rule.Missing!.TimeoutMs);
            state.Judged[rule.Index] = true;
            if (MissingCondition.Hear(ref silence, timestampMs) is not Transition.Clear) continue;
            var atMs = Math.Max(timestampMs, raisedMs);
            findings.Add(new Finding(rule, false, onsetMs, atMs, (atMs - onsetMs) / 1000.0, rule.Definition.Setpoint, null, null, Finding.NoContributions));
        }
    }

    /// <summary>Whether the row says anything new of the metric, or of any when that is −1. What is uncertain is a last known value told once more.</summary>
    private static bool Carries(CompiledPack pack, SampleRows rows, int row, int metric)
    {
        for (var i = rows.FirstReading(row); i < rows.ReadingEnds[row]; i++)
            if (rows.Qualities[i] is not Quality.Uncertain && (metric < 0 || pack.MetricIndex(rows.Metrics[i]) == metric)) return true;
        return false;
    }

    /// <summary>Stores what is new and plausible, so that every rule of this sample sees the whole sample. What is uncertain raises and clears nothing.</summary>
    private void TakeFresh(JudgedDevice state, SampleRows rows, int row, List<Finding> findings)
    {
        _fresh.Clear();
        var timestampMs = rows.TimestampsMs[row];
        var metrics = rows.Metrics;
        for (var i = rows.FirstReading(row); i < rows.ReadingEnds[row]; i++)
        {
            var metric = state.Pack.MetricIndex(metrics[i]);
            if (metric < 0 || rows.States[i] is not null || rows.Qualities[i] is Quality.Uncertain || timestampMs <= state.JudgedMs[metric]) continue;
            state.JudgedMs[metric] = timestampMs;
            var value = rows.Values[i];
            if (!SensorSpeaksTrue(state, metric, value, rows.Qualities[i], timestampMs, findings)) continue;
            state.Latest[metric] = value;
            _fresh.Add(metric);
        }
    }

    private static bool SensorSpeaksTrue(JudgedDevice state, int metric, double value, Quality quality, long timestampMs, List<Finding> findings)
    {
        var definition = state.Pack.Pack.Metrics[metric];
        var plausible = quality is not Quality.Bad && double.IsFinite(value) && !(value < definition.Low) && !(value > definition.High);
        if (state.Pack.SensorOf[metric] is not { } rule) return plausible;
        var transition = rule.Condition!.Observe(ref state.Conditions[rule.Index], timestampMs, plausible ? 0 : 1);
        if (transition is Transition.None) return plausible;
        var limit = value < definition.Low ? definition.Low : definition.High;
        var shown = double.IsFinite(value) ? value : 0;
        findings.Add(new Finding(rule, transition is Transition.Raise, state.Conditions[rule.Index].OnsetMs, timestampMs, shown, limit, null, null, Finding.NoContributions));
        return plausible;
    }

    private static void Judge(JudgedDevice state, CompiledRule rule, long timestampMs, List<Finding> findings)
    {
        var value = state.Latest[rule.Metric];
        ref var condition = ref state.Conditions[rule.Index];
        if (!Applies(state, rule))
        {
            Condition.Pause(ref condition);
            return;
        }
        if (state.Detectors[rule.Index] is { } detector)
        {
            var (low, high) = detector.Expected;
            var score = detector.Observe(timestampMs, value);
            state.Judged[rule.Index] = !double.IsNaN(low);
            var limit = double.IsNaN(low) ? (double?)null : value < low ? low : high;
            Add(rule.Condition!.Observe(ref condition, timestampMs, score), value, limit, score, ref condition);
            return;
        }
        state.Judged[rule.Index] = true;
        Add(rule.Condition!.Observe(ref condition, timestampMs, value), condition.Extreme, rule.Definition.Setpoint, null, ref condition);

        void Add(Transition transition, double extreme, double? limit, double? score, ref ConditionState at)
        {
            if (transition is Transition.None) return;
            findings.Add(new Finding(rule, transition is Transition.Raise, at.OnsetMs, timestampMs, extreme, limit, score, null, Finding.NoContributions));
        }
    }

    /// <summary>A rule with a condition of its own applies unless that is known to be false.</summary>
    private static bool Applies(JudgedDevice state, CompiledRule rule) =>
        rule.When < 0 || double.IsNaN(state.Latest[rule.When]) || state.Latest[rule.When] >= 0.5;

    private void Score(JudgedDevice state, long timestampMs, List<Finding> findings)
    {
        if (state.Pack.Models.Length == 0) return;
        NoteReadings(state);
        foreach (var rule in state.Pack.Models)
        {
            if (scorers(rule) is not { } scorer || !Applies(state, rule)) continue;
            if (scorer.Observe(state.Key.ToString(), timestampMs, state.Readings!) is not { } verdict) continue;
            state.Judged[rule.Index] = true;
            ref var condition = ref state.Conditions[rule.Index];
            var transition = rule.Condition!.Observe(ref condition, timestampMs, verdict.Probability);
            if (transition is Transition.None) continue;
            findings.Add(new Finding(
                rule, transition is Transition.Raise, condition.OnsetMs, timestampMs, verdict.Probability, rule.Definition.Setpoint,
                verdict.Probability, scorer.Model.Version, verdict.Contributions));
        }
    }

    private void NoteReadings(JudgedDevice state)
    {
        state.Readings ??= state.Latest.Index().Where(m => !double.IsNaN(m.Item)).ToDictionary(m => state.Pack.Pack.Metrics[m.Index].Name, m => m.Item);
        foreach (var metric in _fresh) state.Readings[state.Pack.Pack.Metrics[metric].Name] = state.Latest[metric];
    }

    private static Finding Begun(JudgedDevice state, CompiledRule rule, long atMs) =>
        new(rule, true, state.Conditions[rule.Index].OnsetMs, atMs, 1, null, null, null, Finding.NoContributions);

    private static Finding Ended(JudgedDevice state, CompiledRule rule, long atMs) =>
        new(rule, false, state.Conditions[rule.Index].OnsetMs, atMs, 1, null, null, null, Finding.NoContributions);
}
