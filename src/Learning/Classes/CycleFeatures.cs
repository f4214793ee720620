namespace Seamless.Learning.Classes;

/// <summary>What a label is learned from.</summary>
public enum FeatureChoice
{
    /// <summary>The level of each signal and the differences between neighbours.</summary>
    Levels,

    /// <summary>Levels, and their mean over the cycles before.</summary>
    Past,

    /// <summary>Levels, and the shape of each curve within the cycle.</summary>
    Shapes,
}

/// <summary>A cycle as a row of numbers.</summary>
internal static class CycleFeatures
{
    /// <summary>Weight of the newest cycle in the mean over the cycles before: about three cycles.</summary>
    private const double PastRate = 0.3;

    private const int Harmonics = 4;

    public static double[][] Of(Signals signals, FeatureChoice choice)
    {
        var levels = Enumerable.Range(0, signals.Ids.Count).Select(row => Levels(signals, row)).ToArray();
        if (choice is FeatureChoice.Levels) return levels;
        if (choice is FeatureChoice.Shapes) return [.. levels.Select((level, row) => (double[])[.. level, .. Shapes(signals, row)])];
        var past = Past(signals, levels);
        return [.. levels.Select((level, row) => (double[])[.. level, .. past[row]])];
    }

    /// <summary>Mean of all signals and the difference of each to the next: small differences of large levels are what a machine's state shows in.</summary>
    private static double[] Levels(Signals signals, int row)
    {
        var means = new double[signals.Names.Count];
        for (var i = 0; i < means.Length; i++) means[i] = Mean(signals.Of(i, row));
        return [means.Average(), .. Enumerable.Range(1, means.Length - 1).Select(i => means[i - 1] - means[i])];
    }

    /// <summary>Exponential mean over this cycle and those right before it. Machines are slow: the last cycles are still in this one.</summary>
    /// <remarks>Across the groups of the training too: when a group begins is not known when a model is used.</remarks>
    private static double[][] Past(Signals signals, double[][] levels)
    {
        var past = new double[levels.Length][];
        for (var row = 0; row < levels.Length; row++)
        {
            var follows = row > 0
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
