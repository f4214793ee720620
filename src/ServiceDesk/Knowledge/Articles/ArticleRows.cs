namespace Seamless.ServiceDesk.Knowledge.Articles;

internal sealed class ArticleRow
{
    public required string Number { get; init; }
    public int Sequence { get; init; }
    public required string Tenant { get; init; }
    public required string Type { get; init; }
    public required string FaultCode { get; init; }
    public ArticleStatus Status { get; set; }
    public Audience Audience { get; set; }
    public required string SourceLanguage { get; init; }
    public required string Author { get; init; }
    public string? Reviewer { get; set; }
    public required IReadOnlyList<ArticleText> Texts { get; set; }
    public IReadOnlyList<ArticleText> Published { get; set; } = [];
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; set; }
    public DateTimeOffset? PublishedAt { get; set; }
    public int Version { get; set; }

    /// <summary>Who has written anything that is not approved yet.</summary>
    public IEnumerable<string> Writers => Texts.Where(t => !Published.Any(p => p.Language == t.Language && p.Revision == t.Revision)).Select(t => t.By).Append(Published.Count == 0 ? Author : null).OfType<string>().Distinct();

    public Article ToArticle(IEnumerable<ArticleCaseRow> cases) => new(
        Number, Tenant, Type, FaultCode, Status, Audience, SourceLanguage, Author, Reviewer, Texts, Published, [.. cases.OrderBy(c => c.At).Select(c => c.Ticket)], CreatedAt, UpdatedAt, PublishedAt, Version);
}

/// <summary>A ticket that an article came from, or that it helped with.</summary>
internal sealed class ArticleCaseRow
{
    public required string Article { get; init; }
    public required string Ticket { get; init; }

    /// <summary>It was published when the ticket was closed.</summary>
    public bool Reused { get; init; }
    public DateTimeOffset At { get; init; }
}
