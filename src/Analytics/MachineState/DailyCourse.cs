namespace Seamless.Analytics.MachineState;

/// <summary>What of a metric goes by the time of day: people, weather and tariffs repeat every day, and a machine is to be compared with itself at the same hour.</summary>
/// <remarks>A day and half a day as waves, by least squares.</remarks>
internal static class DailyCourse
{
    private const int Waves = 2;
    private const int Terms = 1 + 2 * Waves;

    /// <summary>Draws the waves a little towards none, so that they are determined whatever is missing; as a share of the rows.</summary>
    private const double Ridge = 0.01;

    /// <summary>A quarter of the day with a smaller share of the values leaves open what is usual then.</summary>
    private const double LeastOfQuarter = 0.1;

    /// <summary>Takes it out of all rows, the mean left in.</summary>
    /// <param name="rows">Equally long steps; NaN where there is none.</param>
    /// <param name="reference">So many rows, the first ones, say what is usual.</param>
    public static void Remove(double[][] rows, int reference, int metric, int rowsPerDay)
    {
        if (WavesOf(rows.AsSpan(0, reference), metric, rowsPerDay) is not { } waves) return;
        var terms = new double[Terms];
        for (var row = 0; row < rows.Length; row++)
        {
            Fill(row, rowsPerDay, terms);
            for (var i = 1; i < Terms; i++) rows[row][metric] -= waves[i] * terms[i];
        }
    }

    private static double[]? WavesOf(ReadOnlySpan<double[]> reference, int metric, int rowsPerDay)
    {
        var (normal, right, terms) = (Cholesky.LowerTriangle(Terms), new double[Terms], new double[Terms]);
        Span<int> quarters = stackalloc int[4];
        for (var row = 0; row < reference.Length; row++)
        {
            var value = reference[row][metric];
            if (!double.IsFinite(value)) continue;
            quarters[row % rowsPerDay * 4 / rowsPerDay]++;
            Fill(row, rowsPerDay, terms);
            for (var a = 0; a < Terms; a++)
            {
                right[a] += terms[a] * value;
                for (var b = 0; b <= a; b++) normal[a][b] += terms[a] * terms[b];
            }
        }
        var count = normal[0][0];
        foreach (var quarter in quarters)
            if (quarter < LeastOfQuarter * count || count == 0) return null;
        for (var i = 1; i < Terms; i++) normal[i][i] += Ridge * count;
        Cholesky.Factor(normal);
        return Cholesky.Solve(normal, right);
    }

    private static void Fill(int row, int rowsPerDay, double[] terms)
    {
        terms[0] = 1;
        for (var wave = 1; wave <= Waves; wave++)
            (terms[2 * wave - 1], terms[2 * wave]) = Math.SinCos(2 * Math.PI * wave * row / rowsPerDay);
    }
}
