using System.Globalization;
using Seamless.Rules.Packs;

namespace Seamless.ServiceDesk.Parts.Planning;

/// <summary>One level with its figures and its reason in words: why this and not one more.</summary>
internal static class PlanWords
{
    private const double DaysPerYear = 365;

    /// <summary>A part that has hardly been asked for keeps its level.</summary>
    public static IEnumerable<PlannedLevel> Unseen(PartPlanning planning) => planning.Depots.Select(depot =>
    {
        var level = planning.Before.GetValueOrDefault(depot.Id);
        var demands = planning.Demand.Demands;
        return new PlannedLevel(
            planning.Part.Sku, depot.Id, level, level, 0, DemandMethod.None, 0, planning.LeadTimes[depot.Id], 0, 0, 0, 0, 0, 1, planning.Target, level * planning.Part.UnitCost, LevelReason.Unseen,
            new LocalizedText($"Asked for {demands} times so far, too seldom to forecast: the level stays at {level}.", $"迄今需求 {demands} 次，不足以预测：水平保持为 {level}。"));
    });

    public static IEnumerable<PlannedLevel> Of(PartLevels levels)
    {
        var tree = levels.Planning.Tree();
        var tight = levels.FillRate < levels.Planning.Target;
        return levels.Levels.OrderBy(l => l.Depot, StringComparer.Ordinal).Select(level => Of(levels.Planning, level, tree, tight));
    }

    private static PlannedLevel Of(PartPlanning planning, ChosenLevel chosen, SupplyTree tree, bool tight)
    {
        var (depot, stock, law) = (chosen.Depot, chosen.Stock, chosen.Law);
        var serves = planning.Demand.Shares.GetValueOrDefault(depot) * planning.Demand.RatePerDay > 0 || planning.Demand.Known.ContainsKey(depot);
        var reason = tight ? LevelReason.Budget
            : stock == 0 && !serves ? LevelReason.NotNeeded
            : stock > 0 && stock == planning.Least.GetValueOrDefault(depot) && (!serves || tree.FillRate(depot, law, stock - 1) >= planning.Target) ? LevelReason.InstalledBase
            : serves && tree.FillRate(depot, law, stock - 1) < planning.Target ? LevelReason.Target : LevelReason.Upstream;
        return new PlannedLevel(
            planning.Part.Sku, depot, stock, planning.Before.GetValueOrDefault(depot), Round(tree.RateThrough(depot) * DaysPerYear, 2), planning.Demand.Method,
            Round(tree.KnownThrough(depot), 3), Round(planning.LeadTimes[depot], 2), Round(law.Mean, 4), Round(law.Variance, 4),
            Round(law.ExpectedBackOrders(Math.Max(0, stock - 1)), 5), Round(law.ExpectedBackOrders(stock), 5), Round(law.ExpectedBackOrders(stock + 1), 5),
            Round(tree.FillRate(depot, law, stock), 5), planning.Target, stock * planning.Part.UnitCost, reason, Why(planning, chosen, tree, reason));
    }

    private static LocalizedText Why(PartPlanning planning, ChosenLevel chosen, SupplyTree tree, LevelReason reason)
    {
        var (stock, law) = (chosen.Stock, chosen.Law);
        var (now, less) = (Share(tree.FillRate(chosen.Depot, law, stock)), Share(tree.FillRate(chosen.Depot, law, stock - 1)));
        var saved = (1 - law.Cumulative(stock)).ToString("0.####", CultureInfo.InvariantCulture);
        var cost = string.Create(CultureInfo.InvariantCulture, $"{planning.Part.UnitCost:0.##} {planning.Part.Currency}");
        return reason switch
        {
            LevelReason.Target => new(
                $"{stock} meet {now} at once, {stock - 1} would meet {less}; {Share(planning.Target)} is asked for. One more would save {saved} back-orders for {cost}.",
                $"{stock} 件可即时满足 {now}，{stock - 1} 件仅 {less}；要求 {Share(planning.Target)}。再加一件可减少 {saved} 件缺货，成本 {cost}。"),
            LevelReason.Upstream => new(
                $"{stock} here need {chosen.Units} units here and below{WithLess(chosen)}; with one more they would be {chosen.UnitsWithOneMore}.",
                $"此处 {stock} 件时，本库及下级共需 {chosen.Units} 件{WithLessZh(chosen)}；多一件则为 {chosen.UnitsWithOneMore} 件。"),
            LevelReason.Budget => new(
                $"The budget ends before {Share(planning.Target)}: {stock} meet {now} at once; one more would save {saved} back-orders for {cost}, less for the money than elsewhere.",
                $"预算不足以达到 {Share(planning.Target)}：{stock} 件可即时满足 {now}；再加一件可减少 {saved} 件缺货，成本 {cost}，不如用于别处。"),
            LevelReason.InstalledBase => new(
                $"Asked for {planning.Demand.Demands} times so far, too seldom to forecast: what the machines are expected to need is less than the {stock} here, which stay until more is known.",
                $"迄今需求 {planning.Demand.Demands} 次，不足以预测：设备的预期需求少于此处的 {stock} 件，在了解更多之前保持不变。"),
            _ => new("Nobody is served from here, and a unit here would spare none further out.", "此处不直接服务客户，存放也不能减少下级库存。"),
        };
    }

    private static string WithLess(ChosenLevel chosen) => chosen.UnitsWithOneLess is { } units ? $"; with one fewer here they would be {units}" : "";
    private static string WithLessZh(ChosenLevel chosen) => chosen.UnitsWithOneLess is { } units ? $"；此处少一件则为 {units} 件" : "";
    private static string Share(double share) => (share * 100).ToString("0.##", CultureInfo.InvariantCulture) + " %";
    private static double Round(double value, int digits) => Math.Round(value, digits, MidpointRounding.AwayFromZero);
}
