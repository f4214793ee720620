using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Seamless.Fleet.Registry;
using Seamless.Rules.Diagnosis;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Kpis;
using Seamless.ServiceDesk.Parts.BackOrders;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Parts;

/// <summary>Finds, reserves, ships, fits and takes back units. Every step is a move in the ledger; a serial is in one place at a time.</summary>
internal sealed class Logistics(IPacks packs, IDeviceRegistry devices, ICarrier carrier, IOptions<ServiceDeskOptions> options)
{
    /// <summary>Assumed to the site when nobody has told us where it is.</summary>
    private const double UnknownSiteKm = 50;
    private const double PlannedFillRate = 0.9;

    /// <summary>Reserves what the ticket needs and creates its shipments. What is already reserved is not reserved again.</summary>
    public async Task SupplyAsync(DeskWork work, TicketRow ticket, IReadOnlyList<PartNeed> needs, CancellationToken ct)
    {
        if (needs.Count == 0) return;
        var map = await MapAsync(work, ticket, ct);
        foreach (var need in needs.OrderBy(n => n.Sku, StringComparer.Ordinal)) await SupplyLineAsync(work, ticket, need, map, ct);
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
        foreach (var need in needs.Where(n => lines.All(l => l.Sku != n.Sku))) AddLine(work, ticket, need, PartLineStatus.Planned);
    }

    /// <summary>Takes back what has not left its depot, and asks for the return of what was delivered and not fitted.</summary>
    public async Task ReleaseAsync(DeskWork work, TicketRow ticket, string actor, CancellationToken ct)
    {
        var reservations = await work.ReservationsAsync(ticket.Number, ct);
        foreach (var shipment in await work.ShipmentsAsync(ticket.Number, ct))
            if (shipment.State is ShipmentState.Created) Cancel(shipment);
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
                SendBack(work, ticket, unit, actor, reservation.Depot);
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

    /// <summary>The carrier's milestone: <c>picked-up</c> or <c>delivered</c>. A milestone twice is once.</summary>
    public async Task<Outcome<ShipmentRow>> ReportAsync(DeskWork work, ShipmentRow shipment, string milestone, DateTimeOffset at, string actor, CancellationToken ct)
    {
        switch (milestone, shipment.State)
        {
            case ("picked-up", ShipmentState.InTransit or ShipmentState.Delivered) or ("delivered", ShipmentState.Delivered):
                return shipment;
            case ("picked-up", ShipmentState.Created):
                await PickUpAsync(work, shipment, at, actor, ct);
                return shipment;
            case ("delivered", ShipmentState.Created or ShipmentState.InTransit):
                if (shipment.State is ShipmentState.Created) await PickUpAsync(work, shipment, at, actor, ct);
                await DeliverAsync(work, shipment, at, actor, ct);
                return shipment;
            case ("picked-up" or "delivered", _):
                return Refusal.Because($"shipment {shipment.Id} is {shipment.State}; it cannot be reported {milestone}");
            default:
                return Refusal.Invalid($"'{milestone}' is no milestone; picked-up and delivered are");
        }
    }

    /// <summary>A technician has fitted <paramref name="serial"/>; <paramref name="removedSerial"/> is due back.</summary>
    public async Task<Refusal?> InstallAsync(DeskWork work, TicketRow ticket, string serial, string? removedSerial, string actor, TimePoint point, CancellationToken ct)
    {
        if (ticket.Device is null) return Refusal.Because($"{ticket.Number} is the site's, no device; nothing can be fitted");
        var reservation = (await work.ReservationsAsync(ticket.Number, ct)).FirstOrDefault(r => r.Serial == serial);
        if (reservation is null) return Refusal.Because($"unit {serial} is not reserved for {ticket.Number}");
        if (reservation.State is ReservationState.Consumed) return Refusal.Conflict($"unit {serial} is fitted already");
        if (reservation.State is not ReservationState.Delivered) return Refusal.Because($"unit {serial} has not arrived; it is {reservation.State}");

        work.Move(await work.UnitAsync(ticket.Tenant, serial, ct), UnitState.Installed, "installed", actor, device: ticket.Device, ticket: ticket.Number);
        reservation.State = ReservationState.Consumed;
        if (removedSerial is { Length: > 0 })
        {
            var refusal = await RemoveAsync(work, ticket, reservation, removedSerial, actor, ct);
            if (refusal is not null) return refusal;
        }
        var rest = (await work.ReservationsAsync(ticket.Number, ct)).Where(r => r.Sku == reservation.Sku && r.State is not ReservationState.Released);
        if (rest.All(r => r.State is ReservationState.Consumed)) (await LineOfAsync(work, ticket.Number, reservation, ct)).Status = PartLineStatus.Installed;
        work.Note(ticket, "part-installed", $"{serial} fitted", $"已安装 {serial}", actor, point: point);
        return null;
    }

    /// <summary>The part's return note, due at <see cref="ServiceDeskOptions.ReturnWithin"/>.</summary>
    private void SendBack(DeskWork work, TicketRow ticket, UnitRow unit, string actor, string depot)
    {
        work.Move(unit, UnitState.ReturnDue, "return-due", actor, ticket: ticket.Number);
        work.Db.Returns.Add(new ReturnRow
        {
            Id = StableHash.Id("return", ticket.Number, unit.Serial), Tenant = ticket.Tenant, Serial = unit.Serial, Sku = unit.Sku, Ticket = ticket.Number,
            ToDepot = depot, DueAt = work.Now + options.Value.ReturnWithin, Status = "due",
        });
    }

    private async Task<Refusal?> RemoveAsync(DeskWork work, TicketRow ticket, ReservationRow fitted, string serial, string actor, CancellationToken ct)
    {
        if (serial == fitted.Serial) return Refusal.Invalid($"unit {serial} cannot be fitted and removed at once");
        var unit = await work.Db.Units.FindAsync([ticket.Tenant, serial], ct);
        if (unit is null)
        {
            // Fitted before our time: it enters the ledger on its way back.
            unit = new UnitRow { Tenant = ticket.Tenant, Serial = serial, Sku = fitted.Sku, State = UnitState.Installed, Device = ticket.Device };
            work.Db.Units.Add(unit);
        }
        else if (unit.State is not UnitState.Installed || unit.Device != ticket.Device)
            return Refusal.Conflict($"unit {serial} is not in {ticket.Device}; the ledger has it at {unit.Place}");
        SendBack(work, ticket, unit, actor, fitted.Depot);
        return null;
    }

    private async Task SupplyLineAsync(DeskWork work, TicketRow ticket, PartNeed need, SupplyMap map, CancellationToken ct)
    {
        var line = (await work.LinesAsync(ticket.Number, ct)).FirstOrDefault(l => l.Sku == need.Sku) ?? AddLine(work, ticket, need, PartLineStatus.Planned);
        var taken = (await work.ReservationsAsync(ticket.Number, ct)).Where(r => IsSameOrNewer(r.Sku, need.Sku)).ToList();
        var held = taken.Count(r => r.State is not ReservationState.Released);
        var (before, inTime) = (held, true);
        for (var ordinal = taken.Count; held < need.Quantity; ordinal++, held++)
        {
            var source = await FindAsync(work, ticket, need.Sku, map, ct);
            if (source is null)
            {
                OutOfStock(work, ticket, line, ordinal, map);
                return;
            }
            inTime &= source.InTime;
            await ReserveAsync(work, ticket, line, ordinal, source, ct);
        }
        if (held == before) return;
        work.Record(EventKind.PartLine, $"{need.Sku}:{taken.Count}", ticket, inTime && line.Status is not PartLineStatus.Unavailable ? 1 : 0, line.Depot);
        line.Status = PartLineStatus.Reserved;
        work.Note(ticket, "parts-reserved", $"{need.Quantity} × {need.Sku} reserved in {line.Depot}", $"已在 {line.Depot} 预留 {need.Quantity} × {need.Sku}");
    }

    private void OutOfStock(DeskWork work, TicketRow ticket, PartLineRow line, int ordinal, SupplyMap map)
    {
        line.AwaitedAt ??= map.Depots.OrderBy(d => d.DistanceKm).ThenBy(d => d.Depot.Id, StringComparer.Ordinal).FirstOrDefault()?.Depot.Id;
        work.StockMoved(ticket.Tenant, Catalog().FirstOrDefault(p => p.Supersedes == line.Sku)?.Sku ?? line.Sku);
        if (line.Status is PartLineStatus.Unavailable) return;
        line.Status = PartLineStatus.Unavailable;
        line.AwaitedSince = work.Now;
        work.Record(EventKind.PartLine, $"{line.Sku}:{ordinal}:none", ticket, 0);
        Escalation.Climb(work, ticket, options.Value, $"unavailable:{line.Sku}:{ordinal}", $"no depot has {line.Sku}", $"所有仓库均无 {line.Sku}");
    }

    /// <summary>One free unit of the part, or of one that supersedes it, from the best depot.</summary>
    private async Task<ChosenSource?> FindAsync(DeskWork work, TicketRow ticket, string sku, SupplyMap map, CancellationToken ct)
    {
        var latest = ticket.ResolveBy - TimeSpan.FromMinutes(ticket.WorkMinutes);
        foreach (var candidateSku in (string[])[sku, .. Catalog().Where(p => p.Supersedes == sku).Select(p => p.Sku)])
        {
            await work.Db.Units.Where(u => u.Tenant == ticket.Tenant && u.Sku == candidateSku && u.State == UnitState.InStock).LoadAsync(ct);
            var free = work.Db.Units.Local.Where(u => u.Tenant == ticket.Tenant && u.Sku == candidateSku && u.State is UnitState.InStock)
                .GroupBy(u => u.Depot).ToDictionary(g => g.Key!, g => g.OrderBy(u => u.Serial, StringComparer.Ordinal).ToList());
            var candidates = map.Depots.Where(d => free.ContainsKey(d.Depot.Id)).Select(d => new SourceCandidate(
                d.Depot, d.DistanceKm, free[d.Depot.Id].Count, PipelineMean(candidateSku, d.Depot.Tier), d.Quote));
            if (Sourcing.Choose(candidates, latest, options.Value.Costs.BackOrder) is { } source)
                return new ChosenSource(source.Candidate, free[source.Candidate.Depot.Id][0], source.InTime);
        }
        return null;
    }

    private static async Task ReserveAsync(DeskWork work, TicketRow ticket, PartLineRow line, int ordinal, ChosenSource source, CancellationToken ct)
    {
        var (from, unit, sku) = (source.Candidate, source.Unit, source.Unit.Sku);
        work.Move(unit, UnitState.Reserved, "reserved", DeskWork.Desk, depot: from.Depot.Id, ticket: ticket.Number);
        var shipment = await ShipmentFromAsync(work, ticket, from.Depot, from.Quote, ct);
        shipment.Serials = [.. shipment.Serials, unit.Serial];
        work.Db.Reservations.Add(new ReservationRow
        {
            Id = StableHash.Id("rsv", ticket.Number, sku, ordinal.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            Tenant = ticket.Tenant, Ticket = ticket.Number, Sku = sku, Ordinal = ordinal, Serial = unit.Serial, Depot = from.Depot.Id,
            Shipment = shipment.Id, State = ReservationState.Hard, At = work.Now,
        });
        (line.Depot, line.Shipment) = (from.Depot.Id, shipment.Id);
        line.Eta = line.Eta is { } eta && eta > shipment.Eta ? eta : shipment.Eta;
    }

    internal static async Task<ShipmentRow> ShipmentFromAsync(DeskWork work, TicketRow ticket, Depot from, CarrierQuote quote, CancellationToken ct)
    {
        var earlier = (await work.ShipmentsAsync(ticket.Number, ct)).Where(s => s.FromDepot == from.Id).ToList();
        if (earlier.FirstOrDefault(s => s.State is ShipmentState.Created) is { } waiting) return waiting;
        var shipment = new ShipmentRow
        {
            Id = StableHash.Id("ship", ticket.Number, from.Id, earlier.Count.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            Tenant = ticket.Tenant, Ticket = ticket.Number, FromDepot = from.Id, Ordinal = earlier.Count, ToSite = ticket.Site, Carrier = quote.Carrier,
            Serials = [], State = ShipmentState.Created, CreatedAt = work.Now, PickUpAt = quote.PickUpAt, Eta = quote.Eta, DueAt = quote.PickUpAt,
        };
        work.Db.Shipments.Add(shipment);
        work.Note(ticket, "shipment-created", $"shipment from {from.Name}, expected {shipment.Eta:u}", $"已从{from.Name}发货，预计 {shipment.Eta:u} 到达");
        return shipment;
    }

    private static async Task PickUpAsync(DeskWork work, ShipmentRow shipment, DateTimeOffset at, string actor, CancellationToken ct)
    {
        (shipment.State, shipment.PickedUpAt, shipment.DueAt) = (ShipmentState.InTransit, at, shipment.Eta);
        shipment.Version++;
        foreach (var reservation in await OnBoardAsync(work, shipment, ct))
        {
            work.Move(await work.UnitAsync(shipment.Tenant, reservation.Serial, ct), UnitState.InTransit, "picked-up", actor, ticket: shipment.Ticket);
            reservation.State = ReservationState.Shipped;
            (await LineOfAsync(work, shipment.Ticket, reservation, ct)).Status = PartLineStatus.Shipped;
        }
        if (await work.TicketAsync(shipment.Tenant, shipment.Ticket, ct) is { } ticket)
            work.Note(ticket, "shipment-picked-up", $"parts on their way from {shipment.FromDepot}", $"备件已从 {shipment.FromDepot} 发出", actor);
    }

    private async Task DeliverAsync(DeskWork work, ShipmentRow shipment, DateTimeOffset at, string actor, CancellationToken ct)
    {
        (shipment.State, shipment.DeliveredAt, shipment.DueAt) = (ShipmentState.Delivered, at, null);
        shipment.Version++;
        var ticket = await work.TicketAsync(shipment.Tenant, shipment.Ticket, ct);
        foreach (var reservation in await OnBoardAsync(work, shipment, ct))
        {
            var unit = await work.UnitAsync(shipment.Tenant, reservation.Serial, ct);
            work.Move(unit, UnitState.Delivered, "delivered", actor, ticket: shipment.Ticket);
            reservation.State = ReservationState.Delivered;
            var line = await LineOfAsync(work, shipment.Ticket, reservation, ct);
            line.Status = PartLineStatus.Delivered;
            if (ticket is not { IsOpen: false }) continue;
            SendBack(work, ticket, unit, DeskWork.Desk, reservation.Depot);   // it came too late to be needed
            (reservation.State, line.Status) = (ReservationState.Released, PartLineStatus.Returned);
        }
        if (ticket is not null) work.Note(ticket, "parts-delivered", $"parts from {shipment.FromDepot} are at the site", $"来自 {shipment.FromDepot} 的备件已送达现场", actor);
    }

    private static async Task<List<ReservationRow>> OnBoardAsync(DeskWork work, ShipmentRow shipment, CancellationToken ct) =>
        [.. (await work.ReservationsAsync(shipment.Ticket, ct)).Where(r => r.Shipment == shipment.Id && r.State is (ReservationState.Hard or ReservationState.Shipped))];

    private static void Cancel(ShipmentRow shipment)
    {
        (shipment.State, shipment.DueAt) = (ShipmentState.Cancelled, null);
        shipment.Version++;
    }

    private static async Task<PartLineRow> LineOfAsync(DeskWork work, string ticket, ReservationRow reservation, CancellationToken ct)
    {
        var lines = await work.LinesAsync(ticket, ct);
        return lines.FirstOrDefault(l => l.Sku == reservation.Sku) ?? lines.First(l => l.Shipment == reservation.Shipment);
    }

    private PartLineRow AddLine(DeskWork work, TicketRow ticket, PartNeed need, string status)
    {
        var title = Catalog().FirstOrDefault(p => p.Sku == need.Sku)?.Title ?? new LocalizedText(need.Sku, need.Sku);
        var line = new PartLineRow { Ticket = ticket.Number, Sku = need.Sku, Title = title, Quantity = need.Quantity, Status = status };
        work.Db.PartLines.Add(line);
        return line;
    }

    private IEnumerable<PartDefinition> Catalog() => packs.All.SelectMany(p => p.Parts);

    private bool IsSameOrNewer(string sku, string wanted) => sku == wanted || Catalog().Any(p => p.Sku == sku && p.Supersedes == wanted);

    private double PipelineMean(string sku, DepotTier tier) =>
        BaseStock.MeanServedBy(Catalog().FirstOrDefault(p => p.Sku == sku) is { } part ? StarterNetwork.StockOf(part, tier) : 1, PlannedFillRate);

    private async Task<SupplyMap> MapAsync(DeskWork work, TicketRow ticket, CancellationToken ct)
    {
        var depots = (await work.Db.Depots.AsNoTracking().Where(d => d.Tenant == ticket.Tenant).OrderBy(d => d.Id).ToListAsync(ct)).ConvertAll(d => d.ToDepot());
        var site = await devices.FindSiteAsync(ticket.Tenant, ticket.Site, ct);
        var device = ticket.Device is null ? null : await devices.FindAsync(new DeviceKey(ticket.Tenant, ticket.Device), ct);
        var known = device?.Location ?? site?.Location;
        var place = known ?? AssumedPlace(depots, site?.TimeZone);
        return new SupplyMap([.. depots.Select(depot =>
        {
            var km = place is null ? UnknownSiteKm : Math.Max(depot.Location.DistanceKm(place), known is null ? UnknownSiteKm : 0);
            return new ReachableDepot(depot, km, carrier.Quote(depot, km, work.Now));
        })]);
    }

    /// <summary>A site of unknown place is taken to be near the central depot of its part of the world.</summary>
    internal static GeoPoint? AssumedPlace(IReadOnlyList<Depot> depots, string? timeZone)
    {
        var continent = timeZone?.Split('/')[0];
        var centrals = depots.Where(d => d.Tier is DepotTier.Central).ToList();
        return (centrals.FirstOrDefault(d => d.TimeZone.Split('/')[0] == continent) ?? (centrals.Count > 0 ? centrals[0] : depots.Count > 0 ? depots[0] : null))?.Location;
    }

    private sealed record ReachableDepot(Depot Depot, double DistanceKm, CarrierQuote Quote);
    private sealed record SupplyMap(IReadOnlyList<ReachableDepot> Depots);
    private sealed record ChosenSource(SourceCandidate Candidate, UnitRow Unit, bool InTime);
}

/// <summary>The words of <see cref="TicketPart.Status"/>.</summary>
internal static class PartLineStatus
{
    public const string Planned = "planned";
    public const string Reserved = "reserved";
    public const string Shipped = "shipped";
    public const string Delivered = "delivered";
    public const string Installed = "installed";
    public const string Returned = "returned";
    public const string Unavailable = "unavailable";
}
