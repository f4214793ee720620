using Microsoft.EntityFrameworkCore;
using Seamless.Rules.Diagnosis;
using Seamless.ServiceDesk.Commerce.Contracts;
using Seamless.ServiceDesk.Commerce.Coverage;
using Seamless.ServiceDesk.Commerce.Documents;
using Seamless.ServiceDesk.Commerce.Prices;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Commerce.Quotes;

/// <summary>What work on quotes reads, within its one transaction.</summary>
internal static class QuoteWork
{
    /// <summary>Working time is billed in quarters of an hour.</summary>
    private const int BilledMinutes = 15;

    /// <summary>Newest revision first.</summary>
    public static async Task<List<QuoteRow>> QuotesAsync(this DeskWork work, string ticket, CancellationToken ct)
    {
        await work.Db.Quotes.Where(q => q.Ticket == ticket).LoadAsync(ct);
        return [.. work.Db.Quotes.Local.Where(q => q.Ticket == ticket).OrderByDescending(q => q.Revision)];
    }

    /// <summary>Why nobody may be sent to this ticket now; null when somebody may.</summary>
    public static async Task<Refusal?> VisitHeldAsync(this DeskWork work, TicketRow ticket, CancellationToken ct) =>
        (await work.QuotesAsync(ticket.Number, ct)).Find(q => q.HoldsVisit) is { } quote
            ? Refusal.Because("quote-holds", $"{ticket.Number} is to be paid for and {quote.Number} revision {quote.Revision} is {quote.Status}: nobody is sent before the customer has approved it; record the approval, make a new revision, or withdraw the quote")
            : null;

    public static async Task<CommercePolicy> PolicyAsync(this DeskWork work, string tenant, CancellationToken ct) =>
        (await VersionedDocuments.InForceAsync(work.Db, tenant, CommerceDocuments.Policy, ct))!.Value;   // one is delivered

    /// <summary>The ticket's parts, its working time, and a visit when one is needed.</summary>
    public static async Task<IReadOnlyList<AskedLine>> UsualLinesAsync(this DeskWork work, TicketRow ticket, PriceList list, decimal? hours, CancellationToken ct)
    {
        var lines = (await work.LinesAsync(ticket.Number, ct)).ConvertAll(l => new AskedLine(l.Sku, l.Quantity));
        var worked = hours ?? (ticket.WorkMinutes + BilledMinutes - 1) / BilledMinutes * BilledMinutes / 60m;
        if (worked > 0) lines.Add(new AskedLine(list.First(PriceKind.Labour)!.Code, worked));   // a published list has both
        if (ticket.NeedsVisit) lines.Add(new AskedLine(list.First(PriceKind.Travel)!.Code, 1));
        return lines;
    }

    /// <summary>What the contract that counts for the ticket covers.</summary>
    /// <param name="inServiceSince">Null when the ticket has no device.</param>
    public static async Task<(Contract? Contract, DamageCause Cause, CoverageDecision Decision, int Table)> CoverageAsync(
        this DeskWork work, TicketRow ticket, DamageCause? stated, DateTimeOffset? inServiceSince, CancellationToken ct)
    {
        var cause = stated ?? (ticket.Class is FaultClass.ENV ? DamageCause.Environment : DamageCause.Defect);
        var contract = await ContractBook.CoveringAsync(work.Db, ticket.Tenant, ticket.Device, ticket.OpenedAt, ct);
        var table = (await VersionedDocuments.InForceAsync(work.Db, ticket.Tenant, CommerceDocuments.Coverage, ct))!;   // one is delivered
        var days = inServiceSince is { } since ? (int)Math.Max(0, (ticket.OpenedAt - since).TotalDays) : int.MaxValue;
        return (contract, cause, table.Value.Decide(new CoverageFacts(cause, contract?.Pack ?? CoveragePack.None, days)), table.Version);
    }
}
