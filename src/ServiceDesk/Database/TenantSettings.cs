using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace Seamless.ServiceDesk.Database;

/// <summary>A tenant's choices as one JSON text; what it has never set has its default.</summary>
internal static class TenantSettings
{
    public static async Task<T> ReadAsync<T>(DeskContext db, string name, CancellationToken ct) where T : class, new()
    {
        var row = await db.Settings.AsNoTracking().FirstOrDefaultAsync(s => s.Name == name, ct);
        return row is null ? new T() : JsonSerializer.Deserialize<T>(row.Value) ?? new T();
    }

    public static async Task WriteAsync<T>(DeskWork work, string name, T setting, string actor, CancellationToken ct)
    {
        var value = JsonSerializer.Serialize(setting);
        if (await work.Db.Settings.FindAsync([name], ct) is { } row) (row.Value, row.Actor, row.At) = (value, actor, work.Now);
        else work.Db.Settings.Add(new SettingRow { Name = name, Value = value, Actor = actor, At = work.Now });
    }
}
