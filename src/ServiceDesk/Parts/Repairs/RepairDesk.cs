using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Kpis;
using Seamless.ServiceDesk.Parts.Compatibility;
using Seamless.ServiceDesk.Parts.Custody;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Parts.Repairs;

internal sealed class RepairDesk(CompatibilityBook compatibility, IOptions<ServiceDeskOptions> options)
{
    /// <summary>Who repairs when nobody is named: the depot itself.</summary>
    public const string Workshop = "workshop";
    private const int LongestName = 60;

    public async Task<Outcome<RepairRow>> OrderAsync(DeskWork work, UnitRow unit, string? repairer, string? back, string actor, CancellationToken ct)
    {
        if (repairer is { Length: > LongestName } || repairer?.Trim().Length == 0) return Refusal.Invalid("repairer-length", $"a 'repairer' has 1 to {LongestName} characters; leave it out for the depot's own workshop");
        if (await work.Db.Repairs.FirstOrDefaultAsync(r => r.Tenant == unit.Tenant && r.Serial == unit.Serial && r.State == RepairState.Open, ct) is { } open) return Refusal.Conflict("unit-in-repair", $"unit {unit.Serial} is in repair already, {open.Id} at {open.Repairer}");
        if (await UnitActions.WhyNotAsync(work, unit, UnitLife.Repair, ct) is { } refusal) return refusal;
        var sequence = Math.Max(await work.Db.Repairs.MaxAsync(r => (int?)r.Sequence, ct) ?? 0, work.Db.Repairs.Local.Select(r => r.Sequence).DefaultIfEmpty(0).Max()) + 1;
        var row = new RepairRow
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"RO-{sequence:000000}"), Sequence = sequence, Tenant = unit.Tenant, Serial = unit.Serial, Sku = unit.Sku, Repairer = repairer?.Trim() ?? Workshop,
            Depot = unit.Depot!, Return = back, State = RepairState.Open, OrderedAt = work.Now, DueAt = work.Now + options.Value.RepairWithin,
        };
        work.Db.Repairs.Add(row);
        work.Move(unit, UnitState.InRepair, "in-repair", actor, depot: row.Depot, holder: repairer?.Trim(), reason: row.Id);
        return row;
    }

    /// <summary>Repaired, it lies in its depot again as refurbished; beyond repair, it is scrap.</summary>
    public async Task<Outcome<RepairRow>> EndAsync(DeskWork work, RepairRow order, RepairEnd end, string actor, CancellationToken ct)
    {
        var state = end.Repaired ? RepairState.Repaired : RepairState.Condemned;
        if (order.State is not RepairState.Open) return order.State == state ? order : Refusal.Conflict("repair-ended", $"{order.Id} has ended already: {order.State}");
        if (end.Cost < 0) return Refusal.Invalid("cost-negative", $"a 'cost' is 0 or more; {end.Cost} is not");
        if (!end.Repaired && string.IsNullOrWhiteSpace(end.Note)) return Refusal.Invalid("repair-note", "say in 'note' why it is beyond repair");
        var unit = await work.UnitAsync(order.Tenant, order.Serial, ct);
        (order.State, order.EndedAt, order.Cost, order.Note) = (state, work.Now, end.Cost, end.Note?.Trim());
        order.Currency = end.Cost is null ? null : (await compatibility.InForceAsync(work.Db, order.Tenant, ct)).PriceOf(order.Sku).Currency;
        order.Version++;
        if (end.Repaired)
        {
            unit.Quality = UnitQuality.Refurbished;
            work.Move(unit, UnitState.InStock, "refurbished", actor, depot: order.Depot, giver: order.Repairer, reason: order.Id);
        }
        else work.Move(unit, UnitState.Scrapped, "condemned", actor, giver: order.Repairer, reason: order.Note);
        work.Record(EventKind.RepairOrder, order.Id, order.Tenant, order.Depot, null, null, end.Repaired ? 1 : 0, order.Sku, order.Repairer);
        return order;
    }
}

internal sealed class RepairBook(Workbench workbench, RepairDesk desk, DeskSignals signals, TimeProvider clock) : IRepairs
{
    public Task<IReadOnlyList<RepairOrder>> ListAsync(string tenant, bool openOnly, CancellationToken ct) => workbench.ReadAsync<IReadOnlyList<RepairOrder>>(async db =>
        (await db.Repairs.Where(r => r.Tenant == tenant && (!openOnly || r.State == RepairState.Open)).OrderByDescending(r => r.Sequence).ToListAsync(ct)).ConvertAll(r => r.ToOrder()), ct);

    public Task<Outcome<RepairOrder>> OrderAsync(string tenant, string serial, string? repairer, string actor, CancellationToken ct) => ChangeAsync(async work =>
        await work.Db.Units.FindAsync([tenant, serial], ct) is { } unit ? await desk.OrderAsync(work, unit, repairer, null, actor, ct) : Refusal.NotFound("unit-unknown", $"no unit has the serial number '{serial}'"), ct);

    public Task<Outcome<RepairOrder>> EndAsync(string tenant, string id, RepairEnd end, string actor, CancellationToken ct) => ChangeAsync(async work =>
        await work.Db.Repairs.FindAsync([id], ct) is { } order && order.Tenant == tenant ? await desk.EndAsync(work, order, end, actor, ct) : Refusal.NotFound("repair-unknown", $"there is no repair order '{id}'"), ct);

    public Task<IReadOnlyList<RepairFigures>> MeasureAsync(string tenant, DateTimeOffset from, DateTimeOffset to, CancellationToken ct) => workbench.ReadAsync<IReadOnlyList<RepairFigures>>(async db =>
        [.. (await db.Repairs.Where(r => r.Tenant == tenant && r.OrderedAt >= from && r.OrderedAt < to).ToListAsync(ct)).GroupBy(r => r.Sku).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => Measure(g.Key, [.. g]))], ct);

    private RepairFigures Measure(string sku, List<RepairRow> orders)
    {
        var (repaired, condemned) = (orders.Count(o => o.State is RepairState.Repaired), orders.Count(o => o.State is RepairState.Condemned));
        var (ended, now) = (orders.FindAll(o => o.EndedAt is not null), clock.GetUtcNow());
        return new RepairFigures(
            sku, orders.Count, orders.Count - ended.Count, orders.Count(o => o.State is RepairState.Open && o.DueAt < now), repaired, condemned,
            ended.Count == 0 ? null : (double)repaired / ended.Count, ended.Count == 0 ? null : (double)condemned / ended.Count,
            ended.Count == 0 ? null : ended.Average(o => (o.EndedAt!.Value - o.OrderedAt).TotalDays), orders.Sum(o => o.State is RepairState.Repaired ? o.Cost ?? 0 : 0));
    }

    private async Task<Outcome<RepairOrder>> ChangeAsync(Func<DeskWork, Task<Outcome<RepairRow>>> change, CancellationToken ct)
    {
        var done = await workbench.TryAsync(clock.GetUtcNow(), change, ct);
        if (!done.Succeeded) return done.Refusal;
        signals.Touch();
        return done.Value.ToOrder();
    }
}
