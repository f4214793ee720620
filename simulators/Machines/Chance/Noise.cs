namespace Seamless.Machines.Chance;

/// <summary>Noise as a function of time, not of how often it is asked: two who look at the same instant see the same value.</summary>
internal static class Noise
{
    private const double SqrtThree = 1.7320508075688772;

    /// <summary>About normal, mean 0, standard deviation 1, never beyond ±3.5: the sum of four uniform numbers.</summary>
    public static double White(Seed seed, long at)
    {
        var bits = seed.Split(at).Value;
        double sum = (bits & 0xFFFF) + ((bits >> 16) & 0xFFFF) + ((bits >> 32) & 0xFFFF) + (bits >> 48);
        return (sum / 65536 - 2) * SqrtThree;
    }

    /// <summary>0 ≤ x &lt; 1.</summary>
    public static double Uniform(Seed seed, long at) => (seed.Split(at).Value >> 11) * (1.0 / (1UL << 53));

    /// <summary>A smooth wander of about ±1 that changes its mind every <paramref name="periodMs"/>.</summary>
    public static double Wander(Seed seed, long atMs, long periodMs)
    {
        var (cell, rest) = Math.DivRem(atMs, periodMs);
        var x = (double)rest / periodMs;
        var smooth = x * x * (3 - 2 * x);
        var (left, right) = (2 * Uniform(seed, cell) - 1, 2 * Uniform(seed, cell + 1) - 1);
        return left + (right - left) * smooth;
    }
}
