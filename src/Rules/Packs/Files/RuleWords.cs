namespace Seamless.Rules.Packs.Files;

/// <summary>The words of a rule file: what the reader takes, the editor completes and the reference explains.</summary>
public static class RuleWords
{
    public static IReadOnlyDictionary<string, ConditionKind> Conditions { get; } = new Dictionary<string, ConditionKind>
    {
        ["high"] = ConditionKind.High,
        ["low"] = ConditionKind.Low,
        ["outside"] = ConditionKind.Outside,
        ["holds"] = ConditionKind.Holds,
        ["rate"] = ConditionKind.RateOfChange,
        ["stuck"] = ConditionKind.Stuck,
        ["saturated"] = ConditionKind.Saturated,
        ["missing"] = ConditionKind.Missing,
        ["all"] = ConditionKind.All,
        ["any"] = ConditionKind.Any,
        ["none"] = ConditionKind.None,
        ["atLeast"] = ConditionKind.AtLeast,
        ["sequence"] = ConditionKind.Sequence,
        ["detector"] = ConditionKind.Detector,
        ["model"] = ConditionKind.Model,
        ["state"] = ConditionKind.State,
        ["event"] = ConditionKind.Event,
    };

    public static IReadOnlyDictionary<string, Severity> Severities { get; } = new Dictionary<string, Severity>
    {
        ["critical"] = Severity.Critical,
        ["high"] = Severity.High,
        ["medium"] = Severity.Medium,
        ["low"] = Severity.Low,
    };

    /// <summary>What becomes of an alarm whose device is under maintenance; true when it is presented even so.</summary>
    public static IReadOnlyDictionary<string, bool> InMaintenance { get; } = new Dictionary<string, bool> { ["suppress"] = false, ["judge"] = true };

    /// <summary>What has a machine's normal state learned anew; true for maintenance.</summary>
    public static IReadOnlyDictionary<string, bool> Resets { get; } = new Dictionary<string, bool> { ["maintenance"] = true, ["never"] = false };

    /// <summary>Bit of <see cref="Analytics.Evaluation.Schedule.Days"/>.</summary>
    public static IReadOnlyDictionary<string, int> Days { get; } =
        new[] { "sun", "mon", "tue", "wed", "thu", "fri", "sat" }.Select((day, i) => (day, i)).ToDictionary(d => d.day, d => d.i);

    public static bool IsComposite(this ConditionKind condition) => condition is >= ConditionKind.All and <= ConditionKind.Sequence;

    /// <summary>Whether the condition is about the sensor rather than the machine: symptom and mode may be left out.</summary>
    public static bool IsOfSensor(this ConditionKind condition) => condition is ConditionKind.Stuck or ConditionKind.Saturated;
}
