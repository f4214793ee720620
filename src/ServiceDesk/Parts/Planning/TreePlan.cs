using Seamless.Rules.Packs;

namespace Seamless.ServiceDesk.Parts.Planning;

/// <summary>One part in one tree of depots: its demand, lead times, target and the levels until now.</summary>
/// <param name="LeadTimes">Depot → days from above.</param>
/// <param name="Before">Depot → level until now.</param>
public sealed record PartPlanning(
    PartDefinition Part, IReadOnlyList<Depot> Depots, PartDemand Demand, IReadOnlyDictionary<string, double> LeadTimes, IReadOnlyDictionary<string, int> Before, double Target)
{
    public bool IsUnseen => Demand.Method is DemandMethod.None && Demand.Known.Count == 0;

    /// <summary>A guess takes nothing away from a depot that serves machines or other depots: of what the pack begins with there, it keeps what it had. Depot → level.</summary>
    public IReadOnlyDictionary<string, int> Least => Demand.Method is DemandMethod.InstalledBase && !IsTight
        ? Depots.Where(depot => Demand.Shares.GetValueOrDefault(depot.Id) > 0 || Depots.Any(d => d.Parent == depot.Id))
            .ToDictionary(depot => depot.Id, depot => Math.Min(Before.GetValueOrDefault(depot.Id), StarterNetwork.StockOf(Part, depot.Tier)), StringComparer.Ordinal)
        : new Dictionary<string, int>();

    /// <summary>The budget does not reach for everything.</summary>
    public bool IsTight { get; init; }

    /// <summary>The tree with its rates. Each depot's own customers ask at their share of the rate.</summary>
    public SupplyTree Tree() => new(Depots.Select(depot => new SupplyNode(
        depot.Id, depot.Parent, Demand.RatePerDay * Demand.Shares.GetValueOrDefault(depot.Id), LeadTimes[depot.Id])
    {
        Known = Demand.Known.TryGetValue(depot.Id, out var machines) ? PipelineLaw.Each(machines) : PipelineLaw.Nothing,
        Least = Least.GetValueOrDefault(depot.Id),
    }));
}

/// <summary>The levels of one part for one fill rate.</summary>
/// <param name="BackOrders">Expected at all depots with customers together.</param>
public sealed record PartLevels(PartPlanning Planning, double FillRate, IReadOnlyList<ChosenLevel> Levels, double BackOrders)
{
    public int Units => Levels.Sum(l => l.Stock);
    public decimal Cost => Units * Planning.Part.UnitCost;
}

/// <summary>Computes levels: the target for every part, or, under a budget, what the money is best spent on. The same input gives the same levels.</summary>
public static class TreePlan
{
    /// <summary>Fill rates on the way to the target at which a budget may stop.</summary>
    private static readonly double[] Steps = [0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99];

    public static PartLevels Reach(PartPlanning planning, double fillRate)
    {
        var tree = planning.Tree();
        var levels = fillRate <= 0
            ? [.. tree.Evaluate(planning.Depots.ToDictionary(d => d.Id, _ => 0)).Select(law => new ChosenLevel(law.Key, 0, law.Value, 0, null, null)).OrderBy(l => l.Depot, StringComparer.Ordinal)]
            : new LevelSearch(tree, fillRate).Run();
        var customers = planning.Depots.Where(d => planning.Demand.Shares.GetValueOrDefault(d.Id) > 0 || planning.Demand.Known.ContainsKey(d.Id)).Select(d => d.Id).ToHashSet(StringComparer.Ordinal);
        return new PartLevels(planning, fillRate, levels, levels.Where(l => customers.Contains(l.Depot)).Sum(l => l.Law.ExpectedBackOrders(l.Stock)));
    }

    /// <summary>Everything at its target when that is affordable; otherwise greedily by back-orders saved per money, part by part along its convex curve.</summary>
    public static IReadOnlyList<PartLevels> Within(IReadOnlyList<PartPlanning> parts, decimal? budget)
    {
        var full = parts.Select(p => Reach(p, p.Target)).ToList();
        if (budget is not { } most || full.Sum(p => p.Cost) <= most) return full;
        var curves = parts.Select(p => p with { IsTight = true }).Select(p => Hull([.. Steps.Where(s => s < p.Target).Append(p.Target).Select(s => Reach(p, s))])).ToList();
        var bought = StockBudget.Spend([.. curves.Select(c => (c[0].Planning.Part.Sku, (double)Math.Max(0.01m, c[0].Planning.Part.UnitCost), c[0].BackOrders,
            (IReadOnlyList<StockStep>)[.. c.Zip(c.Skip(1), (a, b) => new StockStep(b.Units - a.Units, a.BackOrders - b.BackOrders))]))], (double)most);
        var steps = bought.GroupBy(b => b.Part).ToDictionary(g => g.Key, g => g.Count());
        return [.. curves.Select(c => c[steps.GetValueOrDefault(c[0].Planning.Part.Sku)])];
    }

    /// <summary>Those on the lower convex hull of back-orders over units.</summary>
    private static List<PartLevels> Hull(List<PartLevels> curve)
    {
        var hull = new List<PartLevels>();
        foreach (var point in curve)
        {
            if (hull.Count > 0 && (point.Units <= hull[^1].Units || point.BackOrders >= hull[^1].BackOrders)) continue;
            while (hull.Count > 1 && Drop(hull[^2], hull[^1]) <= Drop(hull[^1], point)) hull.RemoveAt(hull.Count - 1);
            hull.Add(point);
        }
        return hull;
    }

    private static double Drop(PartLevels from, PartLevels to) => (from.BackOrders - to.BackOrders) / (to.Units - from.Units);
}
