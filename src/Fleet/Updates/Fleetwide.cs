using Seamless.Fleet.Registry;

namespace Seamless.Fleet.Updates;

internal static class Fleetwide
{
    private const int PageSize = 1000;

    /// <summary>All devices of a tenant, by id.</summary>
    public static async Task<IReadOnlyList<Device>> EveryAsync(this IDeviceRegistry devices, string tenant, CancellationToken ct)
    {
        var all = new List<Device>();
        IReadOnlyList<Device> page;
        do
        {
            page = await devices.ListAsync(new DeviceFilter(tenant, After: all.Count > 0 ? all[^1].Id : null, Limit: PageSize), ct);
            all.AddRange(page);
        }
        while (page.Count == PageSize);
        return all;
    }
}
