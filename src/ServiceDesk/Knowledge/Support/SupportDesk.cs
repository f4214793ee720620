using Microsoft.EntityFrameworkCore;
using Seamless.Fleet.Audit;
using Seamless.Fleet.Registry;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Customers;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Knowledge.Articles;
using Seamless.ServiceDesk.Parts;
using Seamless.ServiceDesk.Remedies;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Knowledge.Support;

internal sealed class SupportDesk(Workbench workbench, IArticles articles, SupportReleases releases, IPacks packs, IDeviceRegistry devices, DeskSignals signals, IAudit audit, TimeProvider clock) : ISupportDoor
{
    private const string Customer = "customer";
    private const int MostFollowed = 50;

    private static readonly Refusal Unknown = Refusal.NotFound("no repair is known under this code and serial number");

    public Task<SupportedIncident?> IncidentAsync(string code, string? serial, CancellationToken ct) => OfAsync(code, serial, async ticket =>
    {
        var type = await TypeAsync(ticket, ct);
        var cause = ticket.Closure?.FaultCode ?? (ticket.Causes.Count > 0 ? ticket.Causes[0].Code : null);
        var about = cause is null ? [] : await PublicAsync(ticket.Tenant, new ArticleFilter(ticket.Tenant, Type: type, FaultCode: cause), ct);
        var (steps, fitted) = await workbench.ReadAsync(async db => (await StepsAsync(db, ticket, ct),
            await db.PartLines.Where(l => l.Ticket == ticket.Number && l.Status == PartLineStatus.Installed).OrderBy(l => l.Sku).Select(l => l.Title).ToListAsync(ct)), ct);
        return new SupportedIncident(ticket.Number, ticket.Status, MilestoneTexts.Of(ticket.Status), ticket.OpenedAt, steps, SolutionOf(ticket, type, fitted), about);
    }, ct);

    public Task<IReadOnlyList<Article>?> ArticlesAsync(string code, string? serial, string? query, CancellationToken ct) => OfAsync(code, serial, async ticket =>
        await PublicAsync(ticket.Tenant, new ArticleFilter(ticket.Tenant, Type: string.IsNullOrWhiteSpace(query) ? await TypeAsync(ticket, ct) : null, Query: query), ct), ct);

    public Task<Article?> ReadAsync(string code, string? serial, string number, CancellationToken ct) => OfAsync(code, serial, async ticket => await FindPublicAsync(ticket.Tenant, number, ct), ct);

    public async Task<Outcome<IReadOnlyList<FollowedArticle>>> FollowAsync(string code, string? serial, string number, bool follow, CancellationToken ct)
    {
        if (await workbench.ReadAsync(db => db.TrackedAsync(code, serial, ct), ct) is not { } ticket) return Unknown;
        if (await FindPublicAsync(ticket.Tenant, number, ct) is null) return Refusal.NotFound($"there is no article {number}");
        var done = await workbench.TryAsync<bool>(clock.GetUtcNow(), async work =>
        {
            var known = await work.Db.FollowedArticles.Where(f => f.Ticket == ticket.Number).ToListAsync(ct);
            var row = known.Find(f => f.Article == number);
            if (follow && row is null && known.Count >= MostFollowed) return Refusal.Because($"at most {MostFollowed} articles can be followed from one repair");
            if (follow && row is null) work.Db.FollowedArticles.Add(new FollowedArticleRow { Article = number, Ticket = ticket.Number, Since = work.Now });
            if (!follow && row is not null) work.Db.FollowedArticles.Remove(row);
            return true;
        }, ct);
        await audit.RecordAsync(ticket.Tenant, Customer, follow ? "article.follow" : "article.unfollow", $"article:{number}", null, done.Refusal?.Code ?? "ok", done.Refusal?.Reason, ct);
        if (!done.Succeeded) return done.Refusal;
        signals.TicketsChanged();
        return await FollowedAsync(ticket, ct);
    }

    public Task<IReadOnlyList<FollowedArticle>?> FollowedAsync(string code, string? serial, CancellationToken ct) => OfAsync<IReadOnlyList<FollowedArticle>>(code, serial, async ticket => await FollowedAsync(ticket, ct), ct);

    public Task<VersionReport?> VersionsAsync(string code, string? serial, CancellationToken ct) => OfAsync(code, serial, async ticket =>
    {
        var own = ticket.Device is { } id ? await devices.FindAsync(new DeviceKey(ticket.Tenant, id), ct) : null;
        var fleet = ticket.Customer.Length == 0 ? [] : (await devices.ListAsync(new DeviceFilter(ticket.Tenant, Text: ticket.Customer, Limit: 1000), ct)).Where(d => d.Customer == ticket.Customer).ToList();
        return await releases.ReportAsync(ticket.Tenant, own, fleet, ct);
    }, ct);

    public Task<IReadOnlyList<Download>?> DownloadsAsync(string code, string? serial, CancellationToken ct) => OfAsync(code, serial, async ticket => await releases.ForTypeAsync(ticket.Tenant, await TypeAsync(ticket, ct), ct), ct);

    public Task<string?> FileAsync(string code, string? serial, string artefact, CancellationToken ct) => OfAsync(code, serial, async ticket =>
        (await releases.ForTypeAsync(ticket.Tenant, await TypeAsync(ticket, ct), ct)).Any(d => d.Artefact == artefact) ? await releases.FileAsync(ticket.Tenant, artefact, ct) : null, ct);

    private async Task<T?> OfAsync<T>(string code, string? serial, Func<TicketRow, Task<T?>> tell, CancellationToken ct) where T : class =>
        await workbench.ReadAsync(db => db.TrackedAsync(code, serial, ct), ct) is { } ticket ? await tell(ticket) : null;

    private Task<string> TypeAsync(TicketRow ticket, CancellationToken ct) => workbench.ReadAsync(db => TicketTypes.OfAsync(db, devices, ticket, ct), ct);

    private async Task<IReadOnlyList<Article>> PublicAsync(string tenant, ArticleFilter filter, CancellationToken ct) => await articles.ListAsync(filter with { Tenant = tenant, Audience = Audience.Public, ServedOnly = true }, ct);

    private async Task<Article?> FindPublicAsync(string tenant, string number, CancellationToken ct) => await articles.FindAsync(tenant, number, ct) is { Audience: Audience.Public, IsServed: true } article ? article : null;

    private async Task<List<FollowedArticle>> FollowedAsync(TicketRow ticket, CancellationToken ct)
    {
        var followed = new List<FollowedArticle>();
        foreach (var row in await workbench.ReadAsync(db => db.FollowedArticles.Where(f => f.Ticket == ticket.Number).OrderBy(f => f.Article).ToListAsync(ct), ct))
            if (await FindPublicAsync(ticket.Tenant, row.Article, ct) is { } article) followed.Add(new FollowedArticle(article, row.Since, article.PublishedAt > row.Since));
        return followed;
    }

    /// <summary>What the status page tells, and beside it what was tried from afar.</summary>
    private static async Task<IReadOnlyList<TimelineEntry>> StepsAsync(DeskContext db, TicketRow ticket, CancellationToken ct)
    {
        var timeline = await db.Timeline.Where(t => t.Ticket == ticket.Number && TicketBook.Milestones.Contains(t.Kind)).OrderBy(t => t.Id).ToListAsync(ct);
        var runs = await db.RemedyRuns.Where(r => ticket.Alarms.Contains(r.AlarmId) && r.Playbook != null).OrderBy(r => r.StartedAt).ToListAsync(ct);
        return [.. timeline.Select(t => new TimelineEntry(t.At, t.Kind, "service", MilestoneTexts.Of(t.Kind))).Concat(runs.Select(Tried)).OrderBy(t => t.At)];
    }

    private static TimelineEntry Tried(RemedyRunRow run)
    {
        var title = run.Title ?? new LocalizedText(run.Playbook!, run.Playbook!);   // asked for with a playbook
        return new TimelineEntry(run.StartedAt, "remote-fix", "service", new LocalizedText($"Tried from afar: {title.En}", $"已尝试远程处理：{title.ZhCn}"));
    }

    private Solution? SolutionOf(TicketRow ticket, string type, IReadOnlyList<LocalizedText> fitted)
    {
        if (ticket is not { Status: TicketStatus.Resolved or TicketStatus.Closed, Closure: { } closure }) return null;
        var fault = VisitPlan.FaultOf(packs, type, closure.FaultCode);
        return new Solution(fault?.Title ?? ticket.Title, fault?.Remedies.FirstOrDefault(r => r.Playbook is null)?.Action, fitted, closure.At);
    }
}
