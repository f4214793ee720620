namespace Seamless.Rules.Packs.Files;

/// <summary>What someone probably meant: the nearest word by edit distance.</summary>
internal static class Nearest
{
    /// <summary>A hint that names the nearest candidate, or all of them when none is near and they are few.</summary>
    public static string? Hint(string word, IEnumerable<string> candidates)
    {
        var all = candidates.Order(StringComparer.Ordinal).ToArray();
        var near = all.Select(c => (Word: c, Distance: Distance(word, c))).OrderBy(c => c.Distance).FirstOrDefault();
        if (near.Word is not null && near.Distance <= Math.Max(2, word.Length / 3)) return $"did you mean '{near.Word}'?";
        return all.Length is > 0 and <= 20 ? $"one of: {string.Join(", ", all)}" : null;
    }

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]) ? 0 : 1;
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + cost));
            }
        }
        return row[b.Length];
    }
}
