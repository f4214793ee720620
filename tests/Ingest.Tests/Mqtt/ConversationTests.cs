using System.Text.Json.Nodes;
using System.Threading.Channels;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using Seamless.Fleet.Commands;
using Seamless.Fleet.Registry;
using Seamless.Telemetry;
using static Seamless.Ingest.Tests.Door;

namespace Seamless.Ingest.Tests.Mqtt;

/// <summary>What goes both ways: commands and results, shadows, states and Wills.</summary>
public sealed class ConversationTests
{
    private static readonly DeviceKey Pump = new("default", "pump-1");

    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V500)]
    public async Task A_command_reaches_its_device_and_the_result_comes_home(MqttProtocolVersion version)
    {
        await using var door = await OpenAsync();
        var client = await door.ConnectAsync("pump-1", await door.AddDeviceAsync("pump-1"), version);
        var heard = Hear(client);
        await client.SubscribeAsync("v1/default/pump-1/commands/+", MqttQualityOfServiceLevel.AtLeastOnce, Ct);

        var command = (await door.Commands.SendAsync(Request(), Ct)).Value!;
        Assert.Equal(CommandState.Sent, command.State);
        var message = await heard.ReadAsync(Ct);
        var body = JsonNode.Parse(message.ConvertPayloadToString())!;
        Assert.Equal(($"v1/default/pump-1/commands/{command.Id}", MqttQualityOfServiceLevel.AtLeastOnce), (message.Topic, message.QualityOfServiceLevel));
        Assert.Equal(("restart-service", "web", "key-1", command.ExpiresAt.ToUnixTimeMilliseconds()), ((string?)body["name"], (string?)body["args"]!["service"], (string?)body["idempotencyKey"], (long)body["expiresAt"]!));
        if (version is MqttProtocolVersion.V500) Assert.InRange(message.MessageExpiryInterval, 100u, 120u);

        await client.SendAsync($"v1/default/pump-1/commands/{command.Id}/result", """{"status":"running","progress":40}""");
        await client.SendAsync($"v1/default/pump-1/commands/{command.Id}/result", """{"status":"succeeded","detail":"up","data":{"pid":7}}""");

        var done = await door.Commands.FindAsync(Pump, command.Id, Ct);
        Assert.Equal((CommandState.Succeeded, 100, "up", """{"pid":7}"""), (done!.State, done.Progress, done.Detail, done.DataJson));
    }

    [Fact]
    public async Task A_command_for_a_device_that_is_away_waits_until_it_listens()
    {
        await using var door = await OpenAsync();
        var token = await door.AddDeviceAsync("pump-1");
        var command = (await door.Commands.SendAsync(Request(), Ct)).Value!;
        Assert.Equal(CommandState.Created, command.State);

        var client = await door.ConnectAsync("pump-1", token);
        var heard = Hear(client);
        await client.SubscribeAsync("v1/default/pump-1/commands/+", MqttQualityOfServiceLevel.AtLeastOnce, Ct);

        Assert.EndsWith(command.Id, (await heard.ReadAsync(Ct)).Topic);
        await UntilAsync(async () => (await door.Commands.FindAsync(Pump, command.Id, Ct))!.State == CommandState.Sent, "the note that it was sent");
    }

    [Fact]
    public async Task A_persistent_session_keeps_a_command_for_its_device()
    {
        await using var door = await OpenAsync();
        var token = await door.AddDeviceAsync("pump-1");
        void Persistent(MqttClientOptionsBuilder options) => options.WithClientId("pump-1").WithCleanStart(false).WithSessionExpiryInterval(3600);
        var client = await door.ConnectAsync("pump-1", token, configure: Persistent);
        await client.SubscribeAsync("v1/default/pump-1/commands/+", MqttQualityOfServiceLevel.AtLeastOnce, Ct);
        await client.DisconnectAsync(new MqttClientDisconnectOptionsBuilder().WithSessionExpiryInterval(3600).Build(), Ct);
        await UntilAsync(() => door.Devices.PresenceOf(Pump).Status == DeviceStatus.Offline, "the end of the connection");

        var command = (await door.Commands.SendAsync(Request(), Ct)).Value!;
        Assert.Equal(CommandState.Sent, command.State);

        var again = new MqttClientFactory().CreateMqttClient();
        var heard = Hear(again);
        await again.ConnectAsync(door.Options("pump-1", token, MqttProtocolVersion.V500, Persistent), Ct);
        Assert.EndsWith(command.Id, (await heard.ReadAsync(Ct)).Topic);
        again.Dispose();
    }

    [Fact]
    public async Task A_result_for_a_command_that_never_was_is_kept_and_changes_nothing()
    {
        await using var door = await OpenAsync();
        var client = await door.ConnectAsync("pump-1", await door.AddDeviceAsync("pump-1"));
        Assert.True((await client.SendAsync("v1/default/pump-1/commands/cmd-x/result", """{"status":"succeeded"}""")).IsSuccess);
        Assert.Contains("cmd-x", Assert.Single(await door.DeadLetters.ListAsync("default", "pump-1", null, 10, Ct)).Rejects[0].Detail);
    }

    [Fact]
    public async Task The_desired_state_waits_for_the_device_and_the_reported_one_is_stored()
    {
        await using var door = await OpenAsync();
        var token = await door.AddDeviceAsync("pump-1");
        await door.Shadows.PutDesiredAsync(Pump, """{"interval":5}""", null, "test", Ct);

        var client = await door.ConnectAsync("pump-1", token);
        var heard = Hear(client);
        await client.SubscribeAsync("v1/default/pump-1/shadow/desired", MqttQualityOfServiceLevel.AtLeastOnce, Ct);
        Assert.Equal("""{"version":1,"state":{"interval":5}}""", (await heard.ReadAsync(Ct)).ConvertPayloadToString());

        await client.SendAsync("v1/default/pump-1/shadow/reported", """{"version":3,"state":{"interval":5}}""");
        var shadow = await door.Shadows.GetAsync(Pump, Ct);
        Assert.Equal((1, 3, """{"interval":5}"""), (shadow.DesiredVersion, shadow.ReportedVersion, shadow.ReportedJson));
    }

    [Fact]
    public async Task A_broken_connection_publishes_its_will_and_the_device_is_offline()
    {
        await using var door = await OpenAsync();
        var token = await door.AddDeviceAsync("pump-1");
        var watcher = await door.ConnectAsync("gw-1", await door.AddDeviceAsync("gw-1", "gateway"));
        var client = await door.ConnectAsync("pump-1", token, configure: options => options
            .WithWillTopic("v1/default/pump-1/state").WithWillPayload("""{"status":"offline"}""").WithWillRetain().WithWillQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce));
        await client.SendAsync("v1/default/pump-1/state", """{"status":"online","agent":"1.4.0"}""", retain: true);
        Assert.Equal((DeviceStatus.Online, "1.4.0"), (door.Devices.PresenceOf(Pump).Status, door.Devices.PresenceOf(Pump).AgentVersion));

        client.Dispose();   // no DISCONNECT

        await UntilAsync(() => door.Log.Durable.Any(entry => entry.State is { Online: false }), "the Will");
        await UntilAsync(() => door.Devices.PresenceOf(Pump).Status == DeviceStatus.Offline, "offline");
        var heard = Hear(watcher);
        await watcher.SubscribeAsync("v1/default/+/state", MqttQualityOfServiceLevel.AtLeastOnce, Ct);
        Assert.Contains("offline", (await heard.ReadAsync(Ct)).ConvertPayloadToString());
    }

    [Fact]
    public async Task A_device_with_two_connections_is_online_until_the_last_one_ends()
    {
        await using var door = await OpenAsync();
        var token = await door.AddDeviceAsync("pump-1");
        var first = await door.ConnectAsync("pump-1", token);
        var second = await door.ConnectAsync("pump-1", token);
        await first.DisconnectAsync(cancellationToken: Ct);
        await second.PingAsync(Ct);
        Assert.Equal(DeviceStatus.Online, door.Devices.PresenceOf(Pump).Status);
        await second.DisconnectAsync(cancellationToken: Ct);
        await UntilAsync(() => door.Devices.PresenceOf(Pump).Status == DeviceStatus.Offline, "offline");
    }

    [Fact]
    public async Task Events_reach_the_log_singly_and_in_arrays()
    {
        await using var door = await OpenAsync();
        var client = await door.ConnectAsync("pump-1", await door.AddDeviceAsync("pump-1"));
        await client.SendAsync("v1/default/pump-1/events", """{"ts":1764000000123,"code":"E-117","severity":"error","text":"dry run","data":{"n":1}}""");
        await client.SendAsync("v1/default/pump-1/events", """[{"code":"E-1"},{"code":""},{"code":"E-2","severity":"dreadful"},{"code":"E-3","ts":86400000}]""");

        var events = door.Log.Durable.Select(entry => entry.Event!).ToList();
        Assert.Equal(new DeviceEvent(Pump, 1764000000123, "E-117", EventSeverity.Error, "dry run", """{"n":1}"""), events[0]);
        Assert.Equal(["E-117", "E-1"], events.Select(e => e.Code));
        Assert.Equal(3, Assert.Single(await door.DeadLetters.ListAsync("default", "pump-1", null, 10, Ct)).Rejects.Count);
    }

    private static CommandRequest Request() => new(Pump, "restart-service", """{"service":"web"}""", "R1", TimeSpan.FromMinutes(2), "key-1", "test");

    private static ChannelReader<MqttApplicationMessage> Hear(IMqttClient client)
    {
        var heard = Channel.CreateUnbounded<MqttApplicationMessage>();
        client.ApplicationMessageReceivedAsync += received =>
        {
            heard.Writer.TryWrite(received.ApplicationMessage);
            return Task.CompletedTask;
        };
        return heard.Reader;
    }
}
