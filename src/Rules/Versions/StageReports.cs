using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Seamless.Rules.Alarms;
using Seamless.Telemetry;

namespace Seamless.Rules.Versions;

/// <summary>Reads what was raised while a version was tried out: from the alarms people saw, and from the ledger of those judged beside.</summary>
internal sealed class StageReports(IDbContextFactory<RulesContext> contexts, IOptions<RulesOptions> options)
{
    public async Task<StageReport> ReadAsync(string tenant, RuleVersionRow version, string? broken, CancellationToken ct)
    {
        await using var context = await contexts.CreateDbContextAsync(ct);
        var faults = new StageComparison(options.Value.ReopenWindow).Merge([.. await SeenAsync(context, tenant, version, ct), .. await BesideAsync(context, tenant, version, ct)]);
        var devices = faults.GroupBy(f => f.Device)
            .Select(device => new StageDevice(device.Key, version.Canary?.Includes(new DeviceKey(tenant, device.Key)) is true, StageCounts.Of(device)))
            .OrderByDescending(d => d.Counts.OnlyNew + d.Counts.OnlyOld).ThenBy(d => d.Device, StringComparer.Ordinal);
        return new StageReport(version.Version, version.State, version.Canary, version.StagedAt!.Value, version.StageEndedAt, broken, StageCounts.Of(faults), [.. devices], faults);
    }

    /// <summary>The engine's own alarms of that time, and who raised each.</summary>
    private static async Task<IEnumerable<StageFault>> SeenAsync(RulesContext context, string tenant, RuleVersionRow version, CancellationToken ct)
    {
        var (began, ended) = (version.StagedAt!.Value, version.StageEndedAt ?? DateTimeOffset.MaxValue);
        var rows = await context.Alarms.AsNoTracking()
            .Where(a => a.Tenant == tenant && a.Type == version.Type && a.Device != null && a.EvidenceJson != "[]" && a.RaisedAt < ended && (a.ClearedAt == null || a.ClearedAt >= began))
            .Select(a => new { a.Device, a.FaultKey, a.Rule, a.Severity, a.RuleVersion, a.RaisedAt, a.ClearedAt }).ToListAsync(ct);
        var candidates = version.RulesVersions.Split(' ');
        return rows.Select(a => new StageFault(a.Device!, a.FaultKey, a.Rule, a.Severity, By(a.RuleVersion, a.Device!, a.RaisedAt, a.ClearedAt), a.RaisedAt, a.ClearedAt));

        RaisedBy By(string rulesVersion, string device, DateTimeOffset raisedAt, DateTimeOffset? clearedAt)
        {
            if (candidates.Contains(rulesVersion)) return RaisedBy.New;
            // What the rules in force had raised, and what the candidate took over with the device and sees too.
            var takenOver = version.Canary?.Includes(new DeviceKey(tenant, device)) is true && raisedAt < version.StageAt && (clearedAt is null || clearedAt > version.StageAt);
            return takenOver ? RaisedBy.Both : RaisedBy.Old;
        }
    }

    private static async Task<IEnumerable<StageFault>> BesideAsync(RulesContext context, string tenant, RuleVersionRow version, CancellationToken ct)
    {
        var rows = await context.StageAlarms.AsNoTracking().Where(a => a.VersionNumber == version.Number && a.Run == version.Run && a.Tenant == tenant && a.Count > 0).ToListAsync(ct);
        return rows.Select(a => new StageFault(a.Device, a.FaultKey, a.Rule, a.Severity, a.ByCandidate ? RaisedBy.New : RaisedBy.Old, a.RaisedAt, a.ClearedAt));
    }
}
