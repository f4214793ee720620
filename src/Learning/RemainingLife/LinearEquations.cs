namespace Seamless.Learning.RemainingLife;

/// <summary>Small dense systems, by Gauss elimination with pivoting.</summary>
internal static class LinearEquations
{
    /// <param name="matrix">Square and regular; a ridge on the diagonal keeps it so.</param>
    public static double[][] Inverse(double[,] matrix)
    {
        var n = matrix.GetLength(0);
        var work = new double[n, 2 * n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++) work[i, j] = matrix[i, j];
            work[i, n + i] = 1;
        }
        Eliminate(work, n);
        return [.. Enumerable.Range(0, n).Select(i => Enumerable.Range(0, n).Select(j => work[i, n + j] / work[i, i]).ToArray())];
    }

    /// <param name="work">The matrix with its right side as last column; overwritten.</param>
    public static double[] Solve(double[,] work)
    {
        var n = work.GetLength(0);
        Eliminate(work, n);
        return [.. Enumerable.Range(0, n).Select(i => work[i, n] / work[i, i])];
    }

    private static void Eliminate(double[,] a, int n)
    {
        var width = a.GetLength(1);
        for (var column = 0; column < n; column++)
        {
            var pivot = column;
            for (var row = column + 1; row < n; row++)
                if (Math.Abs(a[row, column]) > Math.Abs(a[pivot, column])) pivot = row;
            for (var k = 0; k < width; k++) (a[column, k], a[pivot, k]) = (a[pivot, k], a[column, k]);
            for (var row = 0; row < n; row++)
            {
                if (row == column) continue;
                var factor = a[row, column] / a[column, column];
                for (var k = column; k < width; k++) a[row, k] -= factor * a[column, k];
            }
        }
    }
}
