namespace Seamless.ServiceDesk.Parts;

/// <summary>Palm's theorem for (S−1, S) stock: with Poisson demand and ample resupply the pipeline is Poisson, and only its mean matters.</summary>
public static class BaseStock
{
    /// <summary>P(X = k) of a Poisson variable with mean <paramref name="mean"/>.</summary>
    public static double Probability(int k, double mean)
    {
        if (mean <= 0) return k == 0 ? 1 : 0;
        var log = -mean + k * Math.Log(mean);
        for (var i = 2; i <= k; i++) log -= Math.Log(i);
        return Math.Exp(log);
    }

    /// <summary>P(X ≤ k).</summary>
    public static double Cumulative(int k, double mean)
    {
        var sum = 0.0;
        for (var i = 0; i <= k; i++) sum += Probability(i, mean);
        return Math.Min(1, sum);
    }

    /// <summary>Share of demand met from the shelf: P(X ≤ S−1).</summary>
    public static double FillRate(int stock, double mean) => stock <= 0 ? 0 : Cumulative(stock - 1, mean);

    /// <summary>Expected back-orders: m·p(S) + (m−S)(1−F(S)) (Sherbrooke, eq. 2.7).</summary>
    public static double ExpectedBackOrders(int stock, double mean) =>
        mean * Probability(stock, mean) + (mean - stock) * (1 - Cumulative(stock, mean));

    /// <summary>P(X ≥ S): how sure it is that a piece taken from the shelf will be missed. What EBO rises by when the stock falls from S to S−1.</summary>
    public static double MissedProbability(int stock, double mean) => 1 - (stock <= 0 ? 0 : Cumulative(stock - 1, mean));

    /// <summary>Erlang's loss formula: the share of demand that finds the shelf empty when shortages are served elsewhere.</summary>
    public static double ErlangLoss(int stock, double load)
    {
        var blocked = 1.0;
        for (var k = 1; k <= stock; k++) blocked = load * blocked / (k + load * blocked);
        return blocked;
    }

    /// <summary>The pipeline mean for which <paramref name="stock"/> gives the fill rate: what demand a stock plan expects.</summary>
    public static double MeanServedBy(int stock, double fillRate)
    {
        if (stock <= 0) return 0;
        var (low, high) = (0.0, 2.0 * stock + 5);
        for (var i = 0; i < 60; i++)
        {
            var middle = (low + high) / 2;
            if (FillRate(stock, middle) > fillRate) low = middle;
            else high = middle;
        }
        return low;
    }
}
