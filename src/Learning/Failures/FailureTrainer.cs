using Seamless.Learning.Features;
using Seamless.Learning.Reports;
using Seamless.Learning.Tables;
using Seamless.Learning.Training;
using Seamless.Learning.Trees;

namespace Seamless.Learning.Failures;

/// <summary>What was found by cross-validation, per label, and how.</summary>
/// <param name="Excluded">Columns left out, with the reason.</param>
public sealed record FailureReport(
    string Protocol, int Rows, int Folds, IReadOnlyDictionary<string, BinaryFigures> Labels, IReadOnlyDictionary<string, string> Excluded)
{
    /// <summary>Per label, how far its probabilities can be believed.</summary>
    public IReadOnlyDictionary<string, Reliability> Reliability { get; init; } = new Dictionary<string, Reliability>();
}

/// <summary>Learns a failure label and its modes from a table of readings.</summary>
/// <remarks>
/// The whole way (screen of pairs, trees) is repeated in every fold, so the report is of rows the model has not seen. The fold scores
/// also fit the probability scale, two numbers per label, and choose the label's learner. No resampling of the rare class: it spoils the probabilities and gains nothing.
/// </remarks>
public static class FailureTrainer
{
    private enum Learner { Bagged, Boosted }

    private const int Folds = 5;
    private const int FewestPositives = 5;
    private const int FinalBags = 3;

    private static readonly Growth Growth = new(
        Trees: 200, Leaves: 8, RowsPerLeaf: 2, Rate: 0.07, FeatureShare: 0.8, RowShare: 0.8, L2: 1, Bins: 4095, Bags: 1);

    public static (FailureModel Model, FailureReport Report) Train(
        Table table, string label, IReadOnlyList<string> modes, int seed, IProgress<TrainingProgress>? progress, CancellationToken ct, string? group = null)
    {
        var names = (string[])[label, .. modes];
        var labels = names.Select(table.Labels).ToArray();
        for (var i = 0; i < names.Length; i++)
            if (labels[i].Count(set => set) < FewestPositives)
                throw new TableException($"{table.Path}: column '{names[i]}' is set in {labels[i].Count(set => set)} rows; at least {FewestPositives} are needed to learn it");
        var excluded = Exclude(table, label, modes, labels[0], group);
        var candidates = CrossValidate(table, [.. excluded.Keys], labels, Stratify(labels, group is null ? null : table.Text(group), seed), seed, progress, ct);
        progress?.Report(TrainingProgress.OfFinal(Folds, FinalBags));
        var learners = labels.Select((l, i) => Better(candidates[i], l)).ToArray();
        var scores = candidates.Select((c, i) => c[(int)learners[i]]).ToArray();
        var models = names.Select((name, i) =>
        {
            var features = FeatureScreen.Choose(table, [.. excluded.Keys], labels[i]);
            var trees = Grow(learners[i], [.. FeatureRows.Of(table, features)], labels[i], Growth with { Bags = FinalBags }, seed, ct);
            return new LabelModel(name, features, trees, PlattScale.Fit(scores[i], labels[i]));
        }).ToArray();
        var (model, report) = Judge(table, models, scores, labels, excluded, group);
        return (modes.Count == 0 ? model : model with { Normal = Normal(table, models[0].Features.Columns, labels) }, report);
    }

    private static Normality? Normal(Table table, IReadOnlyDictionary<string, double> medians, bool[][] labels)
    {
        string[] columns = [.. medians.Keys];
        var numbers = columns.Select(table.Numbers).ToArray();
        var rows = Enumerable.Range(0, table.Rows).Where(row => labels.All(label => !label[row]));
        return Normality.Learn(columns, [.. rows.Select(row => columns.Select((c, i) => double.IsFinite(numbers[i][row]) ? numbers[i][row] : medians[c]).ToArray())]);
    }

    /// <summary>Figures per label on the held-out rows, and which of the two ways to the failure's probability did better there.</summary>
    private static (FailureModel, FailureReport) Judge(
        Table table, LabelModel[] models, double[][] scores, bool[][] labels, Dictionary<string, string> excluded, string? group)
    {
        var probabilities = models.Select((model, i) => scores[i].Select(model.Scale.Probability).ToArray()).ToArray();
        var figures = models.Select((model, i) => (model.Label, Figures: BinaryFigures.Of(probabilities[i], labels[i])))
            .ToDictionary(f => f.Label, f => f.Figures);
        var reliability = models.Select((model, i) => (model.Label, Found: Reliability.Of(probabilities[i], labels[i]))).ToDictionary(r => r.Label, r => r.Found);
        var fromModes = false;
        if (models.Length > 1)
        {
            var any = Enumerable.Range(0, table.Rows).Select(row => FailureModel.AnyOf([.. probabilities.Skip(1).Select(p => p[row])])).ToArray();
            var anyFigures = BinaryFigures.Of(any, labels[0]);
            fromModes = anyFigures.PrAuc > figures[models[0].Label].PrAuc;
            if (fromModes) (figures[models[0].Label], reliability[models[0].Label]) = (anyFigures, Reliability.Of(any, labels[0]));
        }
        var protocol = $"{Folds}-fold cross-validation over {(group is null ? "rows" : "whole failures and days of a machine")}, stratified, screen and trees inside the folds; learner chosen and probability scale fitted on the fold scores"
            + (fromModes ? "; the failure is the noisy-or of its modes" : "");
        return (new FailureModel(models[0], models[1..], fromModes), new FailureReport(protocol, table.Rows, Folds, figures, excluded) { Reliability = reliability });
    }

    private static Dictionary<string, string> Exclude(Table table, string label, IReadOnlyList<string> modes, bool[] failures, string? group)
    {
        var excluded = new Dictionary<string, string> { [label] = "the label" };
        if (group is not null) excluded[group] = "the group of the row";
        foreach (var mode in modes) excluded[mode] = "a failure mode";
        excluded.TryAdd(table.Header[0], "the id of the row");
        foreach (var column in table.Header)
        {
            if (excluded.ContainsKey(column)) continue;
            if (FeatureScreen.LooksLikeId(table, column)) excluded[column] = "an id: it names the row";
            else if (FeatureScreen.LooksLikePartOf(table, column, failures)) excluded[column] = "set only where the label is set: a part of the label";
        }
        return excluded;
    }

    /// <summary>Scores of the rows held out: label, learner, row.</summary>
    private static double[][][] CrossValidate(
        Table table, IReadOnlyList<string> excluded, bool[][] labels, int[] foldOf, int seed, IProgress<TrainingProgress>? progress, CancellationToken ct)
    {
        var scores = labels.Select(_ => Enum.GetValues<Learner>().Select(_ => new double[table.Rows]).ToArray()).ToArray();
        for (var fold = 0; fold < Folds; fold++)
        {
            progress?.Report(TrainingProgress.OfFold(fold, Folds, FinalBags));
            var held = Enumerable.Range(0, table.Rows).Where(row => foldOf[row] == fold).ToArray();
            var kept = Enumerable.Range(0, table.Rows).Where(row => foldOf[row] != fold).ToArray();
            var keptTable = table.Only(kept);
            var keptLabels = labels.Select(l => kept.Select(row => l[row]).ToArray()).ToArray();
            var heldTable = table.Only(held);
            for (var i = 0; i < labels.Length; i++)
            {
                var features = FeatureScreen.Choose(keptTable, excluded, keptLabels[i]);
                double[][] keptRows = [.. FeatureRows.Of(keptTable, features)], heldRows = [.. FeatureRows.Of(heldTable, features)];
                foreach (var learner in Enum.GetValues<Learner>())
                {
                    var trees = Grow(learner, keptRows, keptLabels[i], Growth, seed, ct);
                    for (var k = 0; k < held.Length; k++) scores[i][(int)learner][held[k]] = trees.Score<double>(heldRows[k]);
                }
            }
        }
        return scores;
    }

    private static FlatTrees Grow(Learner learner, double[][] rows, bool[] label, Growth growth, int seed, CancellationToken ct) =>
        learner is Learner.Boosted ? BoostedTrees.Binary(rows, label, growth, seed, ct) : BaggedTrees.Binary(rows, label, seed, ct);

    /// <summary>The learner whose calibrated probabilities were nearer to the truth on the rows held out (log loss).</summary>
    private static Learner Better(double[][] scores, bool[] label) => Enum.GetValues<Learner>().MinBy(learner =>
    {
        var scale = PlattScale.Fit(scores[(int)learner], label);
        var probabilities = scores[(int)learner].Select(scale.Probability);
        return probabilities.Zip(label, (p, set) => -Math.Log(Math.Max(1e-12, set ? p : 1 - p))).Sum();
    });

    /// <summary>The fold of each row: rows, or groups of them, with the same combination of labels are spread evenly.</summary>
    private static int[] Stratify(bool[][] labels, IReadOnlyList<string>? groupOf, int seed)
    {
        var random = new Random(seed);
        var foldOf = new int[labels[0].Length];
        var rows = Enumerable.Range(0, foldOf.Length);
        int[][] units = groupOf is null ? [.. rows.Select(row => (int[])[row])] : [.. rows.GroupBy(row => groupOf[row]).Select(group => group.ToArray())];
        var alike = units.GroupBy(unit => string.Concat(labels.Select(l => Array.Exists(unit, row => l[row]) ? '1' : '0')));
        var next = 0;
        foreach (var group in alike.OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var shuffled = group.ToArray();
            random.Shuffle(shuffled);
            foreach (var unit in shuffled)
            {
                foreach (var row in unit) foldOf[row] = next % Folds;
                next++;
            }
        }
        return foldOf;
    }
}
