namespace Seamless.Rules.Engine;

/// <summary>Values in rising order, one of them left out: what the others say.</summary>
/// <param name="own">Place of the one that is left out; the length when none is.</param>
internal readonly struct RankedOthers(double[] ranked, int own)
{
    /// <summary>Makes the median absolute deviation of normally distributed values their standard deviation: 1 / Φ⁻¹(3/4).</summary>
    private const double NormalScale = 1.4826022185056018;

    public int Count => ranked.Length - (own < ranked.Length ? 1 : 0);

    private double At(int rank) => ranked[rank < own ? rank : rank + 1];

    /// <summary>Of an even number the mean of the middle two.</summary>
    public double Median() => (Count & 1) == 1 ? At(Count / 2) : Middle(At(Count / 2 - 1), At(Count / 2));

    /// <summary>1.4826 times the median distance from the median.</summary>
    public double Spread()
    {
        var median = Median();
        var (left, right) = ((Count - 1) / 2, (Count - 1) / 2 + 1);   // the nearest to the median lie to both sides of it
        var (before, distance) = (0.0, 0.0);
        for (var taken = 0; taken <= Count / 2; taken++)
        {
            var fromLeft = left >= 0 ? median - At(left) : double.PositiveInfinity;
            var fromRight = right < Count ? At(right) - median : double.PositiveInfinity;
            (before, distance) = (distance, Math.Min(fromLeft, fromRight));
            if (fromLeft <= fromRight) left--;
            else right++;
        }
        return NormalScale * ((Count & 1) == 1 ? distance : Middle(before, distance));
    }

    private static double Middle(double a, double b) => a + (b - a) / 2;
}
