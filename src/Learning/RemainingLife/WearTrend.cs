namespace Seamless.Learning.RemainingLife;

/// <summary>Remaining life where few machines have been run to failure: the health index is carried on to where the others failed.</summary>
/// <remarks>
/// A Wiener process with drift: index (or its logarithm, where wear feeds on itself) = level + drift × rows + noise that adds up. The drift of a
/// machine is what its own last rows say, drawn towards the drift of the others by how far each can be trusted.
/// </remarks>
/// <param name="Exponential">Whether the logarithm of the index is what grows evenly.</param>
/// <param name="Threshold">Level at the end of life, mean over the machines.</param>
/// <param name="Drift">Mean drift per row near the end of life.</param>
/// <param name="DriftVariance">Of the drift, between machines.</param>
/// <param name="RowVariance">Of the growth in one row, within a machine: its drift over n rows is known to RowVariance / n.</param>
public sealed record WearTrend(bool Exponential, double Threshold, double Drift, double DriftVariance, double RowVariance)
{
    private const int Span = 60;
    private const int LevelSpan = 20;
    private const int Block = 10;

    /// <summary>Share of the others' drift that is expected of any machine: a standstill does not last for ever.</summary>
    private const double LeastDrift = 0.2;

    /// <summary>The index is 0 in early life and 1 at the end; this keeps noise around 0 from becoming anything in the logarithm.</summary>
    private const double Floor = 0.1;

    internal double RemainingRows(UnitState unit)
    {
        Func<double, double>? scale = Exponential ? Logarithm : null;
        var level = unit.Line(LevelSpan, scale).Level;
        var rows = Math.Min(Span, unit.Rows);
        var own = unit.Line(Span, scale).Slope;
        var (trustOwn, trustOthers) = (rows / RowVariance, 1 / DriftVariance);
        var drift = (own * trustOwn + Drift * trustOthers) / (trustOwn + trustOthers);
        return Math.Max(0, (Threshold - level) / Math.Max(drift, LeastDrift * Drift));
    }

    /// <param name="indices">Per machine run to failure its health index, row by row.</param>
    internal static WearTrend Fit(bool exponential, IReadOnlyList<double[]> indices)
    {
        var blocks = indices.Select(index => Blocks([.. index.TakeLast(Span).Select(v => exponential ? Logarithm(v) : v)])).Where(b => b.Length > 1).ToArray();
        var drifts = blocks.Select(b => (b[^1] - b[0]) / ((b.Length - 1) * Block)).DefaultIfEmpty().ToArray();
        var drift = Math.Max(1e-6, drifts.Average());
        var between = drifts.Average(d => (d - drift) * (d - drift));
        var steps = blocks.Zip(drifts, (b, d) => b.Skip(1).Zip(b, (next, last) => next - last - d * Block)).SelectMany(s => s).DefaultIfEmpty();
        var threshold = blocks.Select(b => b[^1] + drift * Block / 2).DefaultIfEmpty(1).Average();   // a block's mean lies half a block before its end
        var least = drift * drift * 1e-4;
        return new WearTrend(exponential, threshold, drift, Math.Max(least, between), Math.Max(least, steps.Average(s => s * s) / Block));
    }

    /// <summary>Means of blocks of rows, the last one ending with the last row.</summary>
    private static double[] Blocks(double[] values) =>
        [.. Enumerable.Range(0, values.Length / Block).Select(b => values.AsSpan(values.Length % Block + b * Block, Block).ToArray().Average())];

    private static double Logarithm(double index) => Math.Log(Floor + Math.Max(0, index));
}
