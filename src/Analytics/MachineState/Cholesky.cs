namespace Seamless.Analytics.MachineState;

/// <summary>Symmetric positive systems by Cholesky's factor; only the lower triangle is held.</summary>
public static class Cholesky
{
    private const double LeastPivot = 1e-12;

    /// <summary>All zero.</summary>
    public static double[][] LowerTriangle(int size) => [.. Enumerable.Range(1, size).Select(length => new double[length])];

    /// <summary>Replaces the lower triangle by its factor.</summary>
    public static void Factor(double[][] matrix)
    {
        for (var i = 0; i < matrix.Length; i++)
        {
            var row = matrix[i];
            for (var j = 0; j <= i; j++)
            {
                var other = matrix[j];
                var sum = row[j];
                for (var k = 0; k < j; k++) sum -= row[k] * other[k];
                row[j] = j < i ? sum / other[j] : Math.Sqrt(Math.Max(sum, LeastPivot));
            }
        }
    }

    /// <summary>x with <c>A·x = right</c>, A as it was before <see cref="Factor"/>.</summary>
    public static double[] Solve(double[][] factor, double[] right)
    {
        var x = (double[])right.Clone();
        for (var i = 0; i < x.Length; i++)
        {
            for (var k = 0; k < i; k++) x[i] -= factor[i][k] * x[k];
            x[i] /= factor[i][i];
        }
        for (var i = x.Length - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < x.Length; k++) x[i] -= factor[k][i] * x[k];
            x[i] /= factor[i][i];
        }
        return x;
    }
}
