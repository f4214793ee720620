using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Seamless.Fleet.Registry;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Parts.Compatibility;
using Seamless.ServiceDesk.Parts.Resupply;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Parts.Custody;

/// <summary>What people do to a unit, each a signed move in the ledger.</summary>
internal sealed class UnitActions(Replenishment replenishment, CarrierDesk carriers, CompatibilityBook compatibility, IDeviceRegistry devices, IOptions<ServiceDeskOptions> options)
{
    private const int LongestSerial = 100;

    public static async Task<Outcome<UnitRow>> EnterAsync(DeskWork work, string tenant, NewUnit unit, string actor, CancellationToken ct)
    {
        if (unit.Serial.Trim() is not { Length: > 0 and <= LongestSerial } serial) return Refusal.Invalid($"a 'serial' has 1 to {LongestSerial} characters");
        if (unit.Sku.Trim() is not { Length: > 0 and <= LongestSerial } sku) return Refusal.Invalid("say in 'sku' which part it is");
        if (!UnitQuality.All.Contains(unit.Quality)) return Refusal.Invalid($"'{unit.Quality}' is no quality; {string.Join(" and ", UnitQuality.All)} are");
        if (await DepotAsync(work, tenant, unit.Depot, ct) is null) return NoDepot(unit.Depot);
        if (await work.Db.Units.FindAsync([tenant, serial], ct) is { } known) return Refusal.Conflict($"unit {serial} is in the ledger already, at {known.Place}");
        StarterNetwork.AddUnit(work, tenant, sku, serial, unit.Depot, actor, unit.Quality);
        return await work.UnitAsync(tenant, serial, ct);
    }

    public async Task<Outcome<UnitRow>> ActAsync(DeskWork work, UnitRow unit, UnitAction action, CancellationToken ct)
    {
        if (!UnitLife.Actions.Contains(action.Name)) return Refusal.Invalid($"'{action.Name}' is no action on a unit; {string.Join(", ", UnitLife.Actions)} are");
        if (await WhyNotAsync(work, unit, action.Name, ct) is { } refusal) return refusal;
        return action.Name switch
        {
            UnitLife.Move => await MoveAsync(work, unit, action, ct),
            UnitLife.Install => await InstallAsync(work, unit, action, ct),
            UnitLife.Remove => Remove(work, unit, action),
            UnitLife.Return => await ReturnAsync(work, unit, action, ct),
            _ => Scrap(work, unit, action),
        };
    }

    /// <returns>Null when the unit is where this can be done, and nobody else decides about it.</returns>
    public static async Task<Refusal?> WhyNotAsync(DeskWork work, UnitRow unit, string action, CancellationToken ct)
    {
        if (!UnitLife.Allows(unit.State, action))
            return Refusal.Because($"unit {unit.Serial} is {unit.State} at {unit.Place}; '{action}' is not possible now{(UnitLife.Allowed(unit.State) is { Count: > 0 } allowed ? $", {string.Join(", ", allowed)} are" : "")}");
        if (action is UnitLife.HandOver) return null;
        if (await work.Db.HandOvers.AnyAsync(h => h.Tenant == unit.Tenant && h.Serial == unit.Serial && (h.State == HandOverState.Offered || h.State == HandOverState.Overdue), ct))
            return Refusal.Because($"unit {unit.Serial} is being handed over; confirm or refuse that first");
        return unit.Ticket is { } ticket && (await work.ReservationsAsync(ticket, ct)).Exists(r => r.Serial == unit.Serial && r.State is not (ReservationState.Consumed or ReservationState.Released))
            ? Refusal.Because($"unit {unit.Serial} is reserved for {ticket}; fit it by the ticket's install-part, or cancel the ticket")
            : null;
    }

    /// <summary>From depot to depot, with a stock order of its own.</summary>
    private async Task<Outcome<UnitRow>> MoveAsync(DeskWork work, UnitRow unit, UnitAction action, CancellationToken ct)
    {
        if (action.Depot is null || action.Depot == unit.Depot) return Refusal.Invalid("say in 'depot' to which other depot it goes");
        if (await DepotAsync(work, unit.Tenant, action.Depot, ct) is not { } to) return NoDepot(action.Depot);
        var from = (await DepotAsync(work, unit.Tenant, unit.Depot!, ct))!;
        var carrying = await carriers.OfAsync(work.Db, unit.Tenant, ct);
        var quotes = carrying.Quotes(from, from.Location.DistanceKm(to.Location), work.Now);
        if (quotes.FirstOrDefault(q => action.Carrier is null || q.Carrier == action.Carrier) is not { } quote) return NoCarrier(action.Carrier);
        var order = (await StockBook.OpenAsync(work, new StockedPart(unit.Tenant, unit.Sku), ct)).Order(to.Id, from.Id);
        replenishment.Ship(work, order, unit, quote, carrying, "moved", action.Actor);
        return unit;
    }

    private async Task<Outcome<UnitRow>> InstallAsync(DeskWork work, UnitRow unit, UnitAction action, CancellationToken ct)
    {
        if (action.Device is null) return Refusal.Invalid("say in 'device' where it is fitted");
        if (await devices.FindAsync(new DeviceKey(unit.Tenant, action.Device), ct) is not { } device) return Refusal.NotFound($"there is no device '{action.Device}'");
        var (inForce, machine) = (await compatibility.InForceAsync(work.Db, unit.Tenant, ct), CompatibilityBook.MachineOf(device));
        if (!inForce.Fits(unit.Sku, machine)) return Refusal.Because($"{unit.Sku} does not fit {device.Id} ({machine})");
        work.Move(unit, UnitState.Installed, "installed", action.Actor, device: device.Id, reason: action.Reason);
        return unit;
    }

    private static Outcome<UnitRow> Remove(DeskWork work, UnitRow unit, UnitAction action)
    {
        if (string.IsNullOrWhiteSpace(action.Reason)) return Refusal.Invalid("say in 'reason' why it is taken out");
        work.Move(unit, UnitState.Held, "removed", action.Actor, holder: action.Actor, reason: action.Reason.Trim());
        return unit;
    }

    /// <summary>It leaves for its depot; an authorisation that is open for it says which.</summary>
    private async Task<Outcome<UnitRow>> ReturnAsync(DeskWork work, UnitRow unit, UnitAction action, CancellationToken ct)
    {
        var due = (await work.Db.Returns.Where(r => r.Tenant == unit.Tenant && r.Serial == unit.Serial && r.Status == ReturnStatus.Due).ToListAsync(ct)).MaxBy(r => r.Sequence);
        if ((action.Depot ?? due?.ToDepot) is not { } to) return Refusal.Invalid("say in 'depot' where it goes back to");
        if (due is not null && to != due.ToDepot) return Refusal.Conflict($"{due.Number} says that {unit.Serial} goes back to {due.ToDepot}, not to {to}");
        if (await DepotAsync(work, unit.Tenant, to, ct) is not { } depot) return NoDepot(to);
        var carrying = await carriers.OfAsync(work.Db, unit.Tenant, ct);
        // Back as far as anybody knows: what is promised for the way there is promised for the way back.
        var quotes = carrying.Quotes(depot, due is null ? 0 : await DistanceAsync(work, due, ct), work.Now);
        if (quotes.FirstOrDefault(q => action.Carrier is null || q.Carrier == action.Carrier) is not { } quote) return NoCarrier(action.Carrier);
        if (due is null)
        {
            due = ReturnNotes.Without(unit, to, await ReturnNotes.NextAsync(work, ct), work.Now + options.Value.ReturnWithin);
            work.Db.Returns.Add(due);
        }
        (due.Status, due.Carrier, due.ShippedAt, due.Eta, due.OverdueAt) = (ReturnStatus.Shipped, quote.Carrier, work.Now, quote.Eta, carrying.OverdueAt(quote.Carrier, quote.Eta));
        due.Version++;
        work.Move(unit, UnitState.InTransit, "sent-back", action.Actor, ticket: due.Ticket.Length == 0 ? null : due.Ticket, order: due.Id, reason: due.Number);
        return unit;
    }

    private static async Task<double> DistanceAsync(DeskWork work, ReturnRow due, CancellationToken ct) =>
        (await work.ShipmentsAsync(due.Ticket, ct)).FindLast(s => s.FromDepot == due.ToDepot)?.DistanceKm ?? 0;

    private static Outcome<UnitRow> Scrap(DeskWork work, UnitRow unit, UnitAction action)
    {
        if (string.IsNullOrWhiteSpace(action.Reason)) return Refusal.Invalid("say in 'reason' why it is scrapped");
        work.Move(unit, UnitState.Scrapped, "scrapped", action.Actor, reason: action.Reason.Trim());
        return unit;
    }

    private static async Task<Depot?> DepotAsync(DeskWork work, string tenant, string id, CancellationToken ct) =>
        (await work.Db.Depots.AsNoTracking().FirstOrDefaultAsync(d => d.Tenant == tenant && d.Id == id, ct))?.ToDepot();

    private static Refusal NoDepot(string id) => Refusal.NotFound($"there is no depot '{id}'; GET /api/v1/depots lists them");
    private static Refusal NoCarrier(string? named) => Refusal.Because(named is null ? "no carrier collects there now" : $"the carrier '{named}' does not collect there now");
}
