using System.Text.Json.Nodes;
using Seamless.EndToEnd.Tests.Rig;

namespace Seamless.EndToEnd.Tests.Scenarios;

/// <summary>What will be needed where: forecasts that are measured, and kits for machines that go abroad.</summary>
public sealed class PartForecastTests(SharedPlatform shared) : IClassFixture<SharedPlatform>
{
    private readonly SimulatedPlatform _platform = shared.Platform;

    [Fact]
    [Trait("Scenario", "20")]
    public async Task Forecasts_of_a_simulated_demand_beat_as_many_as_last_time()
    {
        await _platform.PostAsync("/api/v1/devices", new { id = "pump-1", type = "pump", site = "s1" });
        var random = new Random(20);
        for (var week = 0; week < 36; week++)
        {
            for (var n = random.Next(0, 4); n > 0; n--) await _platform.PostAsync("/api/v1/tickets", new { device = "pump-1", faultCode = "strainer-clogged", priority = "p4", title = new { en = "Strainer", zhCN = "滤网" } });
            await _platform.PassAsync(TimeSpan.FromDays(7));
        }
        var part = (await _platform.GetAsync("/api/v1/parts/forecast-accuracy?sku=PMP-STR-100"))["items"]!.AsArray().Single()!;
        Assert.Equal(2, (int)part["horizonWeeks"]!);   // ten days
        Assert.InRange((int)part["forecasts"]!, 20, 36);
        Assert.InRange((double)part["mase"]!, 0.01, 0.99);
        Assert.InRange((double)part["bias"]!, -0.25, 0.25);
    }

    [Fact]
    [Trait("Scenario", "86")]
    public async Task A_kit_that_is_shipped_with_the_product_is_sized_by_failure_rate_and_lead_time_with_customs()
    {
        // 20 pumps, bearing sets: 14 days and 22.525 days of customs are a tenth of a year; half a failure a year each: a mean of 1.
        var kit = await _platform.PostAsync("/api/v1/parts/kits/size", new { type = "pump", machines = 20, customsDays = 22.525, fillRate = 0.91, failuresPerYear = new Dictionary<string, double> { ["PMP-BRG-6309"] = 0.5 } });
        var line = kit["lines"]!.AsArray().Single(line => (string)line!["sku"]! == "PMP-BRG-6309")!;
        Assert.Equal((1, 3, 0.9197), (Math.Round((double)line["mean"]!, 6), (int)line["quantity"]!, Math.Round((double)line["fillRate"]!, 4)));
        Assert.Equal(3 * 86m, (decimal)line["value"]!);
        Assert.Contains("certificate-of-origin", kit["documents"]!.AsArray().Select(document => (string)document!));

        var near = await _platform.PostAsync("/api/v1/parts/kits/size", new { type = "pump", machines = 20, customsDays = 0, fillRate = 0.91, failuresPerYear = new Dictionary<string, double> { ["PMP-BRG-6309"] = 0.5 } });
        Assert.True((int)near["lines"]!.AsArray().Single(line => (string)line!["sku"]! == "PMP-BRG-6309")!["quantity"]! < 3);
        Assert.Equal(["packing-list"], near["documents"]!.AsArray().Select(document => (string)document!));
        Assert.Contains("customsDays", (string)(await _platform.PostAsync("/api/v1/parts/kits/size", new { type = "pump", machines = 20, customsDays = -1 }, 400))["detail"]!, StringComparison.Ordinal);
    }
}
