using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Seamless.Rules.Diagnosis;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Kpis;
using Seamless.ServiceDesk.Parts.Compatibility;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Parts;

/// <summary>Advance replacement: the new part goes out before the defective one is back, against a charge for the case that it never comes.</summary>
/// <remarks>Reminders before the due date, on it the ladder, some days after it the bill. What comes back later is refunded.</remarks>
internal sealed class AdvanceReturns(Logistics logistics, CompatibilityBook compatibility, IOptions<ServiceDeskOptions> options)
{
    /// <param name="serial">Of the defective unit: this one and no other is due back.</param>
    /// <param name="charge">Null for what the part costs.</param>
    public async Task<Outcome<ReturnRow>> SendAsync(DeskWork work, TicketRow ticket, string sku, string serial, decimal? charge, string actor, CancellationToken ct)
    {
        if (!ticket.IsOpen) return Refusal.Because($"{ticket.Number} is {ticket.Status}; a replacement is sent for an open ticket");
        if (ticket.Device is null) return Refusal.Because($"{ticket.Number} is the site's, no device; nothing can be replaced");
        if (charge < 0) return Refusal.Invalid($"a 'charge' is 0 or more; {charge} is not");
        var earlier = await work.Db.Returns.Where(r => r.Tenant == ticket.Tenant && r.Ticket == ticket.Number && r.Serial == serial).ToListAsync(ct);
        if (earlier.Find(r => r is { Advance: not null, IsOpen: true }) is { } same) return same;
        if (earlier.Exists(r => r.IsOpen)) return Refusal.Conflict($"unit {serial} is due back for {ticket.Number} already");
        var defective = await DefectiveAsync(work, ticket, sku, serial, actor, ct);
        if (!defective.Succeeded) return defective.Refusal;
        await logistics.SupplyAsync(work, ticket, [new PartNeed(sku, 1)], ct);
        if ((await work.ReservationsAsync(ticket.Number, ct)).Find(r => r.WantedSku == sku && r.State is not ReservationState.Released) is not { } sent)
            return Refusal.Because($"no depot has a {sku} that fits {ticket.Device} and is free");
        var shipment = (await work.ShipmentsAsync(ticket.Number, ct)).First(s => s.Id == sent.Shipment);
        var (price, currency) = (await compatibility.InForceAsync(work.Db, ticket.Tenant, ct)).PriceOf(sku);
        var back = await ReturnNotes.AddAsync(work, ticket, serial, defective.Value.Sku, sent.Depot, shipment.Eta + options.Value.Advance.ReturnWithin, earlier.Count, ct);
        (back.Advance, back.NextAt) = (new AdvanceTerms(sent.Serial, charge ?? price, currency), NextOf(back, 0));
        work.Note(ticket, "advance-replacement", $"{sent.Serial} is sent in advance; {serial} is due back by {back.DueAt:u} as {back.Number}, else {Money(back)} are billed",
            $"{sent.Serial} 已先行发出；{serial} 须于 {back.DueAt:u} 前以 {back.Number} 退回，否则收取 {Money(back)}", actor);
        TicketClocks.Schedule(work, ticket);
        return back;
    }

    /// <summary>A reminder is due, the ladder, or the bill.</summary>
    public void Remind(DeskWork work, TicketRow? ticket, ReturnRow back)
    {
        if (ticket is null || back.Advance is not { } terms) return;
        var (before, number) = (options.Value.Advance.RemindBefore.Count, back.Number ?? back.Id);
        if (back.Reminders < before)
            work.Note(ticket, "return-reminder", $"{back.Serial} is due back by {back.DueAt:u} as {number}; after that {Money(back)} are billed", $"{back.Serial} 须于 {back.DueAt:u} 前以 {number} 退回；逾期将收取 {Money(back)}");
        else if (back.Reminders == before)
        {
            work.Note(ticket, "return-overdue", $"{back.Serial} is not back; {number} was due {back.DueAt:u}", $"{back.Serial} 尚未退回；{number} 应于 {back.DueAt:u} 前退回");
            Escalation.Climb(work, ticket, options.Value, $"return-overdue:{back.Id}", $"{back.Serial} did not come back for its replacement", $"{back.Serial} 未按期退回");
        }
        else
        {
            back.Advance = terms with { BilledAt = work.Now };
            work.Record(EventKind.ReturnBilled, back.Id, ticket, (double)terms.Charge, back.Sku);
            work.Note(ticket, "return-billed", $"{back.Serial} did not come back: {Money(back)} are billed", $"{back.Serial} 未退回：收取 {Money(back)}");
        }
        back.Reminders++;
        back.NextAt = NextOf(back, back.Reminders);
    }

    /// <summary>It has come in: no more reminders, and what was billed is given back.</summary>
    public static void Settle(DeskWork work, TicketRow? ticket, ReturnRow back)
    {
        back.NextAt = null;
        if (ticket is null || back.Advance is not { BilledAt: not null, RefundedAt: null } billed) return;
        back.Advance = billed with { RefundedAt = work.Now };
        work.Record(EventKind.ReturnBilled, $"{back.Id}:refund", ticket, -(double)billed.Charge, back.Sku);
        work.Note(ticket, "return-refunded", $"{back.Serial} came back after all: {Money(back)} are refunded", $"{back.Serial} 已退回：退还 {Money(back)}");
    }

    private static async Task<Outcome<UnitRow>> DefectiveAsync(DeskWork work, TicketRow ticket, string sku, string serial, string actor, CancellationToken ct)
    {
        if (await work.Db.Units.FindAsync([ticket.Tenant, serial], ct) is { } known)
            return known.State is UnitState.Installed && known.Device == ticket.Device ? known : Refusal.Conflict($"unit {serial} is not in {ticket.Device}; the ledger has it at {known.Place}");
        if (serial.Trim() is not { Length: > 0 and <= 100 } || serial != serial.Trim()) return Refusal.Invalid("'serial' is what is written on the defective unit, 1 to 100 characters");
        var unit = new UnitRow { Tenant = ticket.Tenant, Serial = serial, Sku = sku, State = UnitState.Installed, Device = ticket.Device };   // fitted before our time
        work.Enter(unit, "found-installed", "before", actor);
        return unit;
    }

    /// <summary>When the reminder of this number is due; null after the bill.</summary>
    private DateTimeOffset? NextOf(ReturnRow back, int number)
    {
        var terms = options.Value.Advance;
        var before = terms.RemindBefore.OrderDescending().ToList();
        return number < before.Count ? back.DueAt - before[number] : number == before.Count ? back.DueAt : number == before.Count + 1 ? back.DueAt + terms.BillAfter : null;
    }

    private static string Money(ReturnRow back) => string.Create(CultureInfo.InvariantCulture, $"{back.Advance!.Charge:0.00} {back.Advance.Currency}");
}

/// <summary>What is promised and demanded with an advance replacement.</summary>
public sealed record AdvanceOptions
{
    /// <summary>How long after the promised arrival of the replacement the defective unit is due back.</summary>
    public TimeSpan ReturnWithin { get; init; } = TimeSpan.FromDays(10);

    /// <summary>How long before that day somebody is reminded.</summary>
    public IReadOnlyList<TimeSpan> RemindBefore { get; init; } = [TimeSpan.FromDays(5), TimeSpan.FromDays(1)];

    /// <summary>How long after that day it is billed.</summary>
    public TimeSpan BillAfter { get; init; } = TimeSpan.FromDays(3);
}
