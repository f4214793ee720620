using Microsoft.EntityFrameworkCore;
using Seamless.Rules.Diagnosis;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Parts;

/// <summary>Parts that a person asks for, beside those that the diagnosis has sent.</summary>
internal sealed class PartRequests(Logistics logistics, SupplyMaps maps)
{
    private const int Most = 100;

    public async Task<Outcome<List<ReservationRow>>> ReserveAsync(DeskWork work, TicketRow ticket, string sku, int quantity, string actor, CancellationToken ct)
    {
        if (quantity is < 1 or > Most) return Refusal.Invalid("part-quantity", $"a 'quantity' is 1 to {Most}");
        if (!ticket.IsOpen) return Refusal.Because("part-closed", $"{ticket.Number} is {ticket.Status}; parts are reserved for open tickets");
        var line = (await work.LinesAsync(ticket.Number, ct)).Find(l => l.Sku == sku);
        if (line is not null && line.Status is not (PartLineStatus.Planned or PartLineStatus.Unavailable)) return Refusal.Conflict("part-line-exists", $"{ticket.Number} has a line for {sku} already, it is {line.Status}");
        var map = await maps.OfAsync(work, ticket, ct);
        if (!map.Interchanges.Knows(sku) && !await work.Db.Units.AnyAsync(u => u.Tenant == ticket.Tenant && u.Sku == sku, ct))
            return Refusal.NotFound("part-unknown", $"there is no part {sku}; a kind of spare that no pack brings is added to the catalogue first");
        var candidates = map.Candidates(sku);
        // What fits nowhere near is not sent because somebody has asked for it by name; what takes its place is offered, and left to him.
        if (!map.Interchanges.Fits(sku, map.Machine))
            return Refusal.Because("part-does-not-fit", $"{sku} does not fit {ticket.Device ?? ticket.Site} ({map.Machine}); {(candidates.Count > 0 ? $"ask for {candidates[0]}, which does" : "nor does anything that superseded it")}");
        await logistics.SupplyAsync(work, ticket, [new PartNeed(sku, line?.Quantity ?? quantity)], ct);
        var reserved = (await work.ReservationsAsync(ticket.Number, ct)).FindAll(r => r.WantedSku == sku && r.State is not ReservationState.Released);
        work.Note(ticket, "note", $"{quantity} × {sku} asked for", $"请求 {quantity} × {sku}", actor);
        TicketClocks.Schedule(work, ticket);
        return reserved;
    }
}
