namespace Seamless.Learning.Classes;

/// <summary>The fold of each row, such that no group is in two folds.</summary>
internal static class GroupFolds
{
    public const int Folds = 8;

    /// <summary>Groups at random.</summary>
    public static int[] Shuffled(IReadOnlyList<string> group, int seed)
    {
        var names = group.Distinct().ToArray();
        new Random(seed).Shuffle(names);
        return OfGroups(group, names, 1);
    }

    /// <summary>Neighbouring groups together, in four times as many blocks as folds.</summary>
    public static int[] Blocks(IReadOnlyList<string> group)
    {
        var names = group.Distinct().ToArray();
        return OfGroups(group, names, Math.Max(1, names.Length / (4 * Folds)));
    }

    private static int[] OfGroups(IReadOnlyList<string> group, string[] names, int block)
    {
        var fold = names.Select((name, i) => (name, Fold: i / block % Folds)).ToDictionary(g => g.name, g => g.Fold);
        return [.. group.Select(name => fold[name])];
    }
}
