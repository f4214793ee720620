using Seamless.Learning.Tables;
using Seamless.Learning.Trees;

namespace Seamless.Learning.RemainingLife;

/// <summary>Figures of predictions for machines that were left out whole, against the truth cut at the cap.</summary>
/// <param name="RmseNearEnd">Over rows with 50 cycles of life or less: the range that decides about parts.</param>
/// <param name="Coverage90">Share of truths within the 90 % interval.</param>
public sealed record RulReport(string Protocol, int Units, int Rows, double Cap, double Rmse, double Mae, double RmseNearEnd, double Coverage90);

/// <summary>One machine's life: its rows in time order, each with the readings of the sensors.</summary>
internal sealed record UnitLife(string Unit, IReadOnlyList<double[]> Rows);

/// <summary>Learns remaining useful life from machines run to failure.</summary>
public static class RulTrainer
{
    private const int Folds = 5;
    private const int FewestUnits = 10;
    private const int EarlyRows = 20;
    private const int LateRows = 10;
    private const double NearEnd = 50;

    private static readonly Growth Growth = new(
        Trees: 300, Leaves: 16, RowsPerLeaf: 40, Rate: 0.04, FeatureShare: 0.3, RowShare: 0.5, L2: 5, Bins: 255, Bags: 1);

    public static (RulModel Model, RulReport Report) Train(
        Table table, string unit, string time, double cap, int seed, IProgress<string>? progress, CancellationToken ct)
    {
        var sensors = Sensors(table, unit, time);
        var lives = Lives(table, unit, time, sensors);
        if (lives.Count < FewestUnits)
            throw new TableException($"{table.Path}: column '{unit}' names {lives.Count} units; at least {FewestUnits} run to failure are needed");
        var held = new List<(double Predicted, double True)>();
        var foldOf = Shuffled(lives.Count, seed);
        for (var fold = 0; fold < Folds; fold++)
        {
            progress?.Report($"fold {fold + 1} of {Folds}");
            var model = Fit(sensors, [.. lives.Where((_, i) => foldOf[i] != fold)], cap, Growth, seed, ct);
            foreach (var life in lives.Where((_, i) => foldOf[i] == fold)) held.AddRange(Follow(model, life, cap));
        }
        progress?.Report("training on all units");
        var bands = PredictiveBands.Fit(held);
        var final = Fit(sensors, lives, cap, Growth with { Bags = 3 }, seed, ct) with { Bands = bands };
        return (final, ReportOf(held, bands, lives.Count, cap));
    }

    /// <summary>The readings that move at all; the rest say nothing.</summary>
    private static string[] Sensors(Table table, string unit, string time)
    {
        string[] sensors = [.. table.Header.Where(c => c != unit && c != time && table.IsNumeric(c)).Where(c => Moves(table.Numbers(c)))];
        return sensors.Length > 0 ? sensors : throw new TableException($"{table.Path}:1: there is no sensor column that changes");
    }

    private static bool Moves(double[] values)
    {
        var known = values.Where(double.IsFinite).ToArray();
        return known.Length > 0 && known.Max() - known.Min() > 1e-9 * (1 + Math.Abs(known[0]));
    }

    internal static List<UnitLife> Lives(Table table, string unit, string time, IReadOnlyList<string> sensors)
    {
        var columns = sensors.Select(table.Numbers).ToArray();
        var times = table.Numbers(time);
        return [.. Enumerable.Range(0, table.Rows).GroupBy(row => table.Text(unit)[row])
            .Select(g => new UnitLife(g.Key, [.. g.OrderBy(row => times[row]).Select(row => columns.Select(c => c[row]).ToArray())]))];
    }

    private static RulModel Fit(IReadOnlyList<string> sensors, IReadOnlyList<UnitLife> lives, double cap, Growth growth, int seed, CancellationToken ct)
    {
        var scale = ScaleOf(sensors, lives);
        double[] Standard(double[] row)
        {
            var copy = row.ToArray();
            scale.Standardise(copy);
            return copy;
        }
        var health = HealthIndex.Fit(
            [.. lives.SelectMany(l => l.Rows.Take(EarlyRows)).Select(Standard)], [.. lives.SelectMany(l => l.Rows.TakeLast(LateRows)).Select(Standard)]);
        var rows = new List<float[]>();
        var targets = new List<float>();
        foreach (var life in lives)
        {
            var state = new UnitState(sensors.Count);
            for (var i = 0; i < life.Rows.Count; i++)
            {
                state.Add(Standard(life.Rows[i]), health);
                var features = new float[UnitState.FeatureCount(sensors.Count)];
                state.Fill(features);
                rows.Add(features);
                targets.Add((float)Math.Min(cap, life.Rows.Count - 1 - i));
            }
        }
        var trees = BoostedTrees.Regression(rows, targets, growth, seed, ct);
        return new RulModel(scale, health, trees, new PredictiveBands([0], [new double[41]]), cap);
    }

    private static SensorScale ScaleOf(IReadOnlyList<string> sensors, IReadOnlyList<UnitLife> lives)
    {
        var means = new double[sensors.Count];
        var spreads = new double[sensors.Count];
        for (var s = 0; s < sensors.Count; s++)
        {
            var values = lives.SelectMany(l => l.Rows).Select(row => row[s]).Where(double.IsFinite).ToArray();
            means[s] = values.DefaultIfEmpty().Average();
            spreads[s] = Math.Max(1e-9, Math.Sqrt(values.Select(v => (v - means[s]) * (v - means[s])).DefaultIfEmpty().Average()));
        }
        return new SensorScale(sensors, means, spreads);
    }

    private static IEnumerable<(double, double)> Follow(RulModel model, UnitLife life, double cap)
    {
        var state = model.NewUnit();
        var features = new float[UnitState.FeatureCount(model.Scale.Sensors.Count)];
        for (var i = 0; i < life.Rows.Count; i++)
            yield return (model.Advance(state, life.Rows[i].ToArray(), features), Math.Min(cap, life.Rows.Count - 1 - i));
    }

    private static RulReport ReportOf(List<(double Predicted, double True)> held, PredictiveBands bands, int units, double cap)
    {
        static double Rmse(IEnumerable<(double Predicted, double True)> rows) =>
            Math.Sqrt(rows.Select(r => (r.Predicted - r.True) * (r.Predicted - r.True)).DefaultIfEmpty().Average());
        var covered = held.Count(h => h.True >= bands.Quantile(h.Predicted, 0.05) - 1e-9 && h.True <= bands.Quantile(h.Predicted, 0.95) + 1e-9);
        return new RulReport($"{Folds}-fold cross-validation over whole units, every row, truth cut at the cap; intervals from the errors of the left-out units",
            units, held.Count, cap, Rmse(held), held.Average(h => Math.Abs(h.Predicted - h.True)), Rmse(held.Where(h => h.True <= NearEnd)),
            covered / (double)held.Count);
    }

    private static int[] Shuffled(int count, int seed)
    {
        var folds = Enumerable.Range(0, count).Select(i => i % Folds).ToArray();
        new Random(seed).Shuffle(folds);
        return folds;
    }
}
