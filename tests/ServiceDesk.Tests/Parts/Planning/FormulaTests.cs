using CsCheck;
using Seamless.ServiceDesk.Parts;
using Seamless.ServiceDesk.Parts.Planning;

namespace Seamless.ServiceDesk.Tests.Parts.Planning;

public sealed class FormulaTests
{
    private static readonly double[] Series = [0, 0, 3, 0, 0, 0, 2, 0, 5, 0, 0, 1, 0, 0, 0, 0, 4, 0, 0, 3];

    [Fact]
    public void Newsvendor()
    {
        var (stock, cost) = StockFormulas.Newsvendor(0.18, 0.70, 50);
        Assert.Equal((56, 1.797235), (stock, Math.Round(cost, 6)));
    }

    [Fact]
    public void Barlow_and_Proschans_budget()
    {
        (string Part, double Rate, double Time, double Cost)[] data = [("U1", 0.01, 100, 200), ("U2", 0.02, 150, 100), ("U3", 0.03, 60, 300), ("U4", 0.01, 200, 250)];
        var bought = StockBudget.Spend([.. data.Select(d => (d.Part, d.Cost, d.Rate * d.Time, Steps(PipelineLaw.Poisson(d.Rate * d.Time))))], 1150);
        Assert.Equal(["U2", "U2", "U2", "U2", "U4", "U1", "U3"], bought.Select(b => b.Part));
        Assert.Equal([(400, 5.1194), (650, 4.2547), (850, 3.6226), (1150, 2.7879)], bought.Skip(3).Select(b => ((int)b.Cost, Math.Round(b.BackOrders, 4))));

        static IReadOnlyList<StockStep> Steps(PipelineLaw law) => [.. Enumerable.Range(0, 12).Select(s => new StockStep(1, law.ExpectedBackOrders(s) - law.ExpectedBackOrders(s + 1)))];
    }

    [Fact]
    public void A_budget_is_never_overdrawn_and_money_never_makes_it_worse() => Gen.Select(Gen.Double[0.1, 8].Array[1, 5], Gen.Int[0, 4000]).Sample((means, budget) =>
    {
        var parts = means.Select((m, i) => ($"P{i}", 100.0 * (i + 1), m, (IReadOnlyList<StockStep>)[.. Enumerable.Range(0, 15).Select(s => new StockStep(1, BaseStock.ExpectedBackOrders(s, m) - BaseStock.ExpectedBackOrders(s + 1, m)))])).ToList();
        var (less, more) = (StockBudget.Spend(parts, budget), StockBudget.Spend(parts, budget + 500));
        Assert.All(less, b => Assert.True(b.Cost <= budget));
        Assert.True(more.Count >= less.Count);
        Assert.Equal(less.Select(b => b.BackOrders).OrderDescending(), less.Select(b => b.BackOrders));
    }, iter: 100);

    [Fact]
    public void Erlangs_loss_and_pooling()
    {
        Assert.Equal(7, StockFormulas.StockForLoss(2.5, 0.01));
        Assert.Equal(0.667, StockFormulas.PooledFill([(1, 0.5)]), 3);
        Assert.Equal(0.8, StockFormulas.PooledFill([(1, 0.5), (1, 0.5)]), 3);
    }

    [Fact]
    public void Availability_is_what_the_back_orders_of_each_part_leave() =>
        Assert.Equal(0.98 * 0.99 * 0.99, StockFormulas.Availability(10, [(0.2, 1), (0.2, 2)]), 9);

    [Theory]
    [InlineData(24, 50, 600, 0.072)]
    [InlineData(2, 50, 600, 0.167)]
    [InlineData(24, 5, 150, 0.341)]
    public void Break_even_of_sending_ahead(double hours, double down, double trip, double expected) =>
        Assert.Equal(expected, StockFormulas.DispatchThreshold(60, 80, down, hours, trip), 3);

    [Fact]
    public void Croston_and_its_kin()
    {
        var (size, interval) = IntermittentDemand.Smooth(Series, 0.1);
        Assert.Equal((3.00819, 3.17271), (Math.Round(size, 5), Math.Round(interval, 5)));
        Assert.Equal(0.948145, IntermittentDemand.Croston(Series, 0.1), 6);
        Assert.Equal(0.900738, IntermittentDemand.Sba(Series, 0.1), 6);
        Assert.Equal(0.898243, IntermittentDemand.Sbj(Series, 0.1), 6);
        Assert.Equal(0.992550, IntermittentDemand.Tsb(Series, 0.1, 0.1), 6);
    }

    [Fact]
    public void Classes()
    {
        var demand = IntermittentDemand.Classify(Series)!;
        Assert.Equal((3.333, 0.2222), (Math.Round(demand.Interval, 3), Math.Round(demand.SquaredVariation, 4)));
        Assert.Equal((DemandMethod.Sba, DemandMethod.Sba), (demand.Sbc, demand.Kh));
        Assert.Equal(DemandMethod.Croston, new DemandClass(1.1, 0.2).Sbc);
        Assert.Equal(DemandMethod.Sba, new DemandClass(1.1, 0.5).Sbc);
        Assert.Equal(DemandMethod.Croston, new DemandClass(1.1, 0.34).Kh);
        Assert.Null(IntermittentDemand.Classify([0, 0, 4, 0]));
    }

    [Fact]
    public void TSB_forgets_a_dead_part_where_Croston_keeps_stocking_it()
    {
        double[] dead = [.. Series, .. new double[100]];
        Assert.Equal(IntermittentDemand.Croston(Series, 0.1), IntermittentDemand.Croston(dead, 0.1));
        Assert.True(IntermittentDemand.Tsb(dead, 0.1, 0.1) < 0.001);
    }
}
