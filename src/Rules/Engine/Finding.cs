using Seamless.Analytics.Evaluation;
using Seamless.Rules.Packs;

namespace Seamless.Rules.Engine;

/// <summary>A rule began, or ceased, to see its symptom on a device, or what it sees grew graver.</summary>
/// <param name="OnsetMs">When the condition began, event time.</param>
/// <param name="AtMs">When the delay had passed, event time.</param>
/// <param name="Value">The most extreme value of the span so far.</param>
/// <param name="Limit">Setpoint, or the edge of the expected band.</param>
/// <param name="Score">Detector score or model probability.</param>
public readonly record struct Finding(
    CompiledRule Rule, VerdictKind Kind, long OnsetMs, long AtMs, double Value, double? Limit, double? Score,
    string? Version, IReadOnlyDictionary<string, double> Contributions)
{
    public static readonly IReadOnlyDictionary<string, double> NoContributions = new Dictionary<string, double>();

    public bool Begins => Kind is VerdictKind.Begins;

    /// <summary>The severity at hand: the rule's own, or what it has grown to.</summary>
    public Severity Severity { get; init; } = Rule.Definition.Severity;

    /// <summary>Symptoms that were looked for and are at rest, as the device stood when this was found.</summary>
    public IReadOnlySet<string> AtRest { get; init; } = Nothing;

    public RuleDefinition Definition => Rule.Definition;

    internal static readonly IReadOnlySet<string> Nothing = new HashSet<string>();

    internal static Finding Of(CompiledPack pack, in RuleVerdict verdict)
    {
        var rule = pack.Rules[verdict.Rule];
        return new Finding(
            rule, verdict.Kind, verdict.OnsetMs, verdict.AtMs, verdict.Value, Known(verdict.Limit), Known(verdict.Score), null, NoContributions)
        {
            Severity = verdict.Level == 0 ? rule.Definition.Severity : (Severity)verdict.Level,
        };
    }

    private static double? Known(double value) => double.IsNaN(value) ? null : value;
}
