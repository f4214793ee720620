using Seamless.Rules.Packs;

namespace Seamless.Rules.Engine;

/// <summary>A rule began, or ceased, to see its symptom on a device.</summary>
/// <param name="OnsetMs">When the condition began, event time.</param>
/// <param name="AtMs">When the delay had passed, event time.</param>
/// <param name="Value">The most extreme value of the span so far.</param>
/// <param name="Limit">Setpoint, or the edge of the expected band.</param>
/// <param name="Score">Detector score or model probability.</param>
public readonly record struct Finding(
    CompiledRule Rule, bool Begins, long OnsetMs, long AtMs, double Value, double? Limit, double? Score,
    string? Version, IReadOnlyDictionary<string, double> Contributions)
{
    public static readonly IReadOnlyDictionary<string, double> NoContributions = new Dictionary<string, double>();

    public RuleDefinition Definition => Rule.Definition;
}
