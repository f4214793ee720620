namespace Seamless.ServiceDesk.Dispatch;

/// <param name="LessIsBetter">Counts as 1 − share.</param>
internal readonly record struct Criterion(double Weight, double Share, bool LessIsBetter = false);

/// <summary>The weighted mean of shares between 0 and 1.</summary>
internal static class WeightedScore
{
    public static double Of(params ReadOnlySpan<Criterion> criteria)
    {
        var (sum, weights) = (0.0, 0.0);
        foreach (var c in criteria)
        {
            var share = Math.Clamp(c.Share, 0, 1);
            sum += c.Weight * (c.LessIsBetter ? 1 - share : share);
            weights += c.Weight;
        }
        return weights == 0 ? 0 : sum / weights;
    }
}
