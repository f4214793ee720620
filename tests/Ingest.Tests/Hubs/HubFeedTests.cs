using Microsoft.Extensions.DependencyInjection;
using Seamless.Ingest.Hubs;
using Seamless.Telemetry;
using static Seamless.Ingest.Tests.Door;

namespace Seamless.Ingest.Tests.Hubs;

public sealed class HubFeedTests
{
    private const long Start = 1_764_000_000_000;

    private static AzureHubOptions Options(EventHubDouble hub, EventHubLogin login = EventHubLogin.Plain) =>
        new() { Events = EventHubConnection.Parse(hub.ConnectionString).Value!, Login = login, ReconnectAfter = TimeSpan.FromMilliseconds(20) };

    private static Task<Door> OpenAsync(EventHubDouble hub, EventHubLogin login = EventHubLogin.Plain, string? offsets = null) => Door.OpenAsync(more: services =>
    {
        services.AddAzureHub(Options(hub, login));
        if (offsets is not null) services.AddSingleton(new HubOffsets(offsets));   // the last one registered is the one
    });

    private static void Send(EventHubDouble hub, int from, int count)
    {
        for (var i = from; i < from + count; i++) hub.Send($"{i % 4}", $"pump-{i % 8}", $$"""{"ts":{{Start + i}},"values":{"flow":{{i}} } }""");
    }

    private static HashSet<long> Arrived(Door door) => [.. door.Log.Samples.Select(s => s.TimestampMs - Start)];

    [Theory]
    [InlineData(EventHubLogin.Plain)]
    [InlineData(EventHubLogin.Claims)]
    public async Task Every_partition_is_read_in_order_by_either_login(EventHubLogin login)
    {
        using var hub = new EventHubDouble(4, plain: login is EventHubLogin.Plain);
        Send(hub, 0, 1000);
        await using var door = await OpenAsync(hub, login);
        await UntilAsync(() => Arrived(door).Count == 1000, "a thousand messages");
        Send(hub, 1000, 200);
        await UntilAsync(() => Arrived(door).Count == 1200, "what came later");

        Assert.Equal(1200, door.Log.Samples.Count());
        Assert.Equal(["0", "1", "2", "3"], hub.Attached.Select(a => a.Partition).Order());
        Assert.All(hub.Attached, a => Assert.Equal("amqp.annotation.x-opt-offset > '-1'", a.Filter));
        await door.Log.AssertDevicesAreInOrderAsync();
    }

    [Fact]
    public async Task After_a_restart_reading_goes_on_behind_the_last_durable_message()
    {
        using var hub = new EventHubDouble(4);
        var offsets = Path.Combine(Directory.CreateTempSubdirectory("seamless-hub-").FullName, "hub-offsets.json");
        Send(hub, 0, 400);
        await using (var before = await OpenAsync(hub, offsets: offsets)) await UntilAsync(() => Arrived(before).Count == 400 && hub.Delivered == 400, "the first 400");
        Send(hub, 400, 100);
        await using var door = await OpenAsync(hub, offsets: offsets);
        await UntilAsync(() => Arrived(door).IsSupersetOf(Enumerable.Range(400, 100).Select(i => (long)i)), "the next 100");
        Assert.InRange(hub.Attached.Count, 8, 8);
        Assert.All(hub.Attached.Skip(4), a => Assert.DoesNotContain("'-1'", a.Filter, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_offset_never_runs_ahead_of_the_log()
    {
        using var hub = new EventHubDouble(1);
        var offsets = new HubOffsets(Path.Combine(Directory.CreateTempSubdirectory("seamless-hub-").FullName, "hub-offsets.json"));
        var key = $"127.0.0.1/{EventHubDouble.Entity}/$Default/0";
        await using var door = await Door.OpenAsync(more: services =>
        {
            services.AddAzureHub(Options(hub));
            services.AddSingleton(offsets);
        });
        hub.Send("0", "pump-1", """{"flow":0}""");
        await UntilAsync(() => offsets.Of(key) == "0", "the first message's offset");

        door.Log.Shut();
        for (var i = 1; i < 50; i++) hub.Send("0", "pump-1", $$"""{"ts":{{Start + i}},"values":{"flow":1} }""");
        await UntilAsync(() => door.Log.Waiting == 49, "all of them before the log, sharing a commit");
        Assert.Equal("0", offsets.Of(key));
        door.Log.Open();
        await UntilAsync(() => offsets.Of(key) == "4900", "the last offset");
        Assert.Equal(50, door.Log.Samples.Count());
    }

    [Fact]
    public async Task A_log_that_fails_and_a_link_that_is_cut_cost_a_second_reading_and_no_message()
    {
        using var hub = new EventHubDouble(4);
        await using var door = await OpenAsync(hub);
        Send(hub, 0, 40);
        await UntilAsync(() => Arrived(door).Count == 40, "the first forty");

        door.Log.Failure = new IOException("no space left on device");
        Send(hub, 40, 40);
        await UntilAsync(() => hub.Attached.Count > 4, "a partition to be read again");
        door.Log.Failure = null;
        await UntilAsync(() => Arrived(door).Count == 80, "all of them");

        hub.DetachAll();
        Send(hub, 80, 40);
        await UntilAsync(() => Arrived(door).Count == 120, "all of them after the links had ended");
    }

    [Fact]
    public async Task The_younger_reader_has_the_partition()
    {
        using var hub = new EventHubDouble(1);
        var connection = EventHubConnection.Parse(hub.ConnectionString).Value!;
        EventHubReader Reader(long epoch) => new(connection, EventHubLogin.Plain, "$Default", epoch, 10, TimeProvider.System);
        hub.Send("0", "pump-1", "{}");
        await using var elder = Reader(1).ReadAsync("0", null, Ct).GetAsyncEnumerator(Ct);
        Assert.True(await elder.MoveNextAsync());
        await using var younger = Reader(2).ReadAsync("0", null, Ct).GetAsyncEnumerator(Ct);
        Assert.True(await younger.MoveNextAsync());

        var turnedAway = await Assert.ThrowsAsync<HubException>(async () => await elder.MoveNextAsync());
        Assert.Contains("amqp:link:stolen", turnedAway.Message, StringComparison.Ordinal);
        await using var late = Reader(1).ReadAsync("0", null, Ct).GetAsyncEnumerator(Ct);
        await Assert.ThrowsAsync<HubException>(async () => await late.MoveNextAsync());
    }

    [Fact]
    public async Task The_devices_name_is_the_hubs_word_and_a_sample_without_time_has_the_hubs()
    {
        using var hub = new EventHubDouble(1);
        await using var door = await OpenAsync(hub);
        hub.Send("0", "pump-1", """{"deviceId":"pump-9","opType":"x"}""", source: "deviceConnectionStateEvents");
        hub.Send("0", "no name of ours?", """{"flow":1}""");
        hub.Send("0", null, """{"flow":1}""");
        hub.Send("0", "pump-1", """{"flow":""");
        hub.Send("0", "pump-1", """{"flow":7}""", at: DateTime.UnixEpoch.AddMilliseconds(Start + 5));

        await UntilAsync(() => door.Log.Samples.Any(), "the good one");
        var sample = Assert.Single(door.Log.Samples);
        Assert.Equal((new DeviceKey("default", "pump-1"), Start + 5), (sample.Device, sample.TimestampMs));
        Assert.Equal("azure-iot-hub", door.Devices.FindCached(sample.Device)!.Gateway);
        await UntilAsync(async () => (await door.DeadLetters.ListAsync("default", null, null, 10, Ct)).Count == 3, "three dead letters");
        Assert.All(await door.DeadLetters.ListAsync("default", null, null, 10, Ct), letter => Assert.Equal("hub", letter.Channel));
    }

    [Fact]
    public async Task A_wrong_key_is_said_so()
    {
        using var hub = new EventHubDouble(1);
        var connection = EventHubConnection.Parse(hub.ConnectionString).Value! with { Key = "wrong" };
        await Assert.ThrowsAsync<HubException>(() => new EventHubReader(connection, EventHubLogin.Plain, "$Default", 1, 10, TimeProvider.System).PartitionsAsync(Ct));
    }
}
