namespace Seamless.ServiceDesk.Parts.Promises;

/// <summary>How one earlier promise turned out: how long the model gave it, and how long it took.</summary>
internal readonly record struct ScoredPromise(TimeSpan ModelLikely, TimeSpan ModelLatest, TimeSpan Took);

/// <summary>Stretches what the model says by what past promises needed, whatever the model got wrong.</summary>
/// <remarks>
/// Split conformal prediction with ratios as scores; for the promise an upper tolerance limit (Wilks 1941): a repair like the past ones is done in time with a probability of 95 %, and that itself is
/// true with a confidence of 80 %, so that few promises are no licence for narrow ones.
/// </remarks>
internal static class PromiseCalibration
{
    public const int Window = 200;
    private const double Share = 0.95;
    private const double Confidence = 0.8;
    private const int Enough = 10;

    /// <summary>Before anything is known the model is not trusted to be too wide.</summary>
    private const double Unknown = 1.5;

    public static (double Likely, double Latest) Of(IReadOnlyList<ScoredPromise> past)
    {
        if (past.Count < Enough) return (1, Math.Max(Unknown, past.Count == 0 ? 0 : past.Max(p => p.Took / p.ModelLatest)));
        var likely = past.Select(p => p.Took / p.ModelLikely).Order().ToList();
        var latest = past.Select(p => p.Took / p.ModelLatest).Order().ToList();
        return (likely[(past.Count - 1) / 2], Rank(past.Count) is { } rank ? latest[rank - 1] : Math.Max(1, latest[^1]));
    }

    /// <summary>The smallest rank k of n ordered scores with P(Binomial(n, share) &lt; k) ≥ confidence; null when even the largest is not enough.</summary>
    internal static int? Rank(int n)
    {
        var (probability, below) = (Math.Pow(1 - Share, n), 0.0);   // of exactly i, from 0
        for (var i = 0; i < n; i++)
        {
            below += probability;
            if (below >= Confidence) return i + 1;
            probability *= (double)(n - i) / (i + 1) * Share / (1 - Share);
        }
        return null;
    }
}
