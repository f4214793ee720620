using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Seamless.ServiceDesk.Database;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Parts.Custody;

/// <summary>From hand to hand: the giver offers, the receiver confirms, and only then has it moved.</summary>
internal sealed class HandOvers(IOptions<ServiceDeskOptions> options)
{
    private const string Technician = "technician", Depot = "depot";

    public async Task<Outcome<HandOverRow>> OfferAsync(DeskWork work, UnitRow unit, string to, string? receiver, string actor, CancellationToken ct)
    {
        if (await UnitActions.WhyNotAsync(work, unit, UnitLife.HandOver, ct) is { } refusal) return refusal;
        if (await DestinationAsync(work, unit.Tenant, to, ct) is { } wrong) return wrong;
        if (to == unit.Place) return Refusal.Because("unit-there", $"unit {unit.Serial} is at {to} already");
        if (receiver == actor) return Refusal.Invalid("hand-over-self", "'receiver' is somebody else than the one who hands it over");
        if (unit.State is UnitState.Delivered && to.StartsWith(Depot, StringComparison.Ordinal)) return Refusal.Because("unit-promised", $"unit {unit.Serial} is reserved for {unit.Ticket}; it goes back to a depot when that is cancelled or closed");
        await work.Db.HandOvers.Where(h => h.Tenant == unit.Tenant && h.Serial == unit.Serial).LoadAsync(ct);
        var earlier = work.Db.HandOvers.Local.Where(h => h.Tenant == unit.Tenant && h.Serial == unit.Serial).ToList();
        if (earlier.Find(h => h.IsOpen) is { } open) return open.To == to && open.Giver == actor ? open : Refusal.Conflict("hand-over-open", $"unit {unit.Serial} is being handed over to {open.To} already");
        var row = new HandOverRow
        {
            Id = StableHash.Id("hand", unit.Tenant, unit.Serial, earlier.Count.ToString(System.Globalization.CultureInfo.InvariantCulture)), Tenant = unit.Tenant, Serial = unit.Serial, Sku = unit.Sku,
            From = unit.Place, To = to, Giver = actor, Receiver = receiver, At = work.Now, DueAt = work.Now + options.Value.ConfirmHandOverWithin,
        };
        work.Db.HandOvers.Add(row);
        return row;
    }

    public static async Task<Outcome<HandOverRow>> DecideAsync(DeskWork work, HandOverRow offer, bool confirm, string actor, string? reason, CancellationToken ct)
    {
        if (!offer.IsOpen) return offer.State == (confirm ? HandOverState.Confirmed : HandOverState.Refused) && offer.DecidedBy == actor ? offer : Refusal.Conflict("hand-over-decided", $"hand-over {offer.Id} was {Word(offer.State)} by {offer.DecidedBy} already");
        // The giver may take the offer back; both halves from one hand would prove nothing.
        if (confirm && actor == offer.Giver) return Refusal.Forbidden("hand-over-giver", $"{offer.Giver} has handed it over; the receiver confirms it");
        if (offer.Receiver is { } receiver && actor != receiver && actor != offer.Giver) return Refusal.Forbidden("hand-over-receiver", $"it was handed to {receiver}, who alone can say so");
        if (!confirm && string.IsNullOrWhiteSpace(reason)) return Refusal.Invalid("hand-over-reason", "say in 'reason' why it is not taken");
        var unit = await work.UnitAsync(offer.Tenant, offer.Serial, ct);
        if (confirm && unit.Place != offer.From) return Refusal.Conflict("hand-over-moved", $"unit {offer.Serial} is at {unit.Place} meanwhile, no longer at {offer.From}; refuse this hand-over and begin anew");
        (offer.State, offer.DecidedAt, offer.DecidedBy, offer.Reason, offer.DueAt) = (confirm ? HandOverState.Confirmed : HandOverState.Refused, work.Now, actor, reason?.Trim(), null);
        offer.Version++;
        if (confirm) await TakeAsync(work, unit, offer, actor, ct);
        return offer;
    }

    private static async Task TakeAsync(DeskWork work, UnitRow unit, HandOverRow offer, string actor, CancellationToken ct)
    {
        var id = offer.To[(offer.To.IndexOf(':', StringComparison.Ordinal) + 1)..];
        if (offer.To.StartsWith(Technician, StringComparison.Ordinal))
        {
            // What is reserved or due back stays so, in other hands.
            var state = unit.State is UnitState.Delivered or UnitState.ReturnDue ? unit.State : UnitState.Held;
            work.Move(unit, state, "handed-over", actor, ticket: unit.Ticket, holder: id, giver: offer.Giver);
            return;
        }
        if (unit.State is UnitState.ReturnDue) work.Move(unit, UnitState.Returned, "handed-over", actor, depot: id, giver: offer.Giver);   // the return says what becomes of it
        else work.Move(unit, UnitState.InStock, "handed-over", actor, depot: id, giver: offer.Giver);
        foreach (var back in await work.Db.Returns.Where(r => r.Tenant == unit.Tenant && r.Serial == unit.Serial && r.ReceivedAt == null).ToListAsync(ct)) back.OverdueAt = null;
    }

    private static async Task<Refusal?> DestinationAsync(DeskWork work, string tenant, string to, CancellationToken ct) => to.Split(':', 2) switch
    {
        [Technician, var id] => await work.Db.Technicians.AnyAsync(t => t.Tenant == tenant && t.Id == id, ct) ? null : Refusal.NotFound("technician-unknown", $"there is no technician '{id}'"),
        [Depot, var id] => await work.Db.Depots.AnyAsync(d => d.Tenant == tenant && d.Id == id, ct) ? null : Refusal.NotFound("depot-unknown", $"there is no depot '{id}'"),
        _ => Refusal.Invalid("hand-over-nobody", $"'{to}' is nobody to hand over to; write technician:ID or depot:ID"),
    };

    private static string Word(HandOverState state) => state is HandOverState.Confirmed ? "confirmed" : "refused";
}
