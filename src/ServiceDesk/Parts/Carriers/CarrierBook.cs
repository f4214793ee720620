using Microsoft.EntityFrameworkCore;
using Seamless.ServiceDesk.Database;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Parts;

internal sealed class CarrierBook(Workbench workbench, CarrierDesk carriers, Network network, DeskSignals signals, TimeProvider clock) : ICarriers
{
    private const int LongestId = 60;

    public Task<IReadOnlyList<CarrierState>> ListAsync(string tenant, CancellationToken ct) => workbench.ReadAsync<IReadOnlyList<CarrierState>>(async db =>
        (await db.Carriers.Where(c => c.Tenant == tenant).OrderBy(c => c.Id).ToListAsync(ct)) is { Count: > 0 } own
            ? own.ConvertAll(c => c.ToState())
            : [.. ScheduledCourier.BuiltIns.Select(c => new CarrierState(c.Key, c.Value, null)).OrderBy(c => c.Id, StringComparer.Ordinal)], ct);

    public async Task<Outcome<CarrierState>> PutAsync(string tenant, string id, CarrierTerms terms, CancellationToken ct)
    {
        if (id.Length > LongestId || !id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_')) return Refusal.Invalid($"'{id}' is no id of a carrier; write up to {LongestId} letters, digits, '-', '.' and '_'");
        return terms.Check() is { } refusal ? refusal : await ChangeAsync(work => KeepAsync(work, tenant, id, terms, ct), ct);
    }

    public Task<Outcome<CarrierState>> RemoveAsync(string tenant, string id, CancellationToken ct) => ChangeAsync(async work =>
    {
        if (await work.Db.Carriers.FindAsync([tenant, id], ct) is not { } row) return Unknown(id);
        work.Db.Carriers.Remove(row);
        return row;
    }, ct);

    public Task<Outcome<CarrierState>> SetOutageAsync(string tenant, string id, CarrierOutage? outage, CancellationToken ct) => ChangeAsync(async work =>
    {
        if (outage?.Until <= outage?.From) return Refusal.Invalid("'until' must be after 'from'; leave it out for an outage without a known end");
        if (outage is { Reason.Length: 0 or > 500 }) return Refusal.Invalid("say in 'reason' why it does not collect, in 1 to 500 characters");
        if (await work.Db.Carriers.FindAsync([tenant, id], ct) is not { } row)
        {
            if (!ScheduledCourier.BuiltIns.ContainsKey(id) || await work.Db.Carriers.AnyAsync(c => c.Tenant == tenant, ct)) return Unknown(id);
            var own = ScheduledCourier.BuiltIns.Select(c => new CarrierRow { Tenant = tenant, Id = c.Key, Terms = c.Value }).ToList();
            work.Db.Carriers.AddRange(own);
            row = own.Find(c => c.Id == id)!;
        }
        row.Outage = outage;
        row.Version++;
        if (outage is null) await ReturnToBuiltInAsync(work, tenant, ct);
        else await Deliveries.FailOverAsync(work, row, await OthersAsync(work, tenant, row, ct), ct);
        return row;
    }, ct);

    public async Task<Outcome<CarrierQuotes>> QuoteAsync(string tenant, string depot, double distanceKm, DateTimeOffset? readyAt, CancellationToken ct)
    {
        if (!(distanceKm is >= 0 and <= 20_100)) return Refusal.Invalid("'km' is the distance from the depot, 0 to 20100");
        await network.EnsureAsync(tenant, clock.GetUtcNow(), ct);
        return await workbench.ReadAsync<Outcome<CarrierQuotes>>(async db =>
            await db.Depots.FirstOrDefaultAsync(d => d.Tenant == tenant && d.Id == depot, ct) is { } from
                ? new CarrierQuotes(depot, distanceKm, (await carriers.OfAsync(db, tenant, ct)).Quotes(from.ToDepot(), distanceKm, readyAt ?? clock.GetUtcNow()))
                : Refusal.NotFound($"there is no depot '{depot}'"), ct);
    }

    public Task<IReadOnlyList<CarrierFigures>> MeasureAsync(string tenant, DateTimeOffset from, DateTimeOffset to, CancellationToken ct) => workbench.ReadAsync<IReadOnlyList<CarrierFigures>>(async db =>
    {
        var zones = await db.Depots.Where(d => d.Tenant == tenant).ToDictionaryAsync(d => d.Id, d => TimeZoneInfo.FindSystemTimeZoneById(d.TimeZone), ct);
        var shipments = await db.Shipments.Where(s => s.Tenant == tenant && s.CreatedAt >= from && s.CreatedAt < to && s.State != ShipmentState.Cancelled).ToListAsync(ct);
        return [.. shipments.GroupBy(s => s.Carrier).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => Measure(g.Key, [.. g], zones))];
    }, ct);

    private static CarrierFigures Measure(string carrier, List<ShipmentRow> shipments, Dictionary<string, TimeZoneInfo> zones)
    {
        var delivered = shipments.FindAll(s => s.DeliveredAt is not null);
        return new CarrierFigures(carrier, shipments.Count, delivered.Count, shipments.Count(s => s.State is ShipmentState.Lost), Share(s => IsSameDay(s, zones[s.FromDepot])), Share(s => s.DeliveredAt <= s.Eta));

        double? Share(Func<ShipmentRow, bool> does) => delivered.Count == 0 ? null : (double)delivered.Count(does) / delivered.Count;
    }

    private static bool IsSameDay(ShipmentRow shipment, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(shipment.CreatedAt, zone).Date == TimeZoneInfo.ConvertTime(shipment.DeliveredAt!.Value, zone).Date;

    private static async Task<Outcome<CarrierRow>> KeepAsync(DeskWork work, string tenant, string id, CarrierTerms terms, CancellationToken ct)
    {
        if (await work.Db.Carriers.FindAsync([tenant, id], ct) is not { } row) work.Db.Carriers.Add(row = new CarrierRow { Tenant = tenant, Id = id, Terms = terms });
        row.Terms = terms;
        row.Version++;
        return row;
    }

    /// <summary>What an outage made the tenant's own, and nobody has changed since, is the built-in again: it follows what we deliver.</summary>
    private async Task ReturnToBuiltInAsync(DeskWork work, string tenant, CancellationToken ct)
    {
        var own = await work.Db.Carriers.Where(c => c.Tenant == tenant).ToListAsync(ct);
        if (own.Count == ScheduledCourier.BuiltIns.Count && own.TrueForAll(c => IsAsBuiltIn(c, clock.GetUtcNow()))) work.Db.Carriers.RemoveRange(own);
    }

    private static bool IsAsBuiltIn(CarrierRow row, DateTimeOffset now) =>
        (row.Outage is null || row.Outage.Until <= now) && ScheduledCourier.BuiltIns.TryGetValue(row.Id, out var delivered) && row.Terms.CutOffs.Count == 0 && (row.Terms with { CutOffs = delivered.CutOffs }) == delivered;

    /// <summary>Who else there is, this one as it is from now on among them.</summary>
    private static async Task<CarrierSet> OthersAsync(DeskWork work, string tenant, CarrierRow changed, CancellationToken ct)
    {
        await work.Db.Carriers.Where(c => c.Tenant == tenant).LoadAsync(ct);   // what this piece of work has added is not in the database yet
        var others = work.Db.Carriers.Local.Where(c => c.Tenant == tenant && c.Id != changed.Id).OrderBy(c => c.Id, StringComparer.Ordinal);
        return new([.. others.Append(changed).Select(c => c.ToCarrier())]);
    }

    private async Task<Outcome<CarrierState>> ChangeAsync(Func<DeskWork, Task<Outcome<CarrierRow>>> change, CancellationToken ct)
    {
        var done = await workbench.TryAsync(clock.GetUtcNow(), change, ct);
        if (!done.Succeeded) return done.Refusal;
        signals.Touch();
        return done.Value.ToState();
    }

    private static Refusal Unknown(string id) => Refusal.NotFound($"there is no carrier '{id}'; PUT /api/v1/carriers/{id} makes one");
}
