using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Seamless.Fleet.Audit;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Kpis;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Customers.Requests;

/// <summary>Requests until they are answered, and thanks.</summary>
internal sealed class RequestBook(Workbench workbench, IOptions<ServiceDeskOptions> options, DeskSignals signals, IAudit audit, TimeProvider clock) : ICustomerRequests
{
    private const int FirstNumber = 1001;
    private const int MostText = 4000;
    private const string ServiceDesk = "service-desk";

    /// <summary>An answer that nobody has set a day for.</summary>
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromDays(10);

    public async Task<Outcome<CustomerRequest>> AskAsync(NewRequest request, string actor, CancellationToken ct)
    {
        if (BadText(request.Text) is { } bad) return bad;
        if (request.Department is { Length: 0 or > 100 }) return Refusal.Invalid("'department' has 1 to 100 characters");
        var now = clock.GetUtcNow();
        if (request.DueAt <= now) return Refusal.Invalid("'dueAt' is in the past");
        var done = await workbench.TryAsync<CustomerRequest>(now, async work =>
        {
            var about = await AboutAsync(work, request.Tenant, request.Ticket, request.Customer, ct);
            if (!about.Succeeded) return about.Refusal;
            var (ticket, customer) = about.Value;
            var key = KeyOf("request", request.Tenant, request.Ticket ?? customer, request.Text);
            var same = await work.Db.Requests.Where(r => r.Key.StartsWith(key)).OrderBy(r => r.Sequence).ToListAsync(ct);
            if (same.LastOrDefault() is { Status: RequestStatus.Open } open) return open.ToRequest();
            var sequence = (await work.Db.Requests.MaxAsync(r => (int?)r.Sequence, ct) ?? FirstNumber - 1) + 1;
            var by = request.DueAt ?? work.Now + AnswerWithin;
            var row = new RequestRow
            {
                Number = string.Create(CultureInfo.InvariantCulture, $"R-{sequence}"), Sequence = sequence, Key = $"{key}#{same.Count}", Tenant = request.Tenant, Ticket = ticket?.Number, Customer = customer,
                Site = ticket?.Site ?? "", Text = request.Text.Trim(), Department = request.Department ?? ServiceDesk, AskedAt = work.Now, AnswerBy = by, DueAt = by,
            };
            work.Db.Requests.Add(row);
            work.Record(EventKind.Request, row.Number, row.Tenant, row.Site, null, row.Ticket, 1, row.Department);
            if (ticket is not null)
            {
                work.Note(ticket, "request", $"request {row.Number} for {row.Department}", $"客户需求 {row.Number}，由 {row.Department} 答复", actor);
                work.Touch(ticket, $"request:{row.Number}", Touches.Contact);
            }
            return row.ToRequest();
        }, ct);
        return await ReportAsync(request.Tenant, actor, "request.ask", done.Value?.Number, done, ct);
    }

    public async Task<Outcome<CustomerRequest>> AnswerAsync(string tenant, string number, string answer, string actor, CancellationToken ct)
    {
        if (BadText(answer) is { } bad) return bad;
        return await ChangeAsync(tenant, number, "request.answer", actor, (work, row) =>
        {
            (row.Status, row.Answer, row.AnsweredBy, row.AnsweredAt) = (RequestStatus.Answered, answer.Trim(), actor, work.Now);
            if (row.EscalationLevel == 0) work.Record(EventKind.RequestClock, row.Number, row.Tenant, row.Site, null, row.Ticket, work.Now <= row.AnswerBy ? 1 : 0, row.Department);
            row.DueAt = null;
        }, ct);
    }

    public async Task<Outcome<CustomerRequest>> PassOnAsync(string tenant, string number, string department, string note, string actor, CancellationToken ct)
    {
        if (department.Trim() is not { Length: > 0 and <= 100 } to) return Refusal.Invalid("'department' has 1 to 100 characters");
        if (string.IsNullOrWhiteSpace(note)) return Refusal.Invalid("a request is passed on with a 'note': why");
        return await ChangeAsync(tenant, number, "request.passOn", actor, (work, row) =>
        {
            row.Department = to;
            if (row.Ticket is not null) work.Record(EventKind.Touch, $"{row.Number}:passed-on:{row.Version}", row.Tenant, row.Site, null, row.Ticket, 1, Touches.Transfer);
        }, ct);
    }

    public Task<IReadOnlyList<CustomerRequest>> ListAsync(string tenant, string? customer, bool openOnly, CancellationToken ct) => workbench.ReadAsync<IReadOnlyList<CustomerRequest>>(async db =>
        (await db.Requests.Where(r => r.Tenant == tenant && (customer == null || r.Customer == customer) && (!openOnly || r.Status == RequestStatus.Open))
            .OrderByDescending(r => r.Sequence).ToListAsync(ct)).ConvertAll(r => r.ToRequest()), ct);

    public async Task<Outcome<Compliment>> ThankAsync(NewCompliment compliment, string actor, CancellationToken ct)
    {
        if (BadText(compliment.Text) is { } bad) return bad;
        var key = "";
        var done = await workbench.TryAsync<bool>(clock.GetUtcNow(), async work =>
        {
            var about = await AboutAsync(work, compliment.Tenant, compliment.Ticket, compliment.Customer, ct);
            if (!about.Succeeded) return about.Refusal;
            var (ticket, customer) = about.Value;
            key = KeyOf("compliment", compliment.Tenant, compliment.Ticket ?? customer, compliment.Text);
            if (await work.Db.Compliments.AnyAsync(c => c.Key == key, ct)) return true;
            var technician = compliment.Technician ?? ticket?.Visit?.Technician ?? ticket?.Assignee;
            var thanked = technician is null ? null : await work.Db.Technicians.FindAsync([compliment.Tenant, technician], ct);
            work.Db.Compliments.Add(new ComplimentRow
            {
                Key = key, Tenant = compliment.Tenant, Ticket = ticket?.Number, Customer = customer, Site = ticket?.Site ?? "", Technician = technician, Partner = thanked?.Profile?.Partner,
                Text = compliment.Text.Trim(), Actor = actor, At = work.Now,
            });
            work.Record(EventKind.Compliment, key, compliment.Tenant, ticket?.Site ?? "", ticket?.Device, ticket?.Number, 1, technician);
            if (ticket is not null) work.Note(ticket, "compliment", $"the customer's thanks: {compliment.Text.Trim()}", $"客户表扬：{compliment.Text.Trim()}", actor);
            return true;
        }, ct);
        await audit.RecordAsync(compliment.Tenant, actor, "compliment.add", compliment.Ticket is null ? "customer" : $"ticket:{compliment.Ticket}", null, done.Refusal?.Code ?? "ok", done.Refusal?.Reason, ct);
        if (!done.Succeeded) return done.Refusal;
        signals.TicketsChanged();
        return await workbench.ReadAsync(async db => (await db.Compliments.SingleAsync(c => c.Key == key, ct)).ToCompliment(), ct);
    }

    public Task<IReadOnlyList<Compliment>> ComplimentsAsync(string tenant, string? technician, CancellationToken ct) => workbench.ReadAsync<IReadOnlyList<Compliment>>(async db =>
        (await db.Compliments.Where(c => c.Tenant == tenant && (technician == null || c.Technician == technician)).OrderByDescending(c => c.Id).ToListAsync(ct)).ConvertAll(c => c.ToCompliment()), ct);

    /// <summary>An unanswered request climbs the ladder once its day has come, and one rung further each day after it.</summary>
    public async Task<bool> SweepAsync(DeskWork work, string number, CancellationToken ct)
    {
        if (await work.Db.Requests.FindAsync([number], ct) is not { } row || !(row.DueAt <= work.Now)) return false;
        var ladder = options.Value.EscalationLadder;
        if (row.EscalationLevel == 0) work.Record(EventKind.RequestClock, row.Number, row.Tenant, row.Site, null, row.Ticket, 0, row.Department);
        work.Record(EventKind.Escalated, $"{row.Number}:{row.EscalationLevel}", row.Tenant, row.Site, null, row.Ticket, row.EscalationLevel + 1, ladder[row.EscalationLevel]);
        row.EscalationLevel++;
        row.DueAt = row.EscalationLevel < ladder.Count ? work.Now.AddDays(1) : null;
        row.Version++;
        return true;
    }

    private async Task<Outcome<CustomerRequest>> ChangeAsync(string tenant, string number, string action, string actor, Action<DeskWork, RequestRow> change, CancellationToken ct)
    {
        var done = await workbench.TryAsync<CustomerRequest>(clock.GetUtcNow(), async work =>
        {
            if (await work.Db.Requests.FindAsync([number], ct) is not { } row || row.Tenant != tenant) return Refusal.NotFound("request-unknown", $"there is no request {number}");
            if (row.Status is RequestStatus.Answered) return Refusal.Because("request-answered", $"{number} has been answered");
            change(work, row);
            row.Version++;
            return row.ToRequest();
        }, ct);
        return await ReportAsync(tenant, actor, action, number, done, ct);
    }

    private static async Task<Outcome<(TicketRow? Ticket, string Customer)>> AboutAsync(DeskWork work, string tenant, string? number, string? named, CancellationToken ct)
    {
        var ticket = number is null ? null : await work.TicketAsync(tenant, number, ct);
        if (number is not null && ticket is null) return Refusal.NotFound($"there is no ticket {number}");
        if ((ticket?.Customer ?? named?.Trim()) is not { Length: > 0 and <= 200 } customer) return Refusal.Invalid("say whose it is: give a 'ticket' or a 'customer'");
        return (ticket, customer);
    }

    private async Task<Outcome<CustomerRequest>> ReportAsync(string tenant, string actor, string action, string? number, Outcome<CustomerRequest> done, CancellationToken ct)
    {
        await audit.RecordAsync(tenant, actor, action, $"request:{number ?? "-"}", null, done.Refusal?.Code ?? "ok", done.Refusal?.Reason, ct);
        if (done.Succeeded) signals.Touch();
        return done;
    }

    private static Refusal? BadText(string? text) => text?.Trim() is { Length: > 0 and <= MostText } ? null : Refusal.Invalid("text-length", $"a text has 1 to {MostText} characters");

    private static string KeyOf(string kind, string tenant, string about, string text) =>
        $"{tenant}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}\n{about}\n{text.Trim()}")))}";
}
