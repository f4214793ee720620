using Microsoft.EntityFrameworkCore;
using Seamless.Fleet.Audit;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Kpis;
using Seamless.ServiceDesk.Parts.Compatibility;
using Seamless.ServiceDesk.Parts.Custody;
using Seamless.ServiceDesk.Parts.Resupply;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Parts.Counting;

internal sealed class CountDesk(Workbench workbench, Network network, CompatibilityBook compatibility, DeskSignals signals, IAudit audit, TimeProvider clock) : IStockCounts
{
    private const int MostTags = 100_000;
    private const int LongestTag = 500;
    private const string Counted = "counted";

    public async Task<Outcome<StockCount>> CompareAsync(string tenant, string depot, IReadOnlyList<string> tags, DateTimeOffset? readAt, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await network.EnsureAsync(tenant, now, ct);
        return await workbench.ReadAsync(db => CompareAsync(db, tenant, depot, tags, readAt ?? now, now, ct), ct);
    }

    public async Task<Outcome<StockCount>> SettleAsync(string tenant, string depot, IReadOnlyList<string> tags, DateTimeOffset? readAt, int missing, string actor, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await network.EnsureAsync(tenant, now, ct);
        var settled = await workbench.TryAsync<StockCount>(now, async work =>
        {
            var compared = await CompareAsync(work.Db, tenant, depot, tags, readAt ?? now, now, ct);
            if (!compared.Succeeded) return compared.Refusal;
            if (compared.Value.Missing != missing)
                return Refusal.Conflict("count-missing", $"missing at {depot}: {compared.Value.Missing}, not {missing}; look at them, then say in 'missing' how many are to be booked as lost");
            List<CountLine> lines = [];
            foreach (var line in compared.Value.Differences) lines.Add(line with { Settled = await SettleAsync(work, tenant, compared.Value, line, actor, ct) });
            return compared.Value with { Differences = lines };
        }, ct);
        await audit.RecordAsync(
            tenant, actor, "stock.count", $"depot:{depot}", null, settled.Refusal?.Code ?? "ok",
            settled.Succeeded ? $"{settled.Value.Read} read, {settled.Value.Differences.Count(line => line.Settled)} corrected" : settled.Refusal.Reason, ct);
        if (settled.Succeeded) signals.Touch();
        return settled;
    }

    private static async Task<Outcome<StockCount>> CompareAsync(DeskContext db, string tenant, string depot, IReadOnlyList<string> tags, DateTimeOffset readAt, DateTimeOffset now, CancellationToken ct)
    {
        if (tags.Count is 0 or > MostTags) return Refusal.Invalid("count-tags", $"'tags' are what was read in the depot, 1 to {MostTags} of them");
        if (tags.Any(tag => tag is not { Length: <= LongestTag })) return Refusal.Invalid("count-tag", $"each tag is a text of at most {LongestTag} characters");
        if (readAt > now) return Refusal.Invalid("count-time", "'readAt' is when the reading began; that lies ahead");
        if (!await db.Depots.AnyAsync(d => d.Tenant == tenant && d.Id == depot, ct)) return Refusal.NotFound("depot-unknown", $"there is no depot '{depot}'");

        var read = tags.Distinct(StringComparer.Ordinal).ToDictionary(tag => tag, TagReading.SerialOf, StringComparer.Ordinal);
        var serials = read.Values.OfType<string>().ToHashSet(StringComparer.Ordinal);
        List<string> unreadable = [.. read.Where(tag => tag.Value is null).Select(tag => tag.Key)];
        var units = await db.Units.Where(u => u.Tenant == tenant && (u.Depot == depot || serials.Contains(u.Serial))).ToListAsync(ct);
        var moved = (await db.UnitMoves.Where(m => m.Tenant == tenant && m.At > readAt).Select(m => m.Serial).ToListAsync(ct)).ToHashSet(StringComparer.Ordinal);
        var coming = await db.StockOrders.Where(o => o.Tenant == tenant && o.Depot == depot && o.State == StockOrderState.InTransit && o.Serial != null).Select(o => o.Serial!).ToListAsync(ct);
        return Comparison.Of(depot, readAt, serials, unreadable, units, moved, coming.ToHashSet(StringComparer.Ordinal));
    }

    /// <returns>False for what a person has to look at.</returns>
    private async Task<bool> SettleAsync(DeskWork work, string tenant, StockCount count, CountLine line, string actor, CancellationToken ct)
    {
        if (line.Finding is CountFinding.Disputed or CountFinding.Unknown) return false;
        var unit = await work.UnitAsync(tenant, line.Serial, ct);   // compared just now: it is in memory
        if (line.Finding is CountFinding.Missing or CountFinding.Misplaced && await UnitActions.WhyNotAsync(work, unit, UnitLife.Move, ct) is not null) return false;   // somebody else decides about it
        switch (line.Finding)
        {
            case CountFinding.Missing:
                await LoseAsync(work, unit, count, actor, ct);
                return true;
            case CountFinding.Misplaced:
                work.Move(unit, UnitState.InStock, Counted, actor, depot: count.Depot);
                return true;
            case CountFinding.Found:
                if (await work.Db.Losses.Where(l => l.Tenant == unit.Tenant && l.Serial == unit.Serial && l.State != LossState.Found).OrderByDescending(l => l.LostAt).FirstOrDefaultAsync(ct) is { } loss) loss.Found(work, actor);
                work.Move(unit, UnitState.InStock, "found", actor, depot: count.Depot);
                return true;
            default:
                var order = await work.Db.StockOrders.SingleAsync(o => o.Tenant == unit.Tenant && o.Depot == count.Depot && o.Serial == unit.Serial && o.State == StockOrderState.InTransit, ct);
                return (await Replenishment.ReceiveAsync(work, order, unit.Serial, actor, ct)).Succeeded;
        }
    }

    private async Task LoseAsync(DeskWork work, UnitRow unit, StockCount count, string actor, CancellationToken ct)
    {
        var (value, currency) = (await compatibility.InForceAsync(work.Db, unit.Tenant, ct)).PriceOf(unit.Sku);
        var name = $"count:{count.Depot}:{count.ReadAt:yyyyMMdd'T'HHmmss'Z'}";
        work.Move(unit, UnitState.Lost, "missing-at-count", actor, reason: name);
        work.Db.Losses.Add(new LossRow
        {
            Id = StableHash.Id("loss", name, unit.Tenant, unit.Serial), Tenant = unit.Tenant, Serial = unit.Serial, Sku = unit.Sku, Consignment = name, Carrier = "", From = count.Depot, To = count.Depot,
            ShippedAt = count.ReadAt, ExpectedAt = count.ReadAt, LostAt = work.Now, Value = value, Currency = currency, State = LossState.Open,
        });
        work.Record(EventKind.MissingAtCount, StableHash.Id("missing", name, unit.Tenant, unit.Serial), unit.Tenant, count.Depot, null, null, (double)value, unit.Sku);
    }
}
