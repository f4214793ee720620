namespace Seamless.Fleet.Updates;

/// <summary>How sure one can be with so few.</summary>
public static class Evidence
{
    private const double Z95 = 1.6448536269514722;   // one-sided

    /// <summary>Upper bound of a rate (Wilson score, 95 %, one-sided).</summary>
    public static double WilsonUpper(int failures, int trials)
    {
        if (trials == 0) return 1;
        var (rate, z2) = (failures / (double)trials, Z95 * Z95);
        var centre = rate + (z2 / (2 * trials));
        var spread = Z95 * Math.Sqrt((rate * (1 - rate) / trials) + (z2 / (4.0 * trials * trials)));
        return Math.Min(1, (centre + spread) / (1 + (z2 / trials)));
    }

    /// <summary>Whether updated devices have more of something per hour than their like: the exact test of two Poisson rates, given their sum.</summary>
    /// <remarks>
    /// Events come in bursts: one machine with a loose plug alarms for all. Both counts are divided by the dispersion among the controls (quasi-Poisson), so that
    /// such a burst counts as about one.
    /// </remarks>
    public static double MoreThanControls(IReadOnlyList<(int Count, double Hours)> updated, IReadOnlyList<(int Count, double Hours)> controls)
    {
        var (hours, controlHours) = (updated.Sum(d => d.Hours), controls.Sum(d => d.Hours));
        if (hours <= 0 || controlHours <= 0) return 1;
        var dispersion = Math.Max(Dispersion(controls), Dispersion(updated));
        var count = (int)Math.Floor(updated.Sum(d => d.Count) / dispersion);
        var controlCount = (int)Math.Ceiling(controls.Sum(d => d.Count) / dispersion);
        return UpperTail(count, count + controlCount, hours / (hours + controlHours));
    }

    /// <summary>Variance over mean of the counts; 1 when they are spread as chance spreads them.</summary>
    private static double Dispersion(IReadOnlyList<(int Count, double Hours)> devices)
    {
        var rate = devices.Sum(d => d.Count) / devices.Sum(d => d.Hours);
        if (devices.Count < 2 || rate <= 0) return 1;
        return Math.Max(1, devices.Where(d => d.Hours > 0).Sum(d => Math.Pow(d.Count - (rate * d.Hours), 2) / (rate * d.Hours)) / (devices.Count - 1));
    }

    /// <summary>P(X ≥ <paramref name="least"/>) of a binomial.</summary>
    private static double UpperTail(int least, int trials, double probability)
    {
        if (least <= 0) return 1;
        var (sum, logChoose) = (0.0, 0.0);
        for (var k = 0; k <= trials; k++)
        {
            if (k > 0) logChoose += Math.Log((trials - k + 1) / (double)k);
            if (k >= least) sum += Math.Exp(logChoose + (k * Math.Log(probability)) + ((trials - k) * Math.Log(1 - probability)));
        }
        return Math.Min(1, sum);
    }
}
