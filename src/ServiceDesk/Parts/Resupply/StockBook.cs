using Microsoft.EntityFrameworkCore;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Parts.Resupply;

/// <summary>One part over all depots within one piece of work: shelves, open orders, target levels, and what tickets wait for.</summary>
internal sealed class StockBook
{
    private readonly DeskWork _work;
    private readonly StockedPart _part;
    private readonly Dictionary<string, (int Units, bool Planned)> _targets;
    private readonly Dictionary<string, int> _ordered;
    private readonly Dictionary<string, int> _awaited;

    // Taken from the work once: each look at its local rows would have it compare all it holds with what it read.
    private readonly List<UnitRow> _units;
    private readonly List<StockOrderRow> _orders;

    private StockBook(DeskWork work, StockedPart part, Dictionary<string, (int Units, bool Planned)> targets, Dictionary<string, int> ordered, Dictionary<string, int> awaited)
    {
        (_work, _part, _targets, _ordered, _awaited) = (work, part, targets, ordered, awaited);
        _units = [.. work.Db.Units.Local.Where(u => u.Tenant == part.Tenant && u.Sku == part.Sku).OrderBy(u => u.Serial, StringComparer.Ordinal)];
        _orders = [.. work.Db.StockOrders.Local.Where(o => o.Tenant == part.Tenant && o.Sku == part.Sku)];
    }

    public static async Task<StockBook> OpenAsync(DeskWork work, StockedPart part, CancellationToken ct)
    {
        var (db, tenant, sku) = (work.Db, part.Tenant, part.Sku);
        await db.Units.Where(u => u.Tenant == tenant && u.Sku == sku && u.State == UnitState.InStock).LoadAsync(ct);
        await db.StockOrders.Where(o => o.Tenant == tenant && o.Sku == sku && (o.State == StockOrderState.Waiting || o.State == StockOrderState.InTransit)).LoadAsync(ct);
        var targets = await db.StockLevels.Where(l => l.Tenant == tenant && l.Sku == sku).ToDictionaryAsync(l => l.Depot, l => (l.Target, l.Origin == StockLevelRow.Planned), ct);
        var ordered = await db.StockOrders.Where(o => o.Tenant == tenant && o.Sku == sku).GroupBy(o => o.Depot)
            .Select(g => new { g.Key, Next = g.Max(o => o.Ordinal) + 1 }).ToDictionaryAsync(g => g.Key, g => g.Next, ct);
        return new StockBook(work, part, targets, ordered, await AwaitedAsync(work, part, ct));
    }

    /// <summary>Target below which the depot orders again.</summary>
    public int TargetOf(string depot) => _targets.GetValueOrDefault(depot).Units;

    /// <summary>Units on the shelf that neither its level nor anybody who waits there wants. A level that no plan has set says nothing of the kind.</summary>
    public int SurplusOf(string depot) => _targets.TryGetValue(depot, out var target) && target.Planned
        ? FreeIn(depot).Count() - WaitingAt(depot).Count() - _awaited.GetValueOrDefault(depot) - target.Units
        : 0;

    /// <summary>On hand + on order − owed to depots below and to tickets.</summary>
    public int PositionOf(string depot) =>
        FreeIn(depot).Count() + Open.Count(o => o.Depot == depot) - WaitingAt(depot).Count() - _awaited.GetValueOrDefault(depot);

    public IEnumerable<UnitRow> FreeIn(string depot) => _units.Where(u => u.State is UnitState.InStock && u.Depot == depot);

    /// <summary>Orders that wait for this depot's shelf, first come first.</summary>
    public IEnumerable<StockOrderRow> WaitingAt(string depot) =>
        Open.Where(o => o.Source == depot && o.State is StockOrderState.Waiting).OrderBy(o => o.OrderedAt).ThenBy(o => o.Depot, StringComparer.Ordinal).ThenBy(o => o.Ordinal);

    /// <summary>Orders of this depot that have not left yet, first come first.</summary>
    public IEnumerable<StockOrderRow> WaitingFor(string depot) => Open.Where(o => o.Depot == depot && o.State is StockOrderState.Waiting).OrderBy(o => o.Ordinal);

    /// <summary>The newest order of a depot that has not left yet.</summary>
    public StockOrderRow? NewestWaitingFor(string depot) =>
        WaitingFor(depot).LastOrDefault();

    /// <summary>An order with its natural key: the same after a crash as it would have been before.</summary>
    public StockOrderRow Order(string depot, string source)
    {
        var ordinal = _ordered.GetValueOrDefault(depot);
        _ordered[depot] = ordinal + 1;
        var order = new StockOrderRow
        {
            Id = StableHash.Id("order", _part.Tenant, depot, _part.Sku, ordinal.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            Tenant = _part.Tenant, Sku = _part.Sku, Depot = depot, Ordinal = ordinal, Source = source, State = StockOrderState.Waiting, OrderedAt = _work.Now,
        };
        _work.Db.StockOrders.Add(order);
        _orders.Add(order);
        return order;
    }

    private IEnumerable<StockOrderRow> Open => _orders.Where(o => o.State is StockOrderState.Waiting or StockOrderState.InTransit);

    /// <summary>What tickets lack, by the depot that is to get it for them.</summary>
    private static async Task<Dictionary<string, int>> AwaitedAsync(DeskWork work, StockedPart part, CancellationToken ct)
    {
        var lines = await work.Db.PartLines.Where(l => (l.AwaitedSku ?? l.Sku) == part.Sku && l.Status == PartLineStatus.Unavailable && l.AwaitedAt != null)
            .Join(work.Db.Tickets.Where(t => t.Tenant == part.Tenant), l => l.Ticket, t => t.Number, (l, t) => l).ToListAsync(ct);
        var awaited = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var line in lines.Where(l => l.Status == PartLineStatus.Unavailable))
        {
            var held = (await work.ReservationsAsync(line.Ticket, ct)).Count(r => r.WantedSku == line.Sku && r.State is not ReservationState.Released);
            awaited[line.AwaitedAt!] = awaited.GetValueOrDefault(line.AwaitedAt!) + Math.Max(0, line.Quantity - held);
        }
        return awaited;
    }
}
