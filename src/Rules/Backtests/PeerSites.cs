using Seamless.Fleet.Registry;
using Seamless.Rules.Engine;
using Seamless.Telemetry;

namespace Seamless.Rules.Backtests;

/// <summary>Which machines were each other's peers: those of the type at each site of the machines that are judged, as they are registered now.</summary>
internal sealed class PeerSites
{
    private const int PageSize = 500;

    private readonly Dictionary<DeviceKey, PeerGroup> _groups = [];

    /// <summary>All machines of those sites, also those that are not judged themselves.</summary>
    public IReadOnlyList<DeviceKey> Machines => [.. _groups.Keys];

    public PeerGroup? Of(in DeviceKey device) => _groups.GetValueOrDefault(device);

    public static async Task<PeerSites> FindAsync(IDeviceRegistry registry, string type, IReadOnlyList<DeviceKey> judged, CancellationToken ct)
    {
        var sites = new PeerSites();
        foreach (var device in judged)
        {
            if (sites._groups.ContainsKey(device) || (await registry.FindAsync(device, ct))?.Site is not { Length: > 0 } site) continue;
            var group = new PeerGroup(int.MaxValue);
            for (string? after = null; ;)
            {
                var page = await registry.ListAsync(new DeviceFilter(device.Tenant, type, Site: site, After: after, Limit: PageSize), ct);
                foreach (var machine in page) sites._groups[machine.Key] = group;
                if (page.Count < PageSize) break;
                after = page[^1].Id;
            }
        }
        return sites;
    }
}
