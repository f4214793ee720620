namespace Seamless.ServiceDesk.Knowledge.Articles;

/// <summary>Finds articles by words. Chinese is written without spaces: it is looked for by pairs of characters.</summary>
public static class ArticleSearch
{
    private const double InTitle = 3;

    private static readonly char[] Separators = [.. " \t\r\n.,;:!?()[]\"'/，。；：！？（）、"];

    /// <summary>How well the texts fit; 0 when none of the terms is in them.</summary>
    public static double Score(IReadOnlyList<ArticleText> texts, IReadOnlyList<string> terms) =>
        terms.Count == 0 ? 0 : terms.Sum(term => texts.Max(text => Weight(text, term))) / terms.Count;

    public static IReadOnlyList<string> Terms(string words) => [.. words.Split(Separators, StringSplitOptions.RemoveEmptyEntries).SelectMany(Parts).Select(p => p.ToUpperInvariant()).Distinct()];

    private static double Weight(ArticleText text, string term) =>
        Has(text.Title, term) ? InTitle : Has(text.Problem, term) || Has(text.Resolution, term) || text.Steps.Any(step => Has(step, term)) ? 1 : 0;

    private static bool Has(string text, string term) => text.Contains(term, StringComparison.OrdinalIgnoreCase);

    /// <summary>A word, or the pairs of a run of Chinese characters.</summary>
    private static IEnumerable<string> Parts(string word)
    {
        if (!word.Any(IsChinese)) return word.Length > 1 ? [word] : [];
        return word.Length <= 2 ? [word] : Enumerable.Range(0, word.Length - 1).Select(i => word.Substring(i, 2));
    }

    private static bool IsChinese(char c) => c is >= '\u4e00' and <= '\u9fff';
}
