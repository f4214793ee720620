using System.Text;
using System.Text.Json.Nodes;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using Seamless.Fleet.Commands;
using Seamless.Telemetry;
using Seamless.Telemetry.Payloads;
using static Seamless.Ingest.Tests.Door;

namespace Seamless.Ingest.Tests.Dialects.Azure;

/// <summary>The device side of a hub, message by message.</summary>
public sealed class AzureDialectTests
{
    private const string Hub = "hub.example.com";
    private static readonly DeviceKey Pump = new("default", "pump-1");

    [Fact]
    public async Task A_device_logs_in_with_a_signature_made_with_its_key()
    {
        await using var door = await OpenAsync();
        var client = await ConnectAsync(door, "pump-1");
        Assert.True(client.IsConnected);
    }

    [Theory]
    [InlineData("other.example.com/devices/pump-1", "is for 'other.example.com")]
    [InlineData("hub.example.com/devices/pump-2", "is for 'hub.example.com/devices/pump-2'")]
    public async Task A_signature_for_something_else_is_refused(string resource, string why)
    {
        await using var door = await OpenAsync();
        var key = await KeyAsync(door, "pump-1");
        Assert.False((await LoginAsync(door, "pump-1", Sas.Of(resource, key))).IsConnected);
        await RefusalAsync(door, why);
    }

    [Fact]
    public async Task An_expired_signature_is_refused_and_the_audit_says_when_it_ended()
    {
        await using var door = await OpenAsync();
        var key = await KeyAsync(door, "pump-1");
        Assert.False((await LoginAsync(door, "pump-1", Sas.Of($"{Hub}/devices/pump-1", key, new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero)))).IsConnected);
        await RefusalAsync(door, "has expired at 2020-01-01");
    }

    [Fact]
    public async Task Another_devices_key_is_refused()
    {
        await using var door = await OpenAsync();
        await KeyAsync(door, "pump-1");
        var key = await KeyAsync(door, "pump-2");
        Assert.False((await LoginAsync(door, "pump-1", Sas.Of($"{Hub}/devices/pump-1", key))).IsConnected);
        await RefusalAsync(door, "not made with this device's key");
    }

    [Fact]
    public async Task A_client_id_that_says_something_else_is_refused()
    {
        await using var door = await OpenAsync();
        var sas = Sas.Of($"{Hub}/devices/pump-1", await KeyAsync(door, "pump-1"));
        Assert.False((await LoginAsync(door, "pump-1", sas, clientId: "pump-2")).IsConnected);
        await RefusalAsync(door, "the client id must be 'pump-1'");
    }

    [Fact]
    public async Task A_new_token_and_a_removal_end_the_key()
    {
        await using var door = await OpenAsync();
        var first = await KeyAsync(door, "pump-1");
        Assert.Equal(first, (await door.Logins.SharedAccessKeyAsync(Pump, "test", Ct)).Value);

        await door.Devices.IssueTokenAsync(Pump, "test", Ct);
        var second = (await door.Logins.SharedAccessKeyAsync(Pump, "test", Ct)).Value!;
        Assert.False((await LoginAsync(door, "pump-1", Sas.Of($"{Hub}/devices/pump-1", first))).IsConnected);
        Assert.True((await LoginAsync(door, "pump-1", Sas.Of($"{Hub}/devices/pump-1", second))).IsConnected);

        await door.Devices.RemoveAsync(Pump, "test", Ct);
        await door.AddDeviceAsync("pump-1");
        Assert.False((await LoginAsync(door, "pump-1", Sas.Of($"{Hub}/devices/pump-1", second))).IsConnected);
        Assert.Contains(await door.Audit.ListAsync("default", null, 100, Ct), entry => entry is { Action: "device.connection-string", Result: "ok" });
    }

    [Fact]
    public async Task A_connection_is_closed_when_its_signature_ends()
    {
        await using var door = await OpenAsync();
        var key = await KeyAsync(door, "pump-1");
        var client = await LoginAsync(door, "pump-1", Sas.Of($"{Hub}/devices/pump-1", key, TimeProvider.System.GetUtcNow().AddSeconds(4)));
        Assert.True(client.IsConnected);
        await UntilAsync(() => !client.IsConnected, "the end of the connection");
    }

    [Fact]
    public async Task It_comes_over_the_WebSocket_where_the_SDKs_look_for_it()
    {
        await using var door = await OpenAsync();
        var key = await KeyAsync(door, "pump-1");
        using var client = new MqttClientFactory().CreateMqttClient();
        await client.ConnectAsync(
            new MqttClientOptionsBuilder().WithClientId("pump-1").WithCredentials(UserOf("pump-1"), Sas.Of($"{Hub}/devices/pump-1", key)).WithProtocolVersion(MqttProtocolVersion.V311)
                .WithWebSocketServer(socket => socket.WithUri($"ws://{door.Http.BaseAddress!.Authority}/$iothub/websocket")).Build(), Ct);
        await client.SendAsync("devices/pump-1/messages/events/", """{"vibration":2.5}""");
        Assert.Single(door.Log.Samples);
    }

    [Fact]
    public async Task Telemetry_becomes_samples_with_its_properties_as_states()
    {
        await using var door = await OpenAsync();
        var client = await ConnectAsync(door, "pump-1");
        await client.SendAsync(
            "devices/pump-1/messages/events/%24.ct=application%2Fjson&%24.ce=utf-8&iothub-creation-time-utc=2026-03-01T10%3A00%3A00Z&temperatureAlert=true", """{"temperature":71.5}""");
        await client.SendAsync("devices/pump-1/messages/events/", """[{"ts":1764000000123,"temperature":1},{"ts":1764000001123,"temperature":2}]""");

        var samples = door.Log.Samples.ToList();
        Assert.Equal((Pump, new DateTimeOffset(2026, 3, 1, 10, 0, 0, TimeSpan.Zero)), (samples[0].Device, samples[0].At));
        Assert.Equal([new Reading("temperature", 71.5), new Reading("properties.temperatureAlert", double.NaN, "true")], samples[0].Readings);
        Assert.Equal([1764000000123, 1764000001123], samples.Skip(1).Select(sample => sample.TimestampMs));
    }

    [Fact]
    public async Task Cbor_and_utf_16_are_read_when_the_properties_say_so()
    {
        await using var door = await OpenAsync();
        var client = await ConnectAsync(door, "pump-1");
        byte[] cbor = [0xA1, 0x61, (byte)'t', 0x18, 0x2A];   // {"t": 42}
        await client.PublishBinaryAsync("devices/pump-1/messages/events/$.ct=application%2Fcbor", cbor, MqttQualityOfServiceLevel.AtLeastOnce, cancellationToken: Ct);
        await client.PublishBinaryAsync("devices/pump-1/messages/events/$.ct=application%2Fjson&$.ce=utf-16", Encoding.Unicode.GetBytes("""{"t":43}"""), MqttQualityOfServiceLevel.AtLeastOnce, cancellationToken: Ct);
        Assert.Equal([42.0, 43.0], door.Log.Samples.Select(sample => sample.Readings[0].Value));
    }

    [Theory]
    [InlineData("devices/pump-1/messages/events/", "{", RejectReason.Malformed)]
    [InlineData("devices/pump-1/messages/events/$.ce=ebcdic", "{}", RejectReason.Malformed)]
    [InlineData("devices/pump-1/messages/other", "{}", RejectReason.UnknownTopic)]
    [InlineData("$iothub/twin/PATCH/properties/reported/?$rid=1", "[1]", RejectReason.Malformed)]
    [InlineData("$iothub/twin/PATCH/properties/reported/?$rid=1", """{"a":1,"a":2}""", RejectReason.Malformed)]
    [InlineData("$iothub/twin/GET/?x=1", "", RejectReason.WrongShape)]
    [InlineData("$iothub/methods/res/200/?$rid=cmd-x", "{}", RejectReason.UnknownTopic)]
    [InlineData("$iothub/methods/res/fine/?$rid=cmd-x", "{}", RejectReason.WrongShape)]
    [InlineData("$iothub/nothing", "{}", RejectReason.UnknownTopic)]
    public async Task What_cannot_be_used_is_kept_under_the_device_with_the_reason(string topic, string payload, RejectReason reason)
    {
        await using var door = await OpenAsync();
        var client = await ConnectAsync(door, "pump-1");
        await client.SendAsync(topic, payload);
        Assert.Equal(reason, Assert.Single(await door.DeadLetters.ListAsync("default", "pump-1", null, 10, Ct)).Rejects[0].Reason);
        Assert.True(client.IsConnected);
    }

    [Fact]
    public async Task Another_devices_topics_are_refused_and_audited()
    {
        await using var door = await OpenAsync();
        await door.AddDeviceAsync("pump-2");
        var client = await ConnectAsync(door, "pump-1");
        var subscribed = await client.SubscribeAsync("devices/pump-2/messages/devicebound/#", cancellationToken: Ct);
        Assert.Equal(MqttClientSubscribeResultCode.UnspecifiedError, Assert.Single(subscribed.Items).ResultCode);
        await Assert.ThrowsAnyAsync<Exception>(() => client.SendAsync("devices/pump-2/messages/events/", """{"t":1}"""));
        Assert.Empty(door.Log.Samples);
        Assert.Equal(["mqtt.publish.refused", "mqtt.subscribe.refused"], (await door.Audit.ListAsync("default", null, 100, Ct)).Select(entry => entry.Action).Where(action => action.EndsWith("refused", StringComparison.Ordinal)).Order());
    }

    [Fact]
    public async Task The_twin_is_our_shadow()
    {
        await using var door = await OpenAsync();
        var client = await ConnectAsync(door, "pump-1");
        await door.Shadows.PutDesiredAsync(Pump, """{"interval":5,"mode":"auto"}""", null, "test", Ct);
        var heard = new Heard(client);
        await client.SubscribeAsync("$iothub/twin/res/#", cancellationToken: Ct);
        await client.SendAsync("$iothub/twin/PATCH/properties/reported/?$rid=1", """{"firmware":{"version":"1.2","state":"ok"},"old":1}""");
        await client.SendAsync("$iothub/twin/PATCH/properties/reported/?$rid=2", """{"firmware":{"version":"1.3"},"old":null}""");
        await client.SendAsync("$iothub/twin/PATCH/properties/reported/?$rid=3", "nonsense");
        await client.SendAsync("$iothub/twin/GET/?$rid=4", "");

        Assert.Equal(("$iothub/twin/res/204/?$rid=1&$version=1", ""), await heard.NextAsync());
        Assert.Equal(("$iothub/twin/res/204/?$rid=2&$version=2", ""), await heard.NextAsync());
        Assert.Equal("$iothub/twin/res/400/?$rid=3", (await heard.NextAsync()).Topic);
        var (topic, twin) = await heard.NextAsync();
        Assert.Equal("$iothub/twin/res/200/?$rid=4", topic);
        Assert.Equal("""{"desired":{"interval":5,"mode":"auto","$version":1},"reported":{"firmware":{"version":"1.3","state":"ok"},"$version":2}}""", twin);
        Assert.Equal("""{"firmware":{"version":"1.3","state":"ok"}}""", (await door.Shadows.GetAsync(Pump, Ct)).ReportedJson);
    }

    [Fact]
    public async Task What_changes_of_the_desired_state_is_pushed_to_this_device_alone()
    {
        await using var door = await OpenAsync();
        var client = await ConnectAsync(door, "pump-1");
        var other = await ConnectAsync(door, "pump-2");
        var (heard, otherHeard) = (new Heard(client), new Heard(other));
        await door.Shadows.PutDesiredAsync(Pump, """{"interval":5,"mode":"auto"}""", null, "test", Ct);
        await client.SubscribeAsync("$iothub/twin/PATCH/properties/desired/#", cancellationToken: Ct);
        await other.SubscribeAsync("$iothub/twin/PATCH/properties/desired/#", cancellationToken: Ct);

        await door.Shadows.PutDesiredAsync(Pump, """{"interval":10}""", null, "test", Ct);

        Assert.Equal(("$iothub/twin/PATCH/properties/desired/?$version=2", """{"mode":null,"interval":10,"$version":2}"""), await heard.NextAsync());
        await other.PingAsync(Ct);
        Assert.True(otherHeard.IsEmpty);
    }

    [Theory]
    [InlineData(200, CommandState.Succeeded)]
    [InlineData(501, CommandState.Failed)]
    public async Task A_command_is_a_direct_method(int status, CommandState state)
    {
        await using var door = await OpenAsync();
        var client = await ConnectAsync(door, "pump-1");
        var heard = new Heard(client);
        await client.SubscribeAsync("$iothub/methods/POST/#", cancellationToken: Ct);

        var command = (await door.Commands.SendAsync(Request(), Ct)).Value!;
        Assert.Equal(CommandState.Sent, command.State);
        Assert.Equal(($"$iothub/methods/POST/restart-service/?$rid={command.Id}", """{"service":"web"}"""), await heard.NextAsync());
        await client.SendAsync($"$iothub/methods/res/{status}/?$rid={command.Id}", """{"pid":7}""");

        var done = (await door.Commands.FindAsync(Pump, command.Id, Ct))!;
        Assert.Equal((state, $"status {status}", """{"pid":7}"""), (done.State, done.Detail, done.DataJson));
    }

    [Fact]
    public async Task A_command_waits_for_the_device_and_is_never_sent_twice()
    {
        await using var door = await OpenAsync();
        var client = await ConnectAsync(door, "pump-1");
        var command = (await door.Commands.SendAsync(Request(), Ct)).Value!;
        Assert.Equal(CommandState.Created, command.State);

        var heard = new Heard(client);
        await client.SubscribeAsync("$iothub/methods/POST/#", cancellationToken: Ct);
        Assert.Contains(command.Id, (await heard.NextAsync()).Topic);
        await UntilAsync(async () => (await door.Commands.FindAsync(Pump, command.Id, Ct))!.State == CommandState.Sent, "the note that it was sent");

        await door.Commands.ResendAsync(Pump, Ct);
        await client.PingAsync(Ct);
        Assert.True(heard.IsEmpty);
    }

    [Fact]
    public async Task Without_methods_a_command_is_a_cloud_to_device_message_done_when_acknowledged()
    {
        await using var door = await OpenAsync();
        var client = await ConnectAsync(door, "pump-1");
        var heard = new Heard(client);
        await client.SubscribeAsync("devices/pump-1/messages/devicebound/#", MqttQualityOfServiceLevel.AtLeastOnce, Ct);
        var command = (await door.Commands.SendAsync(Request(), Ct)).Value!;

        var (topic, payload) = await heard.NextAsync();
        Assert.StartsWith($"devices/pump-1/messages/devicebound/%24.mid={command.Id}&", topic);
        Assert.Equal(("restart-service", "web", "key-1"), ((string?)JsonNode.Parse(payload)!["name"], (string?)JsonNode.Parse(payload)!["args"]!["service"], (string?)JsonNode.Parse(payload)!["idempotencyKey"]));
        await UntilAsync(async () => (await door.Commands.FindAsync(Pump, command.Id, Ct))!.State == CommandState.Succeeded, "the acknowledgement");
    }

    [Fact]
    public async Task A_module_is_a_device_of_its_own()
    {
        await using var door = await OpenAsync();
        var key = await KeyAsync(door, "line-4:camera");
        var client = await LoginAsync(door, "line-4/camera", Sas.Of($"{Hub}/devices/line-4/modules/camera", key));
        await client.SubscribeAsync("devices/line-4/modules/camera/#", cancellationToken: Ct);
        await client.SendAsync("devices/line-4/modules/camera/messages/events/", """{"frames":30}""");
        Assert.Equal("line-4:camera", Assert.Single(door.Log.Samples).Device.Device);
    }

    private static CommandRequest Request() => new(Pump, "restart-service", """{"service":"web"}""", "R1", TimeSpan.FromMinutes(2), "key-1", "test");
    private static string UserOf(string client) => $"{Hub}/{client}/?api-version=2021-04-12&DeviceClientType=test";

    private static async Task<string> KeyAsync(Door door, string device)
    {
        await door.AddDeviceAsync(device);
        return (await door.Logins.SharedAccessKeyAsync(new DeviceKey("default", device), "test", Ct)).Value!;
    }

    private static async Task<IMqttClient> ConnectAsync(Door door, string device) => await LoginAsync(door, device, Sas.Of($"{Hub}/devices/{device}", await KeyAsync(door, device)));

    private static Task<IMqttClient> LoginAsync(Door door, string client, string sas, string? clientId = null) =>
        door.ConnectAsync(UserOf(client), sas, MqttProtocolVersion.V311, options => options.WithClientId(clientId ?? client).WithCleanSession(false));

    private static Task RefusalAsync(Door door, string why) => UntilAsync(async () =>
        (await door.Audit.ListAsync("default", null, 100, Ct)).Any(entry => entry.Action == "mqtt.connect.refused" && entry.Subject == "device:pump-1" && entry.Detail!.Contains(why, StringComparison.Ordinal)), why);
}
