using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Seamless.ServiceDesk.Database;

namespace Seamless.ServiceDesk.Customers;

/// <summary>Where a tenant's policy is kept.</summary>
internal static class Policies
{
    private static string NameOf(string tenant) => $"customers:{tenant}";

    public static async Task<CustomerPolicy> OfAsync(DeskContext db, string tenant, CancellationToken ct)
    {
        var name = NameOf(tenant);
        var row = await db.Settings.AsNoTracking().FirstOrDefaultAsync(s => s.Name == name, ct);
        return row is null ? new CustomerPolicy() : JsonSerializer.Deserialize<CustomerPolicy>(row.Value) ?? new CustomerPolicy();
    }

    public static async Task SetAsync(DeskWork work, string tenant, CustomerPolicy policy, string actor, CancellationToken ct)
    {
        var (name, value) = (NameOf(tenant), JsonSerializer.Serialize(policy));
        if (await work.Db.Settings.FindAsync([name], ct) is { } row) (row.Value, row.Actor, row.At) = (value, actor, work.Now);
        else work.Db.Settings.Add(new SettingRow { Name = name, Value = value, Actor = actor, At = work.Now });
    }
}
