using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MQTTnet;
using MQTTnet.Protocol;
using Seamless.Fleet.Limits;
using Seamless.Fleet.Registry;
using Seamless.Ingest.Dialects.Sparkplug;
using Seamless.Telemetry;
using Seamless.Telemetry.Payloads;
using Seamless.Telemetry.Payloads.Sparkplug;
using static Seamless.Ingest.Tests.Door;

namespace Seamless.Ingest.Tests.Dialects.Sparkplug;

public sealed class SparkplugSessionTests
{
    private static readonly DeviceKey Node = new("default", "n1");
    private static long NowMs => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    [Fact]
    public async Task A_node_speaks_for_itself_and_its_devices_and_for_nobody_else()
    {
        await using var door = await OpenAsync();
        var client = await door.ConnectAsync("n1", await door.AddDeviceAsync("n1"));
        await BornAsync(client, bdSeq: 1);
        await PublishAsync(client, "spBv1.0/G/DBIRTH/n1/pump", 1, Double("flow", 3));
        await UntilAsync(() => door.Log.Samples.Any(sample => sample.Device.Device == "n1.pump"), "the device");

        Assert.Equal(MqttClientPublishReasonCode.NotAuthorized, (await PublishAsync(client, "spBv1.0/G/NBIRTH/n2", 0, Double("a", 1))).ReasonCode);
        Assert.Equal(MqttClientPublishReasonCode.NotAuthorized, (await PublishAsync(client, "spBv1.0/G/NCMD/n1", null, Double("a", 1))).ReasonCode);
        foreach (var (filter, granted) in new[] { ("spBv1.0/G/NCMD/n1", true), ("spBv1.0/G/NCMD/n1/#", true), ("spBv1.0/G/DCMD/n1/+", true), ("spBv1.0/STATE/seamless", true), ("spBv1.0/#", false), ("spBv1.0/G/NCMD/+", false), ("spBv1.0/G/NDATA/n1", false), ("spBv1.0/G/NCMD/n2", false) })
            Assert.Equal((filter, granted), (filter, (await client.SubscribeAsync(filter, cancellationToken: Ct)).Items.Single().ResultCode <= MqttClientSubscribeResultCode.GrantedQoS2));
    }

    [Fact]
    public async Task Data_before_birth_is_kept_and_replayed_after_it()
    {
        await using var door = await OpenAsync();
        var client = await door.ConnectAsync("n1", await door.AddDeviceAsync("n1"));
        var asked = new TaskCompletionSource<string>();
        client.ApplicationMessageReceivedAsync += message => { asked.TrySetResult(message.ApplicationMessage.Topic); return Task.CompletedTask; };
        await client.SubscribeAsync("spBv1.0/G/NCMD/n1", cancellationToken: Ct);

        await PublishAsync(client, "spBv1.0/G/NDATA/n1", 5, new OutgoingMetric(null, SparkplugType.Unknown) { Alias = 1 } with { Type = SparkplugType.Double, Real = 7 });
        Assert.Equal("spBv1.0/G/NCMD/n1", await asked.Task.WaitAsync(TimeSpan.FromSeconds(20), Ct));
        await BornAsync(client, bdSeq: 1);
        await UntilAsync(() => door.Log.Samples.Any(), "the birth");

        var letter = Assert.Single(await door.DeadLetters.ListAsync("default", null, null, 10, Ct));
        Assert.Equal(RejectReason.NoBirth, letter.Rejects[0].Reason);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/dead-letters/replay") { Headers = { Authorization = new("Bearer", "sk_operator") } };
        using var http = door.Http;
        (await http.SendAsync(request, Ct)).EnsureSuccessStatusCode();
        await UntilAsync(() => door.Log.Samples.Any(sample => sample.Readings.Contains(new Reading("Temperature", 7))), "the replayed value");
    }

    [Fact]
    public async Task A_death_counts_only_for_the_session_it_belongs_to()
    {
        await using var door = await OpenAsync();
        var client = await door.ConnectAsync("n1", await door.AddDeviceAsync("n1"));
        await BornAsync(client, bdSeq: 5);
        await PublishAsync(client, "spBv1.0/G/NDEATH/n1", null, new OutgoingMetric("bdSeq", SparkplugType.Int64, Integer: 4));
        await PublishAsync(client, "spBv1.0/G/NDATA/n1", 1, new OutgoingMetric(null, SparkplugType.Double, Real: 8) { Alias = 1 });
        await UntilAsync(() => door.Log.Samples.Any(sample => sample.Readings.Contains(new Reading("Temperature", 8))), "data after somebody else's death");

        await PublishAsync(client, "spBv1.0/G/NDEATH/n1", null, new OutgoingMetric("bdSeq", SparkplugType.Int64, Integer: 5));
        await UntilAsync(() => door.Devices.PresenceOf(Node).Status is DeviceStatus.Offline, "its own death");
        Assert.Equal(new Reading("Temperature", 8, null, Quality.Uncertain), Assert.Single(door.Log.Samples.Last().Readings));
    }

    [Fact]
    public async Task Historical_is_stored_transient_is_not_and_null_is_refused()
    {
        await using var door = await OpenAsync();
        var client = await door.ConnectAsync("n1", await door.AddDeviceAsync("n1"));
        await BornAsync(client, bdSeq: 1);
        var before = NowMs - 3_600_000;
        await PublishAsync(client, "spBv1.0/G/NDATA/n1", 1,
            Double("Temperature", 1) with { IsHistorical = true, TimestampMs = before },
            Double("Temperature", 2) with { IsTransient = true },
            Double("Temperature", 3) with { IsNull = true });
        await UntilAsync(async () => await door.DeadLetters.CountAsync("default", Ct) == 1, "the null");
        var sample = door.Log.Samples.Last();
        Assert.Equal((before, 1.0), (sample.TimestampMs, Assert.Single(sample.Readings).Value));
    }

    [Fact]
    public async Task The_host_says_that_it_is_there_in_both_forms_and_again_when_another_denies_it()
    {
        await using var door = await OpenAsync();
        var client = await door.ConnectAsync("n1", await door.AddDeviceAsync("n1"));
        var said = new System.Collections.Concurrent.ConcurrentQueue<string>();
        client.ApplicationMessageReceivedAsync += message => { said.Enqueue($"{message.ApplicationMessage.Topic} {message.ApplicationMessage.ConvertPayloadToString()}"); return Task.CompletedTask; };
        await client.SubscribeAsync("spBv1.0/STATE/seamless", cancellationToken: Ct);
        await client.SubscribeAsync("STATE/seamless", cancellationToken: Ct);
        await UntilAsync(() => said.Count == 2, "the retained states");
        Assert.Contains("STATE/seamless ONLINE", said);
        Assert.Contains(said, text => text.StartsWith("""spBv1.0/STATE/seamless {"online":true,"timestamp":""", StringComparison.Ordinal));

        await client.SendAsync("spBv1.0/STATE/seamless", """{"online":false,"timestamp":1}""", retain: true);
        await UntilAsync(() => said.Count == 4, "the correction");
        Assert.DoesNotContain(said, text => text.Contains("false", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_host_that_is_nobodys_primary_host_says_nothing_of_itself()
    {
        await using var door = await OpenAsync(ingest: options => options.Sparkplug.IsPrimaryHost = false);
        var client = await door.ConnectAsync("n1", await door.AddDeviceAsync("n1"));
        var said = new System.Collections.Concurrent.ConcurrentQueue<string>();
        client.ApplicationMessageReceivedAsync += message => { said.Enqueue(message.ApplicationMessage.Topic); return Task.CompletedTask; };
        await client.SubscribeAsync("STATE/#", cancellationToken: Ct);
        await client.SubscribeAsync("spBv1.0/STATE/#", cancellationToken: Ct);
        await client.SubscribeAsync("spBv1.0/G/NCMD/n1", cancellationToken: Ct);

        await PublishAsync(client, "spBv1.0/G/NDATA/n1", 5, Double("Temperature", 7));   // before its birth: it is asked for one, and retained messages come before
        await UntilAsync(() => !said.IsEmpty, "the request");
        Assert.Equal(["spBv1.0/G/NCMD/n1"], said);
    }

    [Fact]
    public async Task A_nodes_data_counts_for_it_and_its_births_and_deaths_are_never_refused()
    {
        await using var door = await OpenAsync();
        var client = await door.ConnectAsync("n1", await door.AddDeviceAsync("n1"));
        var scope = new LimitScope("default", "n1");
        Assert.True((await door.Services.GetRequiredService<ILimits>().PutAsync(scope, new LimitSet(BytesPerDay: new Cap(1)), "test", Ct)).Succeeded);
        await BornAsync(client, bdSeq: 1);
        await PublishAsync(client, "spBv1.0/G/DBIRTH/n1/pump", 1, Double("flow", 3));

        for (byte seq = 2; seq < 12; seq++)
            await client.PublishBinaryAsync($"spBv1.0/G/{(seq % 2 == 0 ? "NDATA/n1" : "DDATA/n1/pump")}", SparkplugWriter.Write(NowMs, seq, [Double(seq % 2 == 0 ? "Temperature" : "flow", seq)]), cancellationToken: Ct);
        await PublishAsync(client, "spBv1.0/G/NDEATH/n1", null, new OutgoingMetric("bdSeq", SparkplugType.Int64, Integer: 1));
        await UntilAsync(() => door.Devices.PresenceOf(Node).Status is DeviceStatus.Offline, "its death");

        Assert.Equal(10, door.Services.GetRequiredService<ILimitUse>().Find(scope).LastHour.BytesPerDay);
        Assert.Equal(0, door.Services.GetRequiredService<ILimitUse>().Find(new LimitScope("default", "n1.pump")).LastHour.Refused);
        var letters = await door.DeadLetters.ListAsync("default", null, null, 10, Ct);
        Assert.InRange(letters.Count, 1, 2);   // one a minute
        Assert.All(letters, letter => Assert.Equal(RejectReason.QuotaExceeded, letter.Rejects[0].Reason));
        Assert.DoesNotContain(door.Log.Samples, sample => sample.Readings.Any(reading => reading.Value is >= 4 and < 12));
    }

    [Fact]
    public void Ids_can_be_read_back() =>
        Gen.String[1, 20].Where(text => !text.Any(char.IsSurrogate)).Array[2, 3].Sample(names =>
        {
            var id = SparkplugIds.Of(names[0], names[1]);
            if (names.Length == 3) id = SparkplugIds.Below(id, names[2]);
            return names.SequenceEqual(SparkplugIds.Names(id)!) && id.All(c => DeviceKey.IsValidName([c]));
        });

    [Fact]
    public void A_gap_closes_when_the_missing_comes_late_and_numbers_wrap()
    {
        var (watch, at) = (new SequenceWatch(), DateTimeOffset.UnixEpoch);
        watch.Begin(254);
        watch.Take(255, at);
        watch.Take(0, at);
        Assert.Null(watch.GapSince);
        watch.Take(3, at);
        Assert.Equal(at, watch.GapSince);
        watch.Take(2, at);
        watch.Take(1, at);
        Assert.Null(watch.GapSince);
        watch.Take(4, at);
        Assert.Null(watch.GapSince);
    }

    [Fact]
    public void Rebirths_are_asked_less_and_less_often_and_never_too_many_at_once()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        var options = new SparkplugOptions();
        var rebirths = new Rebirths(time, options);
        var node = new EdgeNode(Node, options, new DecoderOptions());
        var asked = new List<double>();
        for (var second = 0; second < 700; second++)
        {
            rebirths.Want(node);
            if (rebirths.TakeDue(10).Count > 0) asked.Add(second);
            time.Advance(TimeSpan.FromSeconds(1));
        }
        Assert.Equal([0, 10, 30, 70, 150, 310, 610], asked);

        for (var i = 0; i < 1000; i++) rebirths.Want(new EdgeNode(new DeviceKey("default", $"n{i}"), options, new DecoderOptions()));
        Assert.Equal(12, rebirths.TakeDue(12).Count);
    }

    private static OutgoingMetric Double(string name, double value) => new(name, SparkplugType.Double, Real: value);

    private static Task BornAsync(IMqttClient client, int bdSeq) => PublishAsync(client, "spBv1.0/G/NBIRTH/n1", 0,
        new OutgoingMetric("bdSeq", SparkplugType.Int64, Integer: bdSeq), Double("Temperature", 20) with { Alias = 1 });

    private static Task<MqttClientPublishResult> PublishAsync(IMqttClient client, string topic, byte? seq, params OutgoingMetric[] metrics) =>
        client.PublishBinaryAsync(topic, SparkplugWriter.Write(NowMs, seq, metrics), MqttQualityOfServiceLevel.AtLeastOnce, cancellationToken: Ct);
}
