using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Seamless.Fleet.Registry;
using Seamless.Rules.Labels;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Kpis;
using Seamless.ServiceDesk.Mystery;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Knowledge.Articles;

/// <summary>Sees to it that what a case has taught is written down: a ticket closes with an article about its cause, a draft of one, or the reason why not.</summary>
internal sealed class ClosingArticle(IPacks packs, IDeviceRegistry devices)
{
    private const string Article = "article";
    private const string Reason = "articleReason";
    private const string WantsDraft = "draft";
    private const string WantsNone = "none";

    /// <summary>A cause that the fault model does not know is each time another one.</summary>
    private const string Other = "other";

    /// <summary>What a closing says about articles, beside the codes of ISO 14224.</summary>
    public static readonly IReadOnlyList<string> Arguments = [Article, Reason];

    /// <summary>By a person.</summary>
    /// <returns>Null when it may close.</returns>
    public async Task<Refusal?> CloseAsync(DeskWork work, TicketRow ticket, TicketAction action, CancellationToken ct)
    {
        var (wish, reason) = (action.Args.GetValueOrDefault(Article), action.Args.GetValueOrDefault(Reason));
        if (wish is not (null or WantsDraft or WantsNone)) return Refusal.Invalid("closing-article-choice", $"'{Article}' is '{wish}'; it must be {WantsDraft} or {WantsNone}");
        if (await GateAsync(work, ticket, ct) is not ({ } gate and not ClosureGate.Off)) return null;
        if (await JoinAsync(work, ticket, ct)) return null;
        if (wish is WantsDraft || (wish is null && gate is ClosureGate.Draft)) return await DraftAsync(work, ticket, action.Actor, ct);
        if (string.IsNullOrWhiteSpace(reason))
            return Refusal.Because("closing-article-missing", $"no article tells about '{ticket.Closure!.FaultCode}' yet: close {ticket.Number} with '{Article}': '{WantsDraft}', or with '{Article}': '{WantsNone}' and an '{Reason}'");
        work.Record(EventKind.ArticleRefused, "closed", ticket, 1, reason.Trim(), action.Actor);
        work.Note(ticket, "article-refused", $"no article: {reason.Trim()}", $"不写知识文章：{reason.Trim()}", action.Actor);
        return null;
    }

    /// <summary>By itself, once nobody has taken the repair back: whoever confirmed the cause is the author.</summary>
    public async Task CloseAsync(DeskWork work, TicketRow ticket, CancellationToken ct)
    {
        if (await GateAsync(work, ticket, ct) is not ({ } gate and not ClosureGate.Off)) return;
        if (!await JoinAsync(work, ticket, ct)) await DraftAsync(work, ticket, ticket.Closure!.Actor, ct);
    }

    /// <returns>Null where there is nothing to tell: no cause was found, or it was only played.</returns>
    private static async Task<ClosureGate?> GateAsync(DeskWork work, TicketRow ticket, CancellationToken ct)
    {
        if (ticket.Closure is not { } closure || MysteryDevice.Is(ticket.Site, ticket.Device)) return null;
        if (closure.FaultCode.Equals(ClosedTicket.NoFaultFound, StringComparison.OrdinalIgnoreCase)) return null;
        return (await KnowledgePolicy.OfAsync(work.Db, ticket.Tenant, ct)).ClosureGate;
    }

    /// <summary>Adds the case to the article that is there, published or still being written.</summary>
    private async Task<bool> JoinAsync(DeskWork work, TicketRow ticket, CancellationToken ct)
    {
        var code = ticket.Closure!.FaultCode;
        if (code == Other) return false;
        var type = await TicketTypes.OfAsync(work.Db, devices, ticket, ct);
        var known = await work.Db.Articles.Where(a => a.Tenant == ticket.Tenant && a.FaultCode == code && a.Type == type && a.Status != ArticleStatus.Retired).OrderBy(a => a.Sequence).ToListAsync(ct);
        if ((known.FirstOrDefault(a => a.Published.Count > 0) ?? known.FirstOrDefault()) is not { } article) return false;
        var served = article.Published.Count > 0;
        await AddCaseAsync(work, article.Number, ticket, served, ct);
        if (served) work.Record(EventKind.ArticleReused, article.Number, ticket, 1, article.Number, article.Author);
        return true;
    }

    private async Task<Refusal?> DraftAsync(DeskWork work, TicketRow ticket, string author, CancellationToken ct)
    {
        var closure = ticket.Closure!;
        var type = await TicketTypes.OfAsync(work.Db, devices, ticket, ct);
        var texts = await CaseDraft.WriteAsync(work, ticket, closure, packs.Find(type), VisitPlan.FaultOf(packs, type, closure.FaultCode), author, ct);
        var article = await NewRowAsync(work, ticket.Tenant, type, closure.FaultCode, CaseDraft.LanguageOf(closure), Audience.Internal, author, texts, ct);
        await AddCaseAsync(work, article.Number, ticket, false, ct);
        work.Note(ticket, "article-drafted", $"draft {article.Number} made from this case", $"已根据本工单生成知识文章草稿 {article.Number}", author);
        return null;
    }

    public static async Task<ArticleRow> NewRowAsync(
        DeskWork work, string tenant, string type, string faultCode, string language, Audience audience, string author, IReadOnlyList<ArticleText> texts, CancellationToken ct)
    {
        const int FirstNumber = 1001;
        var sequence = (await work.Db.Articles.MaxAsync(a => (int?)a.Sequence, ct) ?? FirstNumber - 1) + 1;
        var row = new ArticleRow
        {
            Number = string.Create(CultureInfo.InvariantCulture, $"KB-{sequence}"), Sequence = sequence, Tenant = tenant, Type = type, FaultCode = faultCode, Audience = audience,
            SourceLanguage = language, Author = author, Texts = texts, CreatedAt = work.Now, UpdatedAt = work.Now, Version = 1,
        };
        work.Db.Articles.Add(row);
        return row;
    }

    private static async Task AddCaseAsync(DeskWork work, string article, TicketRow ticket, bool reused, CancellationToken ct)
    {
        if (await work.Db.ArticleCases.FindAsync([article, ticket.Number], ct) is not null) return;
        work.Db.ArticleCases.Add(new ArticleCaseRow { Article = article, Ticket = ticket.Number, Reused = reused, At = work.Now });
    }
}
