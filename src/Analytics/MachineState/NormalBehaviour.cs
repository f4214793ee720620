namespace Seamless.Analytics.MachineState;

/// <summary>What the learning rows tell of one signal.</summary>
/// <param name="Level">Its mean without outliers.</param>
/// <param name="Spread">Its standard deviation without outliers.</param>
/// <param name="Reach">Standard deviation, in spreads, of the smoothed signal about the level, as many rows ahead as were learned from.</param>
/// <param name="Freedom">Degrees of freedom: how many independent values the rows amount to, less one.</param>
internal readonly record struct NormalBehaviour(double Level, double Spread, double Reach, double Freedom)
{
    /// <summary>Mean of so many rows: short against the learning part, long against the noise.</summary>
    private const int Block = 25;

    private const double LeastNoise = 0.02;

    /// <returns>False when fewer than half of the values are there, or they are all the same.</returns>
    public static bool TryLearn(ReadOnlySpan<double> values, double smoothing, out NormalBehaviour behaviour)
    {
        behaviour = default;
        var present = new List<double>(values.Length);
        foreach (var value in values)
            if (double.IsFinite(value)) present.Add(value);
        if (present.Count < values.Length / 2 || present.Count < 4 * Block) return false;
        var scaled = Standardize([.. present], out var level, out var spread);
        if (spread <= 1e-9 * Math.Abs(level) || spread <= double.Epsilon) return false;
        var wander = MeanSquare(BlockMeans(scaled));
        var noise = Math.Max(LeastNoise, 1 - wander);
        var independent = scaled.Length / Math.Max(1, wander * Block);
        var ahead = values.Length * WalkPerRow(scaled, noise);
        var variance = noise * smoothing / (2 - smoothing) + wander / 2 + 1 / independent + ahead;
        behaviour = new(level, spread, Math.Sqrt(variance), Math.Max(1, independent - 1));
        return true;
    }

    /// <summary>Values in spreads about the level, cut at three robust spreads: what happened once while learning is not taken for normal.</summary>
    private static double[] Standardize(double[] values, out double level, out double spread)
    {
        var median = Median(values);
        var deviation = Math.Sqrt(values.Average(v => (v - median) * (v - median)));
        // A signal that mostly keeps one of a few levels has no median deviation.
        var robust = Math.Max(1.4826 * Median([.. values.Select(v => Math.Abs(v - median))]), deviation / 2);
        double[] cut = [.. values.Select(v => Math.Clamp(v, median - 3 * robust, median + 3 * robust))];
        var mean = level = cut.Average();
        var scale = spread = Math.Sqrt(cut.Average(v => (v - mean) * (v - mean)));
        return scale > 0 ? [.. cut.Select(v => (v - mean) / scale)] : cut;
    }

    internal static double Median(double[] values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static double[] BlockMeans(double[] values) =>
        [.. Enumerable.Range(0, values.Length / Block).Select(block => values.AsSpan(block * Block, Block).ToArray().Average())];

    private static double MeanSquare(double[] means) => means.Sum(m => m * m) / (means.Length - 1);

    /// <summary>The level as a random walk: by how much its variance grows with a row, from neighbouring blocks of three lengths.</summary>
    /// <remarks>From mean absolute differences, so that one jump while learning does not make the signal blind for ever.</remarks>
    private static double WalkPerRow(double[] values, double noise)
    {
        var sum = 0.0;
        foreach (var length in (ReadOnlySpan<int>)[16, 25, 40])
        {
            var step = MeanStep(values, length);
            sum += (Math.PI / 2 * step * step - 2 * noise / length) / length;
        }
        return Math.Max(0, sum / 3);
    }

    private static double MeanStep(double[] values, int length)
    {
        var sums = new double[values.Length + 1];
        for (var i = 0; i < values.Length; i++) sums[i + 1] = sums[i] + values[i];
        var (total, count) = (0.0, 0);
        for (var i = 0; i + 2 * length <= values.Length; i += 5, count++)
            total += Math.Abs(sums[i + 2 * length] - 2 * sums[i + length] + sums[i]) / length;
        return total / count;
    }
}
