using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Seamless.Analytics.MachineState;

namespace Seamless.Analytics.Evaluation;

/// <summary>What a rule judges by.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RuleKind>))]
public enum RuleKind : byte
{
    /// <summary>A signal against one or two setpoints.</summary>
    Limit,

    /// <summary>A reading that is not physically possible, or of bad quality: 1, else 0.</summary>
    Sensor,

    /// <summary>The score of a streaming detector.</summary>
    Detector,

    /// <summary>A score that comes from outside (a learned model): <see cref="RowJudge.Feed"/>.</summary>
    Score,

    /// <summary>Other rules of the same device together.</summary>
    Composite,

    /// <summary>Silence.</summary>
    Missing,

    /// <summary>An event of the device.</summary>
    Event,

    /// <summary>The score of several signals together: the state of the machine.</summary>
    State,
}

/// <summary>How a composite puts its parts together.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Combination>))]
public enum Combination : byte
{
    /// <summary>At least <see cref="Composite.Least"/> of them are active.</summary>
    AtLeast,

    /// <summary>None is active.</summary>
    None,

    /// <summary>They began one after the other in this order, the last within <see cref="Composite.WithinMs"/> of the first, and the last is still active.</summary>
    Sequence,
}

/// <param name="Rules">Numbers of the rules it is made of; each before the composite itself.</param>
/// <param name="Least">For <see cref="Combination.AtLeast"/>; their count for "all", 1 for "any".</param>
public sealed record Composite(Combination Combination, ImmutableArray<int> Rules, int Least = 1, long WithinMs = 0);

/// <summary>A severity that a span of the rule reaches when it has lasted or gone far enough.</summary>
/// <param name="AfterMs">Since the rule was raised; −1 when only distance counts.</param>
/// <param name="Beyond">A setpoint further out; NaN when only time counts.</param>
/// <param name="Level">1–4 as the severities of the packs: 1 is the gravest.</param>
public readonly record struct Escalation(long AfterMs, double Beyond, byte Level);

/// <summary>Setpoints by operating mode.</summary>
/// <param name="Slot">Of the mode: the number of its word among the metric's words.</param>
/// <param name="Low">By the word's number; −∞ where there is none.</param>
/// <param name="High">By the word's number; +∞ where there is none.</param>
public sealed record ModeSetpoints(int Slot, ImmutableArray<double> Low, ImmutableArray<double> High);

/// <summary>A rule as the evaluator needs it: numbers and slots, no texts but its id.</summary>
/// <param name="Slot">The signal judged; −1 when the rule has none.</param>
/// <param name="When">The signal that must not be false (0) for the rule to judge; −1 for always.</param>
/// <param name="Condition">Begin, end, delays. Of <see cref="RuleKind.Composite"/> and <see cref="RuleKind.Sensor"/> the setpoint is 1.</param>
/// <param name="ByMode">Stands in for the condition's setpoints, or null.</param>
/// <param name="HoldMs">How long an event speaks, or a silence may last.</param>
public sealed record RuleSpec(
    string Id, RuleKind Kind, int Slot, int When, Conditions.Condition Condition, Schedule? Schedule = null, ModeSetpoints? ByMode = null,
    Composite? Composite = null, ImmutableArray<Escalation> Escalations = default, string? Detector = null, string? Event = null, long HoldMs = 0)
{
    /// <summary>Of <see cref="RuleKind.State"/>; such a rule does not go to devices.</summary>
    [JsonIgnore]
    public StateSpec? State { get; init; }
}
