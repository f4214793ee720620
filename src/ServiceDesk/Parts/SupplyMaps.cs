using Microsoft.EntityFrameworkCore;
using Seamless.Fleet.Registry;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Parts.Compatibility;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Parts;

internal sealed record ReachableDepot(Depot Depot, double DistanceKm, IReadOnlyList<CarrierQuote> Quotes);

/// <summary>From where and by whom a ticket's site can be supplied, and with what.</summary>
internal sealed record SupplyMap(IReadOnlyList<ReachableDepot> Depots, CarrierSet Carriers, Interchanges Interchanges, Machine Machine)
{
    /// <summary>The depot that the site is assigned to; null without depots.</summary>
    public string? Nearest => Depots.OrderBy(d => d.DistanceKm).ThenBy(d => d.Depot.Id, StringComparer.Ordinal).FirstOrDefault()?.Depot.Id;

    public IReadOnlyList<string> Candidates(string sku) => Interchanges.CandidatesFor(sku, Machine);
}

internal sealed class SupplyMaps(IDeviceRegistry devices, CarrierDesk carriers, CompatibilityBook compatibility)
{
    /// <summary>Assumed to the site when nobody has told us where it is.</summary>
    private const double UnknownSiteKm = 50;

    public async Task<SupplyMap> OfAsync(DeskWork work, TicketRow ticket, CancellationToken ct)
    {
        var depots = (await work.Db.Depots.AsNoTracking().Where(d => d.Tenant == ticket.Tenant).OrderBy(d => d.Id).ToListAsync(ct)).ConvertAll(d => d.ToDepot());
        var site = await devices.FindSiteAsync(ticket.Tenant, ticket.Site, ct);
        var device = ticket.Device is null ? null : await devices.FindAsync(new DeviceKey(ticket.Tenant, ticket.Device), ct);
        var known = device?.Location ?? site?.Location;
        var place = known ?? AssumedPlace(depots, site?.TimeZone);
        var set = await carriers.OfAsync(work.Db, ticket.Tenant, ct);
        return new SupplyMap([.. depots.Select(depot =>
        {
            var km = place is null ? UnknownSiteKm : Math.Max(depot.Location.DistanceKm(place), known is null ? UnknownSiteKm : 0);
            return new ReachableDepot(depot, km, set.Quotes(depot, km, work.Now));
        })], set, await compatibility.InForceAsync(work.Db, ticket.Tenant, ct), await compatibility.MachineAsync(ticket, ct));
    }

    /// <summary>A site of unknown place is taken to be near the central depot of its part of the world.</summary>
    internal static GeoPoint? AssumedPlace(IReadOnlyList<Depot> depots, string? timeZone)
    {
        var continent = timeZone?.Split('/')[0];
        var centrals = depots.Where(d => d.Tier is DepotTier.Central).ToList();
        return (centrals.FirstOrDefault(d => d.TimeZone.Split('/')[0] == continent) ?? (centrals.Count > 0 ? centrals[0] : depots.Count > 0 ? depots[0] : null))?.Location;
    }
}
