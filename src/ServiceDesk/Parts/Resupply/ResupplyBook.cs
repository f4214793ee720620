using Microsoft.EntityFrameworkCore;
using Seamless.ServiceDesk.Database;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Parts.Resupply;

/// <summary>Stock orders as the other rooms see them.</summary>
internal sealed class ResupplyBook(Workbench workbench, DeskSignals signals, TimeProvider clock) : IResupply
{
    public Task<IReadOnlyList<StockOrder>> OrdersAsync(string tenant, bool openOnly, CancellationToken ct) => workbench.ReadAsync<IReadOnlyList<StockOrder>>(async db =>
        (await db.StockOrders.Where(o => o.Tenant == tenant && (!openOnly || o.State == StockOrderState.Waiting || o.State == StockOrderState.InTransit))
            .OrderByDescending(o => o.OrderedAt).ThenBy(o => o.Id).ToListAsync(ct)).ConvertAll(o => o.ToOrder()), ct);

    public Task<IReadOnlyList<TargetLevel>> LevelsAsync(string tenant, CancellationToken ct) => workbench.ReadAsync<IReadOnlyList<TargetLevel>>(async db =>
        (await db.StockLevels.Where(l => l.Tenant == tenant).OrderBy(l => l.Sku).ThenBy(l => l.Depot).ToListAsync(ct)).ConvertAll(l => l.ToLevel()), ct);

    public async Task<Outcome<StockOrder>> ReceiveAsync(string tenant, string id, string? serial, string actor, CancellationToken ct)
    {
        var done = await workbench.TryAsync(clock.GetUtcNow(), async work =>
            await work.Db.StockOrders.FindAsync([id], ct) is { } order && order.Tenant == tenant
                ? await Replenishment.ReceiveAsync(work, order, serial is { Length: > 0 } ? serial.Trim() : null, actor, ct)
                : Refusal.NotFound($"there is no stock order {id}"), ct);
        if (!done.Succeeded) return done.Refusal;
        signals.Touch();
        return done.Value.ToOrder();
    }
}
