using Microsoft.EntityFrameworkCore;
using Seamless.Fleet.Audit;
using Seamless.ServiceDesk.Commerce.Documents;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Dispatch;
using Seamless.ServiceDesk.Dispatch.Planning;
using Seamless.ServiceDesk.Parts;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Commerce.Repairs;

/// <summary>Repair or replace, for a ticket, by the bill of materials, the stock and the deadline as they are now.</summary>
public interface IRepairAdvice
{
    /// <param name="part">What has failed; the ticket's first part when not given.</param>
    Task<Outcome<RepairPlan>> OfTicketAsync(string tenant, string ticket, string? part, CancellationToken ct);
    Task<Versioned<BillOfMaterials>> BillAsync(string tenant, CancellationToken ct);
    Task<Outcome<Versioned<BillOfMaterials>>> PutBillAsync(string tenant, BillOfMaterials bill, int? expected, string actor, CancellationToken ct);
}

internal sealed class RepairAdvice(Workbench workbench, JobBook jobs, CarrierDesk carriers, IAudit audit, TimeProvider clock) : IRepairAdvice
{
    private static readonly DocumentKind<BillOfMaterials> Bill = new("bom", "bill of materials", BillOfMaterials.Empty);

    public Task<Outcome<RepairPlan>> OfTicketAsync(string tenant, string ticket, string? part, CancellationToken ct) => workbench.ReadAsync<Outcome<RepairPlan>>(async db =>
    {
        if (await db.Tickets.FirstOrDefaultAsync(t => t.Tenant == tenant && t.Number == ticket, ct) is not { } row) return Refusal.NotFound("ticket-unknown", $"there is no ticket {ticket}");
        if (!row.IsOpen) return Refusal.Because("repair-closed", $"{ticket} is {row.Status}; there is nothing left to decide");
        var failed = part ?? await db.PartLines.Where(l => l.Ticket == ticket).OrderBy(l => l.Sku).Select(l => l.Sku).FirstOrDefaultAsync(ct);
        if (failed is null) return Refusal.Invalid("repair-no-part", $"{ticket} names no part; say with 'part' what has failed");
        var bill = (await VersionedDocuments.InForceAsync(db, tenant, Bill, ct))!.Value;   // an empty one is delivered
        var chain = bill.Upwards(failed);
        if (chain.Count == 0) return Refusal.NotFound("bill-of-materials-missing", $"'{failed}' is not in the bill of materials; put it there with PUT /api/v1/bom");
        var policy = (await VersionedDocuments.InForceAsync(db, tenant, CommerceDocuments.Policy, ct))!.Value;
        var options = new List<RepairOption>(chain.Count);
        foreach (var item in chain) options.Add(await OptionAsync(db, row, bill, item, policy, ct));
        var (chosen, reason) = RepairChoice.Choose(options, policy.Currency);
        return new RepairPlan(ticket, policy.Currency, row.ResolveBy, options, chosen, reason);
    }, ct);

    public Task<Versioned<BillOfMaterials>> BillAsync(string tenant, CancellationToken ct) => workbench.ReadAsync(async db => (await VersionedDocuments.InForceAsync(db, tenant, Bill, ct))!, ct);

    public async Task<Outcome<Versioned<BillOfMaterials>>> PutBillAsync(string tenant, BillOfMaterials bill, int? expected, string actor, CancellationToken ct)
    {
        var put = bill.Fault() is { } fault ? fault
            : await workbench.TryAsync(clock.GetUtcNow(), work => VersionedDocuments.PutAsync(work, tenant, Bill, bill, expected, actor, ct), ct);
        await audit.RecordAsync(tenant, actor, "bom.put", "bom", null, put.Refusal?.Code ?? "ok", put.Refusal?.Reason, ct);
        return put;
    }

    private async Task<RepairOption> OptionAsync(DeskContext db, TicketRow ticket, BillOfMaterials bill, BomItem item, CommercePolicy policy, CancellationToken ct)
    {
        var level = item.Within is null ? RepairLevel.Swap : bill.HasParts(item.Part) ? RepairLevel.Assembly : RepairLevel.Component;
        var (there, from) = await ThereAtAsync(db, ticket, item, ct);
        var finish = there.AddHours(item.BenchHours).AddMinutes(item.Minutes);
        var rates = policy.Costs;
        var cost = Currencies.Round(item.Cost + item.Minutes / 60m * rates.LabourPerHour + rates.FreightPerShipment + rates.TravelPerVisit, policy.Currency);
        return new RepairOption(level, item.Part, item.Name, cost, finish, finish <= ticket.ResolveBy, from);
    }

    /// <summary>The ticket's own unit when one is on its way, the soonest from a depot otherwise, or got from elsewhere.</summary>
    private async Task<(DateTimeOffset At, string? From)> ThereAtAsync(DeskContext db, TicketRow ticket, BomItem item, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (await db.PartLines.FirstOrDefaultAsync(l => l.Ticket == ticket.Number && l.Sku == item.Part && l.Eta != null, ct) is { } line) return (line.Eta > now ? line.Eta.Value : now, line.Depot);
        var stocked = await db.Units.Where(u => u.Tenant == ticket.Tenant && u.Sku == item.Part && u.State == UnitState.InStock).Select(u => u.Depot).Distinct().ToListAsync(ct);
        var depots = (await db.Depots.Where(d => d.Tenant == ticket.Tenant).ToListAsync(ct)).Where(d => stocked.Contains(d.Id)).Select(d => d.ToDepot()).ToList();
        var place = await jobs.PlaceAsync(ticket, ct);
        var going = await carriers.OfAsync(db, ticket.Tenant, ct);
        var soonest = depots.SelectMany(d => going.Quotes(d, Travel.Km(d.Location, place), now).Select(q => (Depot: d.Id, q.Eta))).OrderBy(s => s.Eta).ThenBy(s => s.Depot, StringComparer.Ordinal).ToList();
        return soonest.Count > 0 && soonest[0].Eta < now.AddHours(item.LeadHours) ? (soonest[0].Eta, soonest[0].Depot) : (now.AddHours(item.LeadHours), null);
    }
}
