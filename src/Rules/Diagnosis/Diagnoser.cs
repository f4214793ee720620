namespace Seamless.Rules.Diagnosis;

/// <summary>Turns findings into ranked causes with what speaks for and against each.</summary>
public static class Diagnoser
{
    /// <summary>Less probable causes are not shown.</summary>
    public const double LeastShown = 0.01;

    /// <summary>Causes that explain something present, most probable first (then by code).</summary>
    public static IReadOnlyList<Cause> Diagnose(FaultModel model, IReadOnlySet<string> present, IReadOnlySet<string> absent)
    {
        var posterior = NoisyOr.Posterior(model, present, absent);
        return [.. model.Faults
            .Select(fault => Of(fault, posterior[fault.Code], present, absent))
            .Where(cause => cause.For.Count > 0 && cause.Probability >= LeastShown)
            .OrderByDescending(cause => cause.Probability)
            .ThenBy(cause => cause.Code, StringComparer.Ordinal)];
    }

    private static Cause Of(FaultDefinition fault, double probability, IReadOnlySet<string> present, IReadOnlySet<string> absent) => new(
        fault.Code, fault.Title, fault.Class, Math.Round(probability, 4),
        [.. fault.Symptoms.Keys.Where(present.Contains).Order(StringComparer.Ordinal)],
        [.. fault.Symptoms.Keys.Where(absent.Contains).Order(StringComparer.Ordinal)]);
}
