using Seamless.Analytics.Evaluation;
using Seamless.Analytics.MachineState;
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

    /// <summary>Of a rule on the state of the machine: what each metric has in it; null of any other.</summary>
    public StateFinding? State { get; init; }

    public RuleDefinition Definition => Rule.Definition;

    /// <summary>Whether a span ended because what is normal is learned anew.</summary>
    public bool IsLearnedAnew => Kind is VerdictKind.Ends && State is { Learned: < MachineStateDetector.LearningRows };

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

    /// <summary>The same with what each metric of the machine's state has in it.</summary>
    internal Finding WithState(RuleState state)
    {
        if (state.WatchOf(Rule.Index) is not { } watch) return this;
        var departures = StateFinding.DeparturesOf(watch, Definition.State!.Metrics);
        return this with
        {
            State = new StateFinding(departures, watch.Learned),
            Contributions = departures.Count == 0 ? NoContributions : departures.ToDictionary(departure => departure.Metric, departure => departure.Share, StringComparer.Ordinal),
        };
    }

    private static double? Known(double value) => double.IsNaN(value) ? null : value;
}
