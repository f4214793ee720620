namespace Seamless.Analytics.MachineState;

/// <summary>How a machine departs from its own last weeks: which way, how far, and how fast it has come to that. Alike faults leave alike signatures, whatever the machine's usual load and noise.</summary>
/// <remarks>
/// Means of the last hour against what is usual at that time of day by the twelve days that end two days earlier, in units in which the machine's usual variation is 1 in every direction (ZCA whitening, Bell and Sejnowski 1997):
/// what load, weather and mains do together counts little, what they never do counts much.
/// </remarks>
/// <param name="Direction">Metric → its part of the departure, with sign; of unit length together. Metrics that tell nothing are left out.</param>
/// <param name="Size">Length of the departure, in spreads.</param>
/// <param name="Growth">What was there of it three hours before, 0 to 1: 0 for what came at once, near 1 for what creeps. Of means of two hours, which are surer than of one.</param>
/// <param name="LongGrowth">The same, six hours before.</param>
public sealed record FaultSignature(IReadOnlyDictionary<string, double> Direction, double Size, double Growth, double LongGrowth)
{
    /// <summary>A row of the history is a mean of so long.</summary>
    public static readonly TimeSpan Row = TimeSpan.FromMinutes(10);

    /// <summary>Rows that are looked at, the last of them complete.</summary>
    public const int Rows = 14 * RowsPerDay;

    private const int RowsPerDay = 144;
    private const int Hour = 6;
    private const int Lately = Hour;
    private const int Look = 2 * Hour;    // of the growth: now, and earlier
    private const int Apart = 2 * RowsPerDay;
    private const int LeastReference = 2 * RowsPerDay;
    private const int LeastLately = 3;

    /// <summary>Less is what noise leaves.</summary>
    private const double LeastSize = 2;

    /// <summary>Further than this from its median, in robust spreads, a value of the reference counts as that far: an earlier fault is not the usual.</summary>
    private const double Cut = 4;

    /// <summary>Variance that every direction is thought to have beside what was seen, in a metric's own.</summary>
    private const double Floor = 1e-3;

    /// <param name="metrics">Their names.</param>
    /// <param name="history">A row a step, oldest first, the newest last; of each metric a mean, NaN where it said nothing. Its values are changed.</param>
    /// <returns>Null when there is too little to compare with, or no departure.</returns>
    public static FaultSignature? Of(IReadOnlyList<string> metrics, double[][] history)
    {
        if (history.Length < Apart + 6 * Hour + Look) return null;
        var reference = history.AsSpan(0, history.Length - Apart);
        var used = new List<int>(metrics.Count);
        var levels = new double[metrics.Count];
        var spreads = new double[metrics.Count];
        for (var metric = 0; metric < metrics.Count; metric++)
            if (TryLearn(history, reference.Length, metric, out levels[metric], out spreads[metric])) used.Add(metric);
        if (used.Count == 0) return null;

        var whitening = Whitening(reference, used, levels, spreads);
        if (Departure(history.AsSpan(history.Length - Lately), used, levels, spreads, whitening) is not { } now) return null;
        var size = Math.Sqrt(Dot(now, now));
        if (size < LeastSize) return null;
        var direction = new Dictionary<string, double>(StringComparer.Ordinal);
        for (var i = 0; i < used.Count; i++) direction[metrics[used[i]]] = Math.Round(now[i] / size, 4);
        return new FaultSignature(direction, Math.Round(size, 2), Growth(3 * Hour), Growth(6 * Hour));

        double[]? Around(int back) => Departure(history.AsSpan(history.Length - back - Look, Look), used, levels, spreads, whitening);

        double Growth(int back) =>
            Around(0) is { } late && Around(back) is { } early && Dot(late, late) is > 0 and var whole ? Math.Round(Math.Clamp(Dot(late, early) / whole, 0, 1), 4) : 0;
    }

    /// <summary>Cuts what is far from the median, takes out what goes by the time of day, then the mean and the spread of what is left.</summary>
    private static bool TryLearn(double[][] history, int length, int metric, out double level, out double spread)
    {
        (level, spread) = (0, 0);
        var reference = history.AsSpan(0, length);
        var present = new List<double>(reference.Length);
        foreach (var row in reference)
            if (double.IsFinite(row[metric])) present.Add(row[metric]);
        if (present.Count < LeastReference) return false;
        var median = NormalBehaviour.Median([.. present]);
        var robust = 1.4826 * NormalBehaviour.Median([.. present.Select(value => Math.Abs(value - median))]);
        foreach (var row in reference)
            if (double.IsFinite(row[metric])) row[metric] = Math.Clamp(row[metric], median - Cut * robust, median + Cut * robust);
        DailyCourse.Remove(history, length, metric, RowsPerDay);
        var (sum, squares) = (0.0, 0.0);
        foreach (var row in reference)
        {
            if (!double.IsFinite(row[metric])) continue;
            sum += row[metric] - median;
            squares += (row[metric] - median) * (row[metric] - median);
        }
        var mean = sum / present.Count;
        (level, spread) = (median + mean, Math.Sqrt(Math.Max(0, squares / present.Count - mean * mean)));
        return spread > 1e-9 * Math.Max(1, Math.Abs(level));   // a metric that mostly keeps one value has no usual variation
    }

    /// <summary>The symmetric root of the inverse of the correlations: it mixes the metrics as little as can be, so that signatures of two machines can be compared metric by metric.</summary>
    private static double[,] Whitening(ReadOnlySpan<double[]> reference, List<int> used, double[] levels, double[] spreads)
    {
        var count = used.Count;
        var correlations = new double[count, count];
        for (var a = 0; a < count; a++)
            for (var b = 0; b <= a; b++)
                correlations[a, b] = correlations[b, a] = Correlation(reference, used[a], used[b], levels, spreads);
        var (variances, axes) = SymmetricAxes.Of(correlations);
        var whitening = new double[count, count];
        for (var axis = 0; axis < count; axis++)
        {
            var scale = 1 / Math.Sqrt(Math.Max(0, variances[axis]) + Floor);
            for (var a = 0; a < count; a++)
                for (var b = 0; b < count; b++)
                    whitening[a, b] += scale * axes[a, axis] * axes[b, axis];
        }
        return whitening;
    }

    private static double Correlation(ReadOnlySpan<double[]> reference, int a, int b, double[] levels, double[] spreads)
    {
        var (sum, count) = (0.0, 0);
        foreach (var row in reference)
        {
            var product = (row[a] - levels[a]) * (row[b] - levels[b]);
            if (!double.IsFinite(product)) continue;
            sum += product;
            count++;
        }
        return count == 0 ? 0 : sum / (count * spreads[a] * spreads[b]);
    }

    /// <summary>Null where nothing was said.</summary>
    private static double[]? Departure(ReadOnlySpan<double[]> rows, List<int> used, double[] levels, double[] spreads, double[,] whitening)
    {
        var departures = new double[used.Count];
        var any = false;
        for (var i = 0; i < used.Count; i++)
        {
            var (sum, count) = (0.0, 0);
            foreach (var row in rows)
            {
                if (!double.IsFinite(row[used[i]])) continue;
                sum += row[used[i]];
                count++;
            }
            if (count < LeastLately) continue;
            departures[i] = (sum / count - levels[used[i]]) / spreads[used[i]];
            any = true;
        }
        if (!any) return null;
        var white = new double[used.Count];
        for (var a = 0; a < used.Count; a++)
            for (var b = 0; b < used.Count; b++)
                white[a] += whitening[a, b] * departures[b];
        return white;
    }

    private static double Dot(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }
}
