using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Seamless.Fleet.Audit;
using Seamless.ServiceDesk.Commerce.Documents;
using Seamless.ServiceDesk.Customers;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Kpis;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Commerce.Quotes;

/// <summary>Quotes and invoices as the other rooms see them.</summary>
internal sealed class QuoteBook(Workbench workbench, QuoteDesk desk, DeskSignals signals, IAudit audit, TimeProvider clock) : IQuotes
{
    private const int FirstNumber = 1001;
    private const int MostNote = 2000;
    private const string Customer = "customer";
    private const string StatusPage = "status-page";

    /// <summary>How a customer can say yes or no to one of us.</summary>
    private static readonly string[] Channels = ["phone", "email", "letter", "on-site", "chat"];

    public Task<Outcome<TicketCharges>> OfTicketAsync(string tenant, string ticket, CancellationToken ct) => workbench.ReadAsync<Outcome<TicketCharges>>(async db =>
    {
        if (!await db.Tickets.AnyAsync(t => t.Tenant == tenant && t.Number == ticket, ct)) return NoTicket(ticket);
        var quotes = await db.Quotes.Where(q => q.Ticket == ticket).OrderByDescending(q => q.Revision).ToListAsync(ct);
        var invoices = await db.Invoices.Where(i => i.Ticket == ticket).OrderBy(i => i.Sequence).ToListAsync(ct);
        return new TicketCharges(quotes.ConvertAll(q => q.ToQuote()), invoices.ConvertAll(i => i.ToInvoice()));
    }, ct);

    public Task<Outcome<Quote>> OpenAsync(string tenant, string ticket, NewQuote quote, string actor, CancellationToken ct) =>
        ChangeAsync(tenant, ticket, "quote.open", actor, (work, row) => desk.OpenAsync(work, row, quote, actor, ct), ct);

    public async Task<Outcome<Quote>> DecideAsync(string tenant, string ticket, QuoteDecision decision, string actor, CancellationToken ct)
    {
        if (!Channels.Contains(decision.Channel)) return Refusal.Invalid("quote-channel", $"'channel' says how the customer decided: {string.Join(", ", Channels)}");
        return BadNote(decision.Note) ?? await ChangeAsync(tenant, ticket, "quote.decide", actor, (work, row) => QuoteDesk.DecideAsync(work, row, decision, actor, ct), ct);
    }

    public async Task<Outcome<Quote>> WithdrawAsync(string tenant, string ticket, string note, string actor, CancellationToken ct) => string.IsNullOrWhiteSpace(note)
        ? Refusal.Invalid("quote-note", "a quote is withdrawn with a 'note': why nothing is charged")
        : BadNote(note) ?? await ChangeAsync(tenant, ticket, "quote.withdraw", actor, (work, row) => QuoteDesk.WithdrawAsync(work, row, note.Trim(), actor, ct), ct);

    public Task<Outcome<Invoice>> InvoiceAsync(string tenant, string ticket, IReadOnlyList<AskedLine>? lines, string actor, CancellationToken ct) =>
        ChangeAsync(tenant, ticket, "invoice.write", actor, (work, row) => WriteAsync(work, row, lines, actor, ct), ct);

    public Task<Quote?> TrackAsync(string code, string? serial, CancellationToken ct) => workbench.ReadAsync(async db =>
        await db.TrackedAsync(code, serial, ct) is { } ticket
            ? (await db.Quotes.Where(q => q.Ticket == ticket.Number && q.Status != QuoteStatus.Withdrawn).OrderByDescending(q => q.Revision).FirstOrDefaultAsync(ct))?.ToQuote()
            : null, ct);

    public async Task<Outcome<Quote>> DecideAsCustomerAsync(string code, string? serial, int revision, bool approve, string? note, CancellationToken ct)
    {
        if (await workbench.ReadAsync(db => db.TrackedAsync(code, serial, ct), ct) is not { } ticket) return ICustomerDoor.Unknown;
        return BadNote(note) ?? await ChangeAsync(
            ticket.Tenant, ticket.Number, "quote.decide", Customer, (work, row) => QuoteDesk.DecideAsync(work, row, new QuoteDecision(revision, approve, StatusPage, note), Customer, ct), ct);
    }

    private static async Task<Outcome<Invoice>> WriteAsync(DeskWork work, TicketRow ticket, IReadOnlyList<AskedLine>? asked, string actor, CancellationToken ct)
    {
        if (ticket.Status is not (TicketStatus.Resolved or TicketStatus.Closed)) return Refusal.Because("bill-too-early", $"{ticket.Number} is {ticket.Status}; it is billed once it is resolved");
        if ((await work.QuotesAsync(ticket.Number, ct)).Find(q => q.Status is QuoteStatus.Approved) is not { } quote) return Refusal.Because("bill-without-quote", $"{ticket.Number} has no approved quote; nothing is billed that the customer has not agreed to");
        var lines = await LinesAsync(work, quote, asked, ct);
        if (!lines.Succeeded) return lines.Refusal;
        var total = Pricing.TotalOf(lines.Value);
        var before = (await work.Db.Invoices.Where(i => i.Ticket == ticket.Number && i.Currency == quote.Currency).ToListAsync(ct)).Sum(i => i.Total);   // what was billed in another currency is no part of this quote
        var policy = await work.PolicyAsync(ticket.Tenant, ct);
        if (Pricing.Within($"{quote.Number}/{quote.Revision}", quote.Total, policy.InvoiceTolerance, before, total, quote.Currency) is { } over) return over;
        var sequence = (await work.Db.Invoices.MaxAsync(i => (int?)i.Sequence, ct) ?? FirstNumber - 1) + 1;
        var row = new InvoiceRow
        {
            Number = string.Create(CultureInfo.InvariantCulture, $"INV-{sequence}"), Sequence = sequence, Tenant = ticket.Tenant, Ticket = ticket.Number, Quote = quote.Number, Revision = quote.Revision,
            Currency = quote.Currency, Lines = lines.Value, Total = total, At = work.Now, Actor = actor,
        };
        work.Db.Invoices.Add(row);
        work.Note(ticket, "invoiced", $"{row.Number}: {Currencies.Write(total, row.Currency)}", $"账单 {row.Number}：{Currencies.Write(total, row.Currency)}", actor);
        work.Record(EventKind.Invoice, row.Number, ticket, (double)total, row.Currency);
        return row.ToInvoice();
    }

    /// <summary>As quoted, or other quantities at the quote's own prices and cover.</summary>
    private static async Task<Outcome<IReadOnlyList<QuoteLine>>> LinesAsync(DeskWork work, QuoteRow quote, IReadOnlyList<AskedLine>? asked, CancellationToken ct)
    {
        if (asked is null) return new List<QuoteLine>(quote.Lines);
        var list = await VersionedDocuments.FindAsync(work.Db, quote.Tenant, CommerceDocuments.Prices(quote.Currency), quote.PriceList, ct);
        return Pricing.Price(list!.Value, asked, quote.Coverage.Covered);   // no version of a list is ever removed
    }

    private async Task<Outcome<T>> ChangeAsync<T>(string tenant, string number, string action, string actor, Func<DeskWork, TicketRow, Task<Outcome<T>>> change, CancellationToken ct)
    {
        var done = await workbench.TryAsync<T>(clock.GetUtcNow(), async work => await work.TicketAsync(tenant, number, ct) is { } row ? await change(work, row) : NoTicket(number), ct);
        await audit.RecordAsync(tenant, actor, action, $"ticket:{number}", null, done.Refusal?.Code ?? "ok", done.Refusal?.Reason, ct);
        if (done.Succeeded) signals.Touch();
        return done;
    }

    private static Refusal? BadNote(string? note) => note?.Length > MostNote ? Refusal.Invalid("note-too-long", $"a note has {MostNote} characters at most") : null;

    private static Refusal NoTicket(string number) => Refusal.NotFound("ticket-unknown", $"there is no ticket {number}");
}
