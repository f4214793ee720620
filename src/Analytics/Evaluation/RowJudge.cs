using System.Runtime.CompilerServices;
using Seamless.Analytics.Conditions;
using Seamless.Analytics.MachineState;

namespace Seamless.Analytics.Evaluation;

/// <summary>Judges a device's rows by the rules of its program, in event time. Pure: the same rows give the same verdicts, bit for bit. Allocates nothing while nothing happens. One owner at a time.</summary>
/// <remarks>For each row: <see cref="Begin"/>, a <see cref="Take"/> for every reading, <see cref="Judge"/>, a <see cref="Feed"/> for every score from outside, <see cref="Conclude"/>.</remarks>
public sealed partial class RowJudge
{
    private ulong[] _fresh = new ulong[1];
    private int _taken;

    /// <summary>What is over by the rows judged since it was last cleared, for the machine's peers.</summary>
    public List<PartMean> Told { get; } = [];

    public void Begin(RuleState state)
    {
        var words = (state.Program.SlotCount + 63) >> 6;
        if (_fresh.Length < words) _fresh = new ulong[words];
        Array.Clear(_fresh);
        _taken = 0;
    }

    /// <summary>Whether anything of this row is to be judged.</summary>
    public bool HasFresh => _taken > 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsFresh(int slot) => (_fresh[slot >> 6] >> slot & 1) != 0;

    /// <summary>Takes a reading that is newer than what was judged of its metric (<see cref="RuleState.JudgedMs"/>, which the caller keeps), so that every rule of this row sees the whole row.</summary>
    /// <param name="value">Infinite for a reading of bad quality: the sensor speaks untrue.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Take(RuleState state, long timestampMs, int metric, double value, List<RuleVerdict> verdicts)
    {
        var program = state.Program;
        ref readonly var range = ref program.Ranges[metric];
        var plausible = range.Holds(value);
        if (range.Sensor >= 0) WatchSensor(state, range.Sensor, timestampMs, value, plausible, verdicts);
        if (!plausible) return;
        Unsafe.Add(ref Unsafe.As<byte, double>(ref Unsafe.Add(ref state.Block, program.Layout.Signals)), metric) = value;
        _fresh[metric >> 6] |= 1UL << metric;
        _taken++;
    }

    /// <summary>What a signal from outside is as of this row; NaN while it is unknown. Before <see cref="Judge"/>.</summary>
    public static void Stand(RuleState state, int slot, double value) => state.Signals[slot] = value;

    private static void WatchSensor(RuleState state, int sensor, long timestampMs, double value, bool plausible, List<RuleVerdict> verdicts)
    {
        if (!plausible || state.Phases[sensor] is not ConditionPhase.Normal) ObserveSensor(state, sensor, timestampMs, value, plausible, verdicts);
        else state.Marks[sensor] |= RuleState.JudgedMark;
    }

    private static void ObserveSensor(RuleState state, int rule, long timestampMs, double value, bool plausible, List<RuleVerdict> verdicts)
    {
        var spec = state.Program.Rules[rule];
        state.Marks[rule] |= RuleState.JudgedMark;
        var transition = spec.Condition.Observe(ref state.Phases[rule], ref state.Spans[rule], timestampMs, plausible ? 0 : 1);
        if (transition is Transition.None) return;
        var range = state.Program.Metrics[spec.Slot];
        var limit = value < range.Low ? range.Low : range.High;
        verdicts.Add(new RuleVerdict(
            rule, transition is Transition.Raise ? VerdictKind.Begins : VerdictKind.Ends, state.Spans[rule].OnsetMs, timestampMs,
            double.IsFinite(value) ? value : 0, double.IsFinite(limit) ? limit : double.NaN, double.NaN, 0));
    }

    /// <summary>Derives the signals and judges the rules that follow from what was taken.</summary>
    public void Judge(RuleState state, long timestampMs, List<RuleVerdict> verdicts)
    {
        if (_taken == 0) return;
        var program = state.Program;
        Derive(state, timestampMs);
        ref var block = ref state.Block;
        ref var signals = ref Unsafe.As<byte, double>(ref Unsafe.Add(ref block, program.Layout.Signals));
        ref var phases = ref Unsafe.Add(ref block, program.Layout.Phases);
        ref var marks = ref Unsafe.Add(ref block, program.Layout.Marks);
        var ops = program.Ops;
        foreach (var rule in program.Plain)
        {
            ref readonly var op = ref ops[rule];
            if (!IsFresh(op.Slot)) continue;
            var value = Unsafe.Add(ref signals, op.Slot);
            if (op.IsSimple && (op.When < 0 || !(Unsafe.Add(ref signals, op.When) < 0.5)))
            {
                if (double.IsNaN(value)) continue;
                Unsafe.Add(ref marks, rule) |= RuleState.JudgedMark;
                if (Unsafe.Add(ref phases, rule) == (byte)ConditionPhase.Normal && !(value >= op.High || value <= op.Low)) continue;
            }
            JudgeWhole(state, rule, timestampMs, value, verdicts);
        }
        if (program.States.Length > 0) JudgeStates(state, timestampMs, verdicts);
    }

    /// <summary>A score that a model gave for this row.</summary>
    public static void Feed(RuleState state, int rule, long timestampMs, double score, List<RuleVerdict> verdicts) =>
        JudgeWhole(state, rule, timestampMs, score, verdicts);

    /// <summary>Whether a rule that is fed from outside applies now.</summary>
    public static bool Applies(RuleState state, int rule, long timestampMs)
    {
        var spec = state.Program.Rules[rule];
        return (spec.When < 0 || !(state.Signals[spec.When] < 0.5)) && (spec.Schedule is null || spec.Schedule.IsOpen(timestampMs));
    }

    /// <summary>Judges what looks at the row as a whole: composites, and events whose time is over.</summary>
    public void Conclude(RuleState state, long timestampMs, List<RuleVerdict> verdicts)
    {
        if (_taken > 0) JudgeComposites(state, timestampMs, verdicts);
        if (timestampMs <= state.NewestMs) return;
        state.NewestMs = timestampMs;
        foreach (var rule in state.Program.Events) Elapse(state, rule, timestampMs, verdicts);
    }

    public static void JudgeComposites(RuleState state, long timestampMs, List<RuleVerdict> verdicts)
    {
        foreach (var rule in state.Program.Composites)
        {
            var holds = Composites.Holds(state, state.Program.Rules[rule].Composite!);
            if (!double.IsNaN(holds)) JudgeWhole(state, rule, timestampMs, holds, verdicts);
        }
    }

    /// <summary>Whether every rule is at rest and a reading like this would begin none; for a program that is <see cref="RuleProgram.IsMemoryless"/>.</summary>
    public static bool LeavesAtRest(RuleState state, int metric, double value)
    {
        var program = state.Program;
        if (!program.Ranges[metric].Holds(value)) return false;
        foreach (var rule in program.Plain)
        {
            ref readonly var op = ref program.Ops[rule];
            if (op.Slot == metric && (value >= op.High || value <= op.Low)) return false;
        }
        return state.Phases.IndexOfAnyExcept(ConditionPhase.Normal) < 0;
    }

    /// <summary>The device told of an event.</summary>
    public static void Occur(RuleState state, string code, long timestampMs, List<RuleVerdict> verdicts)
    {
        if (code == StateSpec.Maintained) ForgetStates(state, timestampMs, timestampMs, verdicts);
        foreach (var rule in state.Program.Events)
        {
            if (state.Program.Rules[rule].Event != code || timestampMs <= state.Spans[rule].SinceMs) continue;
            state.Marks[rule] |= RuleState.JudgedMark;
            if (EventCondition.Occur(ref state.Phases[rule], ref state.Spans[rule], timestampMs) is Transition.Raise)
                verdicts.Add(new RuleVerdict(rule, VerdictKind.Begins, timestampMs, timestampMs, 1, double.NaN, double.NaN, 0));
        }
    }

    private static void Elapse(RuleState state, int rule, long timestampMs, List<RuleVerdict> verdicts)
    {
        var condition = new EventCondition(state.Program.Rules[rule].HoldMs);
        if (condition.Elapse(ref state.Phases[rule], state.Spans[rule], timestampMs) is Transition.Clear)
            verdicts.Add(new RuleVerdict(rule, VerdictKind.Ends, state.Spans[rule].OnsetMs, timestampMs, 1, double.NaN, double.NaN, 0));
    }

    private void Derive(RuleState state, long timestampMs)
    {
        var program = state.Program;
        for (var i = 0; i < program.Signals.Length; i++)
        {
            if (!AnyFresh(program.SignalInputs[i])) continue;
            var slot = program.Metrics.Length + i;
            if (program.Compares) DeriveAmongPeers(state, i, timestampMs);
            else Signaller.Derive(state, i, timestampMs);
            _fresh[slot >> 6] |= 1UL << slot;
        }
    }

    private void DeriveAmongPeers(RuleState state, int number, long timestampMs)
    {
        var signal = state.Program.Signals[number];
        if (signal.Kind is SignalKind.Part) Close(state, number, timestampMs);
        else if (!signal.IsFromOutside) Signaller.Derive(state, number, timestampMs);
    }

    private void Close(RuleState state, int number, long timestampMs)
    {
        var signal = state.Program.Signals[number];
        var value = state.Signals[signal.Input];
        if (!double.IsFinite(value)) return;
        if (PartMean.TryClose(number, signal, state.Derived(number), timestampMs, value, out var closed)) Told.Add(closed);
    }

    private bool AnyFresh(int[] slots)
    {
        foreach (var slot in slots)
            if (IsFresh(slot)) return true;
        return false;
    }

    private static void JudgeWhole(RuleState state, int rule, long timestampMs, double value, List<RuleVerdict> verdicts)
    {
        var spec = state.Program.Rules[rule];
        ref var phase = ref state.Phases[rule];
        if (!Applies(state, rule, timestampMs))
        {
            Condition.Pause(ref phase);
            return;
        }
        if (double.IsNaN(value)) return;
        var condition = spec.Condition;
        if (spec.ByMode is { } modes && !TryByMode(state, modes, ref condition)) return;
        ref var mark = ref state.Marks[rule];
        var (limit, score) = (double.NaN, double.NaN);
        if (spec.Kind is RuleKind.Detector)
        {
            var (low, high) = state.Detectors[rule]!.Expected;
            score = state.Detectors[rule]!.Observe(timestampMs, value);
            limit = double.IsNaN(low) || value < low ? low : high;
            if (double.IsNaN(low)) mark &= unchecked((byte)~RuleState.JudgedMark);
            else mark |= RuleState.JudgedMark;
        }
        else
        {
            mark |= RuleState.JudgedMark;
            if (spec.Kind is RuleKind.Score or RuleKind.State) score = value;
        }
        ref var span = ref state.Spans[rule];
        var transition = condition.Observe(ref phase, ref span, timestampMs, spec.Kind is RuleKind.Detector ? score : value);
        if (spec.Kind is not RuleKind.Detector) limit = condition.SetpointAt(span.Extreme);
        if (transition is not Transition.None)
        {
            mark &= RuleState.JudgedMark;   // a new span, or none: no level yet
            var shown = spec.Kind is RuleKind.Detector or RuleKind.Score or RuleKind.State ? value : span.Extreme;
            if (transition is Transition.Clear && !double.IsNaN(score)) score = span.Extreme;   // of the whole span, as a plain rule tells its value
            verdicts.Add(new RuleVerdict(rule, transition is Transition.Raise ? VerdictKind.Begins : VerdictKind.Ends, span.OnsetMs, timestampMs, shown, limit, score, 0));
        }
        if (!spec.Escalations.IsDefaultOrEmpty && phase is ConditionPhase.Active) Escalate(spec, condition, ref mark, span, timestampMs, value, verdicts, rule);
    }

    private static void Escalate(RuleSpec spec, in Condition condition, ref byte mark, in ConditionSpan span, long timestampMs, double value, List<RuleVerdict> verdicts, int rule)
    {
        var (reached, setpoint) = ((byte)(mark & ~RuleState.JudgedMark), double.NaN);
        foreach (var step in spec.Escalations)
        {
            if (reached != 0 && step.Level >= reached) continue;
            var far = double.IsNaN(step.Beyond) || (step.Beyond >= condition.High ? value >= step.Beyond : value <= step.Beyond);
            if (!far || timestampMs - span.RaisedMs < step.AfterMs) continue;
            (reached, setpoint) = (step.Level, step.Beyond);
        }
        if (reached == (mark & ~RuleState.JudgedMark)) return;
        mark = (byte)(mark & RuleState.JudgedMark | reached);
        var limit = double.IsNaN(setpoint) ? condition.SetpointAt(span.Extreme) : setpoint;
        verdicts.Add(new RuleVerdict(rule, VerdictKind.Escalates, span.OnsetMs, timestampMs, span.Extreme, limit, double.NaN, reached));
    }

    /// <summary>The setpoints of the mode at hand; false while the mode is not known, or has none and there is no other.</summary>
    private static bool TryByMode(RuleState state, ModeSetpoints modes, ref Condition condition)
    {
        var word = state.Signals[modes.Slot];
        if (double.IsNaN(word)) return false;
        if (word >= 0 && word < modes.High.Length) condition = condition with { Low = modes.Low[(int)word], High = modes.High[(int)word] };
        return !double.IsNegativeInfinity(condition.Low) || !double.IsPositiveInfinity(condition.High);
    }
}
