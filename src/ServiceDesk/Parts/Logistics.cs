using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Seamless.Rules.Diagnosis;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Kpis;
using Seamless.ServiceDesk.Parts.Compatibility;
using Seamless.ServiceDesk.Parts.BackOrders;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Parts;

/// <summary>Finds, reserves, ships, fits and takes back units. Every step is a move in the ledger; a serial is in one place at a time.</summary>
internal sealed class Logistics(SupplyMaps maps, CompatibilityBook compatibility, ReturnNotes returns, IOptions<ServiceDeskOptions> options)
{
    private const double PlannedFillRate = 0.9;

    /// <summary>So long before somebody has to be on site the part is to be there: a courier may be a little late, and it has to be taken in.</summary>
    private static readonly TimeSpan HandOver = TimeSpan.FromMinutes(30);

    /// <summary>Reserves what the ticket needs and creates its shipments. What is already reserved is not reserved again.</summary>
    public async Task SupplyAsync(DeskWork work, TicketRow ticket, IReadOnlyList<PartNeed> needs, CancellationToken ct)
    {
        if (needs.Count == 0) return;
        var map = await maps.OfAsync(work, ticket, ct);
        foreach (var need in needs.OrderBy(n => n.Sku, StringComparer.Ordinal)) await SupplyLineAsync(work, ticket, need, map, ct);
    }

    /// <summary>Reserves and ships what may turn out to be needed, where it comes in time for the visit; otherwise nothing is listed, ordered or waited for.</summary>
    /// <returns>False when it does not go along, or did already.</returns>
    public async Task<bool> SupplyIfInTimeAsync(DeskWork work, TicketRow ticket, PartNeed need, CancellationToken ct)
    {
        var lines = await work.LinesAsync(ticket.Number, ct);
        if (lines.Any(line => line.Sku == need.Sku)) return false;
        var visit = lines.Select(line => line.Eta).Append(ticket.ArriveBy - HandOver).Max();   // what is needed in any case is waited for
        var map = await maps.OfAsync(work, ticket, ct);
        if (await FindAsync(work, ticket, need.Sku, map, ct) is not { } source || source.Candidate.Quote.Eta > visit) return false;
        var line = AddLine(work, ticket, need with { Quantity = 1 }, PartLineStatus.Reserved, map.Interchanges);
        await ReserveAsync(work, ticket, line, source, map, ct);
        return true;
    }

    /// <summary>Tries again for the lines that found every shelf empty.</summary>
    public async Task SupplyMissingAsync(DeskWork work, TicketRow ticket, CancellationToken ct)
    {
        var missing = (await work.LinesAsync(ticket.Number, ct)).Where(l => l.Status == PartLineStatus.Unavailable).ToList();
        await SupplyAsync(work, ticket, [.. missing.Select(l => new PartNeed(l.Sku, l.Quantity))], ct);
    }

    /// <summary>Lists what a doubtful diagnosis would need, without sending it.</summary>
    public async Task PlanAsync(DeskWork work, TicketRow ticket, IReadOnlyList<PartNeed> needs, CancellationToken ct)
    {
        var lines = await work.LinesAsync(ticket.Number, ct);
        var catalogue = await compatibility.InForceAsync(work.Db, ticket.Tenant, ct);
        foreach (var need in needs.Where(n => lines.All(l => l.Sku != n.Sku))) AddLine(work, ticket, need, PartLineStatus.Planned, catalogue);
    }

    /// <summary>Takes back what has not left its depot, and asks for the return of what was delivered and not fitted.</summary>
    public async Task ReleaseAsync(DeskWork work, TicketRow ticket, string actor, CancellationToken ct)
    {
        var reservations = await work.ReservationsAsync(ticket.Number, ct);
        foreach (var shipment in await work.ShipmentsAsync(ticket.Number, ct))
            if (shipment.State is ShipmentState.Created) Deliveries.Cancel(shipment);
        foreach (var reservation in reservations)
        {
            var unit = await work.UnitAsync(ticket.Tenant, reservation.Serial, ct);
            if (reservation.State is ReservationState.Hard && unit.State is UnitState.ReturnDue)
            {
                await TakeBackAsync(work, unit, ct);
                reservation.State = ReservationState.Released;
            }
            else if (reservation.State is ReservationState.Hard)
            {
                work.Move(unit, UnitState.InStock, "released", actor, depot: reservation.Depot);
                reservation.State = ReservationState.Released;
            }
            else if (reservation.State is ReservationState.Delivered)
            {
                await returns.SendBackAsync(work, ticket, unit, actor, reservation.Depot, ct);
                reservation.State = ReservationState.Released;
            }
        }
        foreach (var line in await work.LinesAsync(ticket.Number, ct))
            if (line.Status is PartLineStatus.Reserved or PartLineStatus.Planned or PartLineStatus.Unavailable or PartLineStatus.Delivered)
                line.Status = PartLineStatus.Returned;
    }

    /// <summary>It was to go on from another site and has not left it: it goes back as it would have.</summary>
    private static async Task TakeBackAsync(DeskWork work, UnitRow unit, CancellationToken ct)
    {
        if (await work.Db.Returns.FirstOrDefaultAsync(r => r.Tenant == unit.Tenant && r.Serial == unit.Serial && r.Status == Laterals.Redirected, ct) is { } back) (back.Status, back.ReceivedAt) = ("due", null);
    }

    /// <summary>Takes everything back as if it had never been asked for, when nothing has left its depot.</summary>
    /// <returns>False when something has: it stays.</returns>
    public async Task<bool> WithdrawAsync(DeskWork work, TicketRow ticket, CancellationToken ct)
    {
        if ((await work.ShipmentsAsync(ticket.Number, ct)).Any(s => s.State is ShipmentState.InTransit or ShipmentState.Delivered)) return false;
        await ReleaseAsync(work, ticket, DeskWork.Desk, ct);
        work.Db.PartLines.RemoveRange(await work.LinesAsync(ticket.Number, ct));
        return true;
    }

    /// <summary>A technician has fitted <paramref name="serial"/>; <paramref name="removedSerial"/> is due back.</summary>
    public async Task<Refusal?> InstallAsync(DeskWork work, TicketRow ticket, string serial, string? removedSerial, string actor, TimePoint point, CancellationToken ct)
    {
        if (ticket.Device is null) return Refusal.Because("part-no-device", $"{ticket.Number} is the site's, no device; nothing can be fitted");
        var reservation = (await work.ReservationsAsync(ticket.Number, ct)).FirstOrDefault(r => r.Serial == serial);
        if (reservation is null) return Refusal.Because("unit-not-reserved", $"unit {serial} is not reserved for {ticket.Number}");
        if (reservation.State is ReservationState.Consumed) return Refusal.Conflict("unit-fitted", $"unit {serial} is fitted already");
        if (reservation.State is not ReservationState.Delivered) return Refusal.Because("unit-not-arrived", $"unit {serial} has not arrived; it is {reservation.State}");

        work.Move(await work.UnitAsync(ticket.Tenant, serial, ct), UnitState.Installed, "installed", actor, device: ticket.Device, ticket: ticket.Number);
        reservation.State = ReservationState.Consumed;
        if (removedSerial is { Length: > 0 })
        {
            var refusal = await RemoveAsync(work, ticket, reservation, removedSerial, actor, ct);
            if (refusal is not null) return refusal;
        }
        var rest = (await work.ReservationsAsync(ticket.Number, ct)).Where(r => r.WantedSku == reservation.WantedSku && r.State is not ReservationState.Released);
        if (rest.All(r => r.State is ReservationState.Consumed)) (await work.LineOfAsync(ticket.Number, reservation, ct)).Status = PartLineStatus.Installed;
        work.Note(ticket, "part-installed", $"{serial} fitted", $"已安装 {serial}", actor, point: point);
        return null;
    }

    private async Task<Refusal?> RemoveAsync(DeskWork work, TicketRow ticket, ReservationRow fitted, string serial, string actor, CancellationToken ct)
    {
        if (serial == fitted.Serial) return Refusal.Invalid("unit-both", $"unit {serial} cannot be fitted and removed at once");
        var unit = await work.Db.Units.FindAsync([ticket.Tenant, serial], ct);
        if (unit is null)
        {
            // Fitted before our time: it enters the ledger on its way back.
            unit = new UnitRow { Tenant = ticket.Tenant, Serial = serial, Sku = fitted.WantedSku, State = UnitState.Installed, Device = ticket.Device };
            work.Enter(unit, "found-installed", "before", actor);
        }
        else if (unit.State is not UnitState.Installed || unit.Device != ticket.Device)
            return Refusal.Conflict("unit-elsewhere", $"unit {serial} is not in {ticket.Device}; the ledger has it at {unit.Place}");
        await returns.SendBackAsync(work, ticket, unit, actor, fitted.Depot, ct);
        return null;
    }

    private async Task SupplyLineAsync(DeskWork work, TicketRow ticket, PartNeed need, SupplyMap map, CancellationToken ct)
    {
        var line = (await work.LinesAsync(ticket.Number, ct)).FirstOrDefault(l => l.Sku == need.Sku) ?? AddLine(work, ticket, need, PartLineStatus.Planned, map.Interchanges);
        var taken = (await work.ReservationsAsync(ticket.Number, ct)).Where(r => r.WantedSku == need.Sku).ToList();
        var isFirst = taken.Count == 0 && line.Status is PartLineStatus.Planned;
        var held = taken.Count(r => r.State is not ReservationState.Released);
        var (before, inTime, sources) = (held, true, new List<ChosenSource>());
        for (var ordinal = taken.Count; held < need.Quantity; ordinal++, held++)
        {
            var source = await FindAsync(work, ticket, need.Sku, map, ct);
            if (source is null)
            {
                OutOfStock(work, ticket, line, ordinal, map);
                break;
            }
            inTime &= source.InTime;
            sources.Add(source);
            await ReserveAsync(work, ticket, line, source, map, ct);
        }
        if (isFirst) await HitRates.RecordAsync(work, ticket, need, map.Nearest, sources.Count(s => s.Candidate.Depot.Id == map.Nearest), ct);
        if (held < need.Quantity || held == before) return;
        work.Record(EventKind.PartLine, $"{need.Sku}:{taken.Count}", ticket, inTime && line.Status is not PartLineStatus.Unavailable ? 1 : 0, line.Depot);
        line.Status = PartLineStatus.Reserved;
        var what = string.Join(", ", sources.Select(s => s.Unit.Sku).Distinct());
        work.Note(ticket, "parts-reserved", what == need.Sku ? $"{need.Quantity} × {need.Sku} reserved in {line.Depot}" : $"{need.Quantity} × {what} reserved in {line.Depot}; it stands in for {need.Sku}",
            what == need.Sku ? $"已在 {line.Depot} 预留 {need.Quantity} × {need.Sku}" : $"已在 {line.Depot} 预留 {need.Quantity} × {what}，替代 {need.Sku}");
    }

    private void OutOfStock(DeskWork work, TicketRow ticket, PartLineRow line, int ordinal, SupplyMap map)
    {
        line.AwaitedSku = map.Candidates(line.Sku) is [var newest, ..] ? newest : null;
        line.AwaitedAt = line.AwaitedSku is null ? null : line.AwaitedAt ?? map.Nearest;
        if (line.AwaitedSku is { } awaited) work.StockMoved(ticket.Tenant, awaited);
        if (line.Status is PartLineStatus.Unavailable) return;
        line.Status = PartLineStatus.Unavailable;
        line.AwaitedSince = work.Now;
        work.Record(EventKind.PartLine, $"{line.Sku}:{ordinal}:none", ticket, 0);
        if (line.AwaitedSku is null) Escalation.Climb(work, ticket, options.Value, $"incompatible:{line.Sku}", $"neither {line.Sku} nor what superseded it fits {map.Machine}", $"{line.Sku} 及其替代件均不适用于该设备（{map.Machine}）");
        else Escalation.Climb(work, ticket, options.Value, $"unavailable:{line.Sku}:{ordinal}", $"no depot has {line.Sku}", $"所有仓库均无 {line.Sku}");
    }

    /// <summary>One free unit of the newest part that fits and is in time, of its alternates the cheapest; when none is in time, of the newest that there is.</summary>
    private async Task<ChosenSource?> FindAsync(DeskWork work, TicketRow ticket, string sku, SupplyMap map, CancellationToken ct)
    {
        ChosenSource? late = null;
        foreach (var standing in map.Candidates(sku).GroupBy(map.Interchanges.StandingOf))
        {
            List<string> skus = [.. standing];
            await work.Db.Units.Where(u => u.Tenant == ticket.Tenant && skus.Contains(u.Sku) && u.State == UnitState.InStock).LoadAsync(ct);
            var free = work.Db.Units.Local.Where(u => u.Tenant == ticket.Tenant && skus.Contains(u.Sku) && u.State is UnitState.InStock)
                .GroupBy(u => (u.Sku, u.Depot)).ToDictionary(g => (g.Key.Sku, g.Key.Depot!), g => g.OrderBy(u => u.Serial, StringComparer.Ordinal).ToList());
            var isOneMoney = skus.Select(s => map.Interchanges.PartOf(s)?.Currency).Distinct().Count() == 1;
            var candidates = skus.SelectMany(s => map.Depots.Where(d => free.ContainsKey((s, d.Depot.Id))).SelectMany(d => d.Quotes.Select(quote => new SourceCandidate(
                d.Depot, d.DistanceKm, free[(s, d.Depot.Id)].Count, PipelineMean(map.Interchanges.PartOf(s), d.Depot.Tier), quote, s, isOneMoney ? map.Interchanges.PartOf(s)?.UnitCost ?? 0 : 0))));
            if (Sourcing.Choose(candidates, ticket.ArriveBy - HandOver, ticket.ResolveBy - TimeSpan.FromMinutes(ticket.WorkMinutes), options.Value.Costs.BackOrder) is not { } source) continue;
            var chosen = new ChosenSource(source.Candidate, free[(source.Candidate.Sku, source.Candidate.Depot.Id)][0], source.InTime);
            if (source.InTime) return chosen;
            late ??= chosen;
        }
        return late;
    }

    private static async Task ReserveAsync(DeskWork work, TicketRow ticket, PartLineRow line, ChosenSource source, SupplyMap map, CancellationToken ct)
    {
        var (from, unit, sku) = (source.Candidate, source.Unit, source.Unit.Sku);
        var ordinal = (await work.ReservationsAsync(ticket.Number, ct)).Count(r => r.Sku == sku);
        work.Move(unit, UnitState.Reserved, "reserved", DeskWork.Desk, depot: from.Depot.Id, ticket: ticket.Number);
        var shipment = await ShipmentFromAsync(work, ticket, from.Depot, from.DistanceKm, from.Quote, map.Carriers, ct);
        shipment.Serials = [.. shipment.Serials, unit.Serial];
        work.Db.Reservations.Add(new ReservationRow
        {
            Id = StableHash.Id("rsv", ticket.Number, sku, ordinal.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            Tenant = ticket.Tenant, Ticket = ticket.Number, Sku = sku, Ordinal = ordinal, Serial = unit.Serial, Depot = from.Depot.Id,
            Shipment = shipment.Id, State = ReservationState.Hard, At = work.Now, Wanted = sku == line.Sku ? null : line.Sku,
        });
        (line.Depot, line.Shipment) = (from.Depot.Id, shipment.Id);
        line.Eta = line.Eta is { } eta && eta > shipment.Eta ? eta : shipment.Eta;
    }

    internal static async Task<ShipmentRow> ShipmentFromAsync(DeskWork work, TicketRow ticket, Depot from, double distanceKm, CarrierQuote quote, CarrierSet carriers, CancellationToken ct)
    {
        var earlier = (await work.ShipmentsAsync(ticket.Number, ct)).Where(s => s.FromDepot == from.Id).ToList();
        if (earlier.FirstOrDefault(s => s.State is ShipmentState.Created) is { } waiting) return waiting;
        var id = StableHash.Id("ship", ticket.Number, from.Id, earlier.Count.ToString(System.Globalization.CultureInfo.InvariantCulture));
        var shipment = new ShipmentRow
        {
            Id = id, Tenant = ticket.Tenant, Ticket = ticket.Number, FromDepot = from.Id, Ordinal = earlier.Count, ToSite = ticket.Site, Carrier = quote.Carrier, DistanceKm = distanceKm,
            Serials = [], State = ShipmentState.Created, CreatedAt = work.Now, PickUpAt = quote.PickUpAt, Eta = quote.Eta,
        };
        Deliveries.Hand(shipment, quote, carriers.Find(quote.Carrier)?.Book(id, quote).Value, carriers);
        work.Db.Shipments.Add(shipment);
        work.Note(ticket, "shipment-created", $"shipment from {from.Name}, expected {shipment.Eta:u}", $"已从{from.Name}发货，预计 {shipment.Eta:u} 到达");
        return shipment;
    }

    private static PartLineRow AddLine(DeskWork work, TicketRow ticket, PartNeed need, string status, Interchanges catalogue)
    {
        var title = catalogue.PartOf(need.Sku)?.Title ?? new LocalizedText(need.Sku, need.Sku);
        var line = new PartLineRow { Ticket = ticket.Number, Sku = need.Sku, Title = title, Quantity = need.Quantity, Status = status };
        work.Db.PartLines.Add(line);
        return line;
    }

    private static double PipelineMean(PartDefinition? known, DepotTier tier) =>
        BaseStock.MeanServedBy(known is { } part ? StarterNetwork.StockOf(part, tier) : 1, PlannedFillRate);

    private sealed record ChosenSource(SourceCandidate Candidate, UnitRow Unit, bool InTime);
}
