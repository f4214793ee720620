using Seamless.Analytics.MachineState;

namespace Seamless.Learning.Classes;

/// <summary>Linear discriminant (Fisher 1936) with the common covariance shrunk a little towards that of independent features (Friedman 1989).</summary>
internal sealed class Discriminant : Classifier
{
    /// <summary>Enough to keep the covariance regular; the small differences of nearly equal signals are what decides, so no more.</summary>
    private const double Shrinkage = 1e-3;

    private readonly double[][] _weights;
    private readonly double[] _offsets;

    private Discriminant(Standard standard, IReadOnlyList<string> classes, double[][] weights, double[] offsets) : base(standard, classes) =>
        (_weights, _offsets) = (weights, offsets);

    public static Discriminant Fit(double[][] rows, string[] labels, double[] weights)
    {
        var standard = Standard.Of(rows, weights);
        var standardised = rows.Select(standard.Apply).ToArray();
        string[] classes = [.. labels.Distinct().Order(StringComparer.Ordinal)];
        var classOf = labels.Select(label => Array.IndexOf(classes, label)).ToArray();
        var centres = Centres(standardised, classOf, weights, classes.Length);
        var covariance = Within(standardised, classOf, weights, centres);
        Cholesky.Factor(covariance);
        var solved = centres.Select(centre => Cholesky.Solve(covariance, centre)).ToArray();
        return new Discriminant(standard, classes, solved, [.. solved.Select((s, i) => -0.5 * Dot(s, centres[i]))]);
    }

    protected override double[] OfStandardised(double[] row) => [.. _weights.Select((w, i) => Dot(w, row) + _offsets[i])];

    private static double[][] Centres(double[][] rows, int[] classOf, double[] weights, int classes)
    {
        var centres = Enumerable.Range(0, classes).Select(_ => new double[rows[0].Length]).ToArray();
        var sums = new double[classes];
        for (var row = 0; row < rows.Length; row++)
        {
            sums[classOf[row]] += weights[row];
            for (var i = 0; i < rows[row].Length; i++) centres[classOf[row]][i] += weights[row] * rows[row][i];
        }
        for (var c = 0; c < classes; c++)
            for (var i = 0; i < centres[c].Length; i++) centres[c][i] /= sums[c];
        return centres;
    }

    private static double[][] Within(double[][] rows, int[] classOf, double[] weights, double[][] centres)
    {
        var total = weights.Sum();
        var covariance = Cholesky.LowerTriangle(rows[0].Length);
        for (var row = 0; row < rows.Length; row++)
        {
            var centre = centres[classOf[row]];
            for (var i = 0; i < centre.Length; i++)
            {
                var from = (1 - Shrinkage) * weights[row] / total * (rows[row][i] - centre[i]);
                for (var j = 0; j <= i; j++) covariance[i][j] += from * (rows[row][j] - centre[j]);
            }
        }
        for (var i = 0; i < covariance.Length; i++) covariance[i][i] += Shrinkage;
        return covariance;
    }

    private static double Dot(double[] left, double[] right)
    {
        var sum = 0.0;
        for (var i = 0; i < left.Length; i++) sum += left[i] * right[i];
        return sum;
    }

    protected override void WriteOwn(BinaryWriter writer)
    {
        writer.Write(_weights);
        writer.Write(_offsets);
    }

    public static Discriminant Read(BinaryReader reader, Standard standard, IReadOnlyList<string> classes) =>
        new(standard, classes, reader.ReadRows(), reader.ReadDoubles());
}
