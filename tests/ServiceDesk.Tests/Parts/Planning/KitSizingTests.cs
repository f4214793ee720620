using Seamless.ServiceDesk.Parts.Planning;

namespace Seamless.ServiceDesk.Tests.Parts.Planning;

public sealed class KitSizingTests
{
    // Fill rates of base stock at Poisson demand: m = 1: 3 → .9197, 4 → .9810; m = 5: 8 → .8666, 10 → .9682; m = 10: 14 → .8645, 15 → .9165, 17 → .9730, 18 → .9857.
    [Theory]
    [InlineData(1, 0.9197, 4)]
    [InlineData(1, 0.9196, 3)]
    [InlineData(1, 0.98, 4)]
    [InlineData(5, 0.86, 8)]
    [InlineData(5, 0.96, 10)]
    [InlineData(10, 0.8644, 14)]
    [InlineData(10, 0.91, 15)]
    [InlineData(10, 0.98, 18)]
    [InlineData(0, 0.99, 0)]
    public void The_fewest_that_reach_the_fill_rate_are_those_of_the_table(double mean, double fillRate, int quantity) => Assert.Equal(quantity, KitSizing.Quantity(mean, fillRate));

    [Fact]
    public void One_fewer_would_not_do_and_a_longer_way_never_needs_fewer()
    {
        for (var mean = 0.05; mean < 30; mean *= 1.3)
            foreach (var target in (double[])[0.5, 0.8, 0.95, 0.99, 0.9999])
            {
                var quantity = KitSizing.Quantity(mean, target);
                Assert.True(Seamless.ServiceDesk.Parts.BaseStock.FillRate(quantity, mean) >= target && Seamless.ServiceDesk.Parts.BaseStock.FillRate(quantity - 1, mean) < target);
                Assert.True(KitSizing.Quantity(mean * 1.1, target) >= quantity);
            }
    }
}
