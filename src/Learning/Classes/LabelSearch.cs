namespace Seamless.Learning.Classes;

/// <summary>The rows to learn from: features by choice, the group of each row, and its weight.</summary>
/// <param name="Weights">A long group counts more than a short one, but not by its length: its rows are nearly equal.</param>
internal sealed record TrainingRows(IReadOnlyDictionary<FeatureChoice, double[][]> Features, IReadOnlyList<string> Group, double[] Weights)
{
    public int Count => Group.Count;
}

/// <summary>A way to learn a label, and what it said of the rows of groups left out.</summary>
/// <param name="Said">Class per row.</param>
internal sealed record Attempt(FeatureChoice Choice, bool Kernel, string? Context, string[] Said, double Sharpness, ClassFigures Figures);

/// <summary>Tries every way to learn a label on groups left out.</summary>
internal static class LabelSearch
{
    /// <param name="known">The context's class as given, for learning.</param>
    /// <param name="said">The context's class as said of rows left out, for judging: live it is not given either.</param>
    public static Attempt Best(TrainingRows rows, string[] labels, int[] folds, string? context, string[]? known, string[]? said, CancellationToken ct)
    {
        var attempts = new List<Attempt>();
        foreach (var choice in Enum.GetValues<FeatureChoice>())
            foreach (var kernel in (bool[])[false, true])
                attempts.Add(Try(rows, labels, folds, choice, kernel, context, known, said, ct));
        return attempts.MaxBy(attempt => attempt.Figures.MacroF1)!;   // there are six
    }

    public static Attempt Try(
        TrainingRows rows, string[] labels, int[] folds, FeatureChoice choice, bool kernel, string? context, string[]? known, string[]? said, CancellationToken ct)
    {
        var answers = new string[rows.Count];
        var scored = new List<(double[], int)>();
        for (var fold = 0; fold < GroupFolds.Folds; fold++)
        {
            ct.ThrowIfCancellationRequested();
            int[] kept = [.. Enumerable.Range(0, rows.Count).Where(row => folds[row] != fold)];
            if (kept.Length == rows.Count || kept.Length == 0) continue;
            var parts = Fit(rows, labels, kept, choice, kernel, known);
            for (var row = 0; row < rows.Count; row++)
            {
                if (folds[row] != fold) continue;
                answers[row] = ConditionModel.Unknown;
                if (!parts.TryGetValue(said?[row] ?? "", out var part)) continue;
                var scores = part.Scores(rows.Features[choice][row]);
                answers[row] = part.Classes[Array.IndexOf(scores, scores.Max())];
                scored.Add((scores, part.Classes.IndexOf(labels[row])));
            }
        }
        return new Attempt(choice, kernel, context, answers, Calibration.Fit(scored), ClassFigures.Of(labels, answers));
    }

    public static Dictionary<string, Classifier> Fit(TrainingRows rows, string[] labels, int[] kept, FeatureChoice choice, bool kernel, string[]? known) =>
        kept.GroupBy(row => known?[row] ?? "").ToDictionary(part => part.Key, part =>
        {
            double[][] features = [.. part.Select(row => rows.Features[choice][row])];
            string[] classes = [.. part.Select(row => labels[row])];
            double[] weights = [.. part.Select(row => rows.Weights[row])];
            return kernel ? KernelClassifier.Fit(features, classes, weights) : (Classifier)Discriminant.Fit(features, classes, weights);
        }, StringComparer.Ordinal);
}
