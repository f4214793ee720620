using Microsoft.EntityFrameworkCore;
using Seamless.Fleet.Database;
using Seamless.Fleet.Registry;
using Seamless.Telemetry;

namespace Seamless.Fleet.Updates;

/// <summary>Compares a wave with devices like its own that were not updated: whatever the weather or the season does, it does to both.</summary>
internal sealed class Controls(IDeviceRegistry devices, IFieldFigures figures)
{
    private const int PerDevice = 5;

    /// <returns>A comparison per kind; none when nobody is left to compare with.</returns>
    public async Task<IReadOnlyList<FieldComparison>> CompareAsync(FleetDatabase database, CampaignRow campaign, DateTimeOffset now, CancellationToken ct)
    {
        var rows = await database.DeviceUpdates.AsNoTracking().Where(d => d.Tenant == campaign.Tenant && d.Campaign == campaign.Id).ToListAsync(ct);
        var touched = rows.Where(row => row.OfferedAt is not null).Select(row => row.Device).ToHashSet(StringComparer.Ordinal);
        var fleet = (await devices.EveryAsync(campaign.Tenant, ct)).ToDictionary(device => device.Id, StringComparer.Ordinal);
        var free = fleet.Values.Where(device => !touched.Contains(device.Id)).ToList();
        var (updated, alike) = (new List<Observation>(), new List<Observation>());
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var row in rows.Where(row => row is { State: DeviceUpdateState.Succeeded, EndedAt: not null } && row.Wave == campaign.Wave))
        {
            if (!fleet.TryGetValue(row.Device, out var device)) continue;
            updated.Add(new Observation(device.Key, row.EndedAt!.Value, now));
            foreach (var control in Like(device, free, used, campaign.Id)) alike.Add(new Observation(control.Key, row.EndedAt.Value, now));
        }
        return updated.Count == 0 || alike.Count == 0 ? [] : Compare(updated, await figures.CountAsync(updated, ct), alike, await figures.CountAsync(alike, ct));
    }

    /// <summary>Of the same type; from the same site as far as there are any, each once.</summary>
    private static List<Device> Like(Device device, List<Device> free, HashSet<string> used, string seed)
    {
        var like = free.Where(other => other.Type == device.Type && !used.Contains(other.Id))
            .OrderByDescending(other => other.Site == device.Site).ThenBy(other => StableHash.Id("c", seed, other.Id), StringComparer.Ordinal).Take(PerDevice).ToList();
        used.UnionWith(like.Select(other => other.Id));
        return like;
    }

    private static List<FieldComparison> Compare(
        IReadOnlyList<Observation> updated, IReadOnlyList<IReadOnlyDictionary<string, int>> counts, IReadOnlyList<Observation> alike, IReadOnlyList<IReadOnlyDictionary<string, int>> controlCounts)
    {
        var kinds = counts.Concat(controlCounts).SelectMany(count => count.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        return [.. kinds.Select(kind => One(kind, Pairs(kind, updated, counts), Pairs(kind, alike, controlCounts)))];
    }

    private static List<(int Count, double Hours)> Pairs(string kind, IReadOnlyList<Observation> observations, IReadOnlyList<IReadOnlyDictionary<string, int>> counts) =>
        [.. observations.Select((observation, i) => (counts[i].GetValueOrDefault(kind), observation.Hours))];

    private static FieldComparison One(string kind, List<(int Count, double Hours)> updated, List<(int Count, double Hours)> controls) => new(
        kind, updated.Sum(d => d.Count), updated.Sum(d => d.Hours), controls.Sum(d => d.Count), controls.Sum(d => d.Hours), Evidence.MoreThanControls(updated, controls));
}
