namespace Seamless.ServiceDesk.Parts.Planning;

/// <param name="Units">Units here and at all depots below.</param>
/// <param name="UnitsWithOneLess">The least units here and below if this depot held one fewer; null when it holds none or that would miss its own target.</param>
/// <param name="UnitsWithOneMore">The same with one more.</param>
public sealed record ChosenLevel(string Depot, int Stock, PipelineLaw Law, int Units, int? UnitsWithOneLess, int? UnitsWithOneMore);

/// <summary>The fewest units in a tree with which every depot that has customers reaches the fill rate: every stock of a supplying depot is tried, and below it each branch is on its own.</summary>
/// <remarks>Back-orders over units are not convex in several echelons, so a supplying depot's stock is enumerated rather than climbed. Of equal totals the one with the fewest back-orders, then the one further out.</remarks>
public sealed class LevelSearch(SupplyTree tree, double target)
{
    /// <summary>A supplying depot that hardly ever runs empty gains nothing from more.</summary>
    private const double NeverEmpty = 0.9995;

    public IReadOnlyList<ChosenLevel> Run() => [.. tree.Roots.SelectMany(root => Best(root, null, 0).Levels)];

    private Branch Best(SupplyNode node, PipelineLaw? parent, int parentStock)
    {
        var law = tree.LawOf(node, parent, parentStock);
        var least = Math.Max(node.Least, HasCustomers(node) ? tree.StockFor(node.Id, law, target) : 0);
        var children = tree.ChildrenOf(node.Id).ToList();
        var most = children.Count == 0 ? least : Math.Max(least, law.StockFor(NeverEmpty));
        var tried = new List<Branch>();
        for (var stock = least; stock <= most; stock++) tried.Add(With(node, law, stock, children));
        var best = tried.OrderBy(b => b.Units).ThenBy(b => Math.Round(b.BackOrders, 9)).ThenBy(b => b.Stock).First();
        var level = new ChosenLevel(
            node.Id, best.Stock, law, best.Units,
            tried.Find(b => b.Stock == best.Stock - 1)?.Units, tried.Find(b => b.Stock == best.Stock + 1)?.Units ?? With(node, law, best.Stock + 1, children).Units);
        return best with { Levels = [level, .. best.Levels] };
    }

    private Branch With(SupplyNode node, PipelineLaw law, int stock, List<SupplyNode> children)
    {
        var branches = children.ConvertAll(child => Best(child, law, stock));
        var own = HasCustomers(node) ? law.ExpectedBackOrders(stock) : 0;
        return new Branch(stock, stock + branches.Sum(b => b.Units), own + branches.Sum(b => b.BackOrders), [.. branches.SelectMany(b => b.Levels)]);
    }

    private static bool HasCustomers(SupplyNode node) => node.Rate > 0 || node.Known.Mean > 0;

    private sealed record Branch(int Stock, int Units, double BackOrders, IReadOnlyList<ChosenLevel> Levels);
}
