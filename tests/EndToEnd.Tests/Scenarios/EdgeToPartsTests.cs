using System.Globalization;
using System.Text.Json.Nodes;
using Seamless.EndToEnd.Tests.Rig;

namespace Seamless.EndToEnd.Tests.Scenarios;

/// <summary>The diagnosis at the machine is joined to the spare parts: they travel before anyone has picked up a telephone.</summary>
public sealed class EdgeToPartsTests
{
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(60);

    [Fact]
    [Trait("Scenario", "77")]
    public async Task A_bearing_that_fails_at_the_edge_puts_its_part_on_the_way_within_a_minute_and_without_a_hand()
    {
        await using var platform = await PlatformProcess.ServeAsync();
        var token = await platform.AddDeviceAsync("pump-1", "pump", "quarry-4");
        await using var agent = AgentProcess.Start(platform, "pump-1", token, source: "-");
        await agent.MeasureAsync("ts,vibration,bearingTemperature,motorCurrent,running");
        var began = TimeProvider.System.GetUtcNow();
        for (var past = TimeSpan.FromMinutes(3); past > TimeSpan.Zero; past -= TimeSpan.FromSeconds(2)) await agent.MeasureAsync(Row(began - past, vibration: 2.1, bearing: 58));
        await platform.UntilAsync("/api/v1/devices/pump-1/telemetry?metric=vibration", began.AddSeconds(-2).ToUnixTimeMilliseconds());
        Assert.Empty(await platform.ListAsync("/api/v1/alarms"));

        var faultAt = TimeProvider.System.GetUtcNow();
        while ((await platform.ListAsync("/api/v1/shipments")).Count == 0)
        {
            await agent.MeasureAsync(Failing(faultAt));
            Assert.True(TimeProvider.System.GetUtcNow() - faultAt < 2 * Promise, $"no shipment\n{agent.Output}\n{platform.Output}");
            await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        }
        for (var more = 0; more < 20; more++)   // the fault goes on; the bearing gets hot, which is the same fault
        {
            await agent.MeasureAsync(Failing(faultAt));
            await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        }

        var alarm = Assert.Single(await platform.ListAsync("/api/v1/alarms"));
        Assert.Equal("bearing-wear", alarm["diagnosis"]![0]!.Text("code"));
        var ticket = Assert.Single(await platform.UntilAsync("/api/v1/tickets", tickets => tickets is [{ } only] && only["visit"] is not null));
        Assert.Equal(alarm.Text("id"), (string?)Assert.Single(ticket["alarms"]!.AsArray()));
        Assert.Equal("bearing-wear", ticket["causes"]![0]!.Text("code"));
        Assert.Equal("bearing-wear", ticket.Text("diagnosis"));
        var shipment = Assert.Single(await platform.ListAsync("/api/v1/shipments"));
        await AssertOneUnitIsOnItsWay(platform, ticket, shipment);
        Assert.InRange(Instant(shipment, "createdAt") - faultAt, TimeSpan.Zero, Promise);
        Assert.True(Instant(shipment, "createdAt") <= Instant(ticket["visit"]!, "start"));
        Assert.All(ticket["timeline"]!.AsArray(), step => Assert.Equal("desk", step!.Text("actor")));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"after the fault: alarm {Seconds(alarm, "raisedAt", faultAt)}, ticket {Seconds(ticket, "openedAt", faultAt)}, shipment {Seconds(shipment, "createdAt", faultAt)}");
    }

    private static async Task AssertOneUnitIsOnItsWay(PlatformProcess platform, JsonNode ticket, JsonNode shipment)
    {
        var part = Assert.Single(ticket["parts"]!.AsArray(), line => line!.Text("sku") == "PMP-BRG-6309")!;   // another may go along in case
        var serial = (string)Assert.Single(part["serials"]!.AsArray())!;
        Assert.Single(shipment["serials"]!.AsArray(), one => (string?)one == serial);
        Assert.Equal("quarry-4", shipment.Text("toSite"));
        Assert.Single(await platform.ListAsync("/api/v1/reservations"), reservation => reservation!.Text("serial") == serial);
        var unit = await platform.GetAsync($"/api/v1/parts/units/{serial}");
        Assert.Equal(ticket.Text("id"), unit.Text("ticket"));
    }

    /// <summary>Vibration first; the temperature follows it, half a kelvin a second.</summary>
    private static string Failing(DateTimeOffset since)
    {
        var now = TimeProvider.System.GetUtcNow();
        return Row(now, vibration: 11.5, bearing: Math.Min(97, 58 + (now - since).TotalSeconds / 2));
    }

    private static string Row(DateTimeOffset at, double vibration, double bearing) =>
        string.Create(CultureInfo.InvariantCulture, $"{at.ToUnixTimeMilliseconds()},{vibration:F2},{bearing:F1},28.4,true");

    private static DateTimeOffset Instant(JsonNode node, string property) => DateTimeOffset.Parse(node.Text(property), CultureInfo.InvariantCulture);
    private static string Seconds(JsonNode node, string property, DateTimeOffset since) => string.Create(CultureInfo.InvariantCulture, $"{(Instant(node, property) - since).TotalSeconds:F1} s");
}
