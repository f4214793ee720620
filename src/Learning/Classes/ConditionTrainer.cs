using Seamless.Learning.Tables;

namespace Seamless.Learning.Classes;

/// <summary>What was found about one label.</summary>
/// <param name="Neighbours">The figures again with neighbouring groups left out together. Much lower ones say that the label follows the order of the rows, as does
/// something else that drifts: then it is the drift that was learned.</param>
/// <param name="Learned">How, or why not.</param>
public sealed record LabelReport(int Classes, int Groups, bool Observable, ClassFigures LeftOut, ClassFigures Neighbours, string Learned);

public sealed record ConditionReport(string Protocol, int Rows, int Groups, IReadOnlyDictionary<string, LabelReport> Labels);

/// <summary>Learns the classes of several labels from cycles, with whole groups left out for every choice.</summary>
internal static class ConditionTrainer
{
    private const int FewestGroups = GroupFolds.Folds;

    /// <summary>From this balanced accuracy on, a label is plain enough for others to be learned within each of its classes.</summary>
    private const double Plain = 0.95;

    /// <summary>Standard errors above chance below which a label is not observable.</summary>
    private const double Clearly = 3;

    public static (ConditionModel Model, ConditionReport Report) Train(
        Signals signals, Table table, IReadOnlyList<string> labels, string? group, int seed, IProgress<string>? progress, CancellationToken ct)
    {
        if (labels.Count == 0) throw new TableException($"{table.Path}: no label was named; the columns are: {string.Join(", ", table.Header)}");
        var at = RowsOf(signals, table);
        string[] groups = [.. Column(table, group ?? table.Header[0], at)];
        var (count, lengths) = (groups.Distinct().Count(), groups.CountBy(g => g).ToDictionary());
        if (count < FewestGroups) throw new TableException($"{table.Path}: {count} groups; at least {FewestGroups} are needed to leave some out");
        var truth = labels.ToDictionary(label => label, label => Column(table, label, at));
        foreach (var (label, values) in truth)
            if (values.Distinct().Count() < 2) throw new TableException($"{table.Path}: column '{label}' holds one class only; there is nothing to tell apart");
        var features = Enum.GetValues<FeatureChoice>().ToDictionary(choice => choice, choice => CycleFeatures.Of(signals, choice));
        var rows = new TrainingRows(features, groups, [.. groups.Select(g => 1 / Math.Sqrt(lengths[g]))]);
        var attempts = Search(rows, truth, GroupFolds.Shuffled(groups, seed), progress, ct);
        var blocks = GroupFolds.Blocks(groups);
        var reports = attempts.ToDictionary(a => a.Key, a => Report(rows, truth, a.Key, attempts, blocks, ct));
        progress?.Report("training on all groups");
        var models = attempts.OrderBy(a => a.Value.Context is null ? 0 : 1).Select(a => Learn(rows, truth, a.Key, a.Value, reports[a.Key].Observable)).ToArray();
        var protocol = $"{GroupFolds.Folds}-fold cross-validation, groups left out whole; features, learner and context chosen by it";
        return (new ConditionModel(signals.Names, models), new ConditionReport(protocol, rows.Count, count, labels.ToDictionary(l => l, l => reports[l])));
    }

    private static int[] RowsOf(Signals signals, Table table)
    {
        var rows = table.Text(signals.IdColumn).Select((id, row) => (id, row)).DistinctBy(r => r.id).ToDictionary(r => r.id, r => r.row);
        return [.. signals.Ids.Select(id => rows.TryGetValue(id, out var row)
            ? row : throw new TableException($"{table.Path}: no row with {signals.IdColumn} '{id}'; each row of the input needs its labels"))];
    }

    private static string[] Column(Table table, string column, int[] at)
    {
        var text = table.Text(column);
        return [.. at.Select(row => text[row].Trim())];
    }

    /// <summary>Each label alone, then again within the classes of the plainest one.</summary>
    private static Dictionary<string, Attempt> Search(
        TrainingRows rows, Dictionary<string, string[]> truth, int[] folds, IProgress<string>? progress, CancellationToken ct)
    {
        var best = new Dictionary<string, Attempt>(StringComparer.Ordinal);
        foreach (var (label, classes) in truth)
        {
            progress?.Report(label);
            best[label] = LabelSearch.Best(rows, classes, folds, null, null, null, ct);
        }
        var plainest = best.MaxBy(b => b.Value.Figures.Balanced);
        if (plainest.Value.Figures.Balanced < Plain) return best;
        foreach (var (label, classes) in truth.Where(t => t.Key != plainest.Key))
        {
            progress?.Report($"{label} within {plainest.Key}");
            var within = LabelSearch.Best(rows, classes, folds, plainest.Key, truth[plainest.Key], plainest.Value.Said, ct);
            if (within.Figures.MacroF1 > best[label].Figures.MacroF1) best[label] = within;
        }
        return best;
    }

    private static LabelReport Report(
        TrainingRows rows, Dictionary<string, string[]> truth, string label, Dictionary<string, Attempt> attempts, int[] blocks, CancellationToken ct)
    {
        var attempt = attempts[label];
        var neighbours = LabelSearch.Try(rows, truth[label], blocks, attempt.Choice, attempt.Kernel, attempt.Context,
            attempt.Context is null ? null : truth[attempt.Context], attempt.Context is null ? null : attempts[attempt.Context].Said, ct);
        var classes = truth[label].Distinct().Count();
        var observable = attempt.Figures.Balanced > 1.0 / classes + Clearly * StandardError(rows.Group, truth[label]);
        var learned = !observable ? "not observable: the classes of groups left out are not told clearly better than by chance"
            : $"{(attempt.Kernel ? "kernel least squares" : "linear discriminant")}, {attempt.Choice.ToString().ToLowerInvariant()}{(attempt.Context is null ? "" : $", within each class of {attempt.Context}")}";
        return new LabelReport(classes, rows.Group.Distinct().Count(), observable, attempt.Figures, neighbours.Figures, learned);
    }

    /// <summary>Of a balanced accuracy by chance, if the rows of a group are all right or all wrong.</summary>
    private static double StandardError(IReadOnlyList<string> group, string[] labels)
    {
        var groups = labels.Zip(group).Distinct().GroupBy(pair => pair.First).Select(c => c.Count()).ToArray();
        var chance = 1.0 / groups.Length;
        return Math.Sqrt(groups.Sum(of => chance * (1 - chance) / of)) / groups.Length;
    }

    private static LabelClassifier Learn(TrainingRows rows, Dictionary<string, string[]> truth, string label, Attempt attempt, bool observable)
    {
        string[] classes = [.. truth[label].Distinct().Order(StringComparer.Ordinal)];
        var parts = observable
            ? LabelSearch.Fit(rows, truth[label], [.. Enumerable.Range(0, rows.Count)], attempt.Choice, attempt.Kernel, attempt.Context is null ? null : truth[attempt.Context])
            : [];
        return new LabelClassifier(label, classes, attempt.Choice, attempt.Context, parts, attempt.Sharpness);
    }
}
