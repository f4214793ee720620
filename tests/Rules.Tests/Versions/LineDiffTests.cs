using Seamless.Rules.Versions;

namespace Seamless.Rules.Tests.Versions;

public sealed class LineDiffTests
{
    [Theory]
    [InlineData("a b c", "a b c", " a  b  c")]
    [InlineData("a b c", "a x c", " a -b +x  c")]
    [InlineData("", "a", "+a")]
    [InlineData("a", "", "-a")]
    [InlineData("a b c a b b a", "c b a b a c", "-a -b  c +b  a  b -b  a +c")]   // Myers' own example
    [InlineData("a a a", "a a", " a  a -a")]
    [InlineData("b", "a b c", "+a  b +c")]
    public void Lines_are_kept_removed_or_added(string before, string after, string expected)
    {
        var told = LineDiff.Of(Text(before), Text(after)).Select(l => $"{LineDiff.Sign(l.Kind)}{l.Text}");
        Assert.Equal(expected, string.Join(" ", told));
    }

    [Fact]
    public void Any_two_texts_can_be_put_together_again_from_their_difference_with_no_more_edits_than_needed()
    {
        var random = new Random(7);
        for (var round = 0; round < 300; round++)
        {
            var (a, b) = (Lines(random), Lines(random));
            var diff = LineDiff.Of(string.Join('\n', a), string.Join('\n', b));
            Assert.Equal(a, diff.Where(l => l.Kind is not DiffKind.Added).Select(l => l.Text));
            Assert.Equal(b, diff.Where(l => l.Kind is not DiffKind.Removed).Select(l => l.Text));
            Assert.Equal(Enumerable.Range(1, a.Length), diff.Where(l => l.Kind is not DiffKind.Added).Select(l => l.Before));
            Assert.Equal(Enumerable.Range(1, b.Length), diff.Where(l => l.Kind is not DiffKind.Removed).Select(l => l.After));
            Assert.Equal(a.Length + b.Length - 2 * Common(a, b), diff.Count(l => l.Kind is not DiffKind.Same));
        }
    }

    [Fact]
    public void Unified_text_is_as_diff_writes_it()
    {
        var before = string.Join('\n', Enumerable.Range(1, 20)) + "\n";
        var after = before.Replace("\n3\n", "\nthree\n", StringComparison.Ordinal).Replace("\n18\n", "\n", StringComparison.Ordinal);
        var diff = LineDiff.Of(before, after);
        Assert.Equal("""
            --- one
            +++ two
            @@ -1,6 +1,6 @@
             1
             2
            -3
            +three
             4
             5
             6
            @@ -15,6 +15,5 @@
             15
             16
             17
            -18
             19
             20

            """, LineDiff.Unified(diff, "one", "two"));
        Assert.Equal("", LineDiff.Unified(LineDiff.Of(before, before.ReplaceLineEndings("\r\n")), "one", "two"));
    }

    private static string Text(string words) => words.Replace(' ', '\n');

    private static string[] Lines(Random random) => [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => "abcd"[random.Next(4)].ToString())];

    /// <summary>Length of the longest common subsequence, by the book.</summary>
    private static int Common(string[] a, string[] b)
    {
        var row = new int[b.Length + 1];
        foreach (var x in a)
        {
            var diagonal = 0;
            for (var j = 1; j <= b.Length; j++) (diagonal, row[j]) = (row[j], x == b[j - 1] ? diagonal + 1 : Math.Max(row[j], row[j - 1]));
        }
        return row[^1];
    }
}
