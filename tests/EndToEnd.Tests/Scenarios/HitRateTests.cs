using Seamless.EndToEnd.Tests.Rig;
using static Seamless.EndToEnd.Tests.Rig.PartsStory;

namespace Seamless.EndToEnd.Tests.Scenarios;

/// <summary>The daily parts hit rate: did the depot whose customer it is have the part at the first request?</summary>
public sealed class HitRateTests
{
    private static readonly DateTimeOffset Morning = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    [Trait("Scenario", "22")]
    public async Task The_hit_rate_by_depot_day_and_class_is_what_happened()
    {
        await using var platform = await SimulatedPlatform.StartAsync(Morning);
        var truth = new Dictionary<(string Depot, string Day, string Class), (int Lines, int Filled)>();
        var number = 0;
        await platform.PassAsync(TimeSpan.FromMinutes(1));   // the depots are stocked
        foreach (var day in (string[])["2026-03-02", "2026-03-03"])
        {
            for (var i = 0; i < 4; i++) await AskAsync(day, Paris, "regional-paris", "bearing-wear", "VB");
            await AskAsync(day, Paris, "regional-paris", "strainer-clogged", "EC");
            await AskAsync(day, Rotterdam, "central-rotterdam", "winding-degradation", "VA");
            await platform.PassAsync(TimeSpan.FromDays(1), TimeSpan.FromHours(6));
        }

        var answer = await platform.GetAsync("/api/v1/parts/hit-rate?from=2026-03-01T00:00:00Z&to=2026-03-05T00:00:00Z");
        Assert.Equal(truth.Select(t => (t.Key, t.Value)).OrderBy(t => t.Key), answer["items"]!.AsArray()
            .Select(i => ((i!.Text("depot"), i!.Text("day"), i!.Text("class")), ((int)i!["lines"]!, (int)i["filled"]!))).OrderBy(t => t.Item1));
        Assert.Equal((12, truth.Values.Sum(t => t.Filled)), ((int)answer["lines"]!, (int)answer["filled"]!));
        Assert.InRange((double)answer["share"]!, 0.01, 0.99);   // some shelves were empty: the figure has something to tell

        async Task AskAsync(string day, (double, double) place, string depot, string fault, string partClass)
        {
            await platform.AddPumpAsync($"pump-{++number}", place);
            var free = await FreeAsync(platform, depot, partClass);
            var part = await platform.OnlyPartAsync(await platform.OpenAsync($"pump-{number}", fault));
            var hit = part.Text("depot") == depot && part.Text("status") == "reserved";
            Assert.True(free > 0 || !hit, $"{depot} had none and sent one");
            var so = truth.GetValueOrDefault((depot, day, partClass));
            truth[(depot, day, partClass)] = (so.Lines + 1, so.Filled + (hit ? 1 : 0));
        }
    }

    private static async Task<int> FreeAsync(SimulatedPlatform platform, string depot, string partClass)
    {
        var skus = (await platform.ItemsAsync("/api/v1/parts?limit=1000")).Where(p => p.Text("criticality") + p.Text("class") == partClass).Select(p => p.Text("sku")).ToHashSet();
        return (await platform.ItemsAsync($"/api/v1/stock?depot={depot}&limit=1000")).Where(s => skus.Contains(s.Text("sku"))).Sum(s => (int)s["onHand"]! - (int)s["reserved"]!);
    }
}
