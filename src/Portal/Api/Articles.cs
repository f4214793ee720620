using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Accounts;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Knowledge;
using Seamless.ServiceDesk.Knowledge.Articles;

namespace Seamless.Portal.Api;

/// <param name="Stale">The source has changed since it was translated.</param>
public sealed record ArticleLanguageView(string Language, int Revision, int SourceRevision, bool Stale, string By, DateTimeOffset At);

/// <summary>An article in the language that was asked for, or in the one that is there.</summary>
/// <param name="Id"><c>KB-1001</c>.</param>
/// <param name="Notice">For the reader: the text is older than its source, or not there in their language.</param>
/// <param name="FreshIn">The language in which it is up to date; null when this one is.</param>
/// <param name="Languages">Each with its freshness.</param>
/// <param name="Actions">What its status allows.</param>
public sealed record ArticleView(
    string Id, string Type, string FaultCode, ArticleStatus Status, Audience Audience, string Language, string Title, string Problem, IReadOnlyList<string> Steps, string Resolution, bool Stale,
    string? Notice, string? FreshIn, string SourceLanguage, IReadOnlyList<ArticleLanguageView> Languages, string Author, string? Reviewer, IReadOnlyList<string> Cases, DateTimeOffset UpdatedAt,
    DateTimeOffset? PublishedAt, IReadOnlyList<string> Actions, int Version)
{
    /// <param name="draft">As it is being written, not as it was approved.</param>
    public static ArticleView Of(Article article, string language, Func<LocalizedText, string> text, IReadOnlyList<string> actions, bool draft = false)
    {
        var texts = draft ? article.Texts : article.Current;
        var reading = Freshness.In(language, article.SourceLanguage, texts);
        var stale = Freshness.StaleIn(article.SourceLanguage, texts);
        return new ArticleView(
            article.Number, article.Type, article.FaultCode, article.Status, article.Audience, reading.Text.Language, reading.Text.Title, reading.Text.Problem, reading.Text.Steps, reading.Text.Resolution, reading.Stale,
            reading.Notice is { } notice ? text(notice) : null, reading.Fresh, article.SourceLanguage,
            [.. texts.OrderBy(t => t.Language, StringComparer.Ordinal).Select(t => new ArticleLanguageView(t.Language, t.Revision, t.SourceRevision, stale.Contains(t.Language), t.By, t.At))],
            article.Author, article.Reviewer, article.Cases, article.UpdatedAt, article.PublishedAt, actions, article.Version);
    }
}

/// <param name="Type">Equipment type; none for what is about no type.</param>
/// <param name="FaultCode">The cause in the fault model; none for what is about no fault.</param>
/// <param name="Audience">internal when not given.</param>
public sealed record ArticleRequest(string? Language = null, string? Title = null, string? Problem = null, IReadOnlyList<string>? Steps = null, string? Resolution = null, string? Type = null, string? FaultCode = null, Audience Audience = Audience.Internal)
{
    public NewArticle ToNew(string tenant, string language) => new(tenant, Type ?? "", FaultCode ?? "", Audience, new ArticleWords(Language ?? language, Title ?? "", Problem ?? "", Steps ?? [], Resolution ?? ""));
}

/// <param name="SourceRevision">Of a translation: which revision of the source it renders; the newest when not given.</param>
public sealed record ArticleTextRequest(string? Title = null, string? Problem = null, IReadOnlyList<string>? Steps = null, string? Resolution = null, int? SourceRevision = null);

/// <param name="Note">return, retire: why.</param>
public sealed record ArticleActionRequest(string? Note = null);

/// <summary>The knowledge base.</summary>
internal static class Articles
{
    public static void MapArticles(this RouteGroupBuilder api)
    {
        var articles = api.MapGroup("/articles").WithTags("Knowledge");
        articles.MapGet("/", ListAsync).WithName("listArticles").RequireAuthorization(Policies.Read).Produces<Page<ArticleView>>()
            .WithSummary("Articles, best match first with q, newest first without. stale=true: those with a translation older than its source.");
        articles.MapGet("/{id}", FindAsync).WithName("getArticle").RequireAuthorization(Policies.Read).Produces<ArticleView>()
            .WithSummary("One article in a language (Accept-Language, or language=); draft=true as it is being written.");
        articles.MapPost("/", WriteAsync).WithName("writeArticle").RequireAuthorization(Policies.Dispatch).Produces<ArticleView>(StatusCodes.Status201Created).WithSummary("A draft.");
        articles.MapPut("/{id}/texts/{language}", EditAsync).WithName("editArticle").RequireAuthorization(Policies.Dispatch).Produces<ArticleView>()
            .WithSummary("Writes one language. What is published stays until the change is approved.");
        articles.MapPost("/{id}/actions/{action}", ActAsync).WithName("actOnArticle").RequireAuthorization(Policies.Dispatch).Produces<ArticleView>()
            .WithSummary("submit, publish (not by who has written it), return, retire, internal, public.");
        articles.MapGet("/contributions", ContributionsAsync).WithName("listContributions").RequireAuthorization(Policies.Read).Produces<Page<Contribution>>().WithSummary("What each colleague has written, translated and reviewed, and how often it helped.");
        articles.MapGet("/policy", PolicyAsync).WithName("getKnowledgePolicy").RequireAuthorization(Policies.Read).Produces<KnowledgePolicy>().WithSummary("What closing a ticket asks of the knowledge base.");
        articles.MapPut("/policy", SetPolicyAsync).WithName("setKnowledgePolicy").RequireAuthorization(Policies.Admin).Produces<KnowledgePolicy>().WithSummary("Sets it whole; what is left out goes back to its default.");
    }

    private static async Task<IResult> ListAsync(
        [AsParameters] PageQuery page, ArticleStatus? status, string? type, string? faultCode, string? q, bool? stale, Audience? audience, ClaimsPrincipal user, HttpContext http, IArticles articles, CancellationToken ct) =>
        TypedResults.Ok((await articles.ListAsync(new ArticleFilter(user.Tenant(), status, type, faultCode, q, stale ?? false, audience), ct))
            .SliceInOrder(page, article => article.Number, article => ArticleView.Of(article, http.Language(), http.Texts(), articles.Allowed(article))));

    private static async Task<IResult> FindAsync(string id, string? language, bool? draft, ClaimsPrincipal user, HttpContext http, IArticles articles, CancellationToken ct)
    {
        if (language is not null && !Freshness.Languages.Contains(language)) return Problems.Invalid($"'{language}' is no language of articles; {string.Join(" and ", Freshness.Languages)} are");
        return await articles.FindAsync(user.Tenant(), id, ct) is { } article
            ? TypedResults.Ok(ArticleView.Of(article, language ?? http.Language(), http.Texts(), articles.Allowed(article), draft ?? false))
            : Problems.NotFound($"there is no article '{id}'");
    }

    private static async Task<IResult> WriteAsync([FromBody] ArticleRequest request, ClaimsPrincipal user, HttpContext http, IArticles articles, CancellationToken ct)
    {
        var written = await articles.WriteAsync(request.ToNew(user.Tenant(), http.Language()), user.Actor(), ct);
        return written.Succeeded ? TypedResults.Created($"/api/v1/articles/{written.Value.Number}", Draft(written.Value, written.Value.SourceLanguage, http, articles)) : Problems.Of(written.Refusal);
    }

    private static async Task<IResult> EditAsync(string id, string language, [FromBody] ArticleTextRequest text, ClaimsPrincipal user, HttpContext http, IArticles articles, CancellationToken ct) =>
        (await articles.EditAsync(user.Tenant(), id, new ArticleWords(language, text.Title ?? "", text.Problem ?? "", text.Steps ?? [], text.Resolution ?? "", text.SourceRevision), user.Actor(), ct))
            .ToResult(article => Draft(article, language, http, articles));

    private static async Task<IResult> ActAsync(string id, string action, [FromBody] ArticleActionRequest? request, ClaimsPrincipal user, HttpContext http, IArticles articles, CancellationToken ct) =>
        (await articles.ActAsync(user.Tenant(), id, action, request?.Note, user.Actor(), ct)).ToResult(article => Draft(article, http.Language(), http, articles));

    private static ArticleView Draft(Article article, string language, HttpContext http, IArticles articles) => ArticleView.Of(article, language, http.Texts(), articles.Allowed(article), draft: true);

    private static async Task<Page<Contribution>> ContributionsAsync([AsParameters] PageQuery page, ClaimsPrincipal user, IArticles articles, CancellationToken ct) =>
        (await articles.ContributionsAsync(user.Tenant(), ct)).SliceInOrder(page, c => c.Person, c => c);

    private static Task<KnowledgePolicy> PolicyAsync(ClaimsPrincipal user, IKnowledgePolicies policies, CancellationToken ct) => policies.OfAsync(user.Tenant(), ct);

    private static async Task<IResult> SetPolicyAsync([FromBody] KnowledgePolicy policy, ClaimsPrincipal user, IKnowledgePolicies policies, CancellationToken ct) =>
        (await policies.SetAsync(user.Tenant(), policy, user.Actor(), ct)).ToResult(set => set);
}
