using System.Globalization;
using System.Text;

namespace Seamless.Rules.Versions;

public enum DiffKind : byte { Same, Removed, Added }

/// <param name="Before">Line number in the older text, from 1; 0 for an added line.</param>
/// <param name="After">Line number in the newer text, from 1; 0 for a removed line.</param>
public readonly record struct DiffLine(DiffKind Kind, int Before, int After, string Text);

/// <summary>What differs between two texts, line by line: the shortest edit script (Myers 1986).</summary>
public static class LineDiff
{
    private const int Context = 3;

    /// <summary>Beyond this many edits the texts have so little in common that the middle is told as replaced whole.</summary>
    private const int MostEdits = 2000;

    public static IReadOnlyList<DiffLine> Of(string before, string after)
    {
        var (a, b) = (Lines(before), Lines(after));
        var head = 0;
        while (head < a.Length && head < b.Length && a[head] == b[head]) head++;
        var tail = 0;
        while (tail < a.Length - head && tail < b.Length - head && a[^(tail + 1)] == b[^(tail + 1)]) tail++;
        var lines = new List<DiffLine>(Math.Max(a.Length, b.Length));
        for (var i = 0; i < head; i++) lines.Add(new DiffLine(DiffKind.Same, i + 1, i + 1, a[i]));
        lines.AddRange(Middle(a.AsSpan(head, a.Length - head - tail).ToArray(), b.AsSpan(head, b.Length - head - tail).ToArray(), head));
        for (var i = tail; i > 0; i--) lines.Add(new DiffLine(DiffKind.Same, a.Length - i + 1, b.Length - i + 1, a[^i]));
        return lines;
    }

    /// <summary>As <c>diff -u</c> writes it; empty when nothing differs.</summary>
    public static string Unified(IReadOnlyList<DiffLine> lines, string before, string after)
    {
        var text = new StringBuilder();
        foreach (var (from, to) in Hunks(lines))
        {
            if (text.Length == 0) text.Append(CultureInfo.InvariantCulture, $"--- {before}\n+++ {after}\n");
            var hunk = lines.Skip(from).Take(to - from).ToList();
            text.Append(CultureInfo.InvariantCulture, $"@@ -{Span(hunk, l => l.Before, lines, from)} +{Span(hunk, l => l.After, lines, from)} @@\n");
            foreach (var line in hunk) text.Append(Sign(line.Kind)).Append(line.Text).Append('\n');
        }
        return text.ToString();
    }

    /// <summary>Stretches with something that differs, each with up to three lines of what surrounds it: [from, to).</summary>
    public static IReadOnlyList<(int From, int To)> Hunks(IReadOnlyList<DiffLine> lines)
    {
        var hunks = new List<(int From, int To)>();
        for (var i = 0; i < lines.Count; i++)
        {
            if (lines[i].Kind is DiffKind.Same) continue;
            var (from, to) = (Math.Max(0, i - Context), Math.Min(lines.Count, i + Context + 1));
            if (hunks.Count > 0 && from <= hunks[^1].To) hunks[^1] = (hunks[^1].From, to);
            else hunks.Add((from, to));
        }
        return hunks;
    }

    public static char Sign(DiffKind kind) => kind switch { DiffKind.Added => '+', DiffKind.Removed => '-', _ => ' ' };

    private static string Span(List<DiffLine> hunk, Func<DiffLine, int> number, IReadOnlyList<DiffLine> all, int from)
    {
        var count = hunk.Count(l => number(l) > 0);
        var first = count > 0 ? number(hunk.First(l => number(l) > 0)) : all.Take(from).Select(number).DefaultIfEmpty().Max();
        return count == 1 ? $"{first}" : $"{first},{count}";
    }

    private static string[] Lines(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        return lines is [.., ""] ? lines[..^1] : lines;
    }

    private static IEnumerable<DiffLine> Middle(string[] a, string[] b, int offset)
    {
        var trace = Trace(a, b);
        if (trace is null)
            return a.Select((text, i) => new DiffLine(DiffKind.Removed, offset + i + 1, 0, text)).Concat(b.Select((text, i) => new DiffLine(DiffKind.Added, 0, offset + i + 1, text)));
        var lines = new List<DiffLine>();
        var (x, y) = (a.Length, b.Length);
        for (var d = trace.Count - 1; d >= 0; d--)
        {
            var (furthest, k) = (trace[d], x - y);
            var down = k == -d || (k != d && At(furthest, k - 1) < At(furthest, k + 1));
            var previousK = down ? k + 1 : k - 1;
            var previousX = d == 0 ? 0 : At(furthest, previousK);
            var previousY = d == 0 ? 0 : previousX - previousK;
            for (; x > previousX && y > previousY; x--, y--) lines.Add(new DiffLine(DiffKind.Same, offset + x, offset + y, a[x - 1]));
            if (d == 0) break;
            lines.Add(down ? new DiffLine(DiffKind.Added, 0, offset + y, b[y - 1]) : new DiffLine(DiffKind.Removed, offset + x, 0, a[x - 1]));
            (x, y) = (previousX, previousY);
        }
        lines.Reverse();
        return lines;
    }

    /// <summary>For each number of edits, how far each diagonal had come before it; null when it takes too many.</summary>
    private static List<int[]>? Trace(string[] a, string[] b)
    {
        var furthest = new int[3];
        var trace = new List<int[]>();
        for (var d = 0; d <= Math.Min(a.Length + b.Length, MostEdits); d++)
        {
            trace.Add((int[])furthest.Clone());
            var next = new int[2 * d + 5];
            for (var k = -d; k <= d; k += 2)
            {
                var x = d == 0 ? 0 : k == -d || (k != d && At(furthest, k - 1) < At(furthest, k + 1)) ? At(furthest, k + 1) : At(furthest, k - 1) + 1;
                var y = x - k;
                while (x < a.Length && y < b.Length && a[x] == b[y]) (x, y) = (x + 1, y + 1);
                next[k + d + 2] = x;
                if (x >= a.Length && y >= b.Length) return trace;
            }
            furthest = next;
        }
        return null;
    }

    /// <summary>A row over the diagonals −n to n has 2n + 1 places; beyond them nothing was reached.</summary>
    private static int At(int[] row, int k)
    {
        var place = k + row.Length / 2;
        return place >= 0 && place < row.Length ? row[place] : 0;
    }
}
