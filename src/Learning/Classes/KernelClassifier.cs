using Seamless.Analytics.MachineState;

namespace Seamless.Learning.Classes;

/// <summary>Regularised least squares on the classes with a Gaussian kernel: classes that lie in bands and islands, which no plane parts.</summary>
internal sealed class KernelClassifier : Classifier
{
    /// <summary>Width of the kernel per feature, in spreads of the feature.</summary>
    private const double Width = 0.5;

    private const double Ridge = 0.1;

    /// <summary>The work grows with the cube of the rows; more than these are thinned evenly.</summary>
    private const int MostRows = 1000;

    private readonly double[][] _rows;
    private readonly double[][] _weights;   // class, row

    private KernelClassifier(Standard standard, IReadOnlyList<string> classes, double[][] rows, double[][] weights) : base(standard, classes) =>
        (_rows, _weights) = (rows, weights);

    public static KernelClassifier Fit(double[][] rows, string[] labels, double[] weights)
    {
        var standard = Standard.Of(rows, weights);
        string[] classes = [.. labels.Distinct().Order(StringComparer.Ordinal)];
        var step = Math.Max(1, (rows.Length + MostRows - 1) / MostRows);
        int[] kept = [.. Enumerable.Range(0, rows.Length).Where(row => row % step == 0)];
        var anchors = kept.Select(row => standard.Apply(rows[row])).ToArray();
        var kernel = Cholesky.LowerTriangle(anchors.Length);
        for (var i = 0; i < anchors.Length; i++)
        {
            for (var j = 0; j <= i; j++) kernel[i][j] = Nearness(anchors[i], anchors[j]);
            kernel[i][i] += Ridge / weights[kept[i]];
        }
        Cholesky.Factor(kernel);
        var share = 1.0 / classes.Length;
        var solved = classes.Select(name => Cholesky.Solve(kernel, [.. kept.Select(row => (labels[row] == name ? 1 : 0) - share)])).ToArray();
        return new KernelClassifier(standard, classes, anchors, solved);
    }

    protected override double[] OfStandardised(double[] row)
    {
        var scores = new double[Classes.Count];
        for (var i = 0; i < _rows.Length; i++)
        {
            var near = Nearness(_rows[i], row);
            for (var c = 0; c < scores.Length; c++) scores[c] += _weights[c][i] * near;
        }
        return scores;
    }

    private static double Nearness(double[] left, double[] right)
    {
        var distance = 0.0;
        for (var i = 0; i < left.Length; i++) distance += (left[i] - right[i]) * (left[i] - right[i]);
        return Math.Exp(-distance / (2 * Width * Width * left.Length));
    }

    protected override void WriteOwn(BinaryWriter writer)
    {
        writer.Write(_rows);
        writer.Write(_weights);
    }

    public static KernelClassifier Read(BinaryReader reader, Standard standard, IReadOnlyList<string> classes) =>
        new(standard, classes, reader.ReadRows(), reader.ReadRows());
}
