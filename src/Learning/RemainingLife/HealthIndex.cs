namespace Seamless.Learning.RemainingLife;

/// <summary>One number from all sensors, near 0 in early life and near 1 at the end: a ridge regression of late rows against early ones.</summary>
public sealed record HealthIndex(IReadOnlyList<double> Weights, double Offset)
{
    private const double Ridge = 1;

    public double Of(ReadOnlySpan<double> values)
    {
        var sum = Offset;
        for (var i = 0; i < values.Length; i++) sum += Weights[i] * values[i];
        return sum;
    }

    public static HealthIndex Fit(IReadOnlyList<double[]> early, IReadOnlyList<double[]> late)
    {
        var n = late[0].Length + 1;   // the last one is the offset
        var normal = new double[n, n + 1];
        foreach (var (rows, target) in new[] { (early, 0.0), (late, 1.0) })
            foreach (var row in rows)
                for (var i = 0; i < n; i++)
                {
                    var left = i < n - 1 ? row[i] : 1;
                    for (var j = 0; j < n; j++) normal[i, j] += left * (j < n - 1 ? row[j] : 1);
                    normal[i, n] += left * target;
                }
        for (var i = 0; i < n - 1; i++) normal[i, i] += Ridge;
        var weights = LinearEquations.Solve(normal);
        return new HealthIndex(weights[..^1], weights[^1]);
    }
}
