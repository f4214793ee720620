namespace Seamless.Learning.Classes;

/// <summary>Scores → probabilities by one number, the sharpness (temperature scaling, Guo et al. 2017), fitted on rows of groups left out.</summary>
internal static class Calibration
{
    private const double Least = 1e-4;

    public static double[] Probabilities(double[] scores, double sharpness)
    {
        var highest = scores.Max();
        var odds = scores.Select(score => Math.Exp(sharpness * (score - highest))).ToArray();
        var sum = odds.Sum();
        return [.. odds.Select(o => o / sum)];
    }

    /// <summary>The sharpness with the least log loss: between 0.001 and 1000, found on a grid of fifths of an octave.</summary>
    public static double Fit(IReadOnlyList<(double[] Scores, int Truth)> rows) =>
        Enumerable.Range(-50, 101).Select(step => Math.Pow(2, step / 5.0)).MinBy(sharpness =>
            rows.Sum(row => -Math.Log(Math.Max(Least, row.Truth < 0 ? 0 : Probabilities(row.Scores, sharpness)[row.Truth]))));
}
