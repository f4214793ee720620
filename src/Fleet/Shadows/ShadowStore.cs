using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Seamless.Fleet.Audit;
using Seamless.Fleet.Database;
using Seamless.Fleet.Registry;
using Seamless.Telemetry;

namespace Seamless.Fleet.Shadows;

internal sealed class ShadowStore(
    IDbContextFactory<FleetDatabase> databases, IDeviceRegistry devices, IShadowTransport transport, IAudit audit, TimeProvider time) : IShadows
{
    private const string Nothing = "{}";

    public async Task<Shadow> GetAsync(DeviceKey device, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var row = await database.Shadows.AsNoTracking().FirstOrDefaultAsync(s => s.Tenant == device.Tenant && s.Device == device.Device, ct);
        return ToShadow(row ?? new ShadowRow { Tenant = device.Tenant, Device = device.Device });
    }

    public async Task<Outcome<Shadow>> PutDesiredAsync(DeviceKey device, string stateJson, long? basedOn, string actor, CancellationToken ct)
    {
        if (!IsObject(stateJson)) return Refusal.Invalid("the desired state must be a JSON object");
        if (await devices.FindAsync(device, ct) is null) return Refusal.NotFound($"device {device} is not registered");
        await using (var database = await databases.CreateDbContextAsync(ct))
        {
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            var written = await database.Database.ExecuteSqlAsync($"""
                INSERT INTO fleet_shadows (Tenant, Device, DesiredVersion, DesiredJson, DesiredAt, ReportedVersion, ReportedJson)
                SELECT {device.Tenant}, {device.Device}, 1, {stateJson}, {now}, 0, {Nothing} WHERE {basedOn ?? 0} = 0 OR EXISTS
                    (SELECT 1 FROM fleet_shadows WHERE Tenant = {device.Tenant} AND Device = {device.Device})
                ON CONFLICT (Tenant, Device) DO UPDATE SET DesiredVersion = DesiredVersion + 1, DesiredJson = excluded.DesiredJson, DesiredAt = excluded.DesiredAt
                WHERE {basedOn} IS NULL OR DesiredVersion = {basedOn}
                """, ct);
            if (written == 0) return Refusal.Conflict($"the desired state of {device} has changed since version {basedOn}: read it again");
        }
        var shadow = await GetAsync(device, ct);
        await audit.RecordAsync(device.Tenant, actor, "shadow.desired", $"device:{device.Device}", null, "ok", $"version {shadow.DesiredVersion}", ct);
        await transport.PublishDesiredAsync(shadow, ct);
        return shadow;
    }

    public async Task<Outcome<Shadow>> ReportAsync(DeviceKey device, long version, string stateJson, CancellationToken ct)
    {
        if (!IsObject(stateJson)) return Refusal.Invalid("the reported state must be a JSON object");
        await using (var database = await databases.CreateDbContextAsync(ct))
        {
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            var written = await database.Database.ExecuteSqlAsync($"""
                INSERT INTO fleet_shadows (Tenant, Device, DesiredVersion, DesiredJson, ReportedVersion, ReportedJson, ReportedAt)
                VALUES ({device.Tenant}, {device.Device}, 0, {Nothing}, {version}, {stateJson}, {now})
                ON CONFLICT (Tenant, Device) DO UPDATE SET ReportedVersion = excluded.ReportedVersion, ReportedJson = excluded.ReportedJson, ReportedAt = excluded.ReportedAt
                WHERE excluded.ReportedVersion >= ReportedVersion
                """, ct);
            if (written == 0) return Refusal.Conflict($"{device} has already reported a version newer than {version}");
        }
        return await GetAsync(device, ct);
    }

    public async Task<IReadOnlyList<Shadow>> ListDesiredAsync(CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var rows = await database.Shadows.AsNoTracking().Where(s => s.DesiredVersion > 0).ToListAsync(ct);
        return [.. rows.Select(ToShadow)];
    }

    private static bool IsObject(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind is JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static Shadow ToShadow(ShadowRow row) => new(
        new DeviceKey(row.Tenant, row.Device), row.DesiredVersion, row.DesiredJson, row.DesiredAt, row.ReportedVersion, row.ReportedJson, row.ReportedAt);
}
