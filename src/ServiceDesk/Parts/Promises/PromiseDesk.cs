using Microsoft.EntityFrameworkCore;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Kpis;
using Seamless.ServiceDesk.Mystery;
using Seamless.ServiceDesk.Parts.Compatibility;
using Seamless.ServiceDesk.Parts.Resupply;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Parts.Promises;

/// <summary>Gives a promise once the way to the repair is planned, another when the plan cannot keep it, and scores it at the end.</summary>
internal sealed class PromiseDesk(CompatibilityBook compatibility)
{
    private const int UnknownLeadTimeDays = 14;

    /// <summary>From the shelf that a missing part comes to, to the site.</summary>
    private static readonly TimeSpan LastWay = TimeSpan.FromDays(1);

    /// <summary>Looks whether the ticket can be promised something that it has not been.</summary>
    public async Task KeepUpAsync(DeskWork work, TicketRow ticket, CancellationToken ct)
    {
        if (ticket is not { IsOpen: true, NeedsVisit: true, ArrivedAt: null } || MysteryDevice.Is(ticket.Site, ticket.Device)) return;
        var supplies = await SuppliesAsync(work, ticket, ct);
        if (ticket.Visit is null && supplies.Count == 0) return;   // nothing is planned that a promise could rest on
        var current = await work.Db.Promises.Where(p => p.Ticket == ticket.Number).OrderByDescending(p => p.Revision).FirstOrDefaultAsync(ct);
        var plan = new RepairPlan(work.Now, [.. supplies.Select(s => s.Arrival)], ticket.Visit?.Start, TimeSpan.FromMinutes(ticket.WorkMinutes));
        var model = PromiseModel.Of(plan);
        if (current is not null && model.Done.Likely <= current.Latest + Paused(ticket, current.GivenAt, work.Now)) return;
        var promise = await NewAsync(work, ticket, current?.Revision + 1 ?? 0, model, supplies, ct);
        work.Db.Promises.Add(promise);
        work.Note(
            ticket, current is null ? "promised" : "promise-revised",
            $"repaired by {promise.Latest:u}, probably by {promise.Likely:u}", $"承诺 {promise.Latest:u} 前修复，预计 {promise.Likely:u}");
    }

    /// <summary>A closed ticket's promises were kept or not; time in which the customer let us wait does not count.</summary>
    public static async Task ScoreAsync(DeskWork work, TicketRow ticket, CancellationToken ct)
    {
        foreach (var promise in await work.Db.Promises.Where(p => p.Ticket == ticket.Number && p.Kept == null).OrderBy(p => p.Revision).ToListAsync(ct))
        {
            var repaired = ticket.ResolvedAt ?? work.Now;
            promise.RepairedAt = repaired - Paused(ticket, promise.GivenAt, repaired);
            promise.Kept = promise.RepairedAt <= promise.Latest;
            if (promise.Revision > 0) continue;
            work.Record(EventKind.Promise, "latest", ticket, promise.Kept.Value ? 1 : 0, "latest");
            work.Record(EventKind.Promise, "likely", ticket, promise.RepairedAt <= promise.Likely ? 1 : 0, "likely");
        }
    }

    private static async Task<PromiseRow> NewAsync(DeskWork work, TicketRow ticket, int revision, ModelledRepair model, IReadOnlyList<Supply> supplies, CancellationToken ct)
    {
        var (likely, latest) = PromiseCalibration.Of(await PastAsync(work.Db, ticket.Tenant, ct));
        var late = work.Now + (model.Done.Latest - work.Now) * latest;
        var soon = work.Now + (model.Done.Likely - work.Now) * likely;
        return new PromiseRow
        {
            Ticket = ticket.Number, Revision = revision, Tenant = ticket.Tenant, GivenAt = work.Now, Likely = soon < late ? soon : late, Latest = late,
            ModelLikely = model.Done.Likely, ModelLatest = model.Done.Latest, Legs = PromiseWords.Legs(ticket, model, supplies),
        };
    }

    private static async Task<List<ScoredPromise>> PastAsync(DeskContext db, string tenant, CancellationToken ct) =>
        (await db.Promises.AsNoTracking().Where(p => p.Tenant == tenant && p.Revision == 0 && p.RepairedAt != null).OrderByDescending(p => p.RepairedAt).Take(PromiseCalibration.Window).ToListAsync(ct))
            .ConvertAll(p => new ScoredPromise(p.ModelLikely - p.GivenAt, p.ModelLatest - p.GivenAt, p.RepairedAt!.Value - p.GivenAt));

    /// <summary>What can be promised of the parts: what is on its way by the courier's timetable, what is nowhere by the next delivery that is ordered.</summary>
    private async Task<IReadOnlyList<Supply>> SuppliesAsync(DeskWork work, TicketRow ticket, CancellationToken ct)
    {
        var shipments = (await work.ShipmentsAsync(ticket.Number, ct)).ToDictionary(s => s.Id);
        var supplies = new List<Supply>();
        foreach (var line in await work.LinesAsync(ticket.Number, ct))
        {
            if (line.Status == PartLineStatus.Unavailable) supplies.Add(new Supply(line, await NextDeliveryAsync(work, ticket.Tenant, line.Sku, ct)));
            else if (line.Status is PartLineStatus.Reserved or PartLineStatus.Shipped && line.Shipment is { } id && shipments.TryGetValue(id, out var shipment))
                supplies.Add(new Supply(line, new PlannedArrival(shipment.PickedUpAt ?? shipment.PickUpAt, line.Eta ?? shipment.Eta, FromSupplier: false)));
        }
        return supplies;
    }

    private async Task<PlannedArrival> NextDeliveryAsync(DeskWork work, string tenant, string sku, CancellationToken ct)
    {
        var eta = await work.Db.StockOrders.Where(o => o.Tenant == tenant && o.Sku == sku && o.State == StockOrderState.InTransit && o.Eta > work.Now).MinAsync(o => o.Eta, ct);
        var days = (await compatibility.InForceAsync(work.Db, tenant, ct)).PartOf(sku)?.LeadTimeDays ?? UnknownLeadTimeDays;
        return new PlannedArrival(work.Now, (eta ?? work.Now.AddDays(days)) + LastWay, FromSupplier: true);
    }

    private static TimeSpan Paused(TicketRow ticket, DateTimeOffset from, DateTimeOffset to) => ticket.Pauses
        .Select(pause => Earlier(pause.To ?? to, to) - (pause.From > from ? pause.From : from)).Where(length => length > TimeSpan.Zero)
        .Aggregate(TimeSpan.Zero, (sum, length) => sum + length);

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}

/// <summary>A part line and when its units can be there.</summary>
internal sealed record Supply(PartLineRow Line, PlannedArrival Arrival);
