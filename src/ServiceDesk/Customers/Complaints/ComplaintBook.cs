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

namespace Seamless.ServiceDesk.Customers.Complaints;

/// <summary>Complaints as the other rooms see them.</summary>
internal sealed class ComplaintBook(Workbench workbench, IOptions<ServiceDeskOptions> options, DeskSignals signals, IAudit audit, TimeProvider clock) : IComplaints
{
    private const int FirstNumber = 1001;
    private const int MostText = 4000;
    private const int MostPerPage = 1000;

    public async Task<Outcome<Complaint>> LodgeAsync(NewComplaint complaint, string actor, CancellationToken ct)
    {
        if (complaint.Text.Trim() is not { Length: > 0 and <= MostText }) return Refusal.Invalid("complaint-text", $"a complaint has 1 to {MostText} characters of text");
        var done = await workbench.TryAsync<ComplaintRow>(clock.GetUtcNow(), async work =>
        {
            var ticket = complaint.Ticket is null ? null : await work.TicketAsync(complaint.Tenant, complaint.Ticket, ct);
            if (complaint.Ticket is not null && ticket is null) return Refusal.NotFound("ticket-unknown", $"there is no ticket {complaint.Ticket}");
            if ((ticket?.Customer ?? complaint.Customer?.Trim()) is not { Length: > 0 and <= 200 } customer) return Refusal.Invalid("complaint-whose", "a complaint needs a 'ticket' or a 'customer'");
            return await LodgeAsync(work, complaint, ticket, customer, actor, ct);
        }, ct);
        return await ReportAsync(complaint.Tenant, actor, "complaint.lodge", done.Value?.Number ?? "-", done.Refusal, ct);
    }

    public Task<Complaint?> FindAsync(string tenant, string number, CancellationToken ct) => workbench.ReadAsync(async db =>
        await db.Complaints.FirstOrDefaultAsync(c => c.Tenant == tenant && c.Number == number, ct) is { } row ? (await OfAsync(db, [row], ct))[0] : null, ct);

    public Task<IReadOnlyList<Complaint>> ListAsync(ComplaintFilter filter, CancellationToken ct) => workbench.ReadAsync(async db =>
    {
        var rows = db.Complaints.Where(c => c.Tenant == filter.Tenant);
        if (filter.Status is { } status) rows = rows.Where(c => c.Status == status);
        if (filter.Customer is { } customer) rows = rows.Where(c => c.Customer == customer);
        if (filter.Owner is { } owner) rows = rows.Where(c => c.Owner == owner);
        if (filter.Ticket is { } ticket) rows = rows.Where(c => c.Ticket == ticket);
        if (filter.OpenOnly) rows = rows.Where(c => c.Status != ComplaintStatus.Closed);
        if (filter.After is { } after) rows = rows.Where(c => c.Sequence < db.Complaints.Where(a => a.Number == after).Select(a => a.Sequence).FirstOrDefault());
        return await OfAsync(db, await rows.OrderByDescending(c => c.Sequence).Take(Math.Clamp(filter.Limit, 1, MostPerPage)).ToListAsync(ct), ct);
    }, ct);

    public async Task<Outcome<Complaint>> ActAsync(string tenant, string number, ComplaintAction action, CancellationToken ct)
    {
        var done = await workbench.TryAsync<ComplaintRow>(clock.GetUtcNow(), async work =>
        {
            if (await work.Db.Complaints.FindAsync([number], ct) is not { } row || row.Tenant != tenant) return Refusal.NotFound("complaint-unknown", $"there is no complaint {number}");
            var desk = new ComplaintDesk(work, row, await Policies.OfAsync(work.Db, tenant, ct), action);
            return await desk.ActAsync(ct) is { } refusal ? refusal : row;
        }, ct);
        return await ReportAsync(tenant, action.By.Name, $"complaint.{action.Name}", number, done.Refusal, ct);
    }

    public async Task<IReadOnlyList<string>> AllowedAsync(Complaint complaint, Colleague person, CancellationToken ct)
    {
        var policy = await PolicyAsync(complaint.Tenant, ct);
        var pending = complaint.Offers.LastOrDefault(o => o.Rung is not null);
        return [.. ComplaintStatuses.Allowed(complaint.Status).Where(action =>
            ComplaintStatuses.IsApprovers(action) ? pending is not null && pending.OfferedBy != person.Name && policy.StandsOn(pending.Rung!, person)
            : action == "reply" ? complaint.Inquiries.Any(i => i.AnsweredAt is null)
            : ComplaintStatuses.IsAnybodys(action) || person.Name == complaint.Owner || (action == "hand-over" && person.Role == "admin"))];
    }

    public Task<CustomerPolicy> PolicyAsync(string tenant, CancellationToken ct) => workbench.ReadAsync(db => Policies.OfAsync(db, tenant, ct), ct);

    public async Task<Outcome<CustomerPolicy>> SetPolicyAsync(string tenant, CustomerPolicy policy, string actor, CancellationToken ct)
    {
        if (policy.Fault() is { } fault) return Refusal.Invalid(fault);
        await workbench.CommitAsync(clock.GetUtcNow(), async work =>
        {
            await Policies.SetAsync(work, tenant, policy, actor, ct);
            return true;
        }, ct);
        await audit.RecordAsync(tenant, actor, "customers.policy", "customers", null, "ok", null, ct);
        return policy;
    }

    /// <summary>Everything that is due of one complaint; called by the desk's beat.</summary>
    public async Task<bool> SweepAsync(DeskWork work, string number, CancellationToken ct)
    {
        if (await work.Db.Complaints.FindAsync([number], ct) is not { } row || !(row.DueAt <= work.Now)) return false;
        await ComplaintTimes.SweepAsync(work, row, options.Value.EscalationLadder, ct);
        return true;
    }

    private static async Task<Outcome<ComplaintRow>> LodgeAsync(DeskWork work, NewComplaint complaint, TicketRow? ticket, string customer, string actor, CancellationToken ct)
    {
        var root = KeyOf(complaint, customer);
        var same = await work.Db.Complaints.Where(c => c.Key.StartsWith(root)).OrderBy(c => c.Sequence).ToListAsync(ct);
        if (same.LastOrDefault() is { Status: not ComplaintStatus.Closed } open) return open;
        var policy = await Policies.OfAsync(work.Db, complaint.Tenant, ct);
        var promise = policy.PromiseFor(complaint.Type);
        var sequence = (await work.Db.Complaints.MaxAsync(c => (int?)c.Sequence, ct) ?? FirstNumber - 1) + 1;
        var row = new ComplaintRow
        {
            Number = string.Create(CultureInfo.InvariantCulture, $"C-{sequence}"), Sequence = sequence, Key = $"{root}#{same.Count}", Tenant = complaint.Tenant, Ticket = ticket?.Number,
            Customer = customer, Site = ticket?.Site ?? "", Device = ticket?.Device, Type = complaint.Type, Text = complaint.Text.Trim(), Channel = complaint.Channel,
            ReceivedAt = work.Now, FirstAnswerBy = work.Now.AddHours(promise.FirstAnswerHours), SolutionBy = work.Now.AddHours(promise.SolutionHours),
        };
        work.Db.Complaints.Add(row);
        work.Step(row, "received", actor, new("complaint received", "已收到投诉"), forCustomer: true);
        work.Record(EventKind.Complaint, row.Number, row, 1, row.Type.ToString());
        work.Touch(row, "received", Touches.Contact);
        if (ticket is not null) work.Note(ticket, "complaint", $"complaint {row.Number}", $"投诉 {row.Number}", actor);
        if (policy.Specialists.TryGetValue(row.Type, out var specialist)) ComplaintDesk.Own(work, row, specialist, DeskWork.Desk);
        await ComplaintTimes.ScheduleAsync(work, row, ct);
        return row;
    }

    private static string KeyOf(NewComplaint complaint, string customer)
    {
        var words = SHA256.HashData(Encoding.UTF8.GetBytes($"{complaint.Ticket ?? customer}\n{complaint.Type}\n{complaint.Text.Trim()}"));
        return $"{complaint.Tenant}:{Convert.ToHexStringLower(words)}";
    }

    private async Task<Outcome<Complaint>> ReportAsync(string tenant, string actor, string action, string number, Refusal? refusal, CancellationToken ct)
    {
        await audit.RecordAsync(tenant, actor, action, $"complaint:{number}", null, refusal?.Code ?? "ok", refusal?.Reason, ct);
        if (refusal is not null) return refusal;
        signals.Touch();
        return await FindAsync(tenant, number, ct) is { } complaint ? complaint : Refusal.NotFound("complaint-unknown", $"there is no complaint {number}");
    }

    private static async Task<IReadOnlyList<Complaint>> OfAsync(DeskContext db, IReadOnlyList<ComplaintRow> rows, CancellationToken ct)
    {
        var numbers = rows.Select(r => r.Number).ToList();
        var inquiries = (await db.Inquiries.Where(i => numbers.Contains(i.Complaint)).OrderBy(i => i.Number).ToListAsync(ct)).ToLookup(i => i.Complaint);
        var offers = (await db.Offers.Where(o => numbers.Contains(o.Complaint)).OrderBy(o => o.Number).ToListAsync(ct)).ToLookup(o => o.Complaint);
        var steps = (await db.ComplaintSteps.Where(s => numbers.Contains(s.Complaint)).OrderBy(s => s.Id).ToListAsync(ct)).ToLookup(s => s.Complaint);
        return [.. rows.Select(r => new Complaint(
            r.Number, r.Tenant, r.Ticket, r.Customer, r.Site, r.Type, r.Status, r.Text, r.Channel, r.Owner,
            new ComplaintClocks(r.FirstAnswerBy, r.SolutionBy, r.FirstAnsweredAt, r.SolvedAt,
                Met(r.FirstAnsweredAt, r.FirstAnswerBy, r.Marks.HasFlag(ComplaintMarks.FirstAnswerOverdue)), Met(r.SolvedAt, r.SolutionBy, r.Marks.HasFlag(ComplaintMarks.SolutionOverdue))),
            r.EscalationLevel,
            [.. inquiries[r.Number].Select(i => new Inquiry(i.Number, i.Department, i.Question, i.AskedBy, i.AskedAt, i.DueAt, i.Answer, i.AnsweredBy, i.AnsweredAt))],
            [.. offers[r.Number].Select(o => new Offer(o.Number, o.Alternatives, o.OfferedBy, o.Role, o.At, o.Rung, o.ApprovedBy, o.Chosen))],
            [.. steps[r.Number].Select(s => new ComplaintStep(s.At, s.Kind, s.Actor, s.Text, s.ForCustomer))], r.ReceivedAt, r.UpdatedAt, r.Version))];
    }

    private static bool? Met(DateTimeOffset? at, DateTimeOffset by, bool overdue) => overdue ? false : at is null ? null : at <= by;
}
