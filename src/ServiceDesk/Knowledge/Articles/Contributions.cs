namespace Seamless.ServiceDesk.Knowledge.Articles;

/// <summary>Counts what each colleague has given to the knowledge base.</summary>
internal static class Contributions
{
    private const int ForPublished = 3;

    /// <param name="reuses">Article → closures whose cause it told.</param>
    public static IReadOnlyList<Contribution> Of(IReadOnlyList<ArticleRow> articles, IReadOnlyDictionary<string, int> reuses)
    {
        var people = articles.SelectMany(a => a.Texts.Select(t => t.By).Append(a.Author).Append(a.Reviewer)).OfType<string>().Distinct();
        return [.. people.Select(person => Of(person, articles, reuses)).OrderByDescending(c => c.Score).ThenBy(c => c.Person, StringComparer.Ordinal)];
    }

    private static Contribution Of(string person, IReadOnlyList<ArticleRow> articles, IReadOnlyDictionary<string, int> reuses)
    {
        var own = articles.Where(a => a.Author == person).ToList();
        var published = own.Count(a => a.PublishedAt is not null);
        var translated = articles.Sum(a => a.Published.Count(t => t.Language != a.SourceLanguage && t.By == person && a.Author != person));
        var reviewed = articles.Count(a => a.Reviewer == person);
        var reused = own.Sum(a => reuses.GetValueOrDefault(a.Number));
        return new Contribution(person, own.Count, published, translated, reviewed, reused, ForPublished * published + translated + reviewed + reused);
    }
}
