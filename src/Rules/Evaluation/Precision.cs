namespace Seamless.Rules.Evaluation;

/// <summary>A share and the interval of Wilson at 95 %: it stays within 0 and 1, and says something of few cases too.</summary>
/// <remarks>E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927).</remarks>
public readonly record struct Precision(double Share, double Low, double High)
{
    private const double Z = 1.959964;

    /// <returns>Null when there are no cases.</returns>
    public static Precision? Of(int part, int whole)
    {
        if (whole == 0) return null;
        var share = (double)part / whole;
        var scale = 1 + Z * Z / whole;
        var middle = (share + Z * Z / (2 * whole)) / scale;
        var half = Z / scale * Math.Sqrt(share * (1 - share) / whole + Z * Z / (4.0 * whole * whole));
        // All or none reaches the end exactly, which the arithmetic misses by a hair.
        return new Precision(share, part == 0 ? 0 : middle - half, part == whole ? 1 : middle + half);
    }
}
