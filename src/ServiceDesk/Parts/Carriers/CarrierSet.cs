using Microsoft.EntityFrameworkCore;
using Seamless.ServiceDesk.Database;

namespace Seamless.ServiceDesk.Parts;

/// <summary>The carriers of a tenant: its own, or as long as it has none the registered ones.</summary>
internal sealed class CarrierSet(IReadOnlyList<ICarrier> carriers)
{
    public ICarrier? Find(string name) => carriers.FirstOrDefault(c => c.Name == name);

    /// <summary>Of all who go there, the cheapest first.</summary>
    public IReadOnlyList<CarrierQuote> Quotes(Depot from, double distanceKm, DateTimeOffset readyAt) =>
        [.. carriers.Select(c => c.Quote(from, distanceKm, readyAt)).OfType<CarrierQuote>().OrderBy(q => q.Cost).ThenBy(q => q.Eta).ThenBy(q => q.Carrier, StringComparer.Ordinal)];

    /// <summary>When a consignment that nobody reports counts as lost; null for a carrier that plays its timetable.</summary>
    public DateTimeOffset? OverdueAt(string carrier, DateTimeOffset eta) =>
        Find(carrier) is { Reports: MilestoneReports.Messages } known ? eta + known.Tolerance : null;
}

internal sealed class CarrierDesk(IEnumerable<ICarrier> registered)
{
    private readonly CarrierSet _registered = new([.. registered]);

    public async Task<CarrierSet> OfAsync(DeskContext db, string tenant, CancellationToken ct) =>
        await db.Carriers.AsNoTracking().Where(c => c.Tenant == tenant).OrderBy(c => c.Id).ToListAsync(ct) is { Count: > 0 } own
            ? new CarrierSet(own.ConvertAll(c => c.ToCarrier()))
            : _registered;
}
