using Microsoft.EntityFrameworkCore;
using Seamless.Fleet.Audit;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Database;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Knowledge.Articles;

/// <summary>The articles as the other rooms see them.</summary>
internal sealed class ArticleBook(Workbench workbench, IPacks packs, DeskSignals signals, IAudit audit, TimeProvider clock) : IArticles, IKnowledgePolicies
{
    private const int MostText = 8000;
    private const int MostSteps = 50;

    public Task<Article?> FindAsync(string tenant, string number, CancellationToken ct) => workbench.ReadAsync(async db =>
        await db.Articles.FirstOrDefaultAsync(a => a.Tenant == tenant && a.Number == number, ct) is { } row
            ? row.ToArticle(await db.ArticleCases.Where(c => c.Article == number).ToListAsync(ct)) : null, ct);

    public Task<IReadOnlyList<Article>> ListAsync(ArticleFilter filter, CancellationToken ct) => workbench.ReadAsync<IReadOnlyList<Article>>(async db =>
    {
        var rows = db.Articles.Where(a => a.Tenant == filter.Tenant);
        if (filter.Status is { } status) rows = rows.Where(a => a.Status == status);
        if (filter.Type is { } type) rows = rows.Where(a => a.Type == type);
        if (filter.FaultCode is { } code) rows = rows.Where(a => a.FaultCode == code);
        if (filter.Audience is { } audience) rows = rows.Where(a => a.Audience == audience);
        var cases = (await db.ArticleCases.Where(c => rows.Any(a => a.Number == c.Article)).ToListAsync(ct)).ToLookup(c => c.Article);
        var found = (await rows.OrderByDescending(a => a.Sequence).ToListAsync(ct)).ConvertAll(a => a.ToArticle(cases[a.Number])).AsEnumerable();
        if (filter.ServedOnly) found = found.Where(a => a.IsServed);
        if (filter.Stale) found = found.Where(a => a.Status != ArticleStatus.Retired && Freshness.StaleIn(a.SourceLanguage, a.Current).Count > 0);
        return string.IsNullOrWhiteSpace(filter.Query) ? [.. found] : Ranked(found, ArticleSearch.Terms(filter.Query));
    }, ct);

    public async Task<Outcome<Article>> WriteAsync(NewArticle article, string actor, CancellationToken ct)
    {
        if (Fault(article.Words) is { } fault) return fault;
        if (article.Type.Length > 0 && packs.Find(article.Type) is null) return Refusal.Invalid("type-unknown", $"there is no equipment type '{article.Type}'; {string.Join(", ", packs.All.Select(p => p.Type))} are");
        var done = await workbench.TryAsync<ArticleRow>(clock.GetUtcNow(), async work => await ClosingArticle.NewRowAsync(
            work, article.Tenant, article.Type, article.FaultCode, article.Words.Language, article.Audience, actor, [Text(article.Words, 1, 1, actor, work.Now)], ct), ct);
        return await ReportAsync(article.Tenant, actor, "article.write", done.Value?.Number ?? "-", done.Refusal, ct);
    }

    public async Task<Outcome<Article>> EditAsync(string tenant, string number, ArticleWords words, string actor, CancellationToken ct)
    {
        if (Fault(words) is { } fault) return fault;
        return await ChangeAsync(tenant, number, "article.edit", actor, (work, row) =>
        {
            if (row.Status is ArticleStatus.InReview or ArticleStatus.Retired) return Refusal.Because("article-locked", $"{number} is {row.Status}; it is changed as a draft");
            var before = row.Texts.FirstOrDefault(t => t.Language == words.Language);
            var revision = (before?.Revision ?? 0) + 1;
            var newest = row.Texts.First(t => t.Language == row.SourceLanguage).Revision;
            var isSource = words.Language == row.SourceLanguage;
            if (!isSource && words.SourceRevision > newest) return Refusal.Invalid("article-source-new", $"'sourceRevision' is {words.SourceRevision}; the newest of the source is {newest}");
            row.Texts = [.. row.Texts.Where(t => t != before), Text(words, revision, isSource ? revision : words.SourceRevision ?? newest, actor, work.Now)];
            row.Status = ArticleStatus.Draft;
            row.Touch(work.Now);
            return null;
        }, ct);
    }

    public Task<Outcome<Article>> ActAsync(string tenant, string number, string action, string? note, string actor, CancellationToken ct) =>
        ChangeAsync(tenant, number, $"article.{action}", actor, (work, row) => ArticleStatuses.Act(work, row, action, note, actor), ct, note, action is "publish" ? TellFollowersAsync : null);

    /// <summary>Whoever follows it is told in the transaction in which it changes, on the channels on which they are told of their repair.</summary>
    private static async Task TellFollowersAsync(DeskWork work, ArticleRow article, CancellationToken ct)
    {
        if (article.Audience is not Audience.Public) return;
        foreach (var followed in await work.Db.FollowedArticles.Where(f => f.Article == article.Number).OrderBy(f => f.Ticket).ToListAsync(ct))
            if (await work.TicketAsync(article.Tenant, followed.Ticket, ct) is { } ticket)
                work.Note(ticket, "article-updated", $"article {article.Number}, which the customer follows, has changed", $"客户关注的文章 {article.Number} 已更新");
    }

    public IReadOnlyList<string> Allowed(Article article) => ArticleStatuses.Allowed(article.Status);

    public Task<IReadOnlyList<Contribution>> ContributionsAsync(string tenant, CancellationToken ct) => workbench.ReadAsync(async db =>
    {
        var articles = await db.Articles.Where(a => a.Tenant == tenant).ToListAsync(ct);
        var numbers = articles.ConvertAll(a => a.Number);
        var reuses = (await db.ArticleCases.Where(c => c.Reused && numbers.Contains(c.Article)).Select(c => c.Article).ToListAsync(ct)).CountBy(a => a).ToDictionary();
        return Contributions.Of(articles, reuses);
    }, ct);

    public Task<KnowledgePolicy> OfAsync(string tenant, CancellationToken ct) => workbench.ReadAsync(db => KnowledgePolicy.OfAsync(db, tenant, ct), ct);

    public async Task<Outcome<KnowledgePolicy>> SetAsync(string tenant, KnowledgePolicy policy, string actor, CancellationToken ct)
    {
        if (policy.Fault() is { } fault) return Refusal.Invalid(fault);
        await workbench.CommitAsync(clock.GetUtcNow(), async work =>
        {
            await TenantSettings.WriteAsync(work, KnowledgePolicy.NameOf(tenant), policy, actor, ct);
            return true;
        }, ct);
        await audit.RecordAsync(tenant, actor, "knowledge.policy", "policy:knowledge", null, "ok", null, ct);
        return policy;
    }

    private static IReadOnlyList<Article> Ranked(IEnumerable<Article> articles, IReadOnlyList<string> terms) => [.. articles
        .Select(article => (Article: article, Score: ArticleSearch.Score(article.Current, terms))).Where(hit => hit.Score > 0).OrderByDescending(hit => hit.Score).Select(hit => hit.Article)];

    private async Task<Outcome<Article>> ChangeAsync(string tenant, string number, string name, string actor, Func<DeskWork, ArticleRow, Refusal?> change, CancellationToken ct, string? note = null,
        Func<DeskWork, ArticleRow, CancellationToken, Task>? then = null)
    {
        var done = await workbench.TryAsync<ArticleRow>(clock.GetUtcNow(), async work =>
        {
            if (await work.Db.Articles.FindAsync([number], ct) is not { } row || row.Tenant != tenant) return Refusal.NotFound("article-unknown", $"there is no article {number}");
            if (change(work, row) is { } refusal) return refusal;
            if (then is not null) await then(work, row, ct);
            return row;
        }, ct);
        return await ReportAsync(tenant, actor, name, number, done.Refusal, ct, note);
    }

    private async Task<Outcome<Article>> ReportAsync(string tenant, string actor, string action, string number, Refusal? refusal, CancellationToken ct, string? note = null)
    {
        await audit.RecordAsync(tenant, actor, action, $"article:{number}", null, refusal?.Code ?? "ok", refusal?.Reason ?? note, ct);
        if (refusal is not null) return refusal;
        signals.TicketsChanged();
        return await FindAsync(tenant, number, ct) is { } article ? article : Refusal.NotFound("article-unknown", $"there is no article {number}");
    }

    private static ArticleText Text(ArticleWords words, int revision, int source, string actor, DateTimeOffset now) => new(
        words.Language, words.Title.Trim(), words.Problem.Trim(), [.. words.Steps.Select(s => s.Trim()).Where(s => s.Length > 0)], words.Resolution.Trim(), revision, source, actor, now);

    private static Refusal? Fault(ArticleWords words) => words switch
    {
        _ when !Freshness.Languages.Contains(words.Language) => Refusal.Invalid("language-unknown", $"'language' is '{words.Language}'; it must be {string.Join(" or ", Freshness.Languages)}"),
        _ when words.Title.Trim() is not { Length: > 0 and <= 200 } => Refusal.Invalid("title-length", "'title' has 1 to 200 characters"),
        _ when words.Problem.Trim() is not { Length: > 0 and <= MostText } => Refusal.Invalid("article-problem", $"'problem' has 1 to {MostText} characters: what is seen"),
        _ when words.Resolution.Trim() is not { Length: > 0 and <= MostText } => Refusal.Invalid("article-resolution", $"'resolution' has 1 to {MostText} characters: what ends it"),
        _ when words.Steps.Count > MostSteps || words.Steps.Any(s => s.Length > MostText) => Refusal.Invalid("article-steps", $"'steps' are at most {MostSteps} of at most {MostText} characters"),
        { SourceRevision: < 1 } => Refusal.Invalid("article-source", "'sourceRevision' is 1 or more"),
        _ => null,
    };
}
