using CsCheck;
using Seamless.Fleet.Registry;
using Seamless.Rules.Diagnosis;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Parts;
using Seamless.ServiceDesk.Parts.Planning;
using Seamless.ServiceDesk.Parts.Resupply;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Tests.Parts.Planning;

public sealed class StockPlanTests
{
    private const string Bearing = "PMP-BRG-6309";

    [Fact]
    public async Task A_part_that_no_machine_needs_and_nobody_asks_for_keeps_its_level_and_the_plan_says_so()
    {
        await using var house = await House.OpenAsync();
        var plan = await PlanAsync(house);
        Assert.All(plan.Levels, l => Assert.Equal((LevelReason.Unseen, l.Before), (l.Reason, l.Level)));
        Assert.Contains("0 times", plan.Levels[0].Why.En, StringComparison.Ordinal);
        Assert.Equal((plan.CostBefore, 1), (plan.Cost, (int)plan.Number));
        Assert.Equal(plan.Levels, (await house.Plans.LatestAsync(House.Tenant, default))!.Levels);
    }

    [Fact]
    public async Task Before_anything_is_asked_for_levels_follow_the_machines_and_no_depot_that_serves_is_lowered()
    {
        await using var house = await HouseAsync();
        var plan = (await PlanAsync(house)).Levels.ToDictionary(l => (l.Sku, l.Depot));
        var seal = plan[("PMP-SEAL-45", "regional-paris")];
        Assert.Equal((1, 0, LevelReason.Target, DemandMethod.InstalledBase), (seal.Level, seal.Before, seal.Reason, seal.Method));   // three pumps stand there
        Assert.InRange(seal.DemandPerYear, 0.01, 0.1);
        var national = plan[(Bearing, "national-frankfurt")];
        Assert.Equal((2, 2, LevelReason.InstalledBase), (national.Level, national.Before, national.Reason));   // it supplies them
        Assert.Contains("stay until more is known", national.Why.En, StringComparison.Ordinal);
        Assert.Equal((0, 1, LevelReason.NotNeeded), (plan[(Bearing, "regional-milan")].Level, plan[(Bearing, "regional-milan")].Before, plan[(Bearing, "regional-milan")].Reason));   // no pump there
    }

    [Fact]
    public async Task What_the_plan_does_not_want_where_it_lies_serves_an_order_before_anything_is_bought()
    {
        await using var house = await HouseAsync();
        await UseAsync(house, weeks: 3, each: 1);
        Assert.All(await house.Parts.StockAsync(House.Tenant, default), s => Assert.Equal(0, s.Reserved));
        await PlanAsync(house);
        await house.BeatAsync();
        var orders = (await house.Resupply.OrdersAsync(House.Tenant, true, default)).Where(o => o.Sku == Bearing).ToList();
        var levels = (await house.Resupply.LevelsAsync(House.Tenant, default)).Where(l => l.Sku == Bearing).ToDictionary(l => l.Depot, l => l.Target);
        var moved = orders.Where(o => o.Source.StartsWith("regional-", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(moved);
        Assert.All(moved, o => Assert.Equal((0, StockOrderState.InTransit), (levels[o.Source], o.State)));   // from where nobody is served
        Assert.DoesNotContain(moved, o => o.Source == "regional-chengdu");   // the way would cost more than a new one

        await house.PassAsync(TimeSpan.FromDays(21), TimeSpan.FromHours(12));
        var stock = (await house.Parts.StockAsync(House.Tenant, default)).Where(s => s.Sku == Bearing).ToDictionary(s => s.Depot, s => s.OnHand);
        Assert.All(levels, l => Assert.True(stock.GetValueOrDefault(l.Key) >= l.Value, $"{l.Key}: {stock.GetValueOrDefault(l.Key)} of {l.Value}"));
        Assert.DoesNotContain(moved, o => stock.ContainsKey(o.Source));   // and what has left is not sent back
    }

    [Theory]
    [InlineData(0, 0, 0.03, 0)]          // nothing seen in no time: the prior, 0.03 a year
    [InlineData(0, 60, 0.03, 365)]       // sixty demands of weight 3 in a year: priors are faults, twenty a year
    public void All_parts_together_say_how_often_one_of_them_is_asked_for(int own, int all, double weight, double days)
    {
        var part = new PartExposure(weight, own);
        var scale = InstalledBase.Scale([part, new PartExposure(3 - weight, all)], days);
        Assert.Equal((0.01 + all) / (0.01 + 3 * days / 365), scale, 9);
        var expected = scale * weight / 365;
        Assert.Equal(2 / (2 / expected + days), InstalledBase.RatePerDay(part, scale, days), 12);
        Assert.Equal(0, InstalledBase.RatePerDay(new PartExposure(0, 5), scale, days));
    }

    [Fact]
    public void What_a_part_has_seen_itself_outweighs_the_others_in_time() => Gen.Select(Gen.Double[0.01, 5], Gen.Int[0, 200], Gen.Double[1, 700]).Sample((weight, demands, days) =>
    {
        var part = new PartExposure(weight, demands);
        var (others, own) = (InstalledBase.Scale([part], days) * weight / 365, demands / days);
        var rate = InstalledBase.RatePerDay(part, InstalledBase.Scale([part], days), days);
        Assert.InRange(rate, Math.Min(others, own) - 1e-9, Math.Max(others, own) + 1e-9);
    });

    [Fact]
    public async Task What_is_asked_for_is_planned_where_it_is_asked_for_and_ordered()
    {
        await using var house = await HouseAsync();
        await UseAsync(house, weeks: 10, each: 3);
        var plan = await PlanAsync(house);

        var paris = plan.Levels.Single(l => l is { Sku: Bearing, Depot: "regional-paris" });
        Assert.Equal((LevelReason.Target, 0.99, DemandMethod.Croston), (paris.Reason, paris.TargetFillRate, paris.Method));
        Assert.InRange(paris.DemandPerYear, 140, 175);   // three a week, all at the one site
        Assert.True(paris.FillRate >= 0.99 && paris.BackOrders < paris.BackOrdersWithOneLess && paris.BackOrdersWithOneMore < paris.BackOrders);
        Assert.Equal(paris.Level * 86m, paris.Cost);
        Assert.Contains("99 % is asked for", paris.Why.En, StringComparison.Ordinal);
        Assert.Contains("要求 99 %", paris.Why.ZhCn, StringComparison.Ordinal);
        Assert.Equal(0, plan.Levels.Single(l => l is { Sku: Bearing, Depot: "regional-wuhan" }).Level);   // nobody there
        Assert.True(plan.Levels.Single(l => l is { Sku: Bearing, Depot: "national-frankfurt" }).Level > 2);   // fourteen days from the supplier

        var level = (await house.Resupply.LevelsAsync(House.Tenant, default)).Single(l => l is { Sku: Bearing, Depot: "regional-paris" });
        Assert.Equal((paris.Level, "plan"), (level.Target, level.Origin));
        await house.BeatAsync();
        Assert.Contains(await house.Resupply.OrdersAsync(House.Tenant, true, default), o => o is { Sku: Bearing, Depot: "national-frankfurt", Source: "supplier" });
    }

    [Fact]
    public async Task The_same_past_gives_the_same_plan()
    {
        await using var house = await HouseAsync();
        await UseAsync(house, weeks: 4, each: 2);
        var first = await PlanAsync(house);
        var second = await PlanAsync(house);
        Assert.Equal(first.Levels.Select(l => (l.Sku, l.Depot, l.Level, l.FillRate, l.Why)), second.Levels.Select(l => (l.Sku, l.Depot, l.Level, l.FillRate, l.Why)));
        Assert.All(second.Levels, l => Assert.Equal(l.Before, l.Level));
    }

    [Fact]
    public async Task Machines_that_have_a_fault_now_are_stocked_for_before_they_ask()
    {
        await using var house = await HouseAsync();
        house.Alarms.Raise("pump-1", house.Now, "bearing-wear", probability: 0.9, severity: Severity.Low);   // low: information, no ticket
        house.Alarms.Raise("pump-2", house.Now, "bearing-wear", probability: 0.8, severity: Severity.Low);
        house.Alarms.Raise("pump-3", house.Now, "supply-undervoltage", FaultClass.ENV, 0.9, Severity.Low);    // the mains need no bearing
        await house.BeatAsync();
        var paris = (await PlanAsync(house)).Levels.Single(l => l is { Sku: Bearing, Depot: "regional-paris" });
        Assert.Equal(1.7, paris.KnownDemand, 6);
        Assert.True(paris.Level >= 3, $"{paris.Level}");   // two for these, and one for whoever comes besides
    }

    [Fact]
    public async Task A_machine_whose_ticket_has_the_part_asks_for_no_second_one()
    {
        await using var house = await HouseAsync();
        house.Alarms.Raise("pump-1", house.Now, "bearing-wear");
        await house.PassAsync(TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(20));
        Assert.Equal("reserved", (await house.OnlyTicketAsync()).Parts[0].Status);
        Assert.Equal(0, (await PlanAsync(house)).Levels.Single(l => l is { Sku: Bearing, Depot: "regional-paris" }).KnownDemand);
    }

    [Fact]
    public async Task A_budget_is_kept_and_said_to_be_the_reason()
    {
        await using var house = await HouseAsync();
        await UseAsync(house, weeks: 10, each: 3);
        var free = await PlanAsync(house);
        var tight = await PlanAsync(house, budget: free.Cost / 2);
        Assert.True(tight.Cost <= free.Cost / 2, $"{tight.Cost} of {free.Cost / 2}");
        Assert.Contains(tight.Levels, l => l.Reason is LevelReason.Budget);
        Assert.True(tight.Levels.Where(l => l.Sku == Bearing).Sum(l => l.Level) > 0);
        Assert.Equal("invalid", (await house.Plans.ComputeAsync(House.Tenant, -1, "anna", default)).Refusal?.Code);
    }

    [Fact]
    public async Task A_tenant_without_depots_is_refused_in_words()
    {
        await using var house = await House.OpenAsync(options => options.Starter = false);
        Assert.Contains("no depots", (await house.Plans.ComputeAsync(House.Tenant, null, "anna", default)).Refusal!.Reason, StringComparison.Ordinal);
        Assert.Null(await house.Plans.LatestAsync(House.Tenant, default));
    }

    [Theory]
    [InlineData("3 3 3 3", DemandMethod.Croston)]
    [InlineData("0 3 0 0 3 0 3 0", DemandMethod.Sba)]
    [InlineData("1 9 1 9 1", DemandMethod.Sba)]
    [InlineData("3 3 3 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0", DemandMethod.Tsb)]
    [InlineData("0 0 3 0", DemandMethod.None)]
    public void The_class_of_demand_chooses_the_method(string periods, DemandMethod method) => Assert.Equal(method, PartDemand.Forecast([.. periods.Split(' ').Select(double.Parse)]).Method);

    [Fact]
    public void Shares_come_to_one_and_lean_towards_the_machines() => Gen.Select(Gen.Int[0, 9].Array[4], Gen.Int[1, 50].Array[4]).Sample((seen, machines) =>
    {
        var shares = PartDemand.Divide(Of(seen), Of(machines));
        Assert.Equal(1, shares.Values.Sum(), 9);
        Assert.All(shares.Values, s => Assert.True(s > 0));   // where machines are, something will be asked for

        static Dictionary<string, int> Of(int[] counts) => counts.Select((c, i) => ($"d{i}", c)).ToDictionary(c => c.Item1, c => c.c);
    });

    [Theory]
    [InlineData('V', 'C', 0.995)]
    [InlineData('D', 'A', 0.85)]
    [InlineData('?', '?', 0.95)]
    public void Criticality_and_cost_set_the_target(char criticality, char cost, double target) => Assert.Equal(target, new FillTargets().For(criticality, cost));

    private static async Task<House> HouseAsync()
    {
        var house = await House.OpenAsync();
        foreach (var id in (string[])["pump-1", "pump-2", "pump-3"]) house.Add(id);
        await house.BeatAsync();
        return house;
    }

    private static async Task<StockPlan> PlanAsync(House house, decimal? budget = null)
    {
        var done = await house.Plans.ComputeAsync(House.Tenant, budget, "anna", default);
        Assert.True(done.Succeeded, done.Refusal?.Reason);
        return done.Value;
    }

    /// <summary>So many bearings each week, fitted at once.</summary>
    private static async Task UseAsync(House house, int weeks, int each)
    {
        for (var week = 0; week < weeks; week++)
        {
            for (var i = 0; i < each; i++)
            {
                var ticket = await house.Tickets.OpenAsync(new NewTicket(House.Tenant, "pump-1", "works", Priority.P2, new LocalizedText("wear", "磨损"), "bearing-wear", null), "anna", default);
                Assert.True(ticket.Succeeded);
            }
            await house.PassAsync(TimeSpan.FromDays(7), TimeSpan.FromDays(1));
        }
    }
}
