using Seamless.Fleet.Registry;
using Seamless.Fleet.Updates;
using Seamless.ServiceDesk.Database;

namespace Seamless.ServiceDesk.Knowledge.Support;

/// <summary>Which versions customers run and which releases they may have.</summary>
internal sealed class SupportReleases(Workbench workbench, IUpdates updates, IDeviceRegistry devices)
{
    /// <summary>Releases for a type that the tenant's policy gives to customers, newest first.</summary>
    public async Task<IReadOnlyList<Download>> ForTypeAsync(string tenant, string type, CancellationToken ct)
    {
        var given = (await workbench.ReadAsync(db => KnowledgePolicy.OfAsync(db, tenant, ct), ct)).Downloads;
        if (given.Count == 0) return [];
        return [.. (await updates.ListArtefactsAsync(tenant, ct)).Where(a => given.Contains(a.Id) && a.Manifest.HwIds.Contains(type)).OrderByDescending(a => a.Manifest.ReleaseCounter)
            .Select(a => new Download(a.Id, a.Manifest.Name, a.Manifest.Version, a.Manifest.Size, a.Manifest.Sha256, a.Manifest.Notes))];
    }

    public Task<string?> FileAsync(string tenant, string artefact, CancellationToken ct) => updates.FileOfAsync(tenant, artefact, ct);

    public async Task<VersionReport> ReportAsync(string tenant, Device? own, IReadOnlyList<Device> fleet, CancellationToken ct)
    {
        var newest = (await updates.ListArtefactsAsync(tenant, ct)).SelectMany(a => a.Manifest.HwIds.Select(type => (Type: type, a.Manifest)))
            .GroupBy(a => a.Type).ToDictionary(g => g.Key, g => g.MaxBy(a => a.Manifest.ReleaseCounter).Manifest.Version);
        return new VersionReport(
            own is null ? null : Of(own.Type, VersionOf(own), 1),
            [.. fleet.GroupBy(d => (d.Type, Version: VersionOf(d))).Select(g => Of(g.Key.Type, g.Key.Version, g.Count())).OrderBy(v => v.Type, StringComparer.Ordinal).ThenBy(v => v.Version, StringComparer.Ordinal)]);

        VersionCurrency Of(string type, string? version, int count)
        {
            var latest = newest.GetValueOrDefault(type);
            return new VersionCurrency(type, version, latest, latest is null || version == latest, count);
        }
    }

    private string? VersionOf(Device device) => devices.PresenceOf(device.Key).AgentVersion;
}
