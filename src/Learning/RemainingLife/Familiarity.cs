namespace Seamless.Learning.RemainingLife;

/// <summary>Whether a machine is like those trained on. One that is not gets no narrow answer, however sure the trees sound.</summary>
/// <remarks>
/// Squared Mahalanobis distance of the sensors' recent means from all recent means of the training rows, so that wear along the ways seen is near
/// and a combination never seen is far even where each sensor alone is in range. The limit comes from machines that were left out.
/// </remarks>
/// <param name="Precision">Inverse of the covariance, row by row.</param>
/// <param name="Limit">Greatest distance that still counts as alike.</param>
public sealed record Familiarity(IReadOnlyList<double> Means, IReadOnlyList<double[]> Precision, double Limit)
{
    /// <summary>Rows until the recent means are means of anything.</summary>
    private const int SettledAfter = 10;

    /// <summary>Share of missing readings above which nothing is said for sure.</summary>
    private const double MostMissing = 0.5;

    /// <summary>Distance allowed beyond the farthest machine that was left out; the sensors' means are taken to be known to a tenth of a spread.</summary>
    private const double Beyond = 1.5;
    private const double Ridge = 0.01;

    /// <summary>Why the prediction for this machine is not to be relied on; null when it is like the others.</summary>
    internal string? Doubt(UnitState unit, IReadOnlyList<string> sensors)
    {
        if (!unit.ConditionKnown) return "it runs at an operating condition that no machine was trained on";
        if (unit.Missing > MostMissing) return "most of its readings are missing";
        return Distance(unit) is var (distance, farthest) && distance > Limit
            ? $"it is unlike all machines trained on; most in {sensors[farthest]}"
            : null;
    }

    internal (double Distance, int Farthest) Distance(UnitState unit)
    {
        if (unit.Rows < SettledAfter) return (0, 0);
        var (sum, greatest, farthest) = (0.0, double.MinValue, 0);
        for (var i = 0; i < Means.Count; i++)
        {
            var pull = 0.0;
            for (var j = 0; j < Means.Count; j++) pull += Precision[i][j] * (unit.MeanOf(j) - Means[j]);
            var part = pull * (unit.MeanOf(i) - Means[i]);
            sum += part;
            if (part > greatest) (greatest, farthest) = (part, i);
        }
        return (sum, farthest);
    }

    internal static double LimitOf(IEnumerable<double> farthestOfLeftOut) => Beyond * farthestOfLeftOut.DefaultIfEmpty(double.MaxValue / Beyond).Max();

    /// <param name="recentMeans">Per training row the sensors' recent means.</param>
    internal static Familiarity Fit(IReadOnlyList<double[]> recentMeans)
    {
        var n = recentMeans[0].Length;
        var means = Enumerable.Range(0, n).Select(s => recentMeans.Average(row => row[s])).ToArray();
        var covariance = new double[n, n];
        foreach (var row in recentMeans)
            for (var i = 0; i < n; i++)
                for (var j = 0; j < n; j++) covariance[i, j] += (row[i] - means[i]) * (row[j] - means[j]) / recentMeans.Count;
        for (var i = 0; i < n; i++) covariance[i, i] += Ridge;
        return new Familiarity(means, LinearEquations.Inverse(covariance), double.MaxValue);
    }
}
