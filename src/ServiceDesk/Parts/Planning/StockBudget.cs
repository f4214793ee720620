namespace Seamless.ServiceDesk.Parts.Planning;

/// <param name="Units">How many units it adds.</param>
/// <param name="BackOrdersSaved">By how much the expected back-orders fall.</param>
public sealed record StockStep(int Units, double BackOrdersSaved);

/// <param name="Cost">Spent so far.</param>
/// <param name="BackOrders">Expected back-orders of all parts after it.</param>
public sealed record Purchase(string Part, int Units, double Cost, double BackOrders);

/// <summary>What money is best spent on: back-orders saved per money, greatest first (Barlow &amp; Proschan, Mathematical Theory of Reliability, ch. 6; optimal along the convex curve of each part).</summary>
public static class StockBudget
{
    /// <summary>Buys while the next purchase is affordable. Of equals the part first in the list.</summary>
    /// <param name="parts">Each with its unit cost, the back-orders without stock, and its steps in falling order of what a unit saves.</param>
    public static IReadOnlyList<Purchase> Spend(IReadOnlyList<(string Part, double UnitCost, double BackOrders, IReadOnlyList<StockStep> Steps)> parts, double budget)
    {
        var bought = new List<Purchase>();
        var next = new int[parts.Count];
        var (cost, backOrders) = (0.0, parts.Sum(p => p.BackOrders));
        while (BestBuy(parts, next) is { } index)
        {
            var (part, step) = (parts[index], parts[index].Steps[next[index]]);
            if (cost + step.Units * part.UnitCost > budget) return bought;
            next[index]++;
            (cost, backOrders) = (cost + step.Units * part.UnitCost, backOrders - step.BackOrdersSaved);
            bought.Add(new Purchase(part.Part, step.Units, cost, backOrders));
        }
        return bought;
    }

    private static int? BestBuy(IReadOnlyList<(string Part, double UnitCost, double BackOrders, IReadOnlyList<StockStep> Steps)> parts, int[] next)
    {
        var (best, most) = ((int?)null, 0.0);
        for (var i = 0; i < parts.Count; i++)
        {
            if (next[i] >= parts[i].Steps.Count) continue;
            var step = parts[i].Steps[next[i]];
            var worth = step.BackOrdersSaved / (step.Units * parts[i].UnitCost);
            if (worth > most) (best, most) = (i, worth);
        }
        return best;
    }
}
