using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Kpis;
using Seamless.ServiceDesk.Parts.Compatibility;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Parts;

/// <summary>The parts network as the other rooms see it; makes sure that a tenant has one.</summary>
internal sealed class Network(
    Workbench workbench, Deliveries deliveries, ReturnDesk returns, AdvanceReturns advance, PartRequests requests, CompatibilityBook compatibility, IPacks packs, DeskSignals signals, TimeProvider clock, IOptions<ServiceDeskOptions> options) : IPartsNetwork
{
    private readonly ConcurrentDictionary<string, int> _ensured = new();

    public Task<IReadOnlyList<PartDefinition>> CatalogAsync(string tenant, CancellationToken ct) => workbench.ReadAsync(async db => (await compatibility.InForceAsync(db, tenant, ct)).Parts, ct);

    /// <summary>Depots and stock for a tenant that has none; once in a process for each set of packs.</summary>
    public async Task EnsureAsync(string tenant, DateTimeOffset now, CancellationToken ct)
    {
        if (IsEnsured(tenant)) return;
        await workbench.CommitAsync(now, async work =>
        {
            await FillAsync(work, tenant, ct);
            return true;
        }, ct);
        _ensured[tenant] = packs.All.Count;
    }

    /// <summary>The same, within a piece of work for a tenant first met there.</summary>
    public async Task EnsureAsync(DeskWork work, string tenant, CancellationToken ct)
    {
        if (!IsEnsured(tenant)) await FillAsync(work, tenant, ct);
    }

    private bool IsEnsured(string tenant) => _ensured.GetValueOrDefault(tenant, -1) == packs.All.Count;

    private async Task FillAsync(DeskWork work, string tenant, CancellationToken ct)
    {
        if (options.Value.NetworkFolder is { } folder) await NetworkFiles.EnsureAsync(work, tenant, folder, ct);
        else await StarterNetwork.FillAsync(work, tenant, (await compatibility.InForceAsync(work.Db, tenant, ct)).Parts, packs, options.Value, ct);
    }

    public Task<IReadOnlyList<Depot>> DepotsAsync(string tenant, CancellationToken ct) => workbench.ReadAsync<IReadOnlyList<Depot>>(async db =>
        (await db.Depots.Where(d => d.Tenant == tenant).OrderBy(d => d.Id).ToListAsync(ct)).ConvertAll(d => d.ToDepot()), ct);

    public Task<IReadOnlyList<StockLevel>> StockAsync(string tenant, CancellationToken ct) => workbench.ReadAsync<IReadOnlyList<StockLevel>>(async db =>
        [.. (await db.Units.Where(u => u.Tenant == tenant && u.Depot != null && (u.State == UnitState.InStock || u.State == UnitState.Reserved))
            .GroupBy(u => new { u.Sku, u.Depot })
            .Select(g => new { g.Key.Sku, g.Key.Depot, OnHand = g.Count(), Reserved = g.Count(u => u.State == UnitState.Reserved) }).ToListAsync(ct))
            .Select(s => new StockLevel(s.Sku, s.Depot!, s.OnHand, s.Reserved)).OrderBy(s => s.Sku, StringComparer.Ordinal).ThenBy(s => s.Depot, StringComparer.Ordinal)], ct);

    public Task<IReadOnlyList<Reservation>> ReservationsAsync(string tenant, string? ticket, CancellationToken ct) => workbench.ReadAsync<IReadOnlyList<Reservation>>(async db =>
        (await db.Reservations.Where(r => r.Tenant == tenant && (ticket == null || r.Ticket == ticket)).OrderByDescending(r => r.At).ThenBy(r => r.Id).ToListAsync(ct))
            .ConvertAll(r => r.ToReservation()), ct);

    public Task<IReadOnlyList<Shipment>> ShipmentsAsync(string tenant, string? ticket, bool openOnly, CancellationToken ct) => workbench.ReadAsync<IReadOnlyList<Shipment>>(async db =>
        (await db.Shipments.Where(s => s.Tenant == tenant && (ticket == null || s.Ticket == ticket)
                && (!openOnly || s.State == ShipmentState.Created || s.State == ShipmentState.InTransit))
            .OrderByDescending(s => s.CreatedAt).ThenBy(s => s.Id).ToListAsync(ct)).ConvertAll(s => s.ToShipment()), ct);

    public Task<IReadOnlyList<PartReturn>> ReturnsAsync(string tenant, CancellationToken ct) => workbench.ReadAsync<IReadOnlyList<PartReturn>>(async db =>
        (await db.Returns.Where(r => r.Tenant == tenant).OrderByDescending(r => r.DueAt).ThenBy(r => r.Id).ToListAsync(ct)).ConvertAll(r => r.ToReturn()), ct);

    public Task<PartUnit?> FindUnitAsync(string tenant, string serial, CancellationToken ct) => workbench.ReadAsync(async db =>
        (await db.Units.FirstOrDefaultAsync(u => u.Tenant == tenant && u.Serial == serial, ct))?.ToUnit(), ct);

    public Task<IReadOnlyList<UnitMove>> HistoryAsync(string tenant, string serial, CancellationToken ct) => workbench.ReadAsync<IReadOnlyList<UnitMove>>(async db =>
        (await db.UnitMoves.Where(m => m.Tenant == tenant && m.Serial == serial).OrderBy(m => m.Id).ToListAsync(ct)).ConvertAll(m => m.ToMove()), ct);

    public async Task<Outcome<Shipment>> ReportShipmentAsync(string tenant, string id, string milestone, string actor, CancellationToken ct)
    {
        var done = await workbench.TryAsync(clock.GetUtcNow(), async work =>
            await work.Db.Shipments.FindAsync([id], ct) is { } shipment && shipment.Tenant == tenant
                ? await deliveries.ReportAsync(work, shipment, milestone, work.Now, actor, ct)
                : Refusal.NotFound("shipment-unknown", $"there is no shipment {id}"), ct);
        if (!done.Succeeded) return done.Refusal;
        signals.Touch();
        return done.Value.ToShipment();
    }

    public async Task<Outcome<PartReturn>> ReceiveReturnAsync(string tenant, string id, string disposition, string actor, CancellationToken ct, string? serial = null, string? repairer = null)
    {
        var done = await workbench.TryAsync(clock.GetUtcNow(), work => returns.ReceiveAsync(work, tenant, id, disposition, serial is { Length: > 0 } ? serial : null, repairer, actor, ct), ct);
        if (!done.Succeeded) return done.Refusal;
        signals.Touch();
        return done.Value.ToReturn();
    }

    public async Task<Outcome<PartReturn>> ReplaceInAdvanceAsync(string tenant, string ticket, string sku, string serial, decimal? charge, string actor, CancellationToken ct)
    {
        var done = await workbench.TryAsync<ReturnRow>(clock.GetUtcNow(), async work =>
            await work.TicketAsync(tenant, ticket, ct) is { } row ? await advance.SendAsync(work, row, sku.Trim(), serial.Trim(), charge, actor, ct) : Refusal.NotFound("ticket-unknown", $"there is no ticket {ticket}"), ct);
        if (!done.Succeeded) return done.Refusal;
        signals.Touch();
        return done.Value.ToReturn();
    }

    public async Task<Outcome<ReservedParts>> ReserveAsync(string tenant, string ticket, string sku, int quantity, string actor, CancellationToken ct)
    {
        var done = await workbench.TryAsync<List<ReservationRow>>(clock.GetUtcNow(), async work =>
            await work.TicketAsync(tenant, ticket, ct) is { } row ? await requests.ReserveAsync(work, row, sku.Trim(), quantity, actor, ct) : Refusal.NotFound("ticket-unknown", $"there is no ticket {ticket}"), ct);
        if (!done.Succeeded) return done.Refusal;
        signals.Touch();
        return new ReservedParts(sku.Trim(), done.Value.ConvertAll(r => r.ToReservation()));
    }

    public Task<IReadOnlyList<HitRate>> HitRatesAsync(string tenant, DateTimeOffset from, DateTimeOffset to, CancellationToken ct) => workbench.ReadAsync(async db =>
    {
        var classes = (await compatibility.InForceAsync(db, tenant, ct)).Parts.ToDictionary(p => p.Sku, p => $"{p.Criticality}{p.Class}", StringComparer.Ordinal);
        var zones = await db.Depots.Where(d => d.Tenant == tenant).ToDictionaryAsync(d => d.Id, d => TimeZoneInfo.FindSystemTimeZoneById(d.TimeZone), ct);
        var happened = await db.Events.Where(e => e.Tenant == tenant && e.Kind == EventKind.FirstRequest && e.At >= from && e.At < to).ToListAsync(ct);
        return HitRates.Of(happened, zones, sku => classes.GetValueOrDefault(sku, ""));
    }, ct);
}
