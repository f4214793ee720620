using Microsoft.EntityFrameworkCore;
using Seamless.Fleet.Audit;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Dispatch.Technicians;
using Seamless.ServiceDesk.Sla;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Care.Queue;

internal sealed class QueueBook(Workbench workbench, IAgreements agreements, IAudit audit, TimeProvider clock) : IQueue
{
    public Task<Outcome<IReadOnlyList<QueuePlace>>> ListAsync(QueueFilter filter, CancellationToken ct) => workbench.ReadAsync<Outcome<IReadOnlyList<QueuePlace>>>(async db =>
    {
        var ofDesk = await db.Teams.AnyAsync(t => t.Tenant == filter.Tenant && t.Id == filter.Team, ct);
        if (filter.Team is { } team && !ofDesk && !await db.Partners.AnyAsync(p => p.Tenant == filter.Tenant && p.Id == team, ct)) return Refusal.NotFound($"there is no team and no partner '{team}'");
        var policy = await InForceAsync(db, filter.Tenant, ct);
        var rows = (await db.Tickets.Where(t => t.Tenant == filter.Tenant && (t.Status == TicketStatus.New || t.Status == TicketStatus.Acknowledged || t.Status == TicketStatus.Scheduled)).ToListAsync(ct))
            .Where(t => !ofDesk || t.Team == filter.Team).Where(await FitAsync(db, ofDesk ? filter with { Team = null } : filter, ct)).ToDictionary(t => t.Number);
        var order = QueueOrder.Of(rows.Values.Select(t => new Waiting(t.Number, t.Grading?.Priority ?? t.Priority, t.Tier, t.OpenedAt, t.Sequence)), policy.Policy);
        return order.Select((place, at) => PlaceOf(rows[place.Case.Ticket], place, at + 1, policy.Policy)).ToList();
    }, ct);

    public Task<QueuePolicyVersion> PolicyAsync(string tenant, CancellationToken ct) => workbench.ReadAsync(db => InForceAsync(db, tenant, ct), ct);

    public Task<IReadOnlyList<QueuePolicyVersion>> VersionsAsync(string tenant, CancellationToken ct) => workbench.ReadAsync<IReadOnlyList<QueuePolicyVersion>>(async db =>
        [.. (await db.QueuePolicies.Where(p => p.Tenant == tenant).OrderByDescending(p => p.Version).ToListAsync(ct)).Select(p => p.ToVersion()), Delivered], ct);

    public async Task<Outcome<QueuePolicyVersion>> PutAsync(string tenant, QueuePolicy policy, int? expected, string actor, CancellationToken ct)
    {
        var put = policy.Fault() is { } fault ? Refusal.Invalid(fault) : await workbench.TryAsync<QueuePolicyVersion>(clock.GetUtcNow(), async work =>
        {
            var newest = await work.Db.QueuePolicies.Where(p => p.Tenant == tenant).MaxAsync(p => (int?)p.Version, ct) ?? 0;
            if (expected is { } seen && seen != newest) return Refusal.Conflict($"version {newest} has been put in force meanwhile, not {seen}; look at it and put yours again");
            var row = new QueuePolicyRow { Tenant = tenant, Version = newest + 1, Policy = policy, Actor = actor, At = work.Now };
            work.Db.QueuePolicies.Add(row);
            return row.ToVersion();
        }, ct);
        await audit.RecordAsync(tenant, actor, "queue.policy", "queue-policy", null, put.Refusal?.Code ?? "ok", put.Refusal?.Reason ?? $"version {put.Value?.Version}", ct);
        return put;
    }

    public async Task<CustomerTerms> TermsAsync(string tenant, string customer, string tier, CancellationToken ct)
    {
        var promise = await agreements.PromiseAsync(tenant, customer, tier, Priority.P3, clock.GetUtcNow(), ct);
        return await workbench.ReadAsync(async db =>
        {
            var policy = (await InForceAsync(db, tenant, ct)).Policy;
            var plans = (await db.CarePlans.Where(p => p.Tenant == tenant && !p.Ended).OrderBy(p => p.Id).ToListAsync(ct))
                .Where(p => (p.Scope.Customer ?? p.Scope.Tier) is not null && (p.Scope.Customer ?? customer) == customer && string.Equals(p.Scope.Tier ?? tier, tier, StringComparison.OrdinalIgnoreCase));
            return new CustomerTerms(
                customer, tier, promise.Policy, policy.TermsOf(tier).HeadStartMinutes, policy.FairnessBoundMinutes, policy.AdviserOf(customer, tier), [.. plans.Select(p => p.Id)]);
        }, ct);
    }

    /// <summary>What a case opened now is graded by.</summary>
    public static async Task<QueuePolicyVersion> InForceAsync(DeskContext db, string tenant, CancellationToken ct) =>
        (await db.QueuePolicies.AsNoTracking().Where(p => p.Tenant == tenant).OrderByDescending(p => p.Version).FirstOrDefaultAsync(ct))?.ToVersion() ?? Delivered;

    private static QueuePolicyVersion Delivered { get; } = new(0, new QueuePolicy(), DeskWork.Desk, null);

    private static async Task<Func<TicketRow, bool>> FitAsync(DeskContext db, QueueFilter filter, CancellationToken ct)
    {
        if (filter is { Person: null, Team: null }) return _ => true;
        var technicians = (await db.Technicians.Where(t => t.Tenant == filter.Tenant).ToListAsync(ct))
            .Where(t => (filter.Person is null || t.Id == filter.Person) && (filter.Team is null || t.Profile?.Partner == filter.Team)).ToList();
        if (filter is { Person: { } person, Team: null } && technicians.Count == 0) return ticket => HolderOf(ticket) is not { } holder || holder == person;
        return ticket => HolderOf(ticket) is { } holder ? technicians.Any(t => t.Id == holder) : technicians.Any(t => Can(t, ticket));
    }

    private static string? HolderOf(TicketRow ticket) => ticket.Assignee ?? ticket.Visit?.Technician;

    private static bool Can(TechnicianRow technician, TicketRow ticket) => ticket.Skill is null || technician.Skills.Contains(ticket.Skill, StringComparer.OrdinalIgnoreCase);

    private static QueuePlace PlaceOf(TicketRow t, Place place, int position, QueuePolicy policy) => new(
        position, t.Number, t.Title, t.Device, t.Site, t.Customer, t.Tier, t.Priority, t.Grading, t.Status, HolderOf(t), policy.AdviserOf(t.Customer, t.Tier), t.OpenedAt, place.Turn, place.Reasons);
}
