using Seamless.Learning.Reports;
using Seamless.Learning.Tables;
using Seamless.Learning.Training;

namespace Seamless.Learning.RemainingLife;

/// <summary>Figures of predictions for machines that were left out whole, against the truth cut at the cap.</summary>
/// <param name="Method"><c>trees</c>, or <c>trend</c> where too few machines were run to failure.</param>
/// <param name="Conditions">Operating conditions that were told apart.</param>
/// <param name="RmseStandardError">Of <paramref name="Rmse"/>, from its spread between machines.</param>
/// <param name="RmseNearEnd">Over rows with 50 cycles of life or less: the range that decides about parts.</param>
/// <param name="Coverage90">Share of lives, as they were, within the 90 % interval; the interval's width comes from other machines.</param>
public sealed record RulReport(
    string Protocol, string Method, int Units, int Rows, int Conditions, double Cap, double Rmse, double RmseStandardError, double Mae, double RmseNearEnd,
    double Coverage90)
{
    /// <summary>Against the lives as they were, beyond the cap too.</summary>
    public double RmseRaw { get; init; }

    /// <summary>Mean distance of what the bounds P10 … P90 promise from what came.</summary>
    public double Calibration { get; init; }

    /// <summary>Rows within which a failure counts as near.</summary>
    public double Horizon { get; init; }

    /// <summary>Share of the rows with more life than the horizon of which failure within it was said, at a probability of 0.5 or more.</summary>
    public double FalseAlarmRate { get; init; }

    /// <summary>Share of the rows with less life of which it was said.</summary>
    public double Recall { get; init; }

    /// <summary>For each of the bounds P10 … P90 the share of lives that ended before it.</summary>
    public IReadOnlyList<ReliabilityPoint> Reliability { get; init; } = [];
}

/// <summary>Learns remaining useful life from machines run to failure.</summary>
public static class RulTrainer
{
    private const int Folds = 5;
    private const int FewestUnits = 3;
    private const int FinalBags = 3;
    private const double NearEnd = 50;

    /// <summary>A prediction for a row of a machine that was left out; <paramref name="True"/> is not cut.</summary>
    private readonly record struct Held(int Fold, int Unit, double Predicted, double True);

    public static (RulModel Model, RulReport Report) Train(
        Table table, string unit, string time, double cap, double horizon, int seed, IProgress<TrainingProgress>? progress, CancellationToken ct)
    {
        var columns = Columns(table, unit, time);
        var lives = Lives(table, unit, time, columns);
        if (lives.Count < FewestUnits)
            throw new TableException($"{table.Path}: column '{unit}' names {lives.Count} units; at least {FewestUnits} run to failure are needed");
        var conditions = ConditionSearch.Find(columns, lives);
        var learner = new RulLearner(columns, conditions, cap, seed, ct);
        var (held, limit) = LeaveOut(learner, columns, lives, seed, progress);
        progress?.Report(TrainingProgress.OfFinal(FoldsFor(lives.Count), FinalBags));
        var final = learner.Fit(lives, FinalBags);
        final = final with { Bands = BandsOf(held, lives.Count), Familiar = final.Familiar with { Limit = limit } };
        return (final, ReportOf(held, final, lives.Count, conditions?.Count ?? 1, horizon));
    }

    /// <summary>The readings that move at all; the rest say nothing.</summary>
    private static string[] Columns(Table table, string unit, string time)
    {
        string[] columns = [.. table.Header.Where(c => c != unit && c != time && table.IsNumeric(c)).Where(c => Moves(table.Numbers(c)))];
        return columns.Length > 0 ? columns : throw new TableException($"{table.Path}:1: there is no sensor column that changes");
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

    /// <summary>Each machine followed by a model that has not seen it; also how far from the others such a machine may be.</summary>
    private static (List<Held> Held, double Limit) LeaveOut(
        RulLearner learner, IReadOnlyList<string> columns, IReadOnlyList<UnitLife> lives, int seed, IProgress<TrainingProgress>? progress)
    {
        var folds = FoldsFor(lives.Count);
        var foldOf = Shuffled(lives.Count, folds, seed);
        var (held, farthest) = (new List<Held>(), new List<double>());
        for (var fold = 0; fold < folds; fold++)
        {
            progress?.Report(TrainingProgress.OfFold(fold, folds, FinalBags));
            var model = learner.Fit([.. lives.Where((_, i) => foldOf[i] != fold)], bags: 1);
            var at = model.Scale.Inputs.Select(input => SensorScale.IndexOf(columns, input)).ToArray();
            var follower = new LifeFollower(model);
            for (var i = 0; i < lives.Count; i++)
            {
                if (foldOf[i] != fold) continue;
                var (state, far) = (follower.NewUnit(), 0.0);
                for (var row = 0; row < lives[i].Rows.Count; row++)
                {
                    var life = follower.Advance(state, at.Select(c => lives[i].Rows[row][c]).ToArray()).Life;
                    far = Math.Max(far, model.Familiar.Distance(state).Distance);
                    held.Add(new Held(fold, i, life, lives[i].Left(row)));
                }
                farthest.Add(far);
            }
        }
        return (held, Familiarity.LimitOf(farthest));
    }

    /// <summary>Few machines make quick models: each can be left out by itself.</summary>
    private static int FoldsFor(int units) => units < RulLearner.FewestForTrees ? units : Folds;

    /// <summary>Errors of few machines do not show how far others may be off: the fewer, the wider.</summary>
    private static PredictiveBands BandsOf(IEnumerable<Held> held, int units)
    {
        var bands = PredictiveBands.Fit(held.Select(h => (h.Predicted, h.True)));
        return units < RulLearner.FewestForTrees ? bands.Widened(1 + 10.0 / units) : bands;
    }

    private static RulReport ReportOf(List<Held> held, RulModel model, int units, int conditions, double horizon)
    {
        var cap = model.Cap;
        double SquareOf(Held h) => (h.Predicted - Math.Min(cap, h.True)) * (h.Predicted - Math.Min(cap, h.True));
        double Rmse(IEnumerable<Held> rows) => Math.Sqrt(rows.Select(SquareOf).DefaultIfEmpty().Average());
        var rmse = Rmse(held);
        var byUnit = held.GroupBy(h => h.Unit).Select(g => g.Sum(SquareOf) - rmse * rmse * g.Count()).ToArray();
        var error = Math.Sqrt(byUnit.Sum(e => e * e)) / held.Count / Math.Max(1e-9, 2 * rmse);
        var intervals = HeldOutIntervals.Of(WithBandsOfOthers(held, units), horizon);
        return new RulReport("cross-validation over whole units, every row, truth cut at the cap; intervals from the errors of the left-out units",
            model.Trees is null ? "trend" : "trees", units, held.Count, conditions, cap, rmse, error,
            held.Average(h => Math.Abs(h.Predicted - Math.Min(cap, h.True))), Rmse(held.Where(h => h.True <= NearEnd)), intervals.Coverage90)
        {
            RmseRaw = Math.Sqrt(held.Average(h => (h.Predicted - h.True) * (h.Predicted - h.True))), Horizon = horizon, Calibration = intervals.Calibration,
            FalseAlarmRate = intervals.FalseAlarmRate, Recall = intervals.Recall, Reliability = intervals.Points,
        };
    }

    /// <summary>Each row with the bands that the other folds give: its own errors must not make its interval.</summary>
    private static List<(PredictiveBands Bands, double Predicted, double True)> WithBandsOfOthers(List<Held> held, int units)
    {
        var rows = new List<(PredictiveBands, double, double)>(held.Count);
        foreach (var fold in held.GroupBy(h => h.Fold))
        {
            var bands = BandsOf(held.Where(h => h.Fold != fold.Key), units);
            rows.AddRange(fold.Select(h => (bands, h.Predicted, h.True)));
        }
        return rows;
    }

    private static int[] Shuffled(int count, int folds, int seed)
    {
        var foldOf = Enumerable.Range(0, count).Select(i => i % folds).ToArray();
        new Random(seed).Shuffle(foldOf);
        return foldOf;
    }
}
