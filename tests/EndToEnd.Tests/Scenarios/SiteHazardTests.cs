using Seamless.EndToEnd.Tests.Rig;

namespace Seamless.EndToEnd.Tests.Scenarios;

/// <summary>The true cause was the customer's power line, not the machine.</summary>
public sealed class SiteHazardTests
{
    [Fact]
    [Trait("Scenario", "7")]
    public async Task A_brown_out_on_three_devices_at_one_site_is_one_ENV_ticket_and_ships_no_part()
    {
        await using var platform = await PlatformProcess.ServeAsync();
        await using var first = await ScriptedMachine.ConnectAsync(platform, "srv-1", "server", "lhasa");
        await using var second = await ScriptedMachine.ConnectAsync(platform, "srv-2", "server", "lhasa");
        await using var third = await ScriptedMachine.ConnectAsync(platform, "srv-3", "server", "lhasa");
        ScriptedMachine[] room = [first, second, third];
        var now = TimeProvider.System.GetUtcNow();

        for (var second_ = 180; second_ > 0; second_ -= 5)
        {
            var volts = second_ > 90 ? 230.0 : 188.0;
            foreach (var server in room) await server.SendAtAsync(now.AddSeconds(-second_), ("supplyVoltage", volts), ("cpuTemperature", 55.0), ("serviceUp", true), ("running", true));
        }

        var ticket = Assert.Single(await platform.UntilAsync("/api/v1/tickets", tickets => tickets.Count > 0));
        Assert.Equal("lhasa", ticket.Text("site"));
        Assert.Equal("", ticket.Text("device"));
        Assert.Equal("supply-undervoltage", ticket["causes"]![0]!.Text("code"));
        Assert.Equal("env", ticket["causes"]![0]!.Text("class"), ignoreCase: true);
        Assert.Empty(ticket["parts"]!.AsArray());

        await Task.Delay(TimeSpan.FromSeconds(15));   // longer than the hold-down: whoever wanted a ticket of his own would have it by now
        Assert.Single(await platform.ListAsync("/api/v1/tickets"));
        Assert.Empty(await platform.ListAsync("/api/v1/shipments"));
        var site = Assert.Single((await platform.ListAsync("/api/v1/alarms")), alarm => alarm.Text("device").Length == 0);
        Assert.Equal(3, site["members"]!.AsArray().Count);
    }
}
