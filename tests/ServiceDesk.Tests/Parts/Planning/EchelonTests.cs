using CsCheck;
using Seamless.ServiceDesk.Parts.Planning;

namespace Seamless.ServiceDesk.Tests.Parts.Planning;

public sealed class EchelonTests
{
    /// <summary>Sherbrooke's example: five bases, 23.2 demands a year, a fifth repaired at the base.</summary>
    private static readonly TwoEchelons Sherbrooke = new([.. Enumerable.Repeat(new Base(23.2, 0.2, 0.01, 0.01), 5)], 0.02531);

    /// <summary>The METRIC model of LINDO: two outlets, 0.1 demands a day, 2 days to them, 14 to the depot.</summary>
    private static readonly TwoEchelons Lindo = new([.. Enumerable.Repeat(new Base(0.1, 0, 0, 2), 2)], 14);

    [Theory]
    [InlineData(0, 2.348768)]
    [InlineData(1, 1.444255)]
    [InlineData(2, 0.764018)]
    [InlineData(3, 0.347167)]
    [InlineData(4, 0.136527)]
    [InlineData(5, 0.046973)]
    public void The_depot_of_Sherbrookes_example(int stock, double expected) => Assert.Equal(expected, Sherbrooke.Depot.ExpectedBackOrders(stock), 6);

    [Theory]
    [InlineData(1, 1, 0.5743, 0.6058, 0.6078)]
    [InlineData(2, 1, 0.3269, 0.3610, 0.3615)]
    [InlineData(3, 1, 0.2059, 0.2266, 0.2261)]
    [InlineData(2, 2, 0.0393, 0.0533, 0.0531)]
    public void Its_bases(int depot, int each, double metric, double variMetric, double exact)
    {
        Assert.Equal(metric, Sum(Sherbrooke.Metric), 1e-4);
        Assert.Equal(variMetric, Sum(Sherbrooke.VariMetric), 1e-4);
        Assert.Equal(exact, Sum(Sherbrooke.Exact), 1e-4);
        double Sum(Func<int, int, PipelineLaw> law) => Enumerable.Range(0, 5).Sum(j => law(j, depot).ExpectedBackOrders(each));
    }

    [Fact]
    public void The_outlets_of_LINDO()
    {
        Assert.Equal(2.80671, Lindo.Depot.ExpectedWait(3, 0.2), 5);
        Assert.Equal(0.099039, Lindo.Metric(0, 3).ExpectedBackOrders(1), 6);
        Assert.Equal(0.133957, Lindo.Exact(0, 3).ExpectedBackOrders(1), 6);
    }

    [Theory]
    [InlineData(5, 2, "1 1 1 0 0", 0.9658)]
    [InlineData(6, 1, "1 1 1 1 1", 0.5743)]
    [InlineData(7, 2, "1 1 1 1 1", 0.3269)]
    [InlineData(8, 3, "1 1 1 1 1", 0.2059)]
    [InlineData(9, 4, "1 1 1 1 1", 0.1545)]
    [InlineData(11, 1, "2 2 2 2 2", null)]
    public void The_best_split_by_METRIC(int total, int depot, string bases, double? backOrders) => Splits(Sherbrooke.Metric, total, depot, bases, backOrders);

    [Fact]
    public void VARI_METRIC_decides_otherwise_where_the_variance_matters() => Splits(Sherbrooke.VariMetric, 11, 4, "2 2 1 1 1", 0.1040);

    [Fact]
    public void Back_orders_over_units_are_not_convex_so_the_hull_leaves_totals_out()
    {
        var curve = StockSplit.ByTotal(Sherbrooke, 12, Sherbrooke.Metric);
        Assert.True(curve[5].BackOrders - curve[6].BackOrders > curve[4].BackOrders - curve[5].BackOrders);
        var hull = StockSplit.Convex(curve);
        Assert.DoesNotContain(hull, s => s.Total == 5);
        Assert.Equal((0, 12), (hull[0].Total, hull[^1].Total));
        var drops = hull.Zip(hull.Skip(1), (a, b) => (a.BackOrders - b.BackOrders) / (b.Total - a.Total)).ToList();
        Assert.Equal(drops.OrderDescending(), drops);
    }

    [Fact]
    public void METRIC_is_never_more_careful_than_the_exact_law() =>
        Gen.Select(Gen.Double[0.02, 2], Gen.Double[0.5, 20], Gen.Double[0.1, 3], Gen.Int[2, 5], Gen.Int[0, 6], Gen.Int[0, 4]).Sample((rate, depotTime, orderTime, count, depot, each) =>
        {
            var network = new TwoEchelons([.. Enumerable.Repeat(new Base(rate, 0, 0, orderTime), count)], depotTime);
            var (exact, metric, vari) = (network.Exact(0, depot), network.Metric(0, depot), network.VariMetric(0, depot));
            Assert.True(exact.ExpectedBackOrders(each) >= metric.ExpectedBackOrders(each) - 1e-7);
            Assert.Equal(exact.Mean, vari.Mean, 1e-6);
            Assert.Equal(exact.Variance, vari.Variance, 1e-4);
        }, iter: 150);

    /// <summary>A national centre, two centrals, three regionals each: 0.05 a day; half a day, a day, ten days.</summary>
    [Theory]
    [InlineData(3, 1, 1, 0.9346)]
    [InlineData(2, 1, 1, 0.8967)]
    [InlineData(3, 2, 1, 0.9641)]
    public void Three_echelons(int national, int central, int regional, double fill) => Assert.Equal(fill, Evaluate(national, central, regional)["r0"].FillRate(regional), 4);

    [Fact]
    public void Three_echelons_step_by_step()
    {
        var laws = Evaluate(3, 1, 1);
        Assert.Equal(0.672125, laws["n"].ExpectedBackOrders(3), 6);
        Assert.Equal((0.486063, 0.637701), (Math.Round(laws["c0"].Mean, 6), Math.Round(laws["c0"].Variance, 6)));
        Assert.Equal((0.072035, 0.081566), (Math.Round(laws["r0"].Mean, 6), Math.Round(laws["r0"].Variance, 6)));
        Assert.Equal(0.006620, laws["r0"].ExpectedBackOrders(1), 5);
    }

    [Theory]
    [InlineData(3, 1, 1)]
    [InlineData(2, 1, 1)]
    [InlineData(3, 2, 1)]
    public void A_simulation_of_first_come_first_served_agrees(int national, int central, int regional)
    {
        var simulated = new FirstComeFirstServed(ThreeEchelons, Stocks(national, central, regional)).Fill(demands: 120_000, seed: 7);
        Assert.Equal(Evaluate(national, central, regional)["r0"].FillRate(regional), simulated, 0.006);
    }

    [Fact]
    public void The_search_reaches_the_target_everywhere_with_the_fewest_units()
    {
        var tree = new SupplyTree(ThreeEchelons);
        var levels = new LevelSearch(tree, 0.95).Run().ToDictionary(l => l.Depot);
        Assert.All(Enumerable.Range(0, 6), r => Assert.True(levels[$"r{r}"].Law.FillRate(levels[$"r{r}"].Stock) >= 0.95));
        // By trying everything that is symmetric, as the network is.
        var fewest = (from n in Enumerable.Range(0, 9) from c in Enumerable.Range(0, 5) from r in Enumerable.Range(0, 4)
                      where Evaluate(n, c, r)["r0"].FillRate(r) >= 0.95 select n + 2 * c + 6 * r).Min();
        Assert.True(levels["n"].Units <= fewest);
        Assert.Equal(levels["n"].Units, levels.Values.Sum(l => l.Stock));
    }

    [Fact]
    public void What_is_known_to_come_is_stocked_for_at_each_depot_on_its_way()
    {
        var usual = new LevelSearch(new SupplyTree(ThreeEchelons), 0.95).Run();
        var warned = new LevelSearch(new SupplyTree(ThreeEchelons.Select(n => n.Id == "r0" ? n with { Known = PipelineLaw.Each([0.95, 0.9]) } : n)), 0.95).Run();
        Assert.True(warned.Single(l => l.Depot == "r0").Stock >= usual.Single(l => l.Depot == "r0").Stock + 2);
        Assert.True(warned[0].Units > usual[0].Units);
    }

    [Fact]
    public void A_tree_that_is_none_is_refused()
    {
        Assert.Contains("no depot", Assert.Throws<ArgumentException>(() => new SupplyTree([new("a", "gone", 1, 1)])).Message, StringComparison.Ordinal);
        Assert.Contains("supplies itself", Assert.Throws<ArgumentException>(() => new SupplyTree([new("a", "b", 1, 1), new("b", "a", 1, 1)])).Message, StringComparison.Ordinal);
    }

    private static readonly IReadOnlyList<SupplyNode> ThreeEchelons =
    [
        new("n", null, 0, 10), new("c0", "n", 0, 1), new("c1", "n", 0, 1), .. Enumerable.Range(0, 6).Select(r => new SupplyNode($"r{r}", $"c{r / 3}", 0.05, 0.5)),
    ];

    private static Dictionary<string, int> Stocks(int national, int central, int regional) =>
        ThreeEchelons.ToDictionary(n => n.Id, n => n.Id[0] switch { 'n' => national, 'c' => central, _ => regional });

    private static IReadOnlyDictionary<string, PipelineLaw> Evaluate(int national, int central, int regional) => new SupplyTree(ThreeEchelons).Evaluate(Stocks(national, central, regional));

    private static void Splits(Func<int, int, PipelineLaw> law, int total, int depot, string bases, double? backOrders)
    {
        var split = StockSplit.ByTotal(Sherbrooke, 12, law)[total];
        Assert.Equal((depot, bases), (split.Depot, string.Join(' ', split.Bases)));
        if (backOrders is { } expected) Assert.Equal(expected, split.BackOrders, 1e-4);
    }
}
