using System.Globalization;
using System.Text.Json.Nodes;
using Seamless.Fleet.Commands;
using Seamless.Telemetry;
using static Seamless.Ingest.Tests.Door;

namespace Seamless.Ingest.Tests.Dialects.ThingsBoard;

/// <summary>MQTT.js (npm <c>mqtt</c>), the client of ThingsBoard's own examples, as a device and as a gateway.</summary>
public sealed class MqttJsTests
{
    private static readonly DeviceKey Pump = new("default", "pump-1");

    [Fact]
    public async Task A_device_does_all_it_does_with_ThingsBoard()
    {
        await using var door = await OpenAsync();
        var token = await door.AddDeviceAsync("pump-1");
        await door.Shadows.PutDesiredAsync(Pump, """{"interval":5}""", null, "test", Ct);
        await using var device = await StartAsync(door, token);

        var attributes = await HeardAsync(device, "v1/devices/me/attributes/response/1");
        Assert.Equal("""{"client":{"firmware":"1.3"},"shared":{"interval":5}}""", attributes.ToJsonString());
        Assert.True((long)await HeardAsync(device, "v1/devices/me/rpc/response/2") > 1_764_000_000_000);
        await device.UntilStepAsync("ready");
        Assert.Equal(["temperature", "humidity"], door.Log.Samples.Select(sample => sample.Readings[0].Metric));

        await door.Shadows.PutDesiredAsync(Pump, """{"interval":10}""", null, "test", Ct);
        Assert.Equal("""{"interval":10}""", (await HeardAsync(device, "v1/devices/me/attributes")).ToJsonString());
        var done = await CommandAsync(door, Pump);
        Assert.Equal((CommandState.Succeeded, """{"pid":7}"""), (done.State, done.DataJson));
    }

    [Fact]
    public async Task A_gateway_speaks_for_the_devices_behind_it()
    {
        await using var door = await OpenAsync();
        await using var gateway = await StartAsync(door, await door.AddDeviceAsync("gw-1", "gateway"), isGateway: true);
        await gateway.UntilStepAsync("ready");

        Assert.Equal(["Dev_x20A", "dev-b"], door.Log.Samples.Select(sample => sample.Device.Device));
        var behind = new DeviceKey("default", "Dev_x20A");
        var device = (await door.Devices.FindAsync(behind, Ct))!;
        Assert.Equal(("gw-1", "Dev A"), (device.Gateway, device.Tags["name"]));
        Assert.Equal("""{"firmware":"1.3"}""", (await door.Shadows.GetAsync(behind, Ct)).ReportedJson);
        Assert.Equal(CommandState.Succeeded, (await CommandAsync(door, behind)).State);
    }

    [Fact]
    public async Task An_unknown_token_is_refused_and_stands_in_no_record()
    {
        await using var door = await OpenAsync();
        await using var device = await StartAsync(door, "sd_nobody-has-this");
        await device.UntilStepAsync("refused");
        await UntilAsync(async () => (await door.Audit.ListAsync("default", null, 10, Ct)).Any(entry => entry.Action == "mqtt.connect.refused"), "the audit");
        Assert.DoesNotContain(await door.Audit.ListAsync("default", null, 10, Ct), entry => entry.ToString().Contains("nobody-has-this", StringComparison.Ordinal));
    }

    private static async Task<Command> CommandAsync(Door door, DeviceKey device)
    {
        var command = (await door.Commands.SendAsync(new CommandRequest(device, "restart-service", """{"service":"web"}""", "R1", TimeSpan.FromMinutes(2), "key-1", "test"), Ct)).Value!;
        await UntilAsync(async () => (await door.Commands.FindAsync(device, command.Id, Ct))!.IsFinished, "the answer");
        return (await door.Commands.FindAsync(device, command.Id, Ct))!;
    }

    private static async Task<JsonNode> HeardAsync(NodeClient client, string topic)
    {
        JsonNode? heard;
        do heard = await client.UntilStepAsync("heard");
        while ((string?)heard!["topic"] != topic);
        return heard["body"]!;
    }

    private static Task<NodeClient> StartAsync(Door door, string token, bool isGateway = false)
    {
        var environment = new Dictionary<string, string> { ["URL"] = string.Create(CultureInfo.InvariantCulture, $"mqtt://127.0.0.1:{door.MqttEndpoint.Port}"), ["TOKEN"] = token };
        if (isGateway) environment["GATEWAY"] = "1";
        return NodeClient.StartAsync("thingsboard", "session.js", environment);
    }
}
