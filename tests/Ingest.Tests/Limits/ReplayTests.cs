using Microsoft.Extensions.DependencyInjection;
using Seamless.Fleet.Limits;
using Seamless.Replay;
using Seamless.Replay.Sets;
using static Seamless.Ingest.Tests.Door;

namespace Seamless.Ingest.Tests.Limits;

/// <summary>The replay of data sets at the open door: it sends as fast as it may, and not faster.</summary>
public sealed class ReplayTests
{
    [Fact]
    public async Task It_slows_down_at_a_limit_says_so_once_and_loses_nothing()
    {
        await using var door = await OpenAsync();
        var token = await door.AddDeviceAsync("gw-1", "gateway");
        await door.AddDeviceAsync("milling-001");
        await PutAsync(door, new LimitSet(new Cap(100), new Cap(100)));
        var said = new Said();

        var sent = await new Replayer(TargetOf(door, token), TimeProvider.System, said).RunAsync(Rows(300), speed: 0, fromNow: false, Ct);

        Assert.Equal(300, sent);
        Assert.Equal(Enumerable.Range(1, 300), door.Log.Samples.Select(sample => (int)sample.Sequence!).Order());
        Assert.Equal(["the device default/milling-001 may send 100 messages a second: going on as fast as it takes them"], said.Lines);
    }

    [Fact]
    public async Task What_time_does_not_help_ends_it_with_the_reason()
    {
        await using var door = await OpenAsync();
        var token = await door.AddDeviceAsync("gw-1", "gateway");
        await door.AddDeviceAsync("milling-001");
        await PutAsync(door, new LimitSet(BytesPerDay: new Cap(10)));

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => new Replayer(TargetOf(door, token), TimeProvider.System, new Said()).RunAsync(Rows(3), 0, false, Ct));
        Assert.Contains("may send 10 bytes a day", failure.Message, StringComparison.Ordinal);
    }

    private static Target TargetOf(Door door, string token) => new("127.0.0.1", door.MqttEndpoint.Port, "default", "gw-1", token);

    private static IEnumerable<ReplayRow> Rows(int count) =>
        Enumerable.Range(1, count).Select(i => new ReplayRow("milling-001", DateTimeOffset.FromUnixTimeSeconds(1_764_000_000 + i), i, [new("torque", i)]));

    private static async Task PutAsync(Door door, LimitSet limits) =>
        Assert.True((await door.Services.GetRequiredService<ILimits>().PutAsync(new LimitScope("default", "milling-001"), limits, "test", Ct)).Succeeded);

    private sealed class Said : IProgress<string>
    {
        public List<string> Lines { get; } = [];
        public void Report(string value) => Lines.Add(value);
    }
}
