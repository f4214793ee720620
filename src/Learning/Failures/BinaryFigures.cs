namespace Seamless.Learning.Failures;

/// <summary>How well probabilities tell a label, on rows that were not trained on.</summary>
/// <param name="PrAuc">Average precision, ties taken together.</param>
/// <param name="F1">At a probability of 0.5.</param>
/// <param name="Calibration">Expected calibration error over ten bins: |said − seen|, weighted by rows.</param>
public sealed record BinaryFigures(int Rows, int Positives, double PrAuc, double F1, double Precision, double Recall, double Brier, double Calibration)
{
    public static BinaryFigures Of(IReadOnlyList<double> probabilities, IReadOnlyList<bool> labels)
    {
        var positives = labels.Count(set => set);
        var (hit, called) = (0, 0);
        var brier = 0.0;
        for (var i = 0; i < labels.Count; i++)
        {
            if (probabilities[i] >= 0.5)
            {
                called++;
                if (labels[i]) hit++;
            }
            var miss = probabilities[i] - (labels[i] ? 1 : 0);
            brier += miss * miss / labels.Count;
        }
        return new BinaryFigures(labels.Count, positives, AveragePrecision(probabilities, labels, positives),
            called + positives == 0 ? 0 : 2.0 * hit / (called + positives), called == 0 ? 0 : hit / (double)called,
            positives == 0 ? 0 : hit / (double)positives, brier, CalibrationError(probabilities, labels));
    }

    private static double AveragePrecision(IReadOnlyList<double> probabilities, IReadOnlyList<bool> labels, int positives)
    {
        if (positives == 0) return 0;
        var (area, hits, seen) = (0.0, 0, 0);
        foreach (var tie in Enumerable.Range(0, labels.Count).GroupBy(i => probabilities[i]).OrderByDescending(g => g.Key))
        {
            var before = hits;
            foreach (var i in tie)
            {
                seen++;
                if (labels[i]) hits++;
            }
            area += (hits - before) / (double)positives * hits / seen;
        }
        return area;
    }

    private static double CalibrationError(IReadOnlyList<double> probabilities, IReadOnlyList<bool> labels) =>
        Enumerable.Range(0, labels.Count).GroupBy(i => Math.Min(9, (int)(probabilities[i] * 10)))
            .Sum(bin => Math.Abs(bin.Average(i => probabilities[i]) - bin.Average(i => labels[i] ? 1.0 : 0)) * bin.Count() / labels.Count);
}
