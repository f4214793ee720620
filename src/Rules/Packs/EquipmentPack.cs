using Seamless.Rules.Diagnosis;

namespace Seamless.Rules.Packs;

/// <summary>All we know about one type of equipment: <c>packs/{type}/</c> read and checked (docs/reference/packs.md).</summary>
public sealed record EquipmentPack(
    string Type, string Version, LocalizedText Title, IReadOnlyList<MetricDefinition> Metrics,
    IReadOnlyList<RuleDefinition> Rules, FaultModel Faults, IReadOnlyList<Playbook> Playbooks, IReadOnlyList<PartDefinition> Parts)
{
    /// <summary>Changes whenever a rule or the pack's version changes; part of every alarm's identity.</summary>
    public string RulesVersion { get; init; } = Version;

    public MetricDefinition? Metric(string name) => Metrics.FirstOrDefault(m => m.Name == name);
}

public enum MetricType : byte { Number, Boolean, State }

/// <param name="Unit">UCUM-like display unit (<c>°C</c>, <c>mm/s</c>, <c>%</c>), empty when dimensionless.</param>
/// <param name="Low">Least physically possible value; readings outside [Low, High] are the sensor's fault, not the machine's.</param>
public sealed record MetricDefinition(string Name, LocalizedText Title, MetricType Type, string Unit, double? Low, double? High);

/// <summary>1–4 on the screen, in this order.</summary>
public enum Severity : byte { Critical = 1, High = 2, Medium = 3, Low = 4 }

public enum ConditionKind : byte { High, Low, RateOfChange, Missing, Detector, Model, Event }

/// <summary>One rule of a pack. Deadband, on-delay and off-delay have their ISA-18.2 meaning.</summary>
/// <param name="Metric">The metric judged; null for <see cref="ConditionKind.Missing"/> over the whole device and for <see cref="ConditionKind.Model"/>.</param>
/// <param name="Setpoint">In the metric's unit; per second for a rate of change; the probability for a model; a score 0–1 for a detector.</param>
/// <param name="Symptom">The symptom of the fault model that it shows.</param>
/// <param name="Mode">ISO 14224 failure mode code (what is seen): <c>VIB</c>, <c>OHE</c>, <c>PDE</c> …</param>
/// <param name="When">A boolean metric that must be true for the rule to judge (<c>running</c>), or null.</param>
/// <param name="Detector">Name of the streaming detector, for <see cref="ConditionKind.Detector"/>.</param>
/// <param name="Model">Name of the learned model, for <see cref="ConditionKind.Model"/>.</param>
/// <param name="Source">Where the limit comes from (<c>ISO 20816-3 zone C/D</c>).</param>
public sealed record RuleDefinition(
    string Id, LocalizedText Title, string? Metric, ConditionKind Condition, double Setpoint, double Deadband,
    TimeSpan OnDelay, TimeSpan OffDelay, Severity Severity, string Symptom, string Mode, string? When,
    string? Detector, string? Model, LocalizedText Message, string? Source);

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
