using System.Collections.Immutable;
using Seamless.Analytics.Conditions;
using Seamless.Analytics.Evaluation;
using Seamless.Analytics.MachineState;
using Seamless.Rules.Packs;
using Seamless.Rules.Packs.Expressions;

namespace Seamless.Rules.Engine;

/// <summary>Makes the evaluator's program of a pack's rules.</summary>
/// <param name="rules">Composites after what they are made of.</param>
internal sealed class ProgramCompiler(EquipmentPack pack, IReadOnlyList<RuleDefinition> rules)
{
    private readonly SignalBuilder _signals = new(pack.Metrics.Count);

    public RuleProgram Compile()
    {
        var specs = rules.Select(Spec).ToImmutableArray();
        var metrics = pack.Metrics.Select((metric, i) => new MetricSpec(
            metric.Name, metric.Low ?? double.NegativeInfinity, metric.High ?? double.PositiveInfinity, metric.Type is MetricType.State ? _signals.WordsOf(i) : []));
        var signals = _signals.Signals;
        return new RuleProgram([.. metrics], signals, specs, [.. signals.Select(signal => signal.Code is { } code ? ExpressionCompiler.Compile(code) : null)]);
    }

    private RuleSpec Spec(RuleDefinition rule)
    {
        var slot = SlotOf(rule);
        var when = rule.When is null ? -1 : _signals.SlotOf(ExpressionReader.Read(rule.When, pack.Metrics));
        return new RuleSpec(
            rule.Id, KindOf(rule), slot, when, ConditionOf(rule), rule.Schedule, ByMode(rule), CompositeOf(rule),
            [.. rule.Escalations.Select(step => new Escalation(step.After is { } after ? (long)after.TotalMilliseconds : -1, step.Beyond ?? double.NaN, (byte)step.Severity))],
            rule.Detector, rule.Condition is ConditionKind.Event ? rule.Metric : null, HoldMs(rule))
        {
            State = StateOf(rule),
        };
    }

    private static RuleKind KindOf(RuleDefinition rule) => rule.Condition switch
    {
        _ when rule.IsOfRange => RuleKind.Sensor,
        ConditionKind.Missing => RuleKind.Missing,
        ConditionKind.Event => RuleKind.Event,
        ConditionKind.Detector => RuleKind.Detector,
        ConditionKind.Model => RuleKind.Score,
        ConditionKind.State => RuleKind.State,
        ConditionKind.All or ConditionKind.Any or ConditionKind.None or ConditionKind.AtLeast or ConditionKind.Sequence => RuleKind.Composite,
        _ => RuleKind.Limit,
    };

    /// <summary>Where the quantity that the rule judges stands; −1 when it judges the device as a whole.</summary>
    private int SlotOf(RuleDefinition rule)
    {
        if (rule.Condition is ConditionKind.Event) return -1;
        if (rule.Value is null && rule.Metric is null) return -1;
        var judged = ExpressionReader.Read(rule.Value ?? $"`{rule.Metric}`", pack.Metrics);
        if (rule.Condition is ConditionKind.Missing || rule.IsOfRange) return _signals.SlotOf(judged);
        judged = rule.Condition switch
        {
            ConditionKind.RateOfChange => new UnaryExpression(StepKind.Absolute, Rate(judged), Rate(judged).Unit),
            ConditionKind.Stuck => new SignalExpression(SignalKind.Unchanged, judged, TimeSpan.Zero, rule.Tolerance, Unit.Second),
            _ => judged,
        };
        if (rule.Unit is { } written && UnitNames.TryFind(written, out var unit)) judged = Checks.Scaled(judged, unit);
        return _signals.SlotOf(judged);
    }

    private static SignalExpression Rate(Expression of) => new(SignalKind.Rate, of, TimeSpan.Zero, 0, (of.Unit ?? Unit.One).Interval / Unit.Second);

    private static Condition ConditionOf(RuleDefinition rule)
    {
        var (on, off) = ((long)rule.OnDelay.TotalMilliseconds, (long)rule.OffDelay.TotalMilliseconds);
        return rule.Condition switch
        {
            ConditionKind.Low => Condition.Below(Or(rule.Setpoint, double.NegativeInfinity), rule.Deadband, on, off),
            ConditionKind.Outside or ConditionKind.Saturated => new Condition(rule.SetpointLow, rule.Setpoint, rule.Deadband, on, off),
            ConditionKind.Holds or ConditionKind.All or ConditionKind.Any or ConditionKind.None or ConditionKind.AtLeast or ConditionKind.Sequence => Condition.Above(1, 0, on, off),
            _ => Condition.Above(Or(rule.Setpoint, double.PositiveInfinity), rule.Deadband, on, off),
        };
    }

    /// <summary>A rule with setpoints by mode only has none of its own.</summary>
    private static double Or(double setpoint, double never) => double.IsNaN(setpoint) ? never : setpoint;

    private Analytics.Evaluation.ModeSetpoints? ByMode(RuleDefinition rule)
    {
        if (rule.ByMode is not { } modes) return null;
        var slot = pack.Metrics.ToList().FindIndex(m => m.Name == modes.Metric);
        foreach (var word in modes.Values.Keys.Order(StringComparer.Ordinal)) _signals.NumberOf(slot, word);
        var words = _signals.WordsOf(slot);
        var low = rule.Condition is ConditionKind.Low;
        var otherwise = Or(rule.Setpoint, low ? double.NegativeInfinity : double.PositiveInfinity);
        var setpoints = words.Select(word => modes.Values.TryGetValue(word, out var value) ? value : otherwise).ToImmutableArray();
        var none = words.Select(_ => low ? double.PositiveInfinity : double.NegativeInfinity).ToImmutableArray();
        return low ? new(slot, setpoints, none) : new(slot, none, setpoints);
    }

    private StateSpec? StateOf(RuleDefinition rule)
    {
        if (rule.State is not { } state) return null;
        var mode = state.By is { } by ? MetricSlot(by) : -1;
        foreach (var word in state.Words) _signals.NumberOf(mode, word);
        return new StateSpec([.. state.Metrics.Select(MetricSlot)], (long)state.Every.TotalMilliseconds, mode, state.IsResetByMaintenance);
    }

    private int MetricSlot(string name) => pack.Metrics.ToList().FindIndex(metric => metric.Name == name);

    private Composite? CompositeOf(RuleDefinition rule)
    {
        if (rule.Of.Count == 0) return null;
        var parts = rule.Of.Select(id => rules.Index().First(r => r.Item.Id == id).Index).ToImmutableArray();
        return rule.Condition switch
        {
            ConditionKind.Sequence => new Composite(Combination.Sequence, parts, WithinMs: (long)rule.Within.TotalMilliseconds),
            ConditionKind.None => new Composite(Combination.None, parts),
            ConditionKind.Any => new Composite(Combination.AtLeast, parts),
            ConditionKind.AtLeast => new Composite(Combination.AtLeast, parts, rule.Count),
            _ => new Composite(Combination.AtLeast, parts, parts.Length),
        };
    }

    private static long HoldMs(RuleDefinition rule) => rule.Condition switch
    {
        ConditionKind.Event => (long)rule.OffDelay.TotalMilliseconds,
        ConditionKind.Missing => (long)(rule.Setpoint * 1000),
        _ => 0,
    };
}
