namespace Seamless.Learning.RemainingLife;

/// <summary>How far the truth lay from predictions of about this size, on machines the trees had not seen: the source of every interval.</summary>
/// <remarks>
/// Conformal in spirit: quantiles of held-out errors, taken in bands of the prediction because errors near the end of life are small. Between
/// the middles of bands the quantiles are interpolated.
/// </remarks>
/// <param name="Middles">Middle prediction of each band, rising.</param>
/// <param name="Errors">Per band the quantiles of truth − prediction, at 0, 1/40, … 1.</param>
public sealed record PredictiveBands(IReadOnlyList<double> Middles, IReadOnlyList<double[]> Errors)
{
    private const int Quantiles = 40;
    private const int Bands = 10;

    /// <param name="held">Prediction and truth on machines that were left out.</param>
    public static PredictiveBands Fit(IEnumerable<(double Predicted, double True)> held)
    {
        var sorted = held.OrderBy(h => h.Predicted).ThenBy(h => h.True).ToArray();
        var middles = new List<double>();
        var errors = new List<double[]>();
        for (var band = 0; band < Bands; band++)
        {
            var rows = sorted[(sorted.Length * band / Bands)..(sorted.Length * (band + 1) / Bands)];
            if (rows.Length == 0) continue;
            var ranked = rows.Select(h => h.True - h.Predicted).Order().ToArray();
            middles.Add(rows.Average(h => h.Predicted));
            errors.Add([.. Enumerable.Range(0, Quantiles + 1).Select(q => ranked[Math.Min(ranked.Length - 1, q * ranked.Length / Quantiles)])]);
        }
        return new PredictiveBands(middles, errors);
    }

    /// <summary>The same bands, every error <paramref name="factor"/> times as far from the middle one of its band.</summary>
    public PredictiveBands Widened(double factor) => this with
    {
        Errors = [.. Errors.Select(band => band.Select(e => band[Quantiles / 2] + factor * (e - band[Quantiles / 2])).ToArray())],
    };

    /// <summary>The remaining life that is exceeded with probability 1 − <paramref name="share"/>; never below 0.</summary>
    public double Quantile(double predicted, double share)
    {
        var position = share * Quantiles;
        var q = Math.Min((int)position, Quantiles - 1);
        var error = Error(predicted, q) + (position - q) * (Error(predicted, q + 1) - Error(predicted, q));
        return Math.Max(0, predicted + error);
    }

    /// <summary>Probability that the life ends within <paramref name="horizon"/>.</summary>
    public double ProbabilityWithin(double predicted, double horizon)
    {
        if (predicted + Error(predicted, 0) > horizon) return 0;
        for (var q = 1; q <= Quantiles; q++)
        {
            var (below, above) = (predicted + Error(predicted, q - 1), predicted + Error(predicted, q));
            if (above > horizon) return (q - 1 + (horizon - below) / Math.Max(above - below, 1e-9)) / Quantiles;
        }
        return 1;
    }

    private double Error(double predicted, int quantile)
    {
        if (predicted <= Middles[0]) return Errors[0][quantile];
        for (var band = 1; band < Middles.Count; band++)
        {
            if (predicted > Middles[band]) continue;
            var share = (predicted - Middles[band - 1]) / Math.Max(Middles[band] - Middles[band - 1], 1e-9);
            return Errors[band - 1][quantile] + share * (Errors[band][quantile] - Errors[band - 1][quantile]);
        }
        return Errors[^1][quantile];
    }
}
