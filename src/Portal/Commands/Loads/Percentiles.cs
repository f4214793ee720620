namespace Seamless.Portal.Commands.Loads;

internal static class Percentiles
{
    /// <summary>Nearest rank, rounded to a microsecond when the values are milliseconds.</summary>
    public static double Of(IReadOnlyCollection<double> values, double share)
    {
        var sorted = values.Order().ToArray();
        return Math.Round(sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)], 3);
    }
}
