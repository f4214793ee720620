using Seamless.Analytics.Conditions;
using Seamless.Learning;
using Seamless.Rules.Packs;
using Seamless.Telemetry;

namespace Seamless.Rules.Engine;

/// <summary>Judges a device's samples, events and silence by the rules of its pack. Pure: event time in, findings out. One owner at a time.</summary>
/// <param name="scorers">Opens the scorer of a model rule; null while the model is not there.</param>
public sealed class DeviceJudge(Func<CompiledRule, IScorer?> scorers)
{
    private readonly List<int> _fresh = [];

    /// <summary>Judges what is newer than what was judged; adds to <paramref name="findings"/>.</summary>
    public void Observe(JudgedDevice state, Sample sample, List<Finding> findings)
    {
        Hear(state, sample, findings);
        TakeFresh(state, sample, findings);
        foreach (var metric in _fresh)
            foreach (var rule in state.Pack.ByMetric[metric]) Judge(state, rule, sample.TimestampMs, findings);
        if (_fresh.Count > 0) Score(state, sample.TimestampMs, findings);
        if (sample.TimestampMs <= state.NewestMs) return;
        state.NewestMs = sample.TimestampMs;
        foreach (var rule in state.Pack.Events)
            if (rule.Event!.Elapse(ref state.Conditions[rule.Index], sample.TimestampMs) is Transition.Clear) findings.Add(Ended(state, rule, sample.TimestampMs));
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

    private static void Hear(JudgedDevice state, Sample sample, List<Finding> findings)
    {
        for (var i = 0; i < state.Silences.Length; i++)
        {
            var rule = state.Pack.Missing[i];
            if (rule.Metric >= 0 && !Carries(sample, rule.Definition.Metric!)) continue;
            ref var silence = ref state.Silences[i];
            var (onsetMs, raisedMs) = (silence.LastHeardMs, silence.LastHeardMs + rule.Missing!.TimeoutMs);
            state.Judged[rule.Index] = true;
            if (MissingCondition.Hear(ref silence, sample.TimestampMs) is not Transition.Clear) continue;
            var atMs = Math.Max(sample.TimestampMs, raisedMs);
            findings.Add(new Finding(rule, false, onsetMs, atMs, (atMs - onsetMs) / 1000.0, rule.Definition.Setpoint, null, null, Finding.NoContributions));
        }
    }

    private static bool Carries(Sample sample, string metric)
    {
        for (var i = 0; i < sample.Readings.Count; i++)
            if (sample.Readings[i].Metric == metric) return true;
        return false;
    }

    /// <summary>Stores what is new and plausible, so that every rule of this sample sees the whole sample.</summary>
    private void TakeFresh(JudgedDevice state, Sample sample, List<Finding> findings)
    {
        _fresh.Clear();
        for (var i = 0; i < sample.Readings.Count; i++)
        {
            var reading = sample.Readings[i];
            var metric = state.Pack.MetricIndex(reading.Metric);
            if (metric < 0 || reading.IsState || sample.TimestampMs <= state.JudgedMs[metric]) continue;
            state.JudgedMs[metric] = sample.TimestampMs;
            if (!SensorSpeaksTrue(state, metric, reading, sample.TimestampMs, findings)) continue;
            state.Latest[metric] = reading.Value;
            _fresh.Add(metric);
        }
    }

    private static bool SensorSpeaksTrue(JudgedDevice state, int metric, in Reading reading, long timestampMs, List<Finding> findings)
    {
        var definition = state.Pack.Pack.Metrics[metric];
        var plausible = reading.Quality is not Quality.Bad && double.IsFinite(reading.Value)
            && !(reading.Value < definition.Low) && !(reading.Value > definition.High);
        if (state.Pack.SensorOf[metric] is not { } rule) return plausible;
        var transition = rule.Condition!.Observe(ref state.Conditions[rule.Index], timestampMs, plausible ? 0 : 1);
        if (transition is Transition.None) return plausible;
        var limit = reading.Value < definition.Low ? definition.Low : definition.High;
        var value = double.IsFinite(reading.Value) ? reading.Value : 0;
        findings.Add(new Finding(rule, transition is Transition.Raise, state.Conditions[rule.Index].OnsetMs, timestampMs, value, limit, null, null, Finding.NoContributions));
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
