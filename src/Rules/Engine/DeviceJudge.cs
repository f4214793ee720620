using Seamless.Analytics.Conditions;
using Seamless.Analytics.Evaluation;
using Seamless.Analytics.MachineState;
using Seamless.Learning;
using Seamless.Telemetry;
using Seamless.Telemetry.Rows;

namespace Seamless.Rules.Engine;

/// <summary>Judges a device's samples, events and silence by the rules of its pack, in the order of event time whatever order they come in. Pure: event time in, findings out. One owner at a time.</summary>
/// <param name="scorers">Opens the scorer of a model rule; null while the model is not there.</param>
public sealed class DeviceJudge(Func<CompiledRule, IScorer?> scorers)
{
    /// <summary>What <see cref="Observe(JudgedDevice, SampleRows, int, List{Finding})"/> gives when nothing found before is void.</summary>
    public const long NothingVoid = long.MaxValue;

    private const double BadQuality = double.PositiveInfinity;

    /// <summary>In the history: nothing is known of the peers. NaN there says that nobody asked.</summary>
    private const double UnknownPeers = double.NegativeInfinity;

    private readonly RowJudge _judge = new();
    private readonly List<RuleVerdict> _verdicts = [];
    private readonly SampleRows _single = new(1);
    private readonly List<(int Metric, double Value)> _readings = [];

    /// <summary>Samples that came too late to be judged in their order.</summary>
    public long TooLate { get; private set; }

    /// <summary>The same for a sample that is an object.</summary>
    public long Observe(JudgedDevice device, Sample sample, List<Finding> findings)
    {
        _single.Clear();
        _single.Add(sample, sample.TimestampMs);
        return Observe(device, _single, 0, findings);
    }

    /// <summary>Judges a row; adds to <paramref name="findings"/>.</summary>
    /// <returns>Event time after which everything that was found on this device before is void, silence apart: a late row was put in its place and all after it judged again. Else <see cref="NothingVoid"/>.</returns>
    public long Observe(JudgedDevice device, SampleRows rows, int row, List<Finding> findings)
    {
        var timestampMs = rows.TimestampsMs[row];
        Hear(device, rows, row, findings);
        if (device.History is not { } history)
        {
            JudgeFresh(device, rows, row, timestampMs, [], findings);
            return NothingVoid;
        }
        if (timestampMs <= Math.Max(device.State.NewestMs, history.NewestEventMs)) return Late(device, history, rows, row, timestampMs, findings);
        history.Coming();
        JudgeFresh(device, rows, row, timestampMs, history.RowAt(timestampMs), findings);
        if (!history.Passed()) return NothingVoid;
        var fromMs = JudgeAgain(device, history, history.FloorMs + 1, findings);   // nothing comes out otherwise, but the copies of the past are right again
        history.Passed();
        return fromMs;
    }

    /// <summary>The device told of an event.</summary>
    /// <returns>As for a row.</returns>
    public long Observe(JudgedDevice device, DeviceEvent happened, List<Finding> findings)
    {
        var (atMs, history) = (happened.TimestampMs, device.History);
        if (history is null || atMs > Math.Max(device.State.NewestMs, history.NewestEventMs))
        {
            history?.AddEvent(atMs, happened.Code);
            RowJudge.Occur(device.State, happened.Code, atMs, _verdicts);
            Report(device, findings);
            return NothingVoid;
        }
        if (history.HasEvent(atMs, happened.Code)) return NothingVoid;
        if (atMs <= history.FloorMs)
        {
            TooLate++;
            if (happened.Code == StateSpec.Maintained) ForgetLate(device, history, atMs, findings);
            return NothingVoid;
        }
        history.AddEvent(atMs, happened.Code);
        return JudgeAgain(device, history, atMs, findings);
    }

    /// <summary>That the machine was worked on counts however late it is told: from now on.</summary>
    private void ForgetLate(JudgedDevice device, RowHistory history, long workedMs, List<Finding> findings)
    {
        RowJudge.ForgetStates(device.State, workedMs, device.State.NewestMs, _verdicts);
        Report(device, findings);
        history.Restart();
    }

    /// <summary>The platform's clock went on by <paramref name="stepMs"/>.</summary>
    public void Tick(JudgedDevice device, long stepMs, List<Finding> findings)
    {
        var silences = device.State.Silences;
        for (var i = 0; i < silences.Length; i++)
        {
            var rule = device.Pack.Missing[i];
            ref var silence = ref silences[i];
            var condition = new MissingCondition(rule.Spec.HoldMs);
            if (condition.Tick(ref silence, stepMs) is not Transition.Raise) continue;
            var raisedMs = silence.LastHeardMs + condition.TimeoutMs;
            Silence(device, rule, VerdictKind.Begins, silence.LastHeardMs, raisedMs, condition.TimeoutMs / 1000.0, findings);
            RowJudge.JudgeComposites(device.State, raisedMs, _verdicts);   // silence brings no row that would ask them
            Report(device, findings);
        }
    }

    private static void Hear(JudgedDevice device, SampleRows rows, int row, List<Finding> findings)
    {
        var timestampMs = rows.TimestampsMs[row];
        for (var i = 0; i < device.Pack.Missing.Length; i++)
        {
            var rule = device.Pack.Missing[i];
            if (!Carries(device.Pack, rows, row, rule.Spec.Slot)) continue;
            ref var silence = ref device.State.Silences[i];
            var (onsetMs, raisedMs) = (silence.LastHeardMs, silence.LastHeardMs + rule.Spec.HoldMs);
            if (MissingCondition.Hear(ref silence, timestampMs) is not Transition.Clear) continue;
            var atMs = Math.Max(timestampMs, raisedMs);
            Silence(device, rule, VerdictKind.Ends, onsetMs, atMs, (atMs - onsetMs) / 1000.0, findings);
        }
    }

    private static void Silence(JudgedDevice device, CompiledRule rule, VerdictKind kind, long onsetMs, long atMs, double seconds, List<Finding> findings)
    {
        if (!rule.Definition.IsAlarm) return;
        findings.Add(new Finding(rule, kind, onsetMs, atMs, seconds, rule.Definition.Setpoint, null, null, Finding.NoContributions) { AtRest = device.SymptomsAtRest() });
    }

    /// <summary>Whether the row says anything new of the metric, or of any when that is −1. What is uncertain is a last known value told once more.</summary>
    private static bool Carries(CompiledPack pack, SampleRows rows, int row, int metric)
    {
        for (var i = rows.FirstReading(row); i < rows.ReadingEnds[row]; i++)
            if (rows.Qualities[i] is not Quality.Uncertain && (metric < 0 || pack.MetricIndex(rows.Metrics[i]) == metric)) return true;
        return false;
    }

    /// <summary>What a reading says: the number, the number of a state's word, ∞ for bad quality. What is uncertain raises and clears nothing: NaN.</summary>
    private static double ValueOf(CompiledPack pack, SampleRows rows, int reading, int metric)
    {
        if (metric < 0 || rows.Qualities[reading] is Quality.Uncertain) return double.NaN;
        if (rows.Qualities[reading] is Quality.Bad) return BadQuality;
        if (rows.States[reading] is { } word) return pack.Program.Metrics[metric].NumberOf(word);
        var value = rows.Values[reading];
        return double.IsNaN(value) ? BadQuality : value;
    }

    /// <summary>Judges what is newer, metric by metric, than what was judged.</summary>
    /// <param name="kept">Takes what was judged, by column; empty when that is not kept.</param>
    private void JudgeFresh(JudgedDevice device, SampleRows rows, int row, long timestampMs, Span<double> kept, List<Finding> findings)
    {
        var (pack, state) = (device.Pack, device.State);
        _judge.Begin(state);
        var metrics = rows.Metrics;
        var judgedMs = state.JudgedMs;
        var end = rows.ReadingEnds[row];
        for (var i = rows.FirstReading(row); i < end; i++)
        {
            var metric = pack.MetricIndex(metrics[i]);
            var value = ValueOf(pack, rows, i, metric);
            if (double.IsNaN(value) || timestampMs <= judgedMs[metric]) continue;
            judgedMs[metric] = timestampMs;
            if (!kept.IsEmpty) kept[metric] = value;
            _judge.Take(state, timestampMs, metric, value, _verdicts);
        }
        var compares = pack.Peers.Length > 0;
        if (compares && timestampMs > state.NewestMs) AskPeers(device, timestampMs, kept);
        _judge.Judge(state, timestampMs, _verdicts);
        if (compares) TellPeers(device);
        if (_judge.HasFresh && pack.Models.Length > 0) Score(device, timestampMs, kept, findings);
        _judge.Conclude(state, timestampMs, _verdicts);
        if (_verdicts.Count > 0) Report(device, findings);
    }

    /// <summary>A row that is not newer than all others: known already, harmless, too late, or to be put in its place.</summary>
    private long Late(JudgedDevice device, RowHistory history, SampleRows rows, int row, long timestampMs, List<Finding> findings)
    {
        TakeNew(device, history, rows, row, timestampMs);
        if (_readings.Count == 0) return NothingVoid;
        if (timestampMs <= history.FloorMs)
        {
            TooLate++;
            JudgeFresh(device, rows, row, timestampMs, [], findings);   // what is news of its metric still counts
            if (_judge.HasFresh) history.Restart();
            return NothingVoid;
        }
        var kept = history.RowAt(timestampMs);
        foreach (var (metric, value) in _readings) kept[metric] = value;
        if (device.Pack.Peers.Length > 0) RecallPeers(device, timestampMs, kept);
        if (!IsHarmless(device, timestampMs)) return JudgeAgain(device, history, timestampMs, findings);
        var before = findings.Count;
        JudgeFresh(device, rows, row, timestampMs, [], findings);
        foreach (var (metric, _) in _readings) history.Changed(timestampMs, metric);
        if (findings.Count == before) return NothingVoid;
        findings.RemoveRange(before, findings.Count - before);   // it found something: what was at rest then is told by judging in order
        return JudgeAgain(device, history, timestampMs, findings);
    }

    /// <summary>Whether the order between these readings and those of other metrics does not matter, each is news of its own, and nothing was found since that tells what was at rest.</summary>
    private bool IsHarmless(JudgedDevice device, long timestampMs)
    {
        if (timestampMs <= device.LastFindingMs) return false;
        if (device.Pack.Program.IsMemoryless && LeavesAtRest(device)) return true;
        foreach (var (metric, _) in _readings)
            if (!device.Pack.Program.Alone[metric] || timestampMs <= device.State.JudgedMs[metric]) return false;
        return true;
    }

    private bool LeavesAtRest(JudgedDevice device)
    {
        foreach (var (metric, value) in _readings)
            if (!RowJudge.LeavesAtRest(device.State, metric, value)) return false;
        return true;
    }

    private void TakeNew(JudgedDevice device, RowHistory history, SampleRows rows, int row, long timestampMs)
    {
        _readings.Clear();
        var known = history.Find(timestampMs);
        if (!known.IsEmpty) history.Splits(timestampMs);
        for (var i = rows.FirstReading(row); i < rows.ReadingEnds[row]; i++)
        {
            var metric = device.Pack.MetricIndex(rows.Metrics[i]);
            var value = ValueOf(device.Pack, rows, i, metric);
            if (!double.IsNaN(value) && (known.IsEmpty || !known[metric].Equals(value))) _readings.Add((metric, value));
        }
    }

    /// <summary>Sets the device back to before <paramref name="timestampMs"/> and judges all that came after in its order.</summary>
    private long JudgeAgain(JudgedDevice device, RowHistory history, long timestampMs, List<Finding> findings)
    {
        var fromMs = history.SetBack(timestampMs);
        long[] atHand = device.Pack.Told.Length == 0 ? [] : [.. device.Pack.Told.Select(device.State.PartAtHand)];
        var row = history.FirstAfter(fromMs);
        foreach (var (atMs, code) in history.EventsAfter(fromMs))
        {
            for (; row < history.Count && history.TimeOf(row) <= atMs; row++) JudgeKept(device, history, row, findings);
            history.Passing(atMs);
            RowJudge.Occur(device.State, code, atMs, _verdicts);
            Report(device, findings);
        }
        for (; row < history.Count; row++) JudgeKept(device, history, row, findings);
        history.Passing(long.MaxValue);
        if (atHand.Length > 0) RetellPeers(device, atHand);
        return fromMs;
    }

    private void JudgeKept(JudgedDevice device, RowHistory history, int row, List<Finding> findings)
    {
        var (state, timestampMs) = (device.State, history.TimeOf(row));
        history.Passing(timestampMs);
        var values = history.ValuesOf(row);
        var metrics = state.Program.Metrics.Length;
        _judge.Begin(state);
        for (var metric = 0; metric < metrics; metric++)
        {
            if (double.IsNaN(values[metric])) continue;
            state.JudgedMs[metric] = timestampMs;
            _judge.Take(state, timestampMs, metric, values[metric], _verdicts);
        }
        if (device.Pack.Peers.Length > 0) StandPeers(device, timestampMs, values);
        _judge.Judge(state, timestampMs, _verdicts);
        if (device.Pack.Models.Length > 0) Report(device, findings);
        for (var i = 0; i < device.Pack.Models.Length; i++)
        {
            if (double.IsNaN(values[metrics + i])) continue;
            RowJudge.Feed(state, device.Pack.Models[i].Index, timestampMs, values[metrics + i], _verdicts);
            Report(device, findings);
        }
        _judge.Conclude(state, timestampMs, _verdicts);
        if (_verdicts.Count > 0) Report(device, findings);
    }

    /// <summary>The machine's peers were told otherwise than when rows looked at them: judges again from the first row for which that makes a difference.</summary>
    /// <returns>As for a row.</returns>
    public long Reconsider(JudgedDevice device, long fromMs, List<Finding> findings)
    {
        if (device.History is not { } history || device.State.NewestMs < fromMs) return NothingVoid;
        var firstMs = NothingVoid;
        for (var row = history.FirstAfter(Math.Max(fromMs - 1, history.FloorMs)); row < history.Count; row++)
            if (RecallPeers(device, history.TimeOf(row), history.ValuesOf(row))) firstMs = Math.Min(firstMs, history.TimeOf(row));
        return firstMs == NothingVoid ? NothingVoid : JudgeAgain(device, history, firstMs, findings);
    }

    private static void AskPeers(JudgedDevice device, long timestampMs, Span<double> kept)
    {
        var (peers, column) = (device.Pack.Peers, FirstPeerColumn(device));
        for (var i = 0; i < peers.Length; i++)
        {
            var value = device.Peers?.Of(peers[i], device.Key, timestampMs) ?? double.NaN;
            RowJudge.Stand(device.State, peers[i].Slot, value);
            if (!kept.IsEmpty) kept[column + i] = double.IsNaN(value) ? UnknownPeers : value;
        }
        device.Peers?.Passed(timestampMs);
    }

    /// <summary>What a row that is kept ought to know of the peers.</summary>
    /// <returns>Whether it knew something else.</returns>
    private static bool RecallPeers(JudgedDevice device, long timestampMs, Span<double> kept)
    {
        var (peers, column, isNew) = (device.Pack.Peers, FirstPeerColumn(device), false);
        for (var i = 0; i < peers.Length; i++)
        {
            var value = device.Peers?.Of(peers[i], device.Key, timestampMs) ?? double.NaN;
            if (double.IsNaN(value)) value = UnknownPeers;
            isNew |= !kept[column + i].Equals(value);
            kept[column + i] = value;
        }
        return isNew;
    }

    private static void StandPeers(JudgedDevice device, long timestampMs, ReadOnlySpan<double> kept)
    {
        var (peers, column) = (device.Pack.Peers, FirstPeerColumn(device));
        for (var i = 0; i < peers.Length; i++)
            RowJudge.Stand(device.State, peers[i].Slot, double.IsFinite(kept[column + i]) ? kept[column + i] : double.NaN);
        device.Peers?.Passed(timestampMs);
    }

    private void TellPeers(JudgedDevice device)
    {
        var pack = device.Pack;
        foreach (var told in _judge.Told) device.Peers?.Tell(device.Key, pack.SignalMeanings[told.Signal], pack.Program.Signals[told.Signal].LengthMs, told);
        _judge.Told.Clear();
    }

    /// <summary>After rows were judged again: what would not be told now is taken back.</summary>
    /// <param name="atHand">By quantity told: the part from which it was told again.</param>
    private void RetellPeers(JudgedDevice device, long[] atHand)
    {
        var pack = device.Pack;
        for (var i = 0; i < pack.Told.Length; i++)
            device.Peers?.Retell(device.Key, pack.SignalMeanings[pack.Told[i]], pack.Program.Signals[pack.Told[i]].LengthMs, atHand[i], pack.Told[i], _judge.Told);
        TellPeers(device);
    }

    private static int FirstPeerColumn(JudgedDevice device) => device.Pack.Program.Metrics.Length + device.Pack.Models.Length;

    private void Score(JudgedDevice device, long timestampMs, Span<double> kept, List<Finding> findings)
    {
        Report(device, findings);   // what the rules saw of this row, before what models make of it
        NoteReadings(device);
        for (var i = 0; i < device.Pack.Models.Length; i++)
        {
            var rule = device.Pack.Models[i];
            if (scorers(rule) is not { } scorer || !RowJudge.Applies(device.State, rule.Index, timestampMs)) continue;
            if (scorer.Observe(device.Key.ToString(), timestampMs, device.Readings!) is not { } verdict) continue;
            if (!kept.IsEmpty) kept[device.State.Program.Metrics.Length + i] = verdict.Probability;
            RowJudge.Feed(device.State, rule.Index, timestampMs, verdict.Probability, _verdicts);
            var before = findings.Count;
            Report(device, findings);
            for (var f = before; f < findings.Count; f++) findings[f] = findings[f] with { Version = scorer.Model.Version, Contributions = verdict.Contributions };
        }
    }

    private void NoteReadings(JudgedDevice device)
    {
        var metrics = device.Pack.Pack.Metrics;
        var signals = device.State.Signals;
        var all = device.Readings is null;
        device.Readings ??= [];
        for (var metric = 0; metric < metrics.Count; metric++)
            if (metrics[metric].Type is not Packs.MetricType.State && (all ? !double.IsNaN(signals[metric]) : _judge.IsFresh(metric))) device.Readings[metrics[metric].Name] = signals[metric];
    }

    /// <summary>Turns verdicts into findings, with what was at rest beside them.</summary>
    private void Report(JudgedDevice device, List<Finding> findings)
    {
        if (_verdicts.Count == 0) return;
        IReadOnlySet<string>? atRest = null;
        foreach (ref readonly var verdict in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_verdicts))
        {
            if (!device.Pack.Rules[verdict.Rule].Definition.IsAlarm) continue;
            atRest ??= device.SymptomsAtRest();
            findings.Add(Finding.Of(device.Pack, verdict).WithState(device.State) with { AtRest = atRest });
            device.LastFindingMs = Math.Max(device.LastFindingMs, verdict.AtMs);
        }
        _verdicts.Clear();
    }
}
