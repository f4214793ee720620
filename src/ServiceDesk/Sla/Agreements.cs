using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Seamless.Fleet.Audit;
using Seamless.Rules.Packs.Files;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Sla;

internal sealed class Agreements(Workbench workbench, IDbContextFactory<DeskContext> contexts, IOptions<ServiceDeskOptions> options, IAudit audit, TimeProvider clock) : IAgreements
{
    /// <summary>Versions never change, so what was read once is right.</summary>
    private readonly ConcurrentDictionary<(string Tenant, int Version), ServiceAgreements> _read = new();

    private readonly ServiceAgreements _delivered = new(
        0, options.Value.Policies, new Dictionary<string, SlaPolicy>(), options.Value.StallAfter);

    public async Task<AgreementsVersion> CurrentAsync(string tenant, CancellationToken ct) =>
        await workbench.ReadAsync(db => db.Agreements.Where(a => a.Tenant == tenant).OrderByDescending(a => a.Version).FirstOrDefaultAsync(ct), ct) is { } row ? row.ToVersion() : Delivered();

    public async Task<AgreementsVersion?> FindAsync(string tenant, int version, CancellationToken ct)
    {
        if (version == 0) return Delivered();
        return await workbench.ReadAsync(db => db.Agreements.FirstOrDefaultAsync(a => a.Tenant == tenant && a.Version == version, ct), ct) is { } row ? row.ToVersion() : null;
    }

    public async Task<IReadOnlyList<AgreementsVersion>> ListAsync(string tenant, CancellationToken ct)
    {
        var rows = await workbench.ReadAsync(db => db.Agreements.Where(a => a.Tenant == tenant).OrderByDescending(a => a.Version).ToListAsync(ct), ct);
        return [.. rows.Select(row => row.ToVersion()), Delivered()];
    }

    public IReadOnlyList<PackProblem> Check(string text)
    {
        var problems = new List<PackProblem>();
        AgreementsReader.Read(text, 0, problems);
        return problems;
    }

    public async Task<Outcome<AgreementsVersion>> PutAsync(string tenant, string text, int? expected, string actor, CancellationToken ct)
    {
        var problems = Check(text);
        var put = problems.Count > 0
            ? Refusal.Invalid(string.Join('\n', problems))
            : await workbench.TryAsync(clock.GetUtcNow(), work => AddAsync(work, tenant, text, expected, actor, ct), ct);
        await audit.RecordAsync(tenant, actor, "agreements.put", $"agreements:{put.Value?.Version.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "-"}", null, put.Refusal?.Code ?? "ok", put.Refusal?.Reason, ct);
        return put;
    }

    public async Task<Promise> PromiseAsync(string tenant, string customer, string tier, Priority priority, DateTimeOffset openedAt, CancellationToken ct)
    {
        var agreements = await workbench.ReadAsync(db => InForceAsync(db, tenant, ct), ct);
        var policy = agreements.PolicyFor(customer, tier, priority);
        return new Promise(agreements.NameOf(policy), openedAt, By(policy.RespondWithin), By(policy.ArriveWithin), By(policy.ResolveWithin));

        DateTimeOffset By(TimeSpan within) => SlaTimer.Deadline(policy.Calendar, openedAt, within, []);
    }

    /// <summary>What a ticket opened now is measured by.</summary>
    public async Task<ServiceAgreements> InForceAsync(DeskContext db, string tenant, CancellationToken ct) =>
        Of(tenant, await db.Agreements.Where(a => a.Tenant == tenant).MaxAsync(a => (int?)a.Version, ct) ?? 0);

    /// <summary>What a ticket is measured by.</summary>
    public ServiceAgreements Of(TicketRow ticket) => Of(ticket.Tenant, ticket.AgreementVersion);

    private ServiceAgreements Of(string tenant, int version) => version == 0 ? _delivered : _read.GetOrAdd((tenant, version), Read);

    private ServiceAgreements Read((string Tenant, int Version) which)
    {
        using var db = contexts.CreateDbContext();
        var problems = new List<PackProblem>();
        return AgreementsReader.Read(db.Agreements.AsNoTracking().First(a => a.Tenant == which.Tenant && a.Version == which.Version).Text, which.Version, problems)
            ?? throw new InvalidOperationException($"service agreements {which.Version} of {which.Tenant} can no longer be read: {problems[0]}");
    }

    private static async Task<Outcome<AgreementsVersion>> AddAsync(DeskWork work, string tenant, string text, int? expected, string actor, CancellationToken ct)
    {
        var newest = await work.Db.Agreements.Where(a => a.Tenant == tenant).MaxAsync(a => (int?)a.Version, ct) ?? 0;
        if (expected is { } seen && seen != newest) return Refusal.Conflict($"version {newest} has been put in force meanwhile, not {seen}; look at it and put yours again");
        var row = new AgreementRow { Tenant = tenant, Version = newest + 1, Text = text, Actor = actor, At = work.Now };
        work.Db.Agreements.Add(row);
        return row.ToVersion();
    }

    private AgreementsVersion Delivered() => new(0, AgreementsWriter.Write(_delivered), DeskWork.Desk, null);
}
