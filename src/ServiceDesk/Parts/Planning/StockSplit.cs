namespace Seamless.ServiceDesk.Parts.Planning;

/// <param name="Depot">Units at the depot.</param>
/// <param name="Bases">Units at each base.</param>
/// <param name="BackOrders">Expected back-orders at all bases together.</param>
public sealed record Split(int Depot, IReadOnlyList<int> Bases, double BackOrders)
{
    public int Total => Depot + Bases.Sum();
}

/// <summary>How a number of units is best divided between a depot and its bases.</summary>
public static class StockSplit
{
    /// <summary>For each total from 0 to <paramref name="most"/> the split with the least back-orders: every depot stock is tried, and for each one marginal analysis over the bases, which is exact there because EBO is convex in the stock.</summary>
    /// <param name="law">The law of a base's pipeline given the depot's stock: METRIC, VARI-METRIC or exact.</param>
    public static IReadOnlyList<Split> ByTotal(TwoEchelons network, int most, Func<int, int, PipelineLaw> law)
    {
        var best = new Split?[most + 1];
        for (var depot = 0; depot <= most; depot++)
        {
            var laws = Enumerable.Range(0, network.Bases.Count).Select(j => law(j, depot)).ToList();
            var stocks = new int[laws.Count];
            for (var total = depot; total <= most; total++)
            {
                var backOrders = laws.Select((l, j) => l.ExpectedBackOrders(stocks[j])).Sum();
                if (best[total] is null || backOrders < best[total]!.BackOrders - 1e-12) best[total] = new Split(depot, [.. stocks], backOrders);
                if (laws.Count > 0) stocks[MostHelped(laws, stocks)]++;
            }
        }
        return [.. best.Select(split => split!)];
    }

    /// <summary>The totals that lie on the lower convex hull of back-orders over units: between them a budget buys more elsewhere.</summary>
    public static IReadOnlyList<Split> Convex(IReadOnlyList<Split> byTotal)
    {
        var hull = new List<Split>();
        foreach (var split in byTotal)
        {
            while (hull.Count > 1 && Drop(hull[^2], hull[^1]) <= Drop(hull[^1], split)) hull.RemoveAt(hull.Count - 1);
            hull.Add(split);
        }
        return hull;
    }

    private static double Drop(Split from, Split to) => (from.BackOrders - to.BackOrders) / (to.Total - from.Total);

    private static int MostHelped(List<PipelineLaw> laws, int[] stocks)
    {
        var (best, most) = (0, -1.0);
        for (var j = 0; j < laws.Count; j++)
        {
            var helps = 1 - laws[j].Cumulative(stocks[j]);   // EBO(S) − EBO(S+1) = P(X > S)
            if (helps > most + 1e-15) (best, most) = (j, helps);
        }
        return best;
    }
}
