using Seamless.Analytics.Conditions;
using Seamless.Analytics.MachineState;

namespace Seamless.Analytics.Evaluation;

/// <summary>Rules on the state of the machine: several signals together, step by step.</summary>
public sealed partial class RowJudge
{
    private void JudgeStates(RuleState state, long timestampMs, List<RuleVerdict> verdicts)
    {
        var program = state.Program;
        for (var i = 0; i < program.States.Length; i++)
            if (AnyFresh(program.StateInputs[i])) JudgeState(state, program.States[i], timestampMs, verdicts);
    }

    private void JudgeState(RuleState state, int rule, long timestampMs, List<RuleVerdict> verdicts)
    {
        var watch = state.WatchOf(rule)!;
        var spec = watch.Spec;
        if (!Applies(state, rule, timestampMs))
        {
            watch.Pause();
            Condition.Pause(ref state.Phases[rule]);
            return;
        }
        var score = watch.Advance(timestampMs, ModeOf(state, spec));
        for (var signal = 0; signal < spec.Slots.Length; signal++)
            if (IsFresh(spec.Slots[signal])) watch.Take(timestampMs, signal, state.Signals[spec.Slots[signal]]);
        if (!double.IsNaN(score)) JudgeRow(state, rule, watch, timestampMs, score, verdicts);
        if (watch.IsSettling) Condition.Pause(ref state.Phases[rule]);
    }

    private static void JudgeRow(RuleState state, int rule, StateWatch watch, long timestampMs, double score, List<RuleVerdict> verdicts)
    {
        JudgeWhole(state, rule, timestampMs, score, verdicts);
        if (!watch.IsJudging) state.Marks[rule] &= unchecked((byte)~RuleState.JudgedMark);   // while it learns, the symptom is not looked for
    }

    /// <summary>NaN while the mode is unknown, or is a word that the rule does not name.</summary>
    private static double ModeOf(RuleState state, StateSpec spec)
    {
        if (spec.Mode < 0) return 0;
        var mode = state.Signals[spec.Mode];
        return mode == MetricSpec.OtherWord && !state.Program.Metrics[spec.Mode].Words.IsDefaultOrEmpty ? double.NaN : mode;
    }

    /// <summary>The machine was worked on: what is normal is learned anew, and what was seen of the machine before is over.</summary>
    /// <param name="workedMs">When the work was over.</param>
    /// <param name="timestampMs">From when on it counts: later, when it was told too late to be put in order.</param>
    public static void ForgetStates(RuleState state, long workedMs, long timestampMs, List<RuleVerdict> verdicts)
    {
        foreach (var rule in state.Program.States)
        {
            var watch = state.WatchOf(rule)!;
            if (!watch.Spec.IsResetByMaintenance || workedMs <= watch.BegunAtMs) continue;
            watch.Forget(timestampMs);
            var (isActive, span) = (state.IsActive(rule), state.Spans[rule]);
            state.Phases[rule] = ConditionPhase.Normal;
            state.Marks[rule] = 0;
            if (isActive) verdicts.Add(new RuleVerdict(rule, VerdictKind.Ends, span.OnsetMs, timestampMs, span.Extreme, double.NaN, span.Extreme, 0));
        }
    }
}
