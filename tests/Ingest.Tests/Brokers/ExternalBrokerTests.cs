using System.Text;
using MQTTnet;
using MQTTnet.Protocol;
using Seamless.Fleet.Commands;
using Seamless.Ingest.Brokers;
using Seamless.Ingest.Replay;
using Seamless.Telemetry;
using static Seamless.Ingest.Tests.Door;

namespace Seamless.Ingest.Tests.Brokers;

/// <summary>Against a real mosquitto.</summary>
public sealed class ExternalBrokerTests
{
    private const long Start = 1_764_000_000_000;

    private static Task<Door> OpenAsync(int port, string clientId = "node-1", int window = 100) => Door.OpenAsync(more: services =>
    {
        var options = new ExternalBrokerOptions { Url = new Uri($"mqtt://127.0.0.1:{port}"), ClientId = clientId, Window = window, ReconnectAfter = TimeSpan.FromMilliseconds(20), Tenants = { "default", "acme" } };
        services.AddExternalBroker(options);
    });

    private static BrokerMetrics Metrics(Door door) => (BrokerMetrics)door.Services.GetService(typeof(BrokerMetrics))!;

    private static Task ConnectedAsync(Door door) => UntilAsync(() => Metrics(door).IsConnected, "the connection to the broker");

    private static async Task PublishAsync(IMqttClient client, int from, int count)
    {
        for (var i = from; i < from + count; i += 50)
            await Task.WhenAll(Enumerable.Range(i, Math.Min(50, from + count - i)).Select(n => client.SendAsync($"v1/default/pump-{n % 5}/telemetry", Payload(n))));
    }

    private static string Payload(int n) => $$"""{"ts":{{Start + n}},"values":{"flow":{{n}} } }""";

    private static HashSet<long> Arrived(params Door[] doors) => [.. doors.SelectMany(d => d.Log.Samples).Select(s => s.TimestampMs - Start)];

    [Fact]
    public async Task Messages_published_while_we_were_away_are_there_when_we_come_back()
    {
        await using var mosquitto = await Mosquitto.StartAsync();
        await using (var before = await OpenAsync(mosquitto.Port)) await ConnectedAsync(before);
        var publisher = await mosquitto.ConnectAsync("publisher");
        await PublishAsync(publisher, 0, 3000);

        await using var door = await OpenAsync(mosquitto.Port);
        await UntilAsync(() => Arrived(door).Count == 3000, "3,000 messages");

        // Within a device in the order of publishing, although many were in flight.
        await door.Log.AssertDevicesAreInOrderAsync();
        Assert.NotNull(door.Devices.FindCached(new DeviceKey("default", "pump-4")));
    }

    [Fact]
    public async Task What_was_durable_but_not_acknowledged_is_delivered_again_and_nothing_else_is()
    {
        await using var mosquitto = await Mosquitto.StartAsync();
        await using var wire = new Wire(mosquitto.Port);
        await using var door = await OpenAsync(wire.Port);
        await ConnectedAsync(door);
        var publisher = await mosquitto.ConnectAsync("publisher");
        await PublishAsync(publisher, 0, 50);
        await UntilAsync(() => Arrived(door).Count == 50, "the first fifty");
        await publisher.SendAsync("v1/default/pump-0/telemetry", Payload(50));
        await UntilAsync(() => Arrived(door).Count == 51, "one more, so that the acknowledgements before it are under way");

        // The process dies between commit and acknowledgement, as the broker sees it.
        wire.SwallowsWhatTheClientSays = true;
        await PublishAsync(publisher, 100, 40);
        await UntilAsync(() => Arrived(door).Count == 91, "forty without acknowledgement");
        wire.Cut();
        wire.SwallowsWhatTheClientSays = false;

        await UntilAsync(() => door.Log.Samples.Count(s => s.TimestampMs >= Start + 100) == 80, "the forty again");
        wire.Cut();
        await PublishAsync(publisher, 200, 10);
        await UntilAsync(() => Arrived(door).Count == 101, "new messages after another break");
        Assert.Equal(101, Arrived(door).Count);
        Assert.InRange(door.Log.Samples.Count(s => s.TimestampMs is >= Start + 100 and < Start + 200), 80, 120);
    }

    [Fact]
    public async Task Nothing_is_acknowledged_while_the_log_waits_and_the_window_bounds_what_is_in_flight()
    {
        await using var mosquitto = await Mosquitto.StartAsync();
        await using var door = await OpenAsync(mosquitto.Port, window: 20);
        await ConnectedAsync(door);
        var publisher = await mosquitto.ConnectAsync("publisher");
        await PublishAsync(publisher, 0, 5);   // the devices are known
        await UntilAsync(() => Arrived(door).Count == 5, "the first five");

        door.Log.Shut();
        await PublishAsync(publisher, 100, 200);
        await UntilAsync(() => door.Log.Waiting == 20, "a full window");
        Assert.Equal(5, Arrived(door).Count);
        door.Log.Open();

        await UntilAsync(() => Arrived(door).Count == 205, "all of them");
        Assert.Equal(205, door.Log.Samples.Count());
    }

    [Fact]
    public async Task A_log_that_fails_costs_a_second_delivery_and_no_message()
    {
        await using var mosquitto = await Mosquitto.StartAsync();
        await using var door = await OpenAsync(mosquitto.Port);
        await ConnectedAsync(door);
        var publisher = await mosquitto.ConnectAsync("publisher");
        await PublishAsync(publisher, 0, 5);
        await UntilAsync(() => Arrived(door).Count == 5, "the first five");

        door.Log.Failure = new IOException("no space left on device");
        await PublishAsync(publisher, 100, 50);
        await UntilAsync(() => !Metrics(door).IsConnected, "the end of the connection");
        door.Log.Failure = null;

        await UntilAsync(() => Arrived(door).Count == 55, "all of them");
    }

    [Fact]
    public async Task Two_nodes_of_a_group_share_the_messages()
    {
        await using var mosquitto = await Mosquitto.StartAsync();
        await using var one = await OpenAsync(mosquitto.Port, "node-1");
        await using var two = await OpenAsync(mosquitto.Port, "node-2");
        await ConnectedAsync(one);
        await ConnectedAsync(two);
        var publisher = await mosquitto.ConnectAsync("publisher");

        await PublishAsync(publisher, 0, 2000);
        await UntilAsync(() => Arrived(one, two).Count == 2000, "2,000 messages at either");

        Assert.Equal(2000, one.Log.Samples.Count() + two.Log.Samples.Count());
        Assert.InRange(one.Log.Samples.Count(), 200, 1800);
    }

    [Fact]
    public async Task The_broker_may_be_restarted_under_us()
    {
        await using var mosquitto = await Mosquitto.StartAsync();
        await using var door = await OpenAsync(mosquitto.Port);
        await ConnectedAsync(door);
        await PublishAsync(await mosquitto.ConnectAsync("publisher"), 0, 500);
        await mosquitto.StopAsync();
        await UntilAsync(() => !Metrics(door).IsConnected, "the end of the connection");
        await mosquitto.RunAsync();
        await ConnectedAsync(door);   // mosquitto 2.0.11 does not know a shared subscription again until its client is back
        await PublishAsync(await mosquitto.ConnectAsync("publisher"), 500, 500);
        await UntilAsync(() => Arrived(door).Count == 1000, "1,000 messages");
    }

    [Fact]
    public async Task A_command_goes_to_its_device_over_the_broker_and_its_answers_come_back_in_order()
    {
        await using var mosquitto = await Mosquitto.StartAsync();
        await using var door = await OpenAsync(mosquitto.Port);
        await ConnectedAsync(door);
        var pump = new DeviceKey("default", "pump-1");
        await door.AddDeviceAsync("pump-1");
        var unheard = await door.Commands.SendAsync(new CommandRequest(pump, "self-test", "{}", "R0", TimeSpan.FromMinutes(5), "k0", "test"), Ct);
        Assert.Equal(CommandState.Created, unheard.Value!.State);   // nobody listens: it stays with us

        var device = await mosquitto.ConnectAsync("pump-1");
        var done = new HashSet<string>();
        device.ApplicationMessageReceivedAsync += async received =>
        {
            Assert.True(Topic.TryParse(received.ApplicationMessage.Topic, out var topic));
            if (!done.Add(topic.Value.CommandId!)) return;   // a device knows its commands: one may be sent twice
            foreach (var status in new[] { "accepted", "running", "succeeded" })
                await device.SendAsync(Topic.CommandResult(pump, topic.Value.CommandId!), $$"""{"status":"{{status}}","progress":50}""");
        };
        await device.SubscribeAsync(Topic.Commands(pump), MqttQualityOfServiceLevel.AtLeastOnce, Ct);
        await device.SendAsync(Topic.State(pump), """{"status":"online","agent":"1.0"}""");   // what waited is sent now
        var sent = await door.Commands.SendAsync(new CommandRequest(pump, "restart", "{}", "R1", TimeSpan.FromMinutes(5), "k1", "test"), Ct);

        foreach (var id in new[] { unheard.Value.Id, sent.Value!.Id })
            await UntilAsync(async () => (await door.Commands.FindAsync(pump, id, Ct))!.State is CommandState.Succeeded, $"the result of {id}");
        Assert.Empty(await door.DeadLetters.ListAsync("default", null, null, 10, Ct));
    }

    [Fact]
    public async Task A_desired_state_is_retained_at_the_broker_and_the_reported_one_comes_back()
    {
        await using var mosquitto = await Mosquitto.StartAsync();
        await using var door = await OpenAsync(mosquitto.Port);
        await ConnectedAsync(door);
        var pump = new DeviceKey("default", "pump-1");
        await door.AddDeviceAsync("pump-1");
        await door.Shadows.PutDesiredAsync(pump, """{"interval":5}""", null, "test", Ct);

        var device = await mosquitto.ConnectAsync("pump-1");
        var desired = new TaskCompletionSource<string>();
        device.ApplicationMessageReceivedAsync += received =>
        {
            desired.TrySetResult(received.ApplicationMessage.ConvertPayloadToString());
            return Task.CompletedTask;
        };
        await device.SubscribeAsync(Topic.ShadowDesired(pump), MqttQualityOfServiceLevel.AtLeastOnce, Ct);
        Assert.Equal("""{"version":1,"state":{"interval":5}}""", await desired.Task.WaitAsync(Ct));
        await device.SendAsync(Topic.ShadowReported(pump), """{"version":1,"state":{"interval":5}}""");
        await UntilAsync(async () => (await door.Shadows.GetAsync(pump, Ct)).ReportedVersion == 1, "the reported state");
    }

    [Fact]
    public async Task What_cannot_be_used_lies_in_the_dead_letters_and_can_be_replayed_and_strangers_are_not_heard()
    {
        await using var mosquitto = await Mosquitto.StartAsync();
        await using var door = await OpenAsync(mosquitto.Port);
        await ConnectedAsync(door);
        var publisher = await mosquitto.ConnectAsync("publisher");
        await publisher.SendAsync("v1/stranger/pump-1/telemetry", """{"flow":1}""");
        await publisher.SendAsync("v1/acme/pump-1/telemetry", """{"ts":1764000000000,"values":{"fl""");
        await publisher.SendAsync("v1/acme/pump-1/telemetry", """{"ts":1764000000000,"values":{"flow":1}}""");

        await UntilAsync(() => door.Log.Samples.Any(), "the good one");
        var sample = Assert.Single(door.Log.Samples);
        Assert.Equal(new DeviceKey("acme", "pump-1"), sample.Device);
        var letter = Assert.Single(await door.DeadLetters.ListAsync("acme", "pump-1", null, 10, Ct));
        Assert.Equal(("broker", "v1/acme/pump-1/telemetry", """{"ts":1764000000000,"values":{"fl"""), (letter.Channel, letter.Topic, Encoding.UTF8.GetString(letter.Payload)));
        var replay = (DeadLetterReplay)door.Services.GetService(typeof(DeadLetterReplay))!;
        var replayed = Assert.Single(await replay.ReplayAsync("acme", [letter.Id], "test", Ct));
        Assert.StartsWith("refused: ", replayed.Outcome, StringComparison.Ordinal);
        Assert.DoesNotContain("may not publish", replayed.Outcome, StringComparison.Ordinal);
    }
}
