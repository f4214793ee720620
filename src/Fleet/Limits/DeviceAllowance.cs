using Microsoft.EntityFrameworkCore;
using Seamless.Fleet.Database;
using Seamless.Telemetry;

namespace Seamless.Fleet.Limits;

/// <summary>How many devices a tenant may still add. Asked of the database: another process may have added some, or set another limit.</summary>
/// <param name="Left">Below 1 when there is no room.</param>
internal readonly record struct DeviceAllowance(string Tenant, Cap Limit, long Left)
{
    /// <param name="database">In the transaction that adds: nobody comes in between.</param>
    public static async Task<DeviceAllowance> OfAsync(FleetDatabase database, string tenant, LimitOptions settings, CancellationToken ct)
    {
        var own = await database.Limits.AsNoTracking().Where(row => row.Tenant == tenant && row.Device == "").Select(row => row.Devices).FirstOrDefaultAsync(ct);
        var limit = own is { } max ? new Cap(max) : settings.Tenant.Devices ?? Cap.None;
        return new DeviceAllowance(tenant, limit, limit.IsNone ? long.MaxValue : limit.Max - await database.Devices.LongCountAsync(device => device.Tenant == tenant, ct));
    }

    public Refusal Refuse() => Refusal.DeviceLimit(
        $"the tenant {Tenant} may have {Limit} devices and has them; remove one, or let it have more: 'devices' on the page Limits, by PUT /api/v1/limits/tenant, or limits.tenant.devices");
}
