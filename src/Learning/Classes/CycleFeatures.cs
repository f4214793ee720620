namespace Seamless.Learning.Classes;

/// <summary>What a label is learned from.</summary>
public enum FeatureChoice
{
    /// <summary>The level of each signal, the differences between neighbours, and both over the cycles before.</summary>
    Levels,

    /// <summary>The same, and the shape of each curve within the cycle.</summary>
    Shapes,
}

/// <summary>A cycle as a row of numbers.</summary>
internal static class CycleFeatures
{
    /// <summary>Weight of the newest cycle in the mean over the cycles before: about three cycles.</summary>
    private const double PastRate = 0.3;

    private const int Harmonics = 4;

    /// <param name="group">The group of each row, null when unknown: cycles of another group are not "before".</param>
    public static double[][] Of(Signals signals, FeatureChoice choice, IReadOnlyList<string>? group)
    {
        var levels = Enumerable.Range(0, signals.Ids.Count).Select(row => Levels(signals, row)).ToArray();
        var past = Past(signals, levels, group);
        return [.. levels.Select((level, row) => (double[])[.. level, .. past[row], .. choice is FeatureChoice.Shapes ? Shapes(signals, row) : []])];
    }

    /// <summary>Mean of all signals and the difference of each to the next: small differences of large levels are what a machine's state shows in.</summary>
    private static double[] Levels(Signals signals, int row)
    {
        var means = new double[signals.Names.Count];
        for (var i = 0; i < means.Length; i++) means[i] = Mean(signals.Of(i, row));
        return [means.Average(), .. Enumerable.Range(1, means.Length - 1).Select(i => means[i - 1] - means[i])];
    }

    /// <summary>Exponential mean over this cycle and those right before it. Machines are slow: the last cycles are still in this one.</summary>
    private static double[][] Past(Signals signals, double[][] levels, IReadOnlyList<string>? group)
    {
        var past = new double[levels.Length][];
        for (var row = 0; row < levels.Length; row++)
        {
            var follows = row > 0 && (group is null || group[row] == group[row - 1])
                && (signals.Numbers[row] is not { } number || signals.Numbers[row - 1] is not { } before || number == before + 1);
            past[row] = follows ? [.. levels[row].Select((level, i) => Blend(past[row - 1][i], level))] : levels[row];
        }
        return past;
    }

    private static double Blend(double before, double now) =>
        !double.IsFinite(now) ? before : !double.IsFinite(before) ? now : before + PastRate * (now - before);

    private static List<double> Shapes(Signals signals, int row)
    {
        var shapes = new List<double>();
        for (var signal = 0; signal < signals.Names.Count; signal++)
            if (signals.IsCurve(signal)) AddShape(shapes, signals.Of(signal, row));
        return shapes;
    }

    /// <summary>Spread, extremes, ends, and the first cosines; the first of them is the slope.</summary>
    private static void AddShape(List<double> shapes, ReadOnlySpan<double> curve)
    {
        var mean = Mean(curve);
        var cosines = new double[Harmonics];
        double spread = 0, low = 0, high = 0;
        for (var i = 0; i < curve.Length; i++)
        {
            if (!double.IsFinite(curve[i])) continue;
            var from = curve[i] - mean;
            spread += from * from / curve.Length;
            (low, high) = (Math.Min(low, from), Math.Max(high, from));
            for (var k = 0; k < Harmonics; k++) cosines[k] += 2 * from * Math.Cos(Math.PI * (k + 1) * (i + 0.5) / curve.Length) / curve.Length;
        }
        var end = Math.Max(1, curve.Length / 10);
        shapes.AddRange([Math.Sqrt(spread), low, high, Mean(curve[..end]) - mean, Mean(curve[^end..]) - mean, .. cosines]);
    }

    /// <summary>Mean of the samples that are there; NaN when none is.</summary>
    private static double Mean(ReadOnlySpan<double> samples)
    {
        var (sum, known) = (0.0, 0);
        foreach (var sample in samples)
        {
            if (!double.IsFinite(sample)) continue;
            sum += sample;
            known++;
        }
        return known == 0 ? double.NaN : sum / known;
    }
}
