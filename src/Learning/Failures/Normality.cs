using Seamless.Analytics.MachineState;
using Seamless.Learning.Classes;

namespace Seamless.Learning.Failures;

/// <summary>How far a row lies from all normal rows of the training, as a conformal p-value: of normal rows, at most a share p gets p or less.</summary>
/// <remarks>The distance is to the nearest five of up to 2,000 normal rows, in units in which the columns are uncorrelated.</remarks>
public sealed class Normality
{
    private const int MostRows = 2000;
    private const int Nearest = 5;

    private readonly double[] _means;
    private readonly double[][] _factor;
    private readonly double[][] _rows;
    private readonly double[] _distances;   // of each of these rows from the others, ascending

    private Normality(IReadOnlyList<string> columns, double[] means, double[][] factor, double[][] rows, double[] distances) =>
        (Columns, _means, _factor, _rows, _distances) = (columns, means, factor, rows, distances);

    public IReadOnlyList<string> Columns { get; }

    /// <param name="rows">Normal rows, missing values replaced. Null comes back where there are too few.</param>
    internal static Normality? Learn(IReadOnlyList<string> columns, double[][] rows)
    {
        if (rows.Length < 10 * Nearest) return null;
        var means = columns.Select((_, i) => rows.Average(row => row[i])).ToArray();
        var factor = Cholesky.LowerTriangle(means.Length);
        foreach (var row in rows)
            for (var i = 0; i < means.Length; i++)
                for (var j = 0; j <= i; j++) factor[i][j] += (row[i] - means[i]) * (row[j] - means[j]) / rows.Length;
        for (var i = 0; i < means.Length; i++) factor[i][i] = factor[i][i] * (1 + 1e-6) + 1e-9;
        Cholesky.Factor(factor);
        var step = (rows.Length + MostRows - 1) / MostRows;
        var kept = rows.Where((_, i) => i % step == 0).Select(row => Whiten(row, means, factor)).ToArray();
        var distances = Enumerable.Range(0, kept.Length).Select(i => Distance(kept, kept[i], except: i)).Order().ToArray();
        return new Normality(columns, means, factor, kept, distances);
    }

    public double PValue(double[] row)
    {
        var distance = Distance(_rows, Whiten(row, _means, _factor), except: -1);
        var nearer = Array.BinarySearch(_distances, distance);
        if (nearer < 0) nearer = ~nearer;
        return (1.0 + _distances.Length - nearer) / (1 + _distances.Length);
    }

    private static double[] Whiten(double[] row, double[] means, double[][] factor)
    {
        var z = new double[row.Length];
        for (var i = 0; i < z.Length; i++)
        {
            z[i] = row[i] - means[i];
            for (var k = 0; k < i; k++) z[i] -= factor[i][k] * z[k];
            z[i] /= factor[i][i];
        }
        return z;
    }

    /// <summary>Root mean square distance from the nearest few.</summary>
    private static double Distance(double[][] rows, double[] row, int except)
    {
        Span<double> nearest = stackalloc double[Nearest];
        nearest.Fill(double.MaxValue);
        for (var i = 0; i < rows.Length; i++)
        {
            if (i == except) continue;
            var square = 0.0;
            for (var k = 0; k < row.Length; k++) square += (rows[i][k] - row[k]) * (rows[i][k] - row[k]);
            if (square >= nearest[^1]) continue;
            var place = Nearest - 1;
            for (; place > 0 && nearest[place - 1] > square; place--) nearest[place] = nearest[place - 1];
            nearest[place] = square;
        }
        var sum = 0.0;
        foreach (var square in nearest) sum += square;
        return Math.Sqrt(sum / Nearest);
    }

    internal void Write(BinaryWriter writer)
    {
        writer.Write(Columns.Count);
        foreach (var column in Columns) writer.Write(column);
        writer.Write(_means);
        writer.Write(_factor);
        writer.Write(_rows);
        writer.Write(_distances);
    }

    internal static Normality Read(BinaryReader reader)
    {
        var columns = new string[reader.ReadInt32()];
        for (var i = 0; i < columns.Length; i++) columns[i] = reader.ReadString();
        return new Normality(columns, reader.ReadDoubles(), reader.ReadRows(), reader.ReadRows(), reader.ReadDoubles());
    }
}
