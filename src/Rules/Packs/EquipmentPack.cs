using Seamless.Rules.Diagnosis;
using Seamless.Rules.Packs.Drawings;

namespace Seamless.Rules.Packs;

/// <summary>All we know about one type of equipment: <c>packs/{type}/</c> read and checked (docs/reference/packs.md).</summary>
public sealed record EquipmentPack(
    string Type, string Version, LocalizedText Title, IReadOnlyList<MetricDefinition> Metrics,
    IReadOnlyList<RuleDefinition> Rules, FaultModel Faults, IReadOnlyList<Playbook> Playbooks, IReadOnlyList<PartDefinition> Parts)
{
    /// <summary>Changes whenever a rule or the pack's version changes; part of every alarm's identity.</summary>
    public string RulesVersion { get; init; } = Version;

    /// <summary>Its exploded view; null when the pack has none.</summary>
    public Drawing? Drawing { get; init; }

    public MetricDefinition? Metric(string name) => Metrics.FirstOrDefault(m => m.Name == name);
}

public enum MetricType : byte { Number, Boolean, State }

/// <param name="Unit">UCUM-like display unit (<c>°C</c>, <c>mm/s</c>, <c>%</c>), empty when dimensionless.</param>
/// <param name="Low">Least physically possible value; readings outside [Low, High] are the sensor's fault, not the machine's.</param>
/// <param name="Personal">It tells about a person (how long they sit, when they are there): kept for <c>store.retention.personal</c> and no longer.</param>
public sealed record MetricDefinition(string Name, LocalizedText Title, MetricType Type, string Unit, double? Low, double? High, bool Personal = false);

/// <summary>1–4 on the screen, in this order.</summary>
public enum Severity : byte { Critical = 1, High = 2, Medium = 3, Low = 4 }

/// <summary>What a rule looks for (docs/reference/rules.md).</summary>
public enum ConditionKind : byte
{
    High, Low, RateOfChange, Missing, Detector, Model, Event,

    /// <summary>Beyond either of two setpoints.</summary>
    Outside,

    /// <summary>An expression is true.</summary>
    Holds,

    /// <summary>The reading has not moved for too long.</summary>
    Stuck,

    /// <summary>The reading stands at an end of the sensor's range.</summary>
    Saturated,

    /// <summary>Of other rules: all, at least one, none, at least so many, one after the other.</summary>
    All, Any, None, AtLeast, Sequence,

    /// <summary>Several metrics of the machine together are unlike its normal state.</summary>
    State,
}

/// <summary>One rule of a pack. Deadband, on-delay and off-delay have their ISA-18.2 meaning.</summary>
/// <param name="Metric">The metric judged; null for <see cref="ConditionKind.Missing"/> over the whole device and for <see cref="ConditionKind.Model"/>.</param>
/// <param name="Setpoint">In the metric's unit; per second for a rate of change; the probability for a model; a score 0–1 for a detector.</param>
/// <param name="Symptom">The symptom of the fault model that it shows.</param>
/// <param name="Mode">ISO 14224 failure mode code (what is seen): <c>VIB</c>, <c>OHE</c>, <c>PDE</c> …</param>
/// <param name="When">An expression that must not be false for the rule to judge (<c>running</c>), or null.</param>
/// <param name="Detector">Name of the streaming detector, for <see cref="ConditionKind.Detector"/>.</param>
/// <param name="Model">Name of the learned model, for <see cref="ConditionKind.Model"/>.</param>
/// <param name="Source">Where the limit comes from (<c>ISO 20816-3 zone C/D</c>).</param>
public sealed record RuleDefinition(
    string Id, LocalizedText Title, string? Metric, ConditionKind Condition, double Setpoint, double Deadband,
    TimeSpan OnDelay, TimeSpan OffDelay, Severity Severity, string Symptom, string Mode, string? When,
    string? Detector, string? Model, LocalizedText Message, string? Source)
{
    /// <summary>Where it stands in its file, from 1; 0 when it comes from none.</summary>
    public int Line { get; init; }

    /// <summary>The expression judged in place of a metric, or null.</summary>
    public string? Value { get; init; }

    /// <summary>The unit of value and setpoint; null for the metric's own.</summary>
    public string? Unit { get; init; }

    /// <summary>The lower setpoint of <see cref="ConditionKind.Outside"/> and <see cref="ConditionKind.Saturated"/>; NaN otherwise.</summary>
    public double SetpointLow { get; init; } = double.NaN;

    /// <summary>Setpoints by the word of a state metric, or null.</summary>
    public ModeSetpoints? ByMode { get; init; }

    /// <summary>By how much a reading may tremble and still count as stuck.</summary>
    public double Tolerance { get; init; }

    /// <summary>Hours in which the rule judges; null for always.</summary>
    public Analytics.Evaluation.Schedule? Schedule { get; init; }

    public IReadOnlyList<EscalationStep> Escalations { get; init; } = [];

    /// <summary>Ids of the rules that a composite is made of.</summary>
    public IReadOnlyList<string> Of { get; init; } = [];

    /// <summary>How many of them, for <see cref="ConditionKind.AtLeast"/>.</summary>
    public int Count { get; init; } = 1;

    /// <summary>In what time, for <see cref="ConditionKind.Sequence"/>.</summary>
    public TimeSpan Within { get; init; }

    /// <summary>False for a rule that only serves composites: it raises no alarm of its own.</summary>
    public bool IsAlarm { get; init; } = true;

    /// <summary>The rule that comes with a metric's physical range rather than from a file.</summary>
    public bool IsOfRange { get; init; }

    /// <summary>The alarm stays until a person resets it (ISA-18.2 latched).</summary>
    public bool Latch { get; init; }

    /// <summary>What <see cref="ConditionKind.State"/> looks at; null for any other.</summary>
    public StateDefinition? State { get; init; }

    /// <summary>What it raises is presented although its device is under maintenance: fire, gas.</summary>
    public bool IsJudgedInMaintenance { get; init; }
}

/// <summary>Setpoints that depend on how the machine is being run.</summary>
/// <param name="Metric">The state metric that tells the mode.</param>
/// <param name="Values">Word → setpoint; in any other mode the rule's own setpoint holds, or, when that is NaN, the rule does not judge.</param>
public sealed record ModeSetpoints(string Metric, IReadOnlyDictionary<string, double> Values);

/// <summary>Several metrics that are judged together, a row for each step of time.</summary>
/// <param name="By">The metric whose values are modes with a normal of their own, or null.</param>
/// <param name="Words">Of a state metric: the words that are modes; in any other nothing is judged. Empty for a number.</param>
/// <param name="IsResetByMaintenance">Whether the normal is learned anew after the machine was worked on.</param>
public sealed record StateDefinition(IReadOnlyList<string> Metrics, TimeSpan Every, string? By, IReadOnlyList<string> Words, bool IsResetByMaintenance)
{
    /// <summary>What makes it the same, for the rule's identity.</summary>
    internal string Meaning => FormattableString.Invariant($"{string.Join(',', Metrics)}|{Every}|{By}:{string.Join(',', Words)}|{IsResetByMaintenance}");
}

/// <summary>The severity that a span of the rule reaches when it has lasted, or gone, far enough.</summary>
/// <param name="After">Since the alarm was raised; null when only distance counts.</param>
/// <param name="Beyond">A setpoint further out, in the rule's unit; null when only time counts.</param>
public sealed record EscalationStep(TimeSpan? After, double? Beyond, Severity Severity);

/// <summary>A spare of <c>parts.csv</c>.</summary>
/// <param name="Criticality">VED: V vital, E essential, D desirable.</param>
/// <param name="Class">ABC by cost.</param>
/// <param name="Starter">Units per depot tier (national, central, regional) in the starter network.</param>
public sealed record PartDefinition(
    string Sku, LocalizedText Title, char Criticality, char Class, int LeadTimeDays, decimal UnitCost, string Currency,
    IReadOnlyList<string> Types, string? Supersedes, (int National, int Central, int Regional) Starter);

/// <summary>The packs in force.</summary>
public interface IPacks
{
    IReadOnlyList<EquipmentPack> All { get; }
    EquipmentPack? Find(string type);
}
