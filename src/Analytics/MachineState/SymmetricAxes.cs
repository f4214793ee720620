namespace Seamless.Analytics.MachineState;

/// <summary>Eigenvalues and eigenvectors of a small symmetric matrix, by Jacobi's rotations (Golub and Van Loan, Matrix Computations, 8.5).</summary>
internal static class SymmetricAxes
{
    private const int MostSweeps = 60;
    private const double Nothing = 1e-13;

    /// <returns>The values, and as columns the vectors that belong to them, of unit length.</returns>
    public static (double[] Values, double[,] Vectors) Of(double[,] symmetric)
    {
        var size = symmetric.GetLength(0);
        var a = (double[,])symmetric.Clone();
        var vectors = new double[size, size];
        for (var i = 0; i < size; i++) vectors[i, i] = 1;
        for (var (sweep, turned) = (0, true); turned && sweep < MostSweeps; sweep++)
        {
            turned = false;
            for (var p = 0; p < size; p++)
                for (var q = p + 1; q < size; q++)
                {
                    if (Math.Abs(a[p, q]) < Nothing) continue;
                    turned = true;
                    Turn(a, vectors, p, q);
                }
        }
        return ([.. Enumerable.Range(0, size).Select(i => a[i, i])], vectors);
    }

    /// <summary>Turns the axes p and q until their element is 0.</summary>
    private static void Turn(double[,] a, double[,] vectors, int p, int q)
    {
        var size = a.GetLength(0);
        var half = (a[q, q] - a[p, p]) / (2 * a[p, q]);
        var tangent = (half < 0 ? -1 : 1) / (Math.Abs(half) + Math.Sqrt(half * half + 1));
        var cosine = 1 / Math.Sqrt(tangent * tangent + 1);
        var sine = tangent * cosine;
        for (var k = 0; k < size; k++) (a[k, p], a[k, q]) = (cosine * a[k, p] - sine * a[k, q], sine * a[k, p] + cosine * a[k, q]);
        for (var k = 0; k < size; k++) (a[p, k], a[q, k]) = (cosine * a[p, k] - sine * a[q, k], sine * a[p, k] + cosine * a[q, k]);
        for (var k = 0; k < size; k++) (vectors[k, p], vectors[k, q]) = (cosine * vectors[k, p] - sine * vectors[k, q], sine * vectors[k, p] + cosine * vectors[k, q]);
    }
}
