using Seamless.Fleet.Registry;
using Seamless.Storage.TimeSeries;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Care.Visits;

/// <summary>What the machines said while somebody stood before them.</summary>
internal sealed class TelemetrySnapshot(ITimeSeriesStore store, IDeviceRegistry devices)
{
    private const int MostDevices = 50;

    public async Task<IReadOnlyList<SnapshotValue>> OfAsync(string tenant, string? device, string site, CancellationToken ct)
    {
        if (device is null && site.Length == 0) return [];
        IReadOnlyList<string> names = device is not null ? [device] : [.. (await devices.ListAsync(new DeviceFilter(tenant, Site: site, Limit: MostDevices), ct)).Select(d => d.Id)];
        var snapshot = new List<SnapshotValue>();
        foreach (var name in names)
            snapshot.AddRange((await store.LatestAsync(new DeviceKey(tenant, name), ct)).Where(v => v.State is not null || double.IsFinite(v.Value))
                .Select(v => new SnapshotValue(name, v.Metric, DateTimeOffset.FromUnixTimeMilliseconds(v.TimestampMs), double.IsFinite(v.Value) ? v.Value : 0, v.State)));
        return snapshot;
    }
}
