using CsCheck;
using Seamless.ServiceDesk.Parts;

namespace Seamless.ServiceDesk.Tests.Parts;

/// <summary>Against the published and computed figures of the service science notes.</summary>
public sealed class BaseStockTests
{
    [Theory]
    [InlineData(18, 15, 0.5176095283)]
    [InlineData(220, 200, 0.5360058572)]
    [InlineData(5, 7, 2.2926001257)]
    [InlineData(50, 47, 1.514546939)]
    [InlineData(0, 2.348768, 2.348768)]
    public void Expected_back_orders(int stock, double mean, double expected) => Assert.Equal(expected, BaseStock.ExpectedBackOrders(stock, mean), 8);

    [Theory]
    [InlineData(1, 1, 0.3679)]
    [InlineData(4, 1, 0.9810)]
    [InlineData(5, 5, 0.4405)]
    [InlineData(10, 5, 0.9682)]
    [InlineData(15, 10, 0.9165)]
    public void Fill_rate(int stock, double mean, double expected) => Assert.Equal(expected, BaseStock.FillRate(stock, mean), 4);

    [Theory]
    [InlineData(30, 25, 0.052603)]
    [InlineData(6, 2.5, 0.028234)]
    [InlineData(7, 2.5, 0.009983)]
    public void Erlang_loss(int stock, double load, double expected) => Assert.Equal(expected, BaseStock.ErlangLoss(stock, load), 6);

    [Fact]
    public void Taking_one_from_the_shelf_raises_the_back_orders_by_the_probability_that_it_is_missed() =>
        Gen.Select(Gen.Int[1, 40], Gen.Double[0.1, 30]).Sample((stock, mean) =>
            Assert.Equal(BaseStock.ExpectedBackOrders(stock - 1, mean) - BaseStock.ExpectedBackOrders(stock, mean), BaseStock.MissedProbability(stock, mean), 9));

    [Fact]
    public void A_stock_serves_the_mean_that_it_was_planned_for() =>
        Gen.Int[1, 60].Sample(stock => Assert.Equal(0.9, BaseStock.FillRate(stock, BaseStock.MeanServedBy(stock, 0.9)), 6));

    // 60+80 against 24 h × 50 + 600; 2 h; 24 h × 5 + 150.
    [Theory]
    [InlineData(24, 50, 600, 0.072)]
    [InlineData(2, 50, 600, 0.167)]
    [InlineData(24, 5, 150, 0.341)]
    public void A_part_is_sent_ahead_above_the_break_even_probability(double hours, int downPerHour, int trip, double expected) =>
        Assert.Equal(expected, new DispatchCosts { Ship = 60, Return = 80, HoursSaved = hours, DownPerHour = downPerHour, Trip = trip }.Threshold, 3);
}
