using Seamless.EndToEnd.Tests.Rig;

namespace Seamless.EndToEnd.Tests.Scenarios;

/// <summary>无感服务: the television learns its own fault and is mended remotely, without its owner noticing.</summary>
public sealed class UnnoticedFixTests
{
    [Fact]
    [Trait("Scenario", "85")]
    [Trait("Scenario", "13")]
    public async Task A_crashing_television_is_fixed_remotely_proven_by_its_telemetry_and_no_ticket_opens()
    {
        await using var platform = await PlatformProcess.ServeAsync();
        await using var tv = await ScriptedMachine.ConnectAsync(platform, "tv-1", "tv", "home-1");
        await tv.SendAsync(TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(10), Watching(crashes: 0));

        await tv.SendAsync(TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(10), Watching(crashes: 14));
        while (tv.Commands.IsEmpty)
        {
            await tv.SendAtAsync(TimeProvider.System.GetUtcNow(), Watching(crashes: 14));
            await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        }
        var fixedAt = TimeProvider.System.GetTimestamp();
        while ((await platform.ListAsync("/api/v1/remedies?device=tv-1")).All(run => run.Text("state") != "fixed"))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(fixedAt) < TimeSpan.FromMinutes(4), platform.Output);
            await tv.SendAtAsync(TimeProvider.System.GetUtcNow(), Watching(crashes: 0));
            await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        }

        Assert.Equal(["clear-app-cache"], tv.Commands);
        var run = Assert.Single(await platform.ListAsync("/api/v1/remedies?device=tv-1"));
        Assert.Equal(0, (int)run["customerVisibleSeconds"]!);
        Assert.Empty(await platform.ListAsync("/api/v1/tickets"));
        Assert.False((bool)Assert.Single(await platform.ListAsync("/api/v1/alarms?device=tv-1"))["isActive"]!);

        // Its owner had to do nothing: one fault fixed, not one touch of a customer.
        var figures = (await platform.GetAsync("/api/v1/kpis"))["items"]!.AsArray().ToDictionary(kpi => kpi!.Text("code"), kpi => kpi!);
        Assert.Equal((1.0, 1.0), ((double)figures["remoteFixShare"]["value"]!, (double)figures["unnoticedShare"]["value"]!));
        Assert.Null(figures["customerTouches"]["value"]);
    }

    private static (string, object)[] Watching(int crashes) =>
    [
        ("appCrashes", crashes), ("panelTemperature", 41.0), ("backlightCurrent", 420.0), ("wifiRssi", -52.0),
        ("bufferUnderruns", 0.0), ("memoryUsed", 55.0), ("frameDropRate", 0.2), ("supplyVoltage", 230.0), ("on", true),
    ];
}
