using Microsoft.EntityFrameworkCore;
using Seamless.Fleet.Database;
using Seamless.Telemetry;

namespace Seamless.Fleet.Registry;

/// <summary>Sites come into being when the first device names them; what is known about them is added later.</summary>
internal sealed class Sites(IDbContextFactory<FleetDatabase> databases)
{
    /// <summary>Where a device stands whose gateway is not registered anywhere.</summary>
    public const string DefaultSite = "default";

    /// <summary>Adds the site to the open transaction of <paramref name="database"/> unless it exists; saved with what else is being saved.</summary>
    public static async Task EnsureAsync(FleetDatabase database, string tenant, string site, string customer, CancellationToken ct) =>
        await database.Database.ExecuteSqlAsync($"""
            INSERT INTO fleet_sites (Tenant, Site, Name, TimeZone, Customer) VALUES ({tenant}, {site}, {site}, 'UTC', {customer})
            ON CONFLICT (Tenant, Site) DO NOTHING
            """, ct);

    public async Task<Site> EnsureAsync(string tenant, string site, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        await EnsureAsync(database, tenant, site, "", ct);
        return ToSite(await database.Sites.AsNoTracking().FirstAsync(s => s.Tenant == tenant && s.Site == site, ct));
    }

    public async Task<Outcome<Site>> PutAsync(Site site, CancellationToken ct)
    {
        if (!DeviceKey.IsValidName(site.Tenant) || !DeviceKey.IsValidName(site.Id)) return Refusal.Invalid($"site '{site.Id}' is not a name");
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(site.TimeZone, out _)) return Refusal.Invalid($"'{site.TimeZone}' is not an IANA time zone");
        await using var database = await databases.CreateDbContextAsync(ct);
        await database.Database.ExecuteSqlAsync($"""
            INSERT INTO fleet_sites (Tenant, Site, Name, Latitude, Longitude, TimeZone, Customer)
            VALUES ({site.Tenant}, {site.Id}, {site.Name}, {site.Location?.Latitude}, {site.Location?.Longitude}, {site.TimeZone}, {site.Customer})
            ON CONFLICT (Tenant, Site) DO UPDATE SET Name = excluded.Name, Latitude = excluded.Latitude, Longitude = excluded.Longitude,
                TimeZone = excluded.TimeZone, Customer = excluded.Customer
            """, ct);
        return site;
    }

    public async Task<Site?> FindAsync(string tenant, string site, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        return await database.Sites.AsNoTracking().FirstOrDefaultAsync(s => s.Tenant == tenant && s.Site == site, ct) is { } row ? ToSite(row) : null;
    }

    public async Task<IReadOnlyList<Site>> ListAsync(string tenant, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var rows = await database.Sites.AsNoTracking().Where(s => s.Tenant == tenant).OrderBy(s => s.Site).ToListAsync(ct);
        return [.. rows.Select(ToSite)];
    }

    private static Site ToSite(SiteRow row) =>
        new(row.Tenant, row.Site, row.Name, DeviceRows.GeoPointOf(row.Latitude, row.Longitude), row.TimeZone, row.Customer);
}
