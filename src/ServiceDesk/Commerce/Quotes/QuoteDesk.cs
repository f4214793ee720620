using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Seamless.Fleet.Registry;
using Seamless.ServiceDesk.Commerce.Documents;
using Seamless.ServiceDesk.Commerce.Prices;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Dispatch;
using Seamless.ServiceDesk.Kpis;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Commerce.Quotes;

/// <summary>What happens to a quote, within one piece of work.</summary>
internal sealed class QuoteDesk(IDeviceRegistry devices)
{
    private const int FirstNumber = 1001;

    public async Task<Outcome<Quote>> OpenAsync(DeskWork work, TicketRow ticket, NewQuote asked, string actor, CancellationToken ct)
    {
        if (ticket.Status is TicketStatus.Closed or TicketStatus.Cancelled) return Refusal.Because("quote-ended", $"{ticket.Number} is {ticket.Status}; nothing more is done for it");
        if (asked.ValidDays is < 1 or > 365) return Refusal.Invalid("quote-days", "'validDays' is 1 to 365");
        if (asked is { Hours: not null, Lines: not null }) return Refusal.Invalid("quote-hours-or-lines", "give 'hours', or 'lines' with the working time among them");
        var policy = await work.PolicyAsync(ticket.Tenant, ct);
        var currency = asked.Currency ?? policy.Currency;
        if (await VersionedDocuments.InForceAsync(work.Db, ticket.Tenant, CommerceDocuments.Prices(currency), ct) is not { } list)
            return Refusal.Because("price-list-none", $"there is no price list in {currency} yet; publish one first");
        var device = ticket.Device is null ? null : await devices.FindAsync(new DeviceKey(ticket.Tenant, ticket.Device), ct);
        var (contract, cause, decision, table) = await work.CoverageAsync(ticket, asked.Cause, device?.RegisteredAt, ct);
        var priced = Pricing.Price(list.Value, asked.Lines ?? await work.UsualLinesAsync(ticket, list.Value, asked.Hours, ct), decision.Covered);
        if (!priced.Succeeded) return priced.Refusal;

        var before = await work.QuotesAsync(ticket.Number, ct);
        var sequence = before.Count > 0 ? before[0].Sequence : (await work.Db.Quotes.MaxAsync(q => (int?)q.Sequence, ct) ?? FirstNumber - 1) + 1;
        var total = Pricing.TotalOf(priced.Value);
        var valid = work.Now.AddDays(asked.ValidDays ?? policy.QuoteValidDays);
        var row = new QuoteRow
        {
            Number = string.Create(CultureInfo.InvariantCulture, $"Q-{sequence}"), Revision = before.Count + 1, Sequence = sequence, Tenant = ticket.Tenant, Ticket = ticket.Number, Currency = currency,
            PriceList = list.Version, Contract = contract?.Number, Cause = cause, Coverage = decision, CoverageTable = table, Lines = priced.Value, Total = total, CreatedAt = work.Now, CreatedBy = actor,
            ValidUntil = valid, Note = asked.Note?.Trim(), HoldsVisit = policy.HoldVisits && total > 0, DueAt = valid,
        };
        foreach (var old in before.Where(q => q.Status is not QuoteStatus.Approved)) Supersede(old);
        work.Db.Quotes.Add(row);
        Tell(work, ticket, row, "quote-sent", actor, $"quote {Named(row)}", $"报价 {Named(row)}");
        if (row.HoldsVisit) TakeVisitBack(work, ticket, row);
        return row.ToQuote();
    }

    public static async Task<Outcome<Quote>> DecideAsync(DeskWork work, TicketRow ticket, QuoteDecision decision, string actor, CancellationToken ct)
    {
        var quotes = await work.QuotesAsync(ticket.Number, ct);
        if (quotes.Find(q => q.Revision == decision.Revision) is not { } row) return Refusal.NotFound("quote-revision", $"{ticket.Number} has no quote with revision {decision.Revision}");
        if (row.Status == (decision.Approve ? QuoteStatus.Approved : QuoteStatus.Declined)) return row.ToQuote();   // said twice is once
        if (row.Status is not QuoteStatus.Open) return Refusal.Because("quote-decided", $"{row.Number} revision {row.Revision} is {row.Status}; only an open quote can be decided on");
        if (work.Now >= row.ValidUntil) return Refusal.Because("quote-expired", $"{row.Number} revision {row.Revision} was valid until {row.ValidUntil:u}; ask for a new one");
        row.End(decision.Approve ? QuoteStatus.Approved : QuoteStatus.Declined);
        (row.DecidedAt, row.DecidedBy, row.Channel) = (work.Now, actor, decision.Channel);
        if (decision.Note?.Trim() is { Length: > 0 } note) row.Note = note;
        var approved = quotes.Find(q => q.Status is QuoteStatus.Approved && q != row);
        if (decision.Approve && approved is not null) Supersede(approved);
        row.HoldsVisit &= !decision.Approve && approved is null;   // what has been agreed before still goes ahead
        Tell(work, ticket, row, decision.Approve ? "quote-approved" : "quote-declined", actor, $"{Named(row)} {(decision.Approve ? "approved" : "declined")} by {decision.Channel}", $"{Named(row)} 客户{(decision.Approve ? "已同意" : "未同意")}（{decision.Channel}）");
        if (!row.HoldsVisit && ticket.IsOpen) TicketClocks.Schedule(work, ticket);
        return row.ToQuote();
    }

    public static async Task<Outcome<Quote>> WithdrawAsync(DeskWork work, TicketRow ticket, string note, string actor, CancellationToken ct)
    {
        if ((await work.QuotesAsync(ticket.Number, ct)).Find(q => q.Status is QuoteStatus.Open or QuoteStatus.Declined or QuoteStatus.Expired) is not { } row)
            return Refusal.Because("quote-nothing", $"{ticket.Number} has no quote that waits or was declined; there is nothing to withdraw");
        row.End(QuoteStatus.Withdrawn);
        (row.HoldsVisit, row.Note) = (false, note);
        Tell(work, ticket, row, "quote-withdrawn", actor, $"{row.Number} withdrawn: {note}", $"{row.Number} 已撤回：{note}");
        if (ticket.IsOpen) TicketClocks.Schedule(work, ticket);
        return row.ToQuote();
    }

    /// <summary>The customer has thought about it for too long.</summary>
    public static async Task<bool> SweepAsync(DeskWork work, string number, int revision, CancellationToken ct)
    {
        if (await work.Db.Quotes.FindAsync([number, revision], ct) is not { } row || !(row.DueAt <= work.Now)) return false;
        row.End(QuoteStatus.Expired);
        if (row.HoldsVisit && (await work.QuotesAsync(row.Ticket, ct)).Exists(q => q.Status is QuoteStatus.Approved)) row.HoldsVisit = false;
        if (await work.TicketAsync(row.Tenant, row.Ticket, ct) is { } ticket) Tell(work, ticket, row, "quote-expired", DeskWork.Desk, $"{Named(row)} has expired without an answer", $"{Named(row)} 已过期，客户未答复");
        return true;
    }

    private static void Supersede(QuoteRow row)
    {
        row.HoldsVisit = false;
        if (row.Status is QuoteStatus.Open or QuoteStatus.Approved) row.End(QuoteStatus.Superseded);
        else row.Version++;
    }

    /// <summary>A visit that the desk has planned waits; one that a person has agreed stays, and is not sent.</summary>
    private static void TakeVisitBack(DeskWork work, TicketRow ticket, QuoteRow quote)
    {
        if (ticket.Visit is null || JobBook.IsPinned(ticket)) return;
        (ticket.Visit, ticket.Assignee) = (null, null);
        if (ticket.Status is TicketStatus.Scheduled) ticket.MoveTo(TicketStatus.Acknowledged, work.Now);
        work.Note(ticket, "visit-held", $"the visit waits for the customer's answer to {quote.Number}", $"上门服务等待客户对 {quote.Number} 的答复");
    }

    private static void Tell(DeskWork work, TicketRow ticket, QuoteRow row, string kind, string actor, string en, string zh)
    {
        work.Note(ticket, kind, en, zh, actor);
        work.Record(EventKind.Quote, $"{row.Revision}:{kind}", ticket, (double)row.Total, $"{kind[6..]}:{row.Currency}");
    }

    private static string Named(QuoteRow row) => $"{row.Number}/{row.Revision}: {Currencies.Write(row.Total, row.Currency)}";
}
