using System.Text.Json.Nodes;
using Seamless.EndToEnd.Tests.Rig;
using static Seamless.EndToEnd.Tests.Rig.PartsStory;

namespace Seamless.EndToEnd.Tests.Scenarios;

/// <summary>Most damaged parts go back to be repaired: authorised return, repair order, on a shelf again or scrap. None is lost on the way.</summary>
public sealed class RepairablesTests
{
    private static readonly DateTimeOffset Morning = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    [Trait("Scenario", "19")]
    public async Task Stock_in_transit_in_repair_installed_and_scrapped_add_up_all_the_way_round_the_loop()
    {
        await using var platform = await SimulatedPlatform.StartAsync(Morning);
        foreach (var number in Enumerable.Range(1, 3))
        {
            await platform.AddPumpAsync($"pump-{number}", Paris);
            var ticket = await platform.OpenAsync($"pump-{number}", "bearing-wear");
            await platform.PassAsync(TimeSpan.FromHours(14), TimeSpan.FromHours(1));
            await platform.FitAsync(ticket, $"OLD-{number}");
            await platform.AssertConservedAsync();
        }
        var returns = await platform.ItemsAsync("/api/v1/returns");
        Assert.Equal(["RMA-000001", "RMA-000002", "RMA-000003"], returns.Select(r => r.Text("number")).Order(StringComparer.Ordinal));
        Assert.Equal(platform.Now.AddDays(14), returns.Max(r => r.Instant("dueAt")));

        // Another unit than the one that is due; then the right ones, to a repairer.
        var first = returns.Single(r => r.Text("serial") == "OLD-1");
        Assert.Contains("OLD-2 is another", (await platform.PostAsync($"/api/v1/returns/{first.Text("id")}/receive", new { disposition = "repair", serial = "OLD-2" }, 409)).Text("detail"), StringComparison.Ordinal);
        foreach (var back in returns) await platform.PostAsync($"/api/v1/returns/{back.Text("number")}/receive", new { disposition = "repair", serial = back.Text("serial"), repairer = "kugel-ag" });
        Assert.Equal((3, 3), await CountsAsync(platform, "inRepair", "installed"));
        Assert.Equal("repairer:kugel-ag", (await platform.UnitAsync("OLD-1"))["history"]!.AsArray()[^1]!.Text("to"));
        await platform.AssertConservedAsync();

        // Two come back repaired, one is beyond it; the third order is late before it ends.
        var orders = (await platform.ItemsAsync("/api/v1/parts/repairs?open=true")).ToDictionary(o => o.Text("serial"));
        await platform.PassAsync(TimeSpan.FromDays(10), TimeSpan.FromDays(1));
        await EndAsync(platform, orders["OLD-1"], "repaired", new { cost = 31.5 });
        await EndAsync(platform, orders["OLD-2"], "condemned", new { }, 400);
        await EndAsync(platform, orders["OLD-2"], "condemned", new { note = "inner ring cracked" });
        await platform.PassAsync(TimeSpan.FromDays(12), TimeSpan.FromDays(1));
        Assert.Equal(1, (int)(await FiguresAsync(platform))["overdue"]!);
        await EndAsync(platform, orders["OLD-3"], "repaired", new { cost = 28.5 });
        await EndAsync(platform, orders["OLD-3"], "condemned", new { note = "changed his mind" }, 409);

        var figures = await FiguresAsync(platform);
        Assert.Equal((3, 2, 1, 0), ((int)figures["ordered"]!, (int)figures["repaired"]!, (int)figures["condemned"]!, (int)figures["open"]!));
        Assert.Equal((2.0 / 3, 1.0 / 3, 60m), ((double)figures["yield"]!, (double)figures["condemnationRate"]!, (decimal)figures["cost"]!));
        var repaired = await platform.UnitAsync("OLD-1");
        Assert.Equal(("inStock", "refurbished"), (repaired.Text("state"), repaired.Text("quality")));
        Assert.Equal(["found-installed", "return-due", "returned", "in-repair", "refurbished"], repaired["history"]!.AsArray().Select(m => m!.Text("kind")));
        Assert.Equal((0, 1), await CountsAsync(platform, "inRepair", "scrapped"));
        await platform.AssertConservedAsync();
    }

    private static async Task<(int, int)> CountsAsync(SimulatedPlatform platform, string one, string other)
    {
        var balance = Assert.Single(await platform.ItemsAsync($"/api/v1/parts/balance?sku={Bearing}"));
        return ((int)balance[one]!, (int)balance[other]!);
    }

    private static async Task<JsonNode> FiguresAsync(SimulatedPlatform platform) => Assert.Single(await platform.ItemsAsync("/api/v1/parts/repairs/figures"));

    private static Task<JsonNode> EndAsync(SimulatedPlatform platform, JsonNode order, string how, object result, int status = 200) =>
        platform.PostAsync($"/api/v1/parts/repairs/{order.Text("id")}/actions/{how}", result, status);
}
