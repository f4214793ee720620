using Seamless.Fleet.Registry;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Parts.Planning;

public interface IKits
{
    Task<Outcome<ConsignmentKit>> SizeAsync(string tenant, KitRequest request, CancellationToken ct);
}

/// <summary>Sizes kits with what the installed base has asked for.</summary>
internal sealed class Kits(DemandBook demands, Network network, IDeviceRegistry devices, TimeProvider clock) : IKits
{
    private const double DaysInYear = 365.25;
    private const int PageLength = 1000;

    public async Task<Outcome<ConsignmentKit>> SizeAsync(string tenant, KitRequest request, CancellationToken ct) =>
        KitSizing.Of(request, await network.CatalogAsync(tenant, ct), await FieldRatesAsync(tenant, request.Type, ct));

    /// <summary>Units asked for, per machine of the type and year in service.</summary>
    private async Task<IReadOnlyDictionary<string, double>> FieldRatesAsync(string tenant, string type, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var weeks = await demands.WeeksAsync(tenant, now, ct);
        if (weeks.Count == 0) return new Dictionary<string, double>();
        var since = now - DemandBook.Period * weeks.Values.First().Length;
        var years = 0.0;
        for (string? after = null; ;)
        {
            var page = await devices.ListAsync(new DeviceFilter(tenant, Type: type, After: after, Limit: PageLength), ct);
            years += page.Sum(device => Math.Max(0, (now - (device.RegisteredAt > since ? device.RegisteredAt : since)).TotalDays) / DaysInYear);
            if (page.Count < PageLength) break;
            after = page[^1].Id;
        }
        return years <= 0 ? new Dictionary<string, double>() : weeks.ToDictionary(part => part.Key, part => part.Value.Sum() / years, StringComparer.Ordinal);
    }
}
