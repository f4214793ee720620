using System.Collections.Frozen;
using Seamless.Analytics.Conditions;
using Seamless.Rules.Packs;
using Seamless.Telemetry.Rows;

namespace Seamless.Rules.Engine;

/// <summary>A pack laid out for judging: metrics and rules by number, the rules of a metric at hand.</summary>
public sealed class CompiledPack
{
    private readonly FrozenDictionary<string, int> _metricIndex;
    private readonly int[] _byNumber;   // −1 where the pack does not declare the metric

    public CompiledPack(EquipmentPack pack)
    {
        Pack = pack;
        _metricIndex = pack.Metrics.Select((metric, i) => (metric.Name, i)).ToFrozenDictionary(m => m.Name, m => m.i, StringComparer.Ordinal);
        _byNumber = ByNumber(pack);
        Rules = [.. pack.Rules.Concat(pack.Metrics.Select(SensorRules.For).OfType<RuleDefinition>()).Select((rule, i) => Compile(rule, i))];
        ByMetric = [.. pack.Metrics.Select((_, metric) => Rules.Where(r => r.Metric == metric && r.Condition is not null && !r.IsSensor).ToArray())];
        SensorOf = [.. pack.Metrics.Select((_, metric) => Rules.FirstOrDefault(r => r.IsSensor && r.Metric == metric))];
        Missing = [.. Rules.Where(r => r.Missing is not null)];
        Models = [.. Rules.Where(r => r.Definition.Condition is ConditionKind.Model)];
        Events = [.. Rules.Where(r => r.Event is not null)];
    }

    public EquipmentPack Pack { get; }
    public CompiledRule[] Rules { get; }

    /// <summary>Metric number → the rules that compare its value.</summary>
    public CompiledRule[][] ByMetric { get; }

    /// <summary>Metric number → the rule that watches its sensor, or null when the metric has no range.</summary>
    public CompiledRule?[] SensorOf { get; }
    public CompiledRule[] Missing { get; }
    public CompiledRule[] Models { get; }
    public CompiledRule[] Events { get; }

    /// <summary>The metric's number, −1 when the pack does not declare it.</summary>
    public int MetricIndex(string name) => _metricIndex.TryGetValue(name, out var index) ? index : -1;

    /// <summary>The same for a metric by its number among <see cref="Numbers"/>.</summary>
    public int MetricIndex(int number) => number < _byNumber.Length ? _byNumber[number] : -1;

    private static int[] ByNumber(EquipmentPack pack)
    {
        var numbers = pack.Metrics.Select(metric => Numbers.Metrics.Of(metric.Name)).ToArray();
        var byNumber = new int[numbers.Length == 0 ? 0 : numbers.Max() + 1];
        Array.Fill(byNumber, -1);
        for (var i = 0; i < numbers.Length; i++) byNumber[numbers[i]] = i;
        return byNumber;
    }

    private CompiledRule Compile(RuleDefinition rule, int index)
    {
        var metric = rule.Metric is null || rule.Condition is ConditionKind.Event ? -1 : MetricIndex(rule.Metric);
        return new CompiledRule(
            index, rule, metric, rule.When is null ? -1 : MetricIndex(rule.When), ConditionOf(rule),
            rule.Condition is ConditionKind.Missing ? new MissingCondition((long)(rule.Setpoint * 1000)) : null,
            rule.Condition is ConditionKind.Event ? new EventCondition((long)rule.OffDelay.TotalMilliseconds) : null);
    }

    private static Condition? ConditionOf(RuleDefinition rule)
    {
        ConditionShape? shape = rule.Condition switch
        {
            ConditionKind.High or ConditionKind.Detector or ConditionKind.Model => ConditionShape.High,
            ConditionKind.Low => ConditionShape.Low,
            ConditionKind.RateOfChange => ConditionShape.RateOfChange,
            _ => null,
        };
        return shape is null ? null : new Condition(shape.Value, rule.Setpoint, rule.Deadband, (long)rule.OnDelay.TotalMilliseconds, (long)rule.OffDelay.TotalMilliseconds);
    }
}

/// <param name="Metric">Number of the metric judged, −1 when there is none.</param>
/// <param name="When">Number of the boolean metric that must be true, −1 when there is none.</param>
public sealed record CompiledRule(
    int Index, RuleDefinition Definition, int Metric, int When, Condition? Condition, MissingCondition? Missing, EventCondition? Event)
{
    public bool IsSensor { get; } = Definition.Symptom == SensorRules.Symptom;

    /// <summary>What makes a rule the same rule: its id and everything that decides its verdicts, not its texts.</summary>
    public string Meaning { get; } = FormattableString.Invariant(
        $"{Definition.Id}|{Definition.Metric}|{Definition.Condition}|{Definition.Setpoint}|{Definition.Deadband}|{Definition.OnDelay}|{Definition.OffDelay}|{Definition.Symptom}|{Definition.Mode}|{Definition.When}|{Definition.Detector}|{Definition.Model}");
}

/// <summary>A rule for each metric with a physical range: a reading outside it, or of bad quality, is the sensor's fault and says nothing about the machine.</summary>
public static class SensorRules
{
    public const string Symptom = "sensor-fault";

    /// <summary>ISO 14224: abnormal instrument reading.</summary>
    public const string Mode = "AIR";

    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(30);

    internal static RuleDefinition? For(MetricDefinition metric) => metric is not { Type: MetricType.Number, Low: not null, High: not null } ? null : new RuleDefinition(
        $"sensor-{metric.Name}", new LocalizedText($"{metric.Title.En}: sensor", $"{metric.Title.ZhCn}：传感器"), metric.Name,
        ConditionKind.High, Setpoint: 1, Deadband: 0, OnDelay: Delay, OffDelay: Delay, Severity.Low, Symptom, Mode, When: null, Detector: null, Model: null,
        new LocalizedText($"{metric.Title.En}: readings are not physically possible", $"{metric.Title.ZhCn}：读数超出物理可能范围"),
        "The metric's physical range in the pack");
}
