namespace Seamless.Learning.Trees;

/// <summary>Values by their place among the values seen: what the trees are grown on, since LightGBM is given single precision.</summary>
/// <remarks>
/// A tree asks only for order, so nothing is lost. What single precision would lose is a limit: a difference of two readings of one decimal is
/// 8.6 or the next number below it, and a rule that says "below 8.6" tells them apart.
/// </remarks>
internal sealed class Ranks
{
    private readonly double[][] _values;

    private Ranks(double[][] values, float[][] rows) => (_values, Rows) = (values, rows);

    public float[][] Rows { get; }

    public static Ranks Of(IReadOnlyList<double[]> rows)
    {
        var values = Enumerable.Range(0, rows[0].Length).Select(feature => rows.Select(row => row[feature]).Distinct().Order().ToArray()).ToArray();
        return new Ranks(values, [.. rows.Select(row => row.Select((value, feature) => (float)Array.BinarySearch(values[feature], value)).ToArray())]);
    }

    /// <summary>The value half way between the two ranks that <paramref name="rank"/> separates.</summary>
    public double Threshold(int feature, double rank)
    {
        var values = _values[feature];
        var below = Math.Clamp((int)Math.Floor(rank), 0, values.Length - 1);
        if (below == values.Length - 1) return values[below];
        return Between(values[below], values[below + 1]);
    }

    /// <summary>Half way between two values, and below the upper one even where they are neighbours among doubles.</summary>
    public static double Between(double below, double above)
    {
        var middle = below + (above - below) / 2;
        return middle < above ? middle : below;
    }
}
