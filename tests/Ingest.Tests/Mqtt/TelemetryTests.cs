using System.Text;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using Seamless.Telemetry.Payloads;
using static Seamless.Ingest.Tests.Door;

namespace Seamless.Ingest.Tests.Mqtt;

public sealed class TelemetryTests
{
    private const string Topic = "v1/default/pump-1/telemetry";
    private const string Good = """{"ts":1764000000123,"values":{"vibration":2.5,"running":true}}""";

    [Theory]
    [InlineData(MqttProtocolVersion.V311, 0)]
    [InlineData(MqttProtocolVersion.V311, 1)]
    [InlineData(MqttProtocolVersion.V500, 0)]
    [InlineData(MqttProtocolVersion.V500, 1)]
    [InlineData(MqttProtocolVersion.V500, 2)]
    public async Task A_sample_reaches_the_log_in_every_version_and_quality_of_service(MqttProtocolVersion version, int qos)
    {
        await using var door = await OpenAsync();
        var client = await door.ConnectAsync("pump-1", await door.AddDeviceAsync("pump-1"), version);

        Assert.True((await client.SendAsync(Topic, Good, qos)).IsSuccess);

        await UntilAsync(() => door.Log.Samples.Any(), "the sample");
        var sample = Assert.Single(door.Log.Samples);
        Assert.Equal((1764000000123, "pump-1", 2.5), (sample.TimestampMs, sample.Device.Device, sample.Readings.Single(r => r.Metric == "vibration").Value));
    }

    [Fact]
    public async Task The_acknowledgement_waits_for_the_log()
    {
        await using var door = await OpenAsync();
        var token = await door.AddDeviceAsync("pump-1");
        var client = await door.ConnectAsync("pump-1", token);
        var other = await door.ConnectAsync("pump-1", token);
        door.Log.Shut();

        var acknowledged = client.SendAsync(Topic, Good);
        await UntilAsync(() => door.Log.Waiting == 1, "the append");
        for (var i = 0; i < 20; i++) await other.PingAsync(Ct);   // the broker is alive, and a hasty acknowledgement would have come by now
        Assert.False(acknowledged.IsCompleted);

        door.Log.Open();
        Assert.True((await acknowledged).IsSuccess);
        Assert.Single(door.Log.Samples);
    }

    [Fact]
    public async Task What_the_log_could_not_keep_is_not_acknowledged()
    {
        await using var door = await OpenAsync();
        var client = await door.ConnectAsync("pump-1", await door.AddDeviceAsync("pump-1"));
        var closed = new TaskCompletionSource();
        client.DisconnectedAsync += _ => { closed.TrySetResult(); return Task.CompletedTask; };
        door.Log.Failure = new IOException("no space left on device");

        await Assert.ThrowsAnyAsync<Exception>(() => client.SendAsync(Topic, Good));
        await closed.Task.WaitAsync(Ct);

        Assert.Empty(door.Log.Samples);
    }

    [Theory]
    [InlineData("""{"ts":1764000000123,"values":{"vibr""", RejectReason.Malformed)]
    [InlineData("""{"ts":86400000,"values":{"vibration":2}}""", RejectReason.TimestampTooOld)]
    [InlineData("""{"ts":4102444800000,"values":{"vibration":2}}""", RejectReason.TimestampInFuture)]
    [InlineData("42", RejectReason.WrongShape)]
    public async Task Bad_input_is_acknowledged_kept_whole_and_does_not_block_the_good_behind_it(string bad, RejectReason reason)
    {
        await using var door = await OpenAsync();
        var client = await door.ConnectAsync("pump-1", await door.AddDeviceAsync("pump-1"));

        Assert.True((await client.SendAsync(Topic, bad)).IsSuccess);
        var letter = Assert.Single(await door.DeadLetters.ListAsync("default", "pump-1", null, 10, Ct));
        Assert.True((await client.SendAsync(Topic, Good)).IsSuccess);

        Assert.Equal((bad, "mqtt", Topic, "default/pump-1"), (Encoding.UTF8.GetString(letter.Payload), letter.Channel, letter.Topic, letter.Source));
        Assert.Equal(reason, letter.Rejects[0].Reason);
        Assert.Single(door.Log.Samples);
    }

    [Fact]
    public async Task A_NaN_costs_its_own_metric_only()
    {
        await using var door = await OpenAsync();
        var client = await door.ConnectAsync("pump-1", await door.AddDeviceAsync("pump-1"));
        await client.SendAsync(Topic, """{"ts":1764000000123,"values":{"vibration":NaN,"flow":80}}""");
        Assert.Equal("flow", Assert.Single(Assert.Single(door.Log.Samples).Readings).Metric);
        var reject = Assert.Single(Assert.Single(await door.DeadLetters.ListAsync("default", "pump-1", null, 10, Ct)).Rejects);
        Assert.Equal((RejectReason.NotANumber, "vibration"), (reject.Reason, reject.Metric));
    }

    [Fact]
    public async Task A_megabyte_of_garbage_is_kept_whole_and_the_connection_lives_on()
    {
        await using var door = await OpenAsync();
        var client = await door.ConnectAsync("pump-1", await door.AddDeviceAsync("pump-1"));
        var garbage = new byte[1 << 20];
        new Random(1).NextBytes(garbage);

        var published = await client.PublishAsync(new MqttApplicationMessageBuilder().WithTopic(Topic).WithPayload(garbage).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build(), Ct);
        Assert.True(published.IsSuccess);
        Assert.True((await client.SendAsync(Topic, Good)).IsSuccess);

        Assert.Equal(garbage, Assert.Single(await door.DeadLetters.ListAsync("default", null, null, 10, Ct)).Payload);
        Assert.Single(door.Log.Samples);
    }

    [Fact]
    public async Task A_topic_that_is_none_of_ours_is_kept_too()
    {
        await using var door = await OpenAsync();
        var client = await door.ConnectAsync("pump-1", await door.AddDeviceAsync("pump-1"));
        Assert.True((await client.SendAsync("v1/default/pump-1/telemetri", Good)).IsSuccess);
        Assert.Equal(RejectReason.UnknownTopic, Assert.Single(await door.DeadLetters.ListAsync("default", null, null, 10, Ct)).Rejects[0].Reason);
    }

    [Fact]
    public async Task Many_connections_at_once_lose_nothing()
    {
        await using var door = await OpenAsync();
        var token = await door.AddDeviceAsync("gw-1", "gateway");
        var clients = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => door.ConnectAsync("gw-1", token)));
        await Task.WhenAll(clients.Select((client, c) => Task.Run(async () =>
        {
            for (var i = 0; i < 50; i++) await client.SendAsync($"v1/default/d-{c}/telemetry", $$"""{"ts":{{1764000000000 + i}},"v":{{i}}}""");
        }, Ct)));
        Assert.Equal(500, door.Log.Samples.Select(sample => (sample.Device, sample.TimestampMs)).Distinct().Count());
    }
}
