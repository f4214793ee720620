namespace Seamless.Machines.Scoring;

/// <summary>A figure and its 95 % interval.</summary>
/// <param name="Value">Null when there is nothing to measure.</param>
/// <param name="Low">Null where there is no interval.</param>
/// <param name="Samples">What it rests on.</param>
public readonly record struct Estimate(double? Value, double? Low, double? High, int Samples)
{
    private const double Z = 1.959964;

    /// <summary>Student's t, two-sided 95 %, for 1 … 9 degrees of freedom; 1.96 beyond.</summary>
    private static readonly double[] T = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262];

    /// <summary>A share, with Wilson's interval.</summary>
    public static Estimate Share(int part, int whole)
    {
        if (whole == 0) return default;
        var (p, n) = ((double)part / whole, (double)whole);
        var middle = (p + Z * Z / (2 * n)) / (1 + Z * Z / n);
        var half = Z / (1 + Z * Z / n) * Math.Sqrt(p * (1 - p) / n + Z * Z / (4 * n * n));
        return new Estimate(p, Math.Max(0, middle - half), Math.Min(1, middle + half), whole);
    }

    /// <summary>The mean of independent runs, with Student's interval; one run alone has none.</summary>
    public static Estimate Mean(IReadOnlyList<double> runs)
    {
        if (runs.Count == 0) return default;
        var mean = runs.Average();
        if (runs.Count == 1) return new Estimate(mean, null, null, 1);
        var deviation = Math.Sqrt(runs.Sum(run => (run - mean) * (run - mean)) / (runs.Count - 1));
        var half = (runs.Count - 2 < T.Length ? T[runs.Count - 2] : Z) * deviation / Math.Sqrt(runs.Count);
        return new Estimate(mean, mean - half, mean + half, runs.Count);
    }

    /// <summary>The median, with the interval that order statistics give it.</summary>
    public static Estimate Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        if (sorted.Count == 0) return default;
        var reach = Z * Math.Sqrt(sorted.Count) / 2;
        double At(double rank) => sorted[Math.Clamp((int)Math.Round(rank), 0, sorted.Count - 1)];
        var middle = (sorted.Count - 1) / 2.0;
        return new Estimate((sorted[(int)Math.Floor(middle)] + sorted[(int)Math.Ceiling(middle)]) / 2, At(middle - reach), At(middle + reach), sorted.Count);
    }
}
