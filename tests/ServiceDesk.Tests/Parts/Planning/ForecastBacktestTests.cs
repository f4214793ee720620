using Seamless.ServiceDesk.Parts.Planning;

namespace Seamless.ServiceDesk.Tests.Parts.Planning;

public sealed class ForecastBacktestTests
{
    [Fact]
    public void The_figures_are_those_of_the_definition()
    {
        // Ones without an end: the forecast is right but for SBA's bias, the last time was always right.
        var flat = ForecastBacktest.Of("A", [.. Enumerable.Repeat(1.0, 20)], 2);
        Assert.Equal((null, 11, 2), (flat.Mase, flat.Forecasts, flat.HorizonWeeks));
        Assert.Equal(0, flat.Bias!.Value, 0.06);
        Assert.Equal((0, null), (ForecastBacktest.Of("A", new double[30], 2).Forecasts, ForecastBacktest.Of("A", new double[30], 2).Bias));
    }

    [Fact]
    public void Simulated_demand_of_every_kind_is_forecast_better_than_by_last_time_on_average_and_on_most_seeds()
    {
        foreach (var (probability, most, horizon) in new[] { (0.2, 1, 3), (0.4, 3, 3), (0.8, 4, 2), (0.15, 6, 5) })
        {
            var scaled = Enumerable.Range(1, 20).Select(seed => ForecastBacktest.Of("A", Demand(new Random(seed), probability, most), horizon).Mase!.Value).ToList();
            Assert.True(scaled.Average() < 0.97 && scaled.Count(mase => mase < 1) >= 13, $"{probability}, {most}, {horizon}: {string.Join(' ', scaled)}");
        }
    }

    [Fact]
    public void Forecasts_are_nearly_unbiased_where_demand_goes_on_as_it_was() =>
        Assert.InRange(Enumerable.Range(1, 40).Average(seed => ForecastBacktest.Of("A", Demand(new Random(seed), 0.4, 3), 3).Bias!.Value), -0.1, 0.1);

    private static List<double> Demand(Random random, double probability, int most) => [.. Enumerable.Range(0, 104).Select(_ => random.NextDouble() < probability ? (double)random.Next(1, most + 1) : 0)];
}
