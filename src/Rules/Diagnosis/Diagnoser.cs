using Seamless.Rules.Packs;

namespace Seamless.Rules.Diagnosis;

/// <summary>Turns findings into ranked causes with what speaks for and against each.</summary>
public static class Diagnoser
{
    /// <summary>Less probable causes are not shown.</summary>
    public const double LeastShown = 0.01;

    /// <summary>Code of the cause that no pack knows.</summary>
    public const string Unknown = "unknown";

    private static readonly LocalizedText UnknownTitle = new("Unknown cause", "未知原因");

    /// <summary>Causes that explain something present, most probable first (then by code). <see cref="Unknown"/> comes first where that is likelier than each of them.</summary>
    /// <remarks>Empty when the model has no fault that shows any of it.</remarks>
    /// <param name="together">What is present has come within hours: two independent faults are less probable then.</param>
    public static IReadOnlyList<Cause> Diagnose(FaultModel model, IReadOnlySet<string> present, IReadOnlySet<string> absent, bool together = false)
    {
        var posterior = NoisyOr.Posterior(model, present, absent, out var unknown, together);
        Cause[] causes = [.. model.Faults
            .Select(fault => Of(fault, posterior[fault.Code], present, absent))
            .Where(cause => cause.For.Count > 0 && cause.Probability >= LeastShown)
            .OrderByDescending(cause => cause.Probability)
            .ThenBy(cause => cause.Code, StringComparer.Ordinal)];
        if (causes.Length == 0 && !model.Faults.Any(fault => fault.Symptoms.Keys.Any(present.Contains))) return causes;
        if (causes.Length > 0 && unknown <= causes[0].Probability) return causes;
        return [OfUnknown(unknown, present), .. causes];
    }

    /// <summary>The cause that no pack knows, for what is seen.</summary>
    public static Cause OfUnknown(double probability, IEnumerable<string> present) =>
        new(Unknown, UnknownTitle, FaultClass.HW, Math.Round(probability, 4), [.. present.Order(StringComparer.Ordinal)], []);

    private static Cause Of(FaultDefinition fault, double probability, IReadOnlySet<string> present, IReadOnlySet<string> absent) => new(
        fault.Code, fault.Title, fault.Class, Math.Round(probability, 4),
        [.. fault.Symptoms.Keys.Where(present.Contains).Order(StringComparer.Ordinal)],
        [.. fault.Symptoms.Keys.Where(absent.Contains).Order(StringComparer.Ordinal)]);
}
