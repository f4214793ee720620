using Seamless.ServiceDesk.Database;

namespace Seamless.ServiceDesk.Customers;

/// <summary>Where a tenant's policy is kept.</summary>
internal static class Policies
{
    private static string NameOf(string tenant) => $"customers:{tenant}";

    public static Task<CustomerPolicy> OfAsync(DeskContext db, string tenant, CancellationToken ct) => TenantSettings.ReadAsync<CustomerPolicy>(db, NameOf(tenant), ct);

    public static Task SetAsync(DeskWork work, string tenant, CustomerPolicy policy, string actor, CancellationToken ct) => TenantSettings.WriteAsync(work, NameOf(tenant), policy, actor, ct);
}
