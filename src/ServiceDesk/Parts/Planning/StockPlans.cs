using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Parts.Compatibility;
using Seamless.ServiceDesk.Parts.Resupply;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Parts.Planning;

/// <summary>Plans every part over the whole network and puts the levels in force.</summary>
internal sealed class StockPlans(
    Workbench workbench, DemandBook demands, Network network, CompatibilityBook compatibility, CarrierDesk carriers, DeskSignals signals, TimeProvider clock, IOptions<ServiceDeskOptions> options) : IStockPlans
{
    /// <summary>Older plans go.</summary>
    private const int KeepPlans = 30;

    /// <summary>Picking and packing, before the carrier comes.</summary>
    private static readonly TimeSpan Handling = TimeSpan.FromHours(4);

    public Task<StockPlan?> LatestAsync(string tenant, CancellationToken ct) => workbench.ReadAsync(async db =>
        (await db.StockPlans.Where(p => p.Tenant == tenant).OrderByDescending(p => p.Number).FirstOrDefaultAsync(ct))?.ToPlan(), ct);

    public async Task<Outcome<StockPlan>> ComputeAsync(string tenant, decimal? budget, string actor, CancellationToken ct)
    {
        var most = budget ?? options.Value.StockBudget;
        if (most < 0) return Refusal.Invalid("budget-negative", $"a budget is not negative; {most} is");
        var now = clock.GetUtcNow();
        await network.EnsureAsync(tenant, now, ct);
        var depots = await network.DepotsAsync(tenant, ct);
        if (depots.Count == 0) return Refusal.Because("depots-none", "there are no depots to plan for");
        if (depots.FirstOrDefault(d => d.Parent is { } parent && depots.All(o => o.Id != parent)) is { } orphan) return Refusal.Because("depot-orphan", $"depot {orphan.Id} is supplied by {orphan.Parent}, which is no depot");
        var asked = await demands.ReadAsync(tenant, depots, now, ct);
        var done = await workbench.CommitAsync(now, async work =>
        {
            var parts = (await compatibility.InForceAsync(work.Db, tenant, ct)).Parts;
            var levels = await work.Db.StockLevels.Where(l => l.Tenant == tenant).ToListAsync(ct);
            var lines = Plan(parts, depots, asked, levels, most, now, await carriers.OfAsync(work.Db, tenant, ct));
            var row = new StockPlanRow
            {
                Tenant = tenant, ComputedAt = work.Now, Actor = actor, Budget = most, Lines = lines, Cost = lines.Sum(l => l.Cost), CostBefore = CostOf(parts, levels),
            };
            work.Db.StockPlans.Add(row);
            PutInForce(work, tenant, lines, levels);
            var old = await work.Db.StockPlans.Where(p => p.Tenant == tenant).OrderByDescending(p => p.Number).Skip(KeepPlans - 1).ToListAsync(ct);
            work.Db.StockPlans.RemoveRange(old);
            return row;
        }, ct);
        signals.AllStockMoved();
        signals.Touch();
        return done.ToPlan();
    }

    private List<PlannedLevel> Plan(
        IReadOnlyList<PartDefinition> catalogue, IReadOnlyList<Depot> depots, IReadOnlyDictionary<string, PartDemand> asked, List<StockLevelRow> levels, decimal? budget, DateTimeOffset now, CarrierSet carrying)
    {
        var before = levels.ToLookup(l => l.Sku);
        var parts = catalogue.Where(part => asked.ContainsKey(part.Sku)).Select(part => new PartPlanning(
            part, depots, asked[part.Sku], LeadTimes(part, depots, now, carrying), before[part.Sku].ToDictionary(l => l.Depot, l => l.Target, StringComparer.Ordinal),
            options.Value.FillTargets.For(part.Criticality, part.Class))).ToList();
        var unseen = parts.Where(p => p.IsUnseen).SelectMany(PlanWords.Unseen).ToList();
        decimal? rest = budget is null ? null : Math.Max(0, budget.Value - unseen.Sum(l => l.Cost));
        return [.. TreePlan.Within([.. parts.Where(p => !p.IsUnseen)], rest).SelectMany(PlanWords.Of).Concat(unseen).OrderBy(l => l.Sku, StringComparer.Ordinal).ThenBy(l => l.Depot, StringComparer.Ordinal)];
    }

    /// <summary>From the supplier as the pack says; from the depot above as the carrier does, from the opening of its day.</summary>
    private static Dictionary<string, double> LeadTimes(PartDefinition part, IReadOnlyList<Depot> depots, DateTimeOffset now, CarrierSet carrying)
    {
        var byId = depots.ToDictionary(d => d.Id, StringComparer.Ordinal);
        return depots.ToDictionary(d => d.Id, d =>
        {
            if (d.Parent is null) return part.LeadTimeDays;
            var (from, noon) = (byId[d.Parent], new DateTimeOffset(now.UtcDateTime.Date.AddHours(12), TimeSpan.Zero));
            return carrying.Quotes(from, from.Location.DistanceKm(d.Location), noon) is [var quote, ..] ? (quote.Eta - noon + Handling).TotalDays : part.LeadTimeDays;
        }, StringComparer.Ordinal);
    }

    private static decimal CostOf(IReadOnlyList<PartDefinition> parts, List<StockLevelRow> levels)
    {
        var prices = parts.ToDictionary(p => p.Sku, p => p.UnitCost, StringComparer.Ordinal);
        return levels.Sum(l => l.Target * prices.GetValueOrDefault(l.Sku));
    }

    private static void PutInForce(DeskWork work, string tenant, List<PlannedLevel> lines, List<StockLevelRow> levels)
    {
        var byKey = levels.ToDictionary(l => (l.Sku, l.Depot));
        foreach (var line in lines.Where(l => l.Reason is not LevelReason.Unseen))
        {
            if (byKey.TryGetValue((line.Sku, line.Depot), out var level)) (level.Target, level.Origin, level.At) = (line.Level, StockLevelRow.Planned, work.Now);
            else work.Db.StockLevels.Add(new StockLevelRow { Tenant = tenant, Sku = line.Sku, Depot = line.Depot, Target = line.Level, Origin = StockLevelRow.Planned, At = work.Now });
        }
    }
}
