using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Knowledge.Articles;

public enum ArticleStatus : byte { Draft, InReview, Published, Retired }

/// <summary>Who may read it once it is published: only we, or the customers too.</summary>
public enum Audience : byte { Internal, Public }

/// <summary>An article in one language.</summary>
/// <param name="Problem">What is seen of it.</param>
/// <param name="Steps">What to do, in order.</param>
/// <param name="Resolution">What ends it.</param>
/// <param name="Revision">Of this text, from 1.</param>
/// <param name="SourceRevision">Of a translation: the revision of the source text that it renders. Of the source its own.</param>
public sealed record ArticleText(
    string Language, string Title, string Problem, IReadOnlyList<string> Steps, string Resolution, int Revision, int SourceRevision, string By, DateTimeOffset At);

/// <summary>What is known about one cause of one type of equipment.</summary>
/// <param name="Number"><c>KB-1001</c>, increasing.</param>
/// <param name="Type">Equipment type; empty for one that is not about a type.</param>
/// <param name="FaultCode">The cause in the fault model; empty for one that is not about a fault.</param>
/// <param name="SourceLanguage">The language that the others are translated from.</param>
/// <param name="Texts">As they are being written, one for each language.</param>
/// <param name="Published">As they were approved last: what is read. Empty before the first time and after it was retired.</param>
/// <param name="Cases">The tickets that it came from and helped with.</param>
public sealed record Article(
    string Number, string Tenant, string Type, string FaultCode, ArticleStatus Status, Audience Audience, string SourceLanguage, string Author, string? Reviewer,
    IReadOnlyList<ArticleText> Texts, IReadOnlyList<ArticleText> Published, IReadOnlyList<string> Cases, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset? PublishedAt, int Version)
{
    public bool IsServed => Published.Count > 0;

    /// <summary>What readers see: the approved texts, before there are any the draft.</summary>
    public IReadOnlyList<ArticleText> Current => IsServed ? Published : Texts;
}

/// <summary>An article to be written by a person.</summary>
public sealed record NewArticle(string Tenant, string Type, string FaultCode, Audience Audience, ArticleWords Words);

/// <summary>What a person writes in one language.</summary>
/// <param name="SourceRevision">Of a translation: which revision of the source it renders; the newest when not given.</param>
public sealed record ArticleWords(string Language, string Title, string Problem, IReadOnlyList<string> Steps, string Resolution, int? SourceRevision = null);

/// <param name="Query">Words that are looked for in every language.</param>
/// <param name="ServedOnly">Only what has been approved.</param>
/// <param name="Stale">Only those with a translation that is older than its source.</param>
public sealed record ArticleFilter(
    string Tenant, ArticleStatus? Status = null, string? Type = null, string? FaultCode = null, string? Query = null, bool Stale = false, Audience? Audience = null, bool ServedOnly = false);

/// <summary>What a colleague has given to the knowledge base.</summary>
/// <param name="Reused">Closures whose cause was told by a published article of theirs.</param>
/// <param name="Score">3 for each published article, 1 for each translation, review and reuse.</param>
public sealed record Contribution(string Person, int Drafted, int Published, int Translated, int Reviewed, int Reused, int Score);

public interface IArticles
{
    Task<Article?> FindAsync(string tenant, string number, CancellationToken ct);

    /// <summary>Best match first when words are looked for, newest first otherwise.</summary>
    Task<IReadOnlyList<Article>> ListAsync(ArticleFilter filter, CancellationToken ct);
    Task<Outcome<Article>> WriteAsync(NewArticle article, string actor, CancellationToken ct);

    /// <summary>Changes one language. What is published stays as it is until the change is approved.</summary>
    Task<Outcome<Article>> EditAsync(string tenant, string number, ArticleWords words, string actor, CancellationToken ct);

    /// <summary><c>submit publish return retire internal public</c>.</summary>
    Task<Outcome<Article>> ActAsync(string tenant, string number, string action, string? note, string actor, CancellationToken ct);
    /// <summary>The actions that its status allows.</summary>
    IReadOnlyList<string> Allowed(Article article);
    Task<IReadOnlyList<Contribution>> ContributionsAsync(string tenant, CancellationToken ct);
}
