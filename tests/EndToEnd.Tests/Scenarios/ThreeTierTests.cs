using System.Globalization;
using System.Text.Json.Nodes;
using Seamless.EndToEnd.Tests.Rig;
using static Seamless.EndToEnd.Tests.Rig.PartsStory;

namespace Seamless.EndToEnd.Tests.Scenarios;

/// <summary>A national centre supplies central depots, which supply regional ones, each one for one. What the plan says of every tier is what then happens.</summary>
/// <remarks>Customers of three regional depots break a bearing at random, one in two days each. The network learns their demand for fifty days and is watched for fifty more.</remarks>
public sealed class ThreeTierTests
{
    private const double PerDay = 0.5;
    private const int LearnDays = 50, WatchDays = 50;
    private static readonly DateTimeOffset Monday = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);
    private static readonly (string Depot, double Latitude, double Longitude)[] Customers = [("regional-paris", 48.86, 2.35), ("regional-milan", 45.46, 9.19), ("regional-warsaw", 52.23, 21.01)];

    [Fact]
    [Trait("Scenario", "21")]
    public async Task The_planned_levels_of_three_tiers_meet_the_share_of_demand_that_the_plan_says()
    {
        await using var platform = await SimulatedPlatform.StartAsync(Monday);
        foreach (var (depot, latitude, longitude) in Customers) await platform.AddPumpAsync($"pump-{depot}", (latitude, longitude));
        var random = new Random(21);

        await LiveAsync(platform, random, LearnDays);
        var levels = (await platform.GetAsync($"/api/v1/parts/plan?sku={Bearing}"))["levels"]!.AsArray().ToDictionary(level => level!.Text("depot"), level => level!);
        var from = platform.Now;
        var asked = await LiveAsync(platform, random, WatchDays);

        // What passes through a depot is what its customers and the depots below it ask for; one without customers waits for none.
        Assert.Equal(Sum("regional-paris", "regional-milan", "regional-warsaw"), Through("national-frankfurt"), Through("national-frankfurt") * 0.02);
        Assert.Equal(Through("national-frankfurt"), Through("central-rotterdam"), Through("national-frankfurt") * 0.02);
        Assert.InRange(Through("regional-paris") / 365, PerDay * 0.5, PerDay * 1.6);
        Assert.True(LevelOf("national-frankfurt") > LevelOf("regional-paris"), "two weeks of everybody's demand lie at the top");
        Assert.Equal(0, LevelOf("regional-chengdu"));

        // The shelves met what the plan says they meet: its target, as it was reached in whole units. 0.06 is more than three standard deviations of seventy draws at 0.98.
        var met = await MetAsync(platform, from, asked);
        var planned = Customers.Average(customer => (double)levels[customer.Depot]["fillRate"]!);
        Assert.InRange(planned, 0.99, 1);
        Assert.InRange(met, planned - 0.06, 1);
        await platform.AssertConservedAsync();

        double Through(string depot) => (double)levels[depot]["demandPerYear"]!;
        double Sum(params string[] depots) => depots.Sum(Through);
        int LevelOf(string depot) => levels.TryGetValue(depot, out var level) ? (int)level["level"]! : 0;
    }

    /// <summary>Days in which bearings break; the night plans and orders.</summary>
    /// <returns>How many broke.</returns>
    private static async Task<int> LiveAsync(SimulatedPlatform platform, Random random, int days)
    {
        var asked = 0;
        for (var day = 0; day < days; day++)
        {
            foreach (var (depot, _, _) in Customers)
                for (var broken = Poisson(random); broken > 0; broken--, asked++)
                    await platform.OpenAsync($"pump-{depot}", "bearing-wear");
            await platform.PassAsync(TimeSpan.FromDays(1), TimeSpan.FromHours(12));
        }
        return asked;
    }

    /// <summary>Knuth's method.</summary>
    private static int Poisson(Random random)
    {
        var (count, product, limit) = (0, random.NextDouble(), Math.Exp(-PerDay));
        for (; product > limit; product *= random.NextDouble()) count++;
        return count;
    }

    private static async Task<double> MetAsync(SimulatedPlatform platform, DateTimeOffset from, int asked)
    {
        var rates = await platform.GetAsync(string.Create(CultureInfo.InvariantCulture, $"/api/v1/parts/hit-rate?from={from:yyyy-MM-ddTHH:mm:ssZ}&to={platform.Now.AddMinutes(1):yyyy-MM-ddTHH:mm:ssZ}"));
        Assert.Equal(asked, (int)rates["lines"]!);
        return (double)rates["share"]!;
    }
}
