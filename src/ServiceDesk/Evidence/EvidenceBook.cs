using System.Security.Cryptography;
using Seamless.Fleet.Audit;
using Seamless.Rules.Alarms;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Kpis;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Evidence;

/// <summary>Collects what every source knows of a ticket, and seals it.</summary>
internal sealed class EvidenceBook(
    ITickets tickets, IAlarms alarms, IEventLog log, IEnumerable<IEvidenceSource> sources, EvidenceKey key, Workbench workbench, IAudit audit, TimeProvider clock) : IEvidence
{
    /// <summary>Measurements are kept from so long before the onset, and to so long after the repair.</summary>
    private static readonly TimeSpan Before = TimeSpan.FromHours(1);
    private static readonly TimeSpan After = TimeSpan.FromMinutes(15);

    public string PublicKeyPem => key.PublicPem;

    public async Task<Outcome<EvidenceBundle>> ExportAsync(string tenant, string ticket, string actor, CancellationToken ct)
    {
        if (await tickets.FindAsync(tenant, ticket, ct) is not { } found) return Refusal.NotFound($"there is no ticket '{ticket}'");
        var now = clock.GetUtcNow();
        var head = await log.HeadAsync(tenant, ct);
        var files = await ReadAsync(await CaseAsync(found, now, ct), ct);
        var manifest = new EvidenceManifest(EvidenceManifest.CurrentFormat, found.Number, tenant, now, actor, head, key.Id, [.. files.Select(EvidenceArchive.List)]);
        var bytes = EvidenceFile.Json(EvidenceArchive.Manifest, manifest).Content;
        var content = await EvidenceArchive.PackAsync(bytes, files, key.Key, now, ct);
        await RecordAsync(found, Convert.ToHexStringLower(SHA256.HashData(bytes)), actor, now, ct);
        return new EvidenceBundle($"{found.Number}-evidence.zip", content);
    }

    private async Task<IReadOnlyList<EvidenceFile>> ReadAsync(EvidenceCase of, CancellationToken ct)
    {
        var files = new List<EvidenceFile>();
        foreach (var source in sources) files.AddRange(await source.ReadAsync(of, ct));
        return [.. files.OrderBy(file => file.Name, StringComparer.Ordinal)];
    }

    private async Task<EvidenceCase> CaseAsync(Ticket ticket, DateTimeOffset now, CancellationToken ct)
    {
        var joined = new List<Alarm>();
        foreach (var id in ticket.Alarms)
            if (await alarms.FindAsync(ticket.Tenant, id, ct) is { } alarm) joined.Add(alarm);
        var onset = joined.Select(alarm => alarm.OnsetAt).Append(ticket.OpenedAt).Min();
        return new EvidenceCase(ticket, joined, onset - Before, (ticket.Sla.ResolvedAt ?? now) + After);
    }

    private async Task RecordAsync(Ticket ticket, string manifestHash, string actor, DateTimeOffset now, CancellationToken ct)
    {
        await workbench.CommitAsync(now, work =>
        {
            work.Record(EventKind.Evidence, $"{ticket.Number}:{manifestHash}", ticket.Tenant, ticket.Site, ticket.Device, ticket.Number, 1, manifestHash, actor);
            return Task.FromResult(true);
        }, ct);
        await audit.RecordAsync(ticket.Tenant, actor, "evidence.export", $"ticket:{ticket.Number}", null, "ok", $"manifest {manifestHash}", ct);
    }
}
