using Seamless.Learning.Trees;

namespace Seamless.Learning.RemainingLife;

/// <summary>One machine's life: its rows in time order, each with the readings of the columns.</summary>
internal sealed record UnitLife(string Unit, IReadOnlyList<double[]> Rows)
{
    public int Left(int row) => Rows.Count - 1 - row;
}

/// <summary>Makes a model of some lives; how good it is and how wide its intervals must be, <see cref="RulTrainer"/> finds out.</summary>
internal sealed class RulLearner(IReadOnlyList<string> columns, OperatingConditions? conditions, double cap, int seed, CancellationToken ct)
{
    private const int EarlyRows = 20;
    private const int LateRows = 10;

    /// <summary>Rows with more life left than this times the cap are not learned from: there are many, all of them say 'like new'.</summary>
    private const double FarFromEnd = 1.4;

    /// <summary>Below this trees would learn the machines by heart.</summary>
    public const int FewestForTrees = 20;

    private static readonly Growth Growth = new(
        Trees: 300, Leaves: 16, RowsPerLeaf: 40, Rate: 0.04, FeatureShare: 0.6, RowShare: 0.5, L2: 5, Bins: 255, Bags: 1);

    private static readonly PredictiveBands NoBands = new([0], [new double[41]]);

    public RulModel Fit(IReadOnlyList<UnitLife> lives, int bags)
    {
        var scale = SensorScale.Fit(columns, conditions, lives);
        var rows = lives.Select(life => Standard(scale, life)).ToArray();
        var health = HealthIndex.Fit([.. rows.SelectMany(r => r.Take(EarlyRows)).Select(Filled)], [.. rows.SelectMany(r => r.TakeLast(LateRows)).Select(Filled)]);
        var (features, left, means) = Walk(lives, rows, health);
        var familiar = Familiarity.Fit(means);
        var model = new RulModel(scale, health, null, null, NoBands, familiar, cap, lives.Max(l => l.Rows.Count));
        return lives.Count < FewestForTrees
            ? model with { Trend = Trend(rows, health, lives) }
            : model with { Trees = BoostedTrees.Regression(features, left, Growth with { Bags = bags }, seed, ct) };
    }

    private double[][] Standard(SensorScale scale, UnitLife life)
    {
        var at = scale.Inputs.Select(input => SensorScale.IndexOf(columns, input)).ToArray();
        return [.. life.Rows.Select(row =>
        {
            var standard = new double[scale.Sensors.Count];
            scale.Standardise(at.Select(i => row[i]).ToArray(), standard);
            return standard;
        })];
    }

    private static double[] Filled(double[] row) => [.. row.Select(v => double.IsNaN(v) ? 0 : v)];

    private (List<float[]> Features, List<float> Left, List<double[]> Means) Walk(IReadOnlyList<UnitLife> lives, double[][][] rows, HealthIndex health)
    {
        var (features, left, means) = (new List<float[]>(), new List<float>(), new List<double[]>());
        for (var unit = 0; unit < lives.Count; unit++)
        {
            ct.ThrowIfCancellationRequested();
            var sensors = rows[unit][0].Length;
            var state = new UnitState(sensors);
            for (var i = 0; i < rows[unit].Length; i++)
            {
                state.Add([.. rows[unit][i]], true, health);
                means.Add([.. Enumerable.Range(0, sensors).Select(state.MeanOf)]);
                if (lives[unit].Left(i) > FarFromEnd * cap) continue;
                var filled = new float[UnitState.FeatureCount(sensors)];
                state.Fill(filled);
                features.Add(filled);
                left.Add((float)Math.Min(cap, lives[unit].Left(i)));
            }
        }
        return (features, left, means);
    }

    /// <summary>Even or exponential growth, whichever foretold these lives better.</summary>
    private WearTrend Trend(double[][][] rows, HealthIndex health, IReadOnlyList<UnitLife> lives)
    {
        double[][] indices = [.. rows.Select(r => r.Select(row => health.Of(Filled(row))).ToArray())];
        var (even, exponential) = (WearTrend.Fit(false, indices), WearTrend.Fit(true, indices));
        return Error(even, rows, health, lives) <= Error(exponential, rows, health, lives) ? even : exponential;
    }

    private double Error(WearTrend trend, double[][][] rows, HealthIndex health, IReadOnlyList<UnitLife> lives)
    {
        var sum = 0.0;
        for (var unit = 0; unit < lives.Count; unit++)
        {
            var state = new UnitState(rows[unit][0].Length);
            for (var i = 0; i < rows[unit].Length; i++)
            {
                state.Add([.. rows[unit][i]], true, health);
                var error = Math.Min(cap, trend.RemainingRows(state)) - Math.Min(cap, lives[unit].Left(i));
                sum += error * error;
            }
        }
        return sum;
    }
}
