using System.Text.Json.Nodes;
using Seamless.EndToEnd.Tests.Rig;

namespace Seamless.EndToEnd.Tests.Scenarios;

/// <summary>What the field knows reaches engineering: which failures come most, and whether chance explains them.</summary>
public sealed class ReliabilityTests(SharedPlatform shared) : IClassFixture<SharedPlatform>
{
    private const string Pareto = "/api/v1/reliability/pareto?by=batch&type=pump";
    private readonly SimulatedPlatform _platform = shared.Platform;

    [Fact]
    [Trait("Scenario", "40")]
    public async Task An_injected_bad_batch_surfaces_in_the_top_three_once_it_is_significant_and_not_before()
    {
        // Six batches of four pumps; the other five fail twice each within three months.
        for (var i = 0; i < 24; i++)
            await _platform.PostAsync("/api/v1/devices", new { id = $"pump-{i}", type = "pump", site = "s1", tags = new Dictionary<string, string> { ["batch"] = $"B{i / 4}", ["firmware"] = "4.1" } });
        await _platform.PassAsync(TimeSpan.FromDays(90));
        for (var i = 4; i < 24; i += 2) await FailAsync(i, "seal-leak", "ELP");

        await FailAsync(0, "bearing-wear", "VIB");
        await FailAsync(1, "bearing-wear", "VIB");
        Assert.DoesNotContain(await LinesAsync(Pareto), line => (bool)line["significant"]!);
        await FailAsync(2, "bearing-wear", "VIB");
        var early = await LinesAsync(Pareto);
        Assert.Equal(("B0", 3), ((string)early[0]["group"]!, (int)early[0]["failures"]!));
        Assert.DoesNotContain(early, line => (bool)line["significant"]!);   // three of thirteen: chance does that

        for (var n = 0; n < 6; n++) await FailAsync(n % 4, "bearing-wear", "VIB");
        var top = (await LinesAsync(Pareto)).Take(3).Single(line => (bool)line["significant"]!);
        Assert.Equal(("B0", 9), ((string)top["group"]!, (int)top["failures"]!));
        Assert.Equal(4 * 90 / 30.4375, (double)top["deviceMonths"]!, 0.1);
        Assert.Equal(9 / (double)top["deviceMonths"]! * 1000, (double)top["ratePer1000"]!, 1e-6);
        Assert.True((double)top["low"]! < (double)top["ratePer1000"]! && (double)top["ratePer1000"]! < (double)top["high"]! && (double)top["pValue"]! < 0.05);

        Assert.Equal("VIB", (string)(await LinesAsync("/api/v1/reliability/pareto"))[1]["group"]!);   // nine, after ten leaks
        var table = (await _platform.TextAsync("/api/v1/reliability/failures?format=csv")).TrimEnd().Split("\r\n");
        Assert.Equal(20, table.Length);
        Assert.Contains("\"VIB\",\"2.4 Wear\",\"Expected wear and tear\",bearing-wear,2160", table[^1], StringComparison.Ordinal);   // 90 days in service
        Assert.Contains("batch", (string)(await _platform.GetProblemAsync("/api/v1/reliability/pareto?by=colour"))["detail"]!, StringComparison.Ordinal);
    }

    private async Task FailAsync(int pump, string faultCode, string mode)
    {
        var number = (string)(await _platform.PostAsync("/api/v1/tickets", new { device = $"pump-{pump}", priority = "p3", title = new { en = "Pump failed", zhCN = "水泵故障" } }))["id"]!;
        await _platform.PostAsync($"/api/v1/tickets/{number}/actions/resolve", new { });
        await _platform.PostAsync($"/api/v1/tickets/{number}/actions/close", new { mode, mechanism = "2.4 Wear", cause = "Expected wear and tear", faultCode });
    }

    private async Task<List<JsonNode>> LinesAsync(string path)
    {
        await _platform.PassAsync(TimeSpan.FromSeconds(1));   // what happens now is not yet past
        return [.. (await _platform.GetAsync(path))["lines"]!.AsArray().Select(line => line!)];
    }
}
