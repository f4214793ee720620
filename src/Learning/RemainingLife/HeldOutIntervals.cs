using Seamless.Learning.Reports;

namespace Seamless.Learning.RemainingLife;

/// <summary>What the intervals and the warning are worth on machines that were left out; their width comes from other machines again.</summary>
/// <param name="Coverage90">Share of lives, as they were, within the 90 % interval.</param>
/// <param name="Calibration">Mean distance of what the bounds P10, P20 … P90 promise from what came.</param>
/// <param name="FalseAlarmRate">Share of the rows with more life than the horizon that were called: failure within it at a probability of 0.5 or more.</param>
/// <param name="Recall">Share of the rows with less that were called.</param>
/// <param name="Points">For each bound the share of lives that ended before it.</param>
internal sealed record HeldOutIntervals(double Coverage90, double Calibration, double FalseAlarmRate, double Recall, IReadOnlyList<ReliabilityPoint> Points)
{
    private const double Threshold = 0.5;

    /// <param name="rows">Prediction and truth, with the bands to judge them by.</param>
    public static HeldOutIntervals Of(IReadOnlyList<(PredictiveBands Bands, double Predicted, double True)> rows, double horizon)
    {
        double Below(double share) => rows.Average(r => r.True <= r.Bands.Quantile(r.Predicted, share) + 1e-9 ? 1.0 : 0);
        ReliabilityPoint[] points = [.. Enumerable.Range(1, 9).Select(tenth => new ReliabilityPoint(tenth / 10.0, Below(tenth / 10.0), rows.Count))];
        var covered = rows.Average(r => r.True >= r.Bands.Quantile(r.Predicted, 0.05) - 1e-9 && r.True <= r.Bands.Quantile(r.Predicted, 0.95) + 1e-9 ? 1.0 : 0);
        double Called(Func<double, bool> which) =>
            rows.Where(r => which(r.True)).Select(r => r.Bands.ProbabilityWithin(r.Predicted, horizon) >= Threshold ? 1.0 : 0).DefaultIfEmpty().Average();
        return new HeldOutIntervals(covered, points.Average(p => Math.Abs(p.Seen - p.Said)), Called(left => left > horizon), Called(left => left <= horizon), points);
    }
}
