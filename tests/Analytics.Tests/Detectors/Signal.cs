namespace Seamless.Analytics.Tests.Detectors;

/// <summary>A machine's quiet signal: a level, a daily rhythm, noise, and whatever a test adds.</summary>
internal sealed class Signal(int seed, double level = 60, double rhythm = 5, double noise = 1)
{
    public const long Start = 1_764_000_000_000;
    private const double MsPerDay = 86_400_000;
    private readonly Random _random = new(seed);

    public double At(long timestampMs) =>
        level + rhythm * Math.Sin(2 * Math.PI * timestampMs / MsPerDay) + noise * Normal();

    private double Normal() =>
        Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
