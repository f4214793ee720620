using CsCheck;
using Seamless.ServiceDesk.Parts.Planning;

namespace Seamless.ServiceDesk.Tests.Parts.Planning;

public sealed class PipelineLawTests
{
    [Theory]
    [InlineData(18, 15, 0.5176095283)]
    [InlineData(220, 200, 0.5360058572)]
    [InlineData(5, 7, 2.2926001257)]
    [InlineData(50, 47, 1.5145469395)]
    public void Back_orders_of_a_Poisson_pipeline(int stock, double mean, double expected) =>
        Assert.Equal(expected, PipelineLaw.Poisson(mean).ExpectedBackOrders(stock), 1e-9);

    [Theory]
    [InlineData(1, 1, 0.3679)]
    [InlineData(1, 2, 0.7358)]
    [InlineData(1, 3, 0.9197)]
    [InlineData(1, 4, 0.9810)]
    [InlineData(5, 5, 0.4405)]
    [InlineData(5, 8, 0.8666)]
    [InlineData(5, 10, 0.9682)]
    [InlineData(10, 10, 0.4579)]
    [InlineData(10, 14, 0.8645)]
    [InlineData(10, 15, 0.9165)]
    [InlineData(10, 17, 0.9730)]
    [InlineData(10, 18, 0.9857)]
    public void Fill_rate_of_a_Poisson_pipeline(double mean, int stock, double expected) => Assert.Equal(expected, PipelineLaw.Poisson(mean).FillRate(stock), 4);

    [Fact]
    public void Conditions_known_machine_by_machine_need_fewer_units_than_their_mean_alone()
    {
        var machines = PipelineLaw.Each([0.9, 0.6, 0.3, 0.3, 0.1, 0.05, 0.05, 0.02]);
        var poisson = PipelineLaw.Poisson(2.32);
        Assert.Equal([0.89042, 0.98576, 0.99912], new[] { 3, 4, 5 }.Select(k => Math.Round(machines.Cumulative(k), 5)));
        Assert.Equal([0.79527, 0.91389, 0.96894], new[] { 3, 4, 5 }.Select(k => Math.Round(poisson.Cumulative(k), 5)));
    }

    [Fact]
    public void More_stock_never_means_more_back_orders_or_less_fill() => AnyLaw.Sample(law =>
    {
        for (var stock = 0; stock < 40; stock++)
        {
            Assert.True(law.ExpectedBackOrders(stock + 1) <= law.ExpectedBackOrders(stock) + 1e-9);
            Assert.True(law.FillRate(stock + 1) >= law.FillRate(stock));
            Assert.True(law.BackOrderVariance(stock) >= 0);
            Assert.Equal(1 - law.Cumulative(stock), law.ExpectedBackOrders(stock) - law.ExpectedBackOrders(stock + 1), 1e-6);   // the marginal
            Assert.Equal(stock, law.ExpectedOnHand(stock) + law.Mean - law.ExpectedBackOrders(stock), 1e-6);
        }
    }, iter: 200);

    [Theory]
    [InlineData(0.4)]
    [InlineData(3.3)]
    [InlineData(12)]
    public async Task A_variance_just_below_the_mean_is_fitted_at_once_and_is_nearly_Poisson(double mean)
    {
        foreach (var gap in (double[])[1e-2, 1e-4, 1e-5, 1e-7, 1e-8])
        {
            var law = await Task.Run(() => PipelineLaw.Fit(mean, mean * (1 - gap))).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
            var poisson = PipelineLaw.Poisson(mean);
            Assert.Equal(1, law.Cumulative(1000), 1e-7);   // of 1e8 trials, each rounded
            Assert.All(Enumerable.Range(0, 30), k => Assert.Equal(poisson.Probability(k), law.Probability(k), gap + 1e-6));
        }
    }

    [Fact]
    public void A_fitted_law_has_the_moments_it_was_fitted_to() => Gen.Select(Gen.Double[0.05, 30], Gen.Double[0.3, 3]).Sample((mean, ratio) =>
    {
        var fraction = mean - Math.Floor(mean);
        var variance = Math.Max(ratio * mean, fraction * (1 - fraction));
        var law = PipelineLaw.Fit(mean, variance);
        var found = Enumerable.Range(0, 600).Sum(k => k * law.Probability(k));
        Assert.Equal(mean, found, 1e-6);
        Assert.Equal(variance, Enumerable.Range(0, 600).Sum(k => (k - found) * (k - found) * law.Probability(k)), 1e-4);
    }, iter: 200);

    [Fact]
    public void The_stock_for_a_target_reaches_it_and_one_fewer_does_not() => Gen.Select(AnyLaw, Gen.Double[0.01, 0.999]).Sample((law, target) =>
    {
        var stock = law.StockFor(target);
        Assert.True(law.FillRate(stock) >= target);
        Assert.True(stock == 0 || law.FillRate(stock - 1) < target);
    }, iter: 200);

    [Fact]
    public void The_wait_follows_from_the_back_orders() => Assert.Equal(0.5176095283 / 3, PipelineLaw.Poisson(15).ExpectedWait(18, 3), 9);

    private static readonly Gen<PipelineLaw> AnyLaw = Gen.Select(Gen.Double[0.01, 20], Gen.Double[0.6, 3], (mean, ratio) => PipelineLaw.Fit(mean, mean * ratio));
}
