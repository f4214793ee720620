namespace Seamless.ServiceDesk.Parts.Planning;

/// <summary>Smaller formulas of the stock-keeper.</summary>
public static class StockFormulas
{
    /// <summary>Newsvendor with Poisson demand: the least S with P(D ≤ S) ≥ p/(h+p), and its expected cost h·E(S−D)⁺ + p·E(D−S)⁺ (Snyder &amp; Shen, Fundamentals of Supply Chain Theory, §4.3).</summary>
    public static (int Stock, double Cost) Newsvendor(double holdingCost, double penaltyCost, double mean)
    {
        var law = PipelineLaw.Poisson(mean);
        var ratio = penaltyCost / (holdingCost + penaltyCost);
        var stock = 0;
        while (law.Cumulative(stock) < ratio) stock++;
        return (stock, holdingCost * law.ExpectedOnHand(stock) + penaltyCost * law.ExpectedBackOrders(stock));
    }

    /// <summary>The least stock whose lost share is at most <paramref name="most"/> when shortages are served elsewhere (Erlang's loss formula, insensitive to the lead time's shape).</summary>
    public static int StockForLoss(double load, double most)
    {
        var stock = 0;
        while (BaseStock.ErlangLoss(stock, load) > most) stock++;
        return stock;
    }

    /// <summary>Fill of depots that all help each other at once: one loss system with their stocks and loads added (full pooling; Reijnen, Tan &amp; van Houtum 2009).</summary>
    public static double PooledFill(IReadOnlyList<(int Stock, double Load)> depots) =>
        1 - BaseStock.ErlangLoss(depots.Sum(d => d.Stock), depots.Sum(d => d.Load));

    /// <summary>Availability of machines that each need every part: Π (1 − EBO/(N·Z))^Z (Sherbrooke eq. 2.9).</summary>
    /// <param name="machines">N, the machines served.</param>
    /// <param name="parts">Back-orders of each part, and how many of it a machine has (Z).</param>
    public static double Availability(int machines, IEnumerable<(double BackOrders, int PerMachine)> parts) =>
        parts.Aggregate(1.0, (product, part) => product * Math.Pow(Math.Max(0, 1 - part.BackOrders / ((double)machines * part.PerMachine)), part.PerMachine));

    /// <summary>Send a part before anybody has looked when the cause is more probable than this: (ship + return) / (down·ΔT + trip + ship + return).</summary>
    public static double DispatchThreshold(double ship, double sendBack, double downPerHour, double hoursSaved, double trip) =>
        (ship + sendBack) / (downPerHour * hoursSaved + trip + ship + sendBack);
}
