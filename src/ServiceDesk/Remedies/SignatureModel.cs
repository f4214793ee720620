using Seamless.Analytics.MachineState;

namespace Seamless.ServiceDesk.Remedies;

/// <summary>A closed case as far as its signature tells what it was.</summary>
/// <param name="Weight">How alike the case was otherwise, 0 to 1.</param>
internal readonly record struct SignedCase(string Cause, FaultSignature Signature, double Weight);

/// <summary>What the signature of a fault says about its cause, by those of closed cases: faults that show the same symptoms still differ in how much each metric has in it, and in how fast they came.</summary>
/// <remarks>
/// Each cause draws its signatures from a normal distribution of unknown mean, with a covariance that the causes share: the parts of a departure grow together. The predictive distribution is
/// Student's t of many variables (Murphy, Conjugate Bayesian analysis of the Gaussian distribution, 2007). A cause that nobody has met yet is expected to be like all cases together, only less surely.
/// </remarks>
internal static class SignatureModel
{
    /// <summary>Fewer cases say nothing.</summary>
    public const double LeastCases = 2;

    /// <summary>That a cause is like all of them together counts like so many of its cases.</summary>
    private const double TrustInAll = 0.5;

    /// <summary>That the features vary within a cause as they do in all cases, each by itself, counts like so many cases.</summary>
    private const double TrustInSpread = 6;

    /// <summary>Variance that every feature has: a signature is not measured more exactly.</summary>
    private const double LeastVariance = 1e-4;

    /// <summary>What it says counts this much: the symptoms, which are read off the same metrics, have said a part of it already.</summary>
    private const double Share = 0.7;

    /// <summary>Cause → how probable the signature is under it, relative to the one under which it is most probable. Null when there are too few cases to tell.</summary>
    public static IReadOnlyDictionary<string, double>? Likelihoods(FaultSignature seen, IReadOnlyList<SignedCase> cases, IReadOnlyCollection<string> causes)
    {
        var total = cases.Sum(c => c.Weight);
        if (total < LeastCases || causes.Count == 0) return null;
        var metrics = seen.Direction.Keys.Order(StringComparer.Ordinal).ToList();
        var features = Features(seen, metrics);
        var all = new Cluster([.. cases.Select(c => (Features(c.Signature, metrics), c.Weight))], features.Length);
        var own = cases.GroupBy(c => c.Cause, StringComparer.Ordinal).ToDictionary(same => same.Key, same => new Cluster([.. same.Select(c => (Features(c.Signature, metrics), c.Weight))], features.Length), StringComparer.Ordinal);
        var freedom = TrustInSpread + own.Values.Sum(cluster => Math.Max(0, cluster.Weight - 1));
        var within = Within(all, own.Values, freedom);
        Cholesky.Factor(within);
        var logs = causes.ToDictionary(cause => cause, cause => LogDensity(features, own.GetValueOrDefault(cause), all, within, freedom), StringComparer.Ordinal);
        var most = logs.Values.Max();
        return logs.ToDictionary(log => log.Key, log => Math.Exp(Share * (log.Value - most)), StringComparer.Ordinal);
    }

    private static double[] Features(FaultSignature signature, List<string> metrics) =>
        [.. metrics.Select(metric => signature.Direction.GetValueOrDefault(metric)), signature.Growth, signature.LongGrowth];

    /// <summary>The covariance within a cause: pooled over the causes, and drawn towards that of independent features.</summary>
    private static double[][] Within(Cluster all, IEnumerable<Cluster> own, double freedom)
    {
        var within = Cholesky.LowerTriangle(all.Mean.Length);
        foreach (var cluster in own) cluster.AddScatter(within);
        var scatter = Cholesky.LowerTriangle(all.Mean.Length);
        all.AddScatter(scatter);
        for (var a = 0; a < within.Length; a++)
        {
            within[a][a] += TrustInSpread * Math.Max(LeastVariance, scatter[a][a] / Math.Max(1, all.Weight - 1));
            for (var b = 0; b <= a; b++) within[a][b] /= freedom;
        }
        return within;
    }

    /// <summary>But for what is the same for all causes.</summary>
    private static double LogDensity(double[] features, Cluster? own, Cluster all, double[][] factor, double freedom)
    {
        var weight = own?.Weight ?? 0;
        var off = new double[features.Length];
        for (var i = 0; i < off.Length; i++) off[i] = features[i] - ((own is null ? 0 : weight * own.Mean[i]) + TrustInAll * all.Mean[i]) / (weight + TrustInAll);
        var wider = 1 + 1 / (weight + TrustInAll);
        var solved = Cholesky.Solve(factor, off);
        var distance = 0.0;
        for (var i = 0; i < off.Length; i++) distance += off[i] * solved[i];
        return -((freedom + off.Length) * Math.Log(1 + distance / (freedom * wider)) + off.Length * Math.Log(wider)) / 2;
    }

    /// <summary>Signatures, each with its weight.</summary>
    private sealed class Cluster
    {
        private readonly IReadOnlyList<(double[] Features, double Weight)> _members;

        public Cluster(IReadOnlyList<(double[] Features, double Weight)> members, int features)
        {
            _members = members;
            Weight = members.Sum(member => member.Weight);
            Mean = [.. Enumerable.Range(0, features).Select(i => members.Sum(member => member.Weight * member.Features[i]) / Weight)];
        }

        public double Weight { get; }
        public double[] Mean { get; }

        /// <summary>The weighted squares and products of the distances from the mean.</summary>
        public void AddScatter(double[][] triangle)
        {
            foreach (var (features, weight) in _members)
                for (var a = 0; a < Mean.Length; a++)
                    for (var b = 0; b <= a; b++)
                        triangle[a][b] += weight * (features[a] - Mean[a]) * (features[b] - Mean[b]);
        }
    }
}
