using Microsoft.EntityFrameworkCore;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Parts.Resupply;

namespace Seamless.ServiceDesk.Parts.BackOrders;

internal sealed class BackOrderBook(Workbench workbench) : IBackOrders
{
    public Task<IReadOnlyList<BackOrder>> ListAsync(string tenant, CancellationToken ct) => workbench.ReadAsync<IReadOnlyList<BackOrder>>(async db =>
    {
        var waiting = await db.PartLines.Where(l => l.Status == PartLineStatus.Unavailable && l.AwaitedSince != null)
            .Join(db.Tickets.Where(t => t.Tenant == tenant), l => l.Ticket, t => t.Number, (l, t) => new { Line = l, t.Number, t.Site, t.Customer, t.Priority }).ToListAsync(ct);
        var skus = waiting.Select(w => w.Line.Sku).Distinct().ToList();
        var arrivals = (await db.StockOrders.Where(o => o.Tenant == tenant && skus.Contains(o.Sku) && o.State == StockOrderState.InTransit && o.Eta != null).ToListAsync(ct))
            .GroupBy(o => o.Sku).ToDictionary(g => g.Key, g => g.Min(o => o.Eta), StringComparer.Ordinal);
        return [.. waiting.OrderBy(w => w.Line.AwaitedSince).ThenBy(w => w.Number, StringComparer.Ordinal).Select(w => new BackOrder(
            w.Number, w.Line.Sku, w.Line.Title, w.Line.Quantity, w.Site, w.Customer, w.Priority, w.Line.AwaitedSince!.Value, w.Line.Resourced, w.Line.ResourcedAt, arrivals.GetValueOrDefault(w.Line.Sku)))];
    }, ct);
}
