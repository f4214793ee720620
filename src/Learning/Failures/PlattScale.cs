namespace Seamless.Learning.Failures;

/// <summary>Score → probability: 1 / (1 + exp(−(Slope·score + Offset))), fitted on scores of rows the trees had not seen (Platt 1999).</summary>
public sealed record PlattScale(double Slope, double Offset)
{
    public double Probability(double score) => 1 / (1 + Math.Exp(-(Slope * score + Offset)));

    /// <summary>Newton's method on the logistic loss, with Platt's soft targets against certainty from few positives.</summary>
    public static PlattScale Fit(IReadOnlyList<double> scores, IReadOnlyList<bool> labels)
    {
        var positives = labels.Count(set => set);
        var negatives = labels.Count - positives;
        var (high, low) = ((positives + 1.0) / (positives + 2.0), 1 / (negatives + 2.0));
        var (slope, offset) = (1.0, 0.0);
        for (var step = 0; step < 50; step++)
        {
            double gs = 1e-6 * (slope - 1), go = 0, hss = 1e-6, hso = 0, hoo = 1e-9;
            for (var i = 0; i < scores.Count; i++)
            {
                var p = 1 / (1 + Math.Exp(-(slope * scores[i] + offset)));
                var error = p - (labels[i] ? high : low);
                var weight = Math.Max(p * (1 - p), 1e-12);
                gs += error * scores[i];
                go += error;
                hss += weight * scores[i] * scores[i];
                hso += weight * scores[i];
                hoo += weight;
            }
            var determinant = hss * hoo - hso * hso;
            if (Math.Abs(determinant) < 1e-18) break;
            var (ds, dO) = ((hoo * gs - hso * go) / determinant, (hss * go - hso * gs) / determinant);
            (slope, offset) = (slope - Math.Clamp(ds, -1, 1), offset - Math.Clamp(dO, -2, 2));
            if (Math.Abs(ds) + Math.Abs(dO) < 1e-9) break;
        }
        return new PlattScale(Math.Max(slope, 1e-3), offset);   // a higher score never means a lower probability
    }
}
