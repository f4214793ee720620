using Seamless.Analytics.MachineState;

namespace Seamless.ServiceDesk.Remedies;

/// <summary>A closed case as far as its signature tells what it was.</summary>
/// <param name="Weight">How alike the case was otherwise, 0 to 1.</param>
internal readonly record struct SignedCase(string Cause, FaultSignature Signature, double Weight);

/// <summary>What the signature of a fault says about its cause, by those of closed cases: faults that show the same symptoms still differ in how much each metric has in it, and in how fast they came.</summary>
/// <remarks>
/// Naive Bayes: each metric's part of the direction, and the growth, are drawn for each cause from a normal distribution of unknown mean, with a spread that the causes share. Its predictive
/// distribution is Student's t (Murphy, Conjugate Bayesian analysis of the Gaussian distribution, 2007); a cause that nobody has met yet is expected to be like all cases together, only less surely.
/// </remarks>
internal static class SignatureModel
{
    /// <summary>Fewer cases say nothing.</summary>
    public const double LeastCases = 2;

    /// <summary>That a cause is like all of them together counts like so many of its cases.</summary>
    private const double TrustInAll = 0.5;

    /// <summary>That the spread within a cause is the spread of all counts like so many cases.</summary>
    private const double TrustInSpread = 4;

    /// <summary>Variance that every feature has: a signature is not measured more exactly.</summary>
    private const double LeastVariance = 1e-4;

    /// <summary>Cause → how probable the signature is under it, relative to the one under which it is most probable. Null when there are too few cases to tell.</summary>
    public static IReadOnlyDictionary<string, double>? Likelihoods(FaultSignature seen, IReadOnlyList<SignedCase> cases, IReadOnlyCollection<string> causes)
    {
        var total = cases.Sum(c => c.Weight);
        if (total < LeastCases || causes.Count == 0) return null;
        var logs = causes.ToDictionary(cause => cause, _ => 0.0, StringComparer.Ordinal);
        foreach (var metric in seen.Direction.Keys) Add(logs, cases, total, seen.Direction[metric], signature => signature.Direction.GetValueOrDefault(metric));
        Add(logs, cases, total, seen.Growth, signature => signature.Growth);
        var most = logs.Values.Max();
        return logs.ToDictionary(log => log.Key, log => Math.Exp(log.Value - most), StringComparer.Ordinal);
    }

    private static void Add(Dictionary<string, double> logs, IReadOnlyList<SignedCase> cases, double total, double value, Func<FaultSignature, double> feature)
    {
        var all = Moments(cases, feature);
        var spread = Math.Max(LeastVariance, all.Squares / Math.Max(1, total - 1));
        var own = cases.GroupBy(c => c.Cause, StringComparer.Ordinal).ToDictionary(same => same.Key, same => Moments(same, feature), StringComparer.Ordinal);
        var freedom = TrustInSpread + own.Values.Sum(m => Math.Max(0, m.Weight - 1));
        var within = (TrustInSpread * spread + own.Values.Sum(m => m.Squares)) / freedom;
        foreach (var cause in logs.Keys)
        {
            var (weight, mean, _) = own.GetValueOrDefault(cause);
            var expected = (weight * mean + TrustInAll * all.Mean) / (weight + TrustInAll);
            var variance = within * (1 + 1 / (weight + TrustInAll));
            var off = value - expected;
            logs[cause] -= ((freedom + 1) * Math.Log(1 + off * off / (freedom * variance)) + Math.Log(variance)) / 2;
        }
    }

    /// <returns>The cases' weight, their mean, and the sum of their squared distances from it.</returns>
    private static (double Weight, double Mean, double Squares) Moments(IEnumerable<SignedCase> cases, Func<FaultSignature, double> feature)
    {
        var (weight, mean, squares) = (0.0, 0.0, 0.0);
        foreach (var one in cases)
        {
            var value = feature(one.Signature);
            weight += one.Weight;
            var step = value - mean;
            mean += step * one.Weight / weight;
            squares += one.Weight * step * (value - mean);
        }
        return (weight, mean, squares);
    }
}
