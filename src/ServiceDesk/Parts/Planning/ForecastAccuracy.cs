namespace Seamless.ServiceDesk.Parts.Planning;

/// <summary>How good the forecasts of a part would have been, each made from what was known then for the whole lead time after it.</summary>
/// <param name="Weeks">Of demand looked at.</param>
/// <param name="HorizonWeeks">The lead time, in whole weeks: what a stock level must cover.</param>
/// <param name="Mase">Mean absolute error over that of "as many as in the last lead time"; below 1 is better. Null when too little was asked for, or that guess was never wrong.</param>
/// <param name="Bias">Forecast − demand, as a share of demand: above 0 stocks too much.</param>
/// <param name="MeanAbsoluteError">Units over the horizon.</param>
public sealed record ForecastAccuracy(string Sku, DemandMethod Method, int Weeks, int HorizonWeeks, int Forecasts, double? Mase, double? Bias, double? MeanAbsoluteError);

public interface IForecasts
{
    /// <summary>For each part that was asked for, the worst first.</summary>
    Task<IReadOnlyList<ForecastAccuracy>> BacktestAsync(string tenant, CancellationToken ct);
}

/// <summary>Rolling-origin backtest of the demand forecasts. Pure.</summary>
/// <remarks>Hyndman &amp; Koehler 2006: scaled errors compare parts of any size, and stay finite where percentages do not.</remarks>
public static class ForecastBacktest
{
    /// <summary>Before so many weeks nothing is forecast.</summary>
    private const int WarmUp = 8;

    public static ForecastAccuracy Of(string sku, IReadOnlyList<double> weeks, int horizon)
    {
        var (count, error, naive, over, demand) = (0, 0.0, 0.0, 0.0, 0.0);
        for (var origin = Math.Max(WarmUp, horizon); origin + horizon <= weeks.Count; origin++)
        {
            var (method, perWeek) = PartDemand.Forecast([.. weeks.Take(origin)]);
            if (method is DemandMethod.None) continue;
            var (actual, before) = (Sum(weeks, origin, horizon), Sum(weeks, origin - horizon, horizon));
            count++;
            error += Math.Abs(perWeek * horizon - actual);
            naive += Math.Abs(before - actual);
            over += perWeek * horizon - actual;
            demand += actual;
        }
        return new ForecastAccuracy(
            sku, PartDemand.Forecast(weeks).Method, weeks.Count, horizon, count, naive > 0 ? error / naive : null, demand > 0 ? over / demand : null, count > 0 ? error / count : null);
    }

    private static double Sum(IReadOnlyList<double> weeks, int from, int length) => weeks.Skip(from).Take(length).Sum();
}

internal sealed class Forecasts(DemandBook demands, Network network, TimeProvider clock) : IForecasts
{
    public async Task<IReadOnlyList<ForecastAccuracy>> BacktestAsync(string tenant, CancellationToken ct)
    {
        var weeks = await demands.WeeksAsync(tenant, clock.GetUtcNow(), ct);
        return [.. (await network.CatalogAsync(tenant, ct)).Where(part => weeks.ContainsKey(part.Sku))
            .Select(part => ForecastBacktest.Of(part.Sku, weeks[part.Sku], Math.Max(1, (int)Math.Ceiling(part.LeadTimeDays / DemandBook.Period.TotalDays))))
            .OrderByDescending(a => a.Mase ?? -1).ThenBy(a => a.Sku, StringComparer.Ordinal)];
    }
}
