using Microsoft.EntityFrameworkCore;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Parts.Custody;
using Seamless.ServiceDesk.Parts.Repairs;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Parts;

/// <summary>What comes back: is it the one that is due, and what becomes of it.</summary>
internal sealed class ReturnDesk(RepairDesk repairs)
{
    /// <param name="serial">What is written on the unit; null when nobody has looked.</param>
    /// <param name="repairer">For <c>repair</c>; null for the depot's own workshop.</param>
    public async Task<Outcome<ReturnRow>> ReceiveAsync(DeskWork work, string tenant, string id, string disposition, string? serial, string? repairer, string actor, CancellationToken ct)
    {
        if (await FindAsync(work, tenant, id, ct) is not { } back) return Refusal.NotFound("return-unknown", $"there is no return {id}");
        if (disposition is not ("restock" or "repair" or "scrap")) return Refusal.Invalid("disposition-unknown", $"'{disposition}' is no disposition; restock, repair and scrap are");
        if (back.ReceivedAt is not null) return Refusal.Conflict("return-received", $"return {id} has come in already, it was {back.Status}");
        if (serial is null && back.Advance is not null) return Refusal.Invalid("return-serial", $"say in 'serial' what is written on the unit: {back.Number} is for one certain unit, whose replacement was sent in advance");
        if (serial is not null && serial.Trim() != back.Serial) return Refusal.Conflict("return-other-unit", $"{back.Number ?? id} is for unit {back.Serial}; {serial.Trim()} is another, send it back or look for its own return");
        var unit = await work.UnitAsync(tenant, back.Serial, ct);
        if (unit.State is UnitState.Lost) await FoundAsync(work, back, actor, ct);
        else if (unit.State is not (UnitState.ReturnDue or UnitState.InTransit or UnitState.Returned or UnitState.Held or UnitState.Installed)) return Refusal.Conflict("return-not-now", $"unit {unit.Serial} is {unit.State} at {unit.Place}; it cannot come back from there");
        if (unit.State is not UnitState.Returned || unit.Depot != back.ToDepot) work.Move(unit, UnitState.Returned, "returned", actor, depot: back.ToDepot, reason: back.Number);
        (back.ReceivedAt, back.OverdueAt) = (work.Now, null);
        back.Version++;
        AdvanceReturns.Settle(work, back.Ticket.Length == 0 ? null : await work.TicketAsync(tenant, back.Ticket, ct), back);
        return await PutAwayAsync(work, back, unit, disposition, repairer, actor, ct) is { } refusal ? refusal : back;
    }

    private async Task<Refusal?> PutAwayAsync(DeskWork work, ReturnRow back, UnitRow unit, string disposition, string? repairer, string actor, CancellationToken ct)
    {
        switch (disposition)
        {
            case "repair":
                back.Status = ReturnStatus.InRepair;
                return (await repairs.OrderAsync(work, unit, repairer, back.Id, actor, ct)).Refusal;
            case "scrap":
                back.Status = ReturnStatus.Scrapped;
                work.Move(unit, UnitState.Scrapped, ReturnStatus.Scrapped, actor);
                return null;
            default:
                back.Status = ReturnStatus.Restocked;
                work.Move(unit, UnitState.InStock, ReturnStatus.Restocked, actor, depot: back.ToDepot);
                return null;
        }
    }

    private static async Task FoundAsync(DeskWork work, ReturnRow back, string actor, CancellationToken ct)
    {
        foreach (var loss in await work.Db.Losses.Where(l => l.Tenant == back.Tenant && l.Consignment == back.Id && l.State != LossState.Found).ToListAsync(ct)) loss.Found(work, actor);
    }

    /// <summary>By its id, or by the number that stands on the box.</summary>
    private static async Task<ReturnRow?> FindAsync(DeskWork work, string tenant, string id, CancellationToken ct)
    {
        if (await work.Db.Returns.FindAsync([id], ct) is { } row) return row.Tenant == tenant ? row : null;
        return id.StartsWith("RMA-", StringComparison.OrdinalIgnoreCase) && int.TryParse(id.AsSpan(4), System.Globalization.NumberStyles.None, null, out var sequence) && sequence > 0
            ? await work.Db.Returns.FirstOrDefaultAsync(r => r.Tenant == tenant && r.Sequence == sequence, ct) : null;
    }
}
