namespace Seamless.ServiceDesk.Parts.Planning;

public enum DemandMethod
{
    /// <summary>Too little has been asked for to say anything: fewer than two demands.</summary>
    None,
    Croston,

    /// <summary>Syntetos–Boylan approximation.</summary>
    Sba,

    /// <summary>Shale–Boylan–Johnston.</summary>
    Sbj,

    /// <summary>Teunter–Syntetos–Babai.</summary>
    Tsb,

    /// <summary>Too seldom asked for to forecast from its own past: from the machines it fits, and what all parts together have shown.</summary>
    InstalledBase,
}

/// <param name="Interval">Periods between demands: p.</param>
/// <param name="SquaredVariation">CV² of the sizes of demand.</param>
public sealed record DemandClass(double Interval, double SquaredVariation)
{
    /// <summary>Croston's method below both cuts, SBA beyond either: p &gt; 1.32 or CV² &gt; 0.49 (Syntetos, Boylan &amp; Croston 2005).</summary>
    public DemandMethod Sbc => Interval > 1.32 || SquaredVariation > 0.49 ? DemandMethod.Sba : DemandMethod.Croston;

    /// <summary>The border as a line: CV² &gt; 2 − 1.5·p (Kostenko &amp; Hyndman 2006).</summary>
    public DemandMethod Kh => SquaredVariation > 2 - 1.5 * Interval ? DemandMethod.Sba : DemandMethod.Croston;
}

/// <summary>Forecasts of demand that mostly is nothing: size and interval are smoothed apart.</summary>
/// <remarks>Croston 1972; bias corrections of Syntetos &amp; Boylan 2005 and Shale, Boylan &amp; Johnston 2006; Teunter, Syntetos &amp; Babai 2011 for demand that dies out.</remarks>
public static class IntermittentDemand
{
    /// <summary>Null with fewer than two demands.</summary>
    public static DemandClass? Classify(IReadOnlyList<double> series)
    {
        var sizes = series.Where(y => y > 0).ToList();
        if (sizes.Count < 2) return null;
        var mean = sizes.Average();
        var variance = sizes.Sum(y => (y - mean) * (y - mean)) / (sizes.Count - 1);
        return new DemandClass((double)series.Count / sizes.Count, variance / (mean * mean));
    }

    /// <summary>Size z and interval x, both smoothed at demands only, from the first size and the first interval.</summary>
    public static (double Size, double Interval) Smooth(IReadOnlyList<double> series, double alpha)
    {
        var (size, interval, gap, seen) = (0.0, 0.0, 0, false);
        foreach (var y in series)
        {
            gap++;
            if (y <= 0) continue;
            (size, interval) = seen ? (size + alpha * (y - size), interval + alpha * (gap - interval)) : (y, gap);
            (gap, seen) = (0, true);
        }
        return (size, interval);
    }

    public static double Croston(IReadOnlyList<double> series, double alpha)
    {
        var (size, interval) = Smooth(series, alpha);
        return interval <= 0 ? 0 : size / interval;
    }

    /// <summary>Croston × (1 − α/2).</summary>
    public static double Sba(IReadOnlyList<double> series, double alpha) => (1 - alpha / 2) * Croston(series, alpha);

    /// <summary>Croston × (1 − α/(2−α)).</summary>
    public static double Sbj(IReadOnlyList<double> series, double alpha) => (1 - alpha / (2 - alpha)) * Croston(series, alpha);

    /// <summary>The probability of a demand is smoothed in every period, its size at demands: the forecast of a dead part falls to nothing.</summary>
    /// <param name="firstProbability">Where the probability begins; null for one in the first interval. The first size begins the sizes.</param>
    public static double Tsb(IReadOnlyList<double> series, double alpha, double beta, double? firstProbability = null)
    {
        var first = series.TakeWhile(y => y <= 0).Count();
        if (first == series.Count) return 0;
        var (size, probability) = (series[first], firstProbability ?? 1.0 / (first + 1));
        foreach (var y in series)
        {
            if (y > 0) size += alpha * (y - size);
            probability += beta * ((y > 0 ? 1 : 0) - probability);
        }
        return probability * size;
    }
}
