using System.Collections.Concurrent;
using System.Text;
using Seamless.DeviceAgent.Link;
using Seamless.Machines.Fleet;
using Seamless.Telemetry;

namespace Seamless.Machines.Tests.Fleet;

[Collection(nameof(SmallPlatform))]   // they look for free ports: not at the same time
public sealed class GatewayLinkTests : IAsyncLifetime
{
    private readonly SmallPlatform _platform = new();
    private readonly Machine[] _machines = [.. Enumerable.Range(0, 50).Select(i => new Machine($"pump-{i}"))];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _platform.StartAsync();

    public ValueTask DisposeAsync() => _platform.DisposeAsync();

    [Fact]
    public async Task What_many_machines_send_together_arrives_whole_and_in_the_order_of_each()
    {
        await using var link = await ConnectedAsync();
        await link.TogetherAsync(() => Task.WhenAll(_machines.SelectMany(machine => Enumerable.Range(0, 10).Select(i => SendAsync(link, machine, i)))), Ct);

        foreach (var machine in _machines)
            Assert.Equal(Enumerable.Range(0, 10), _platform.Messages[Topic.Telemetry(machine.Device)].Select(payload => payload.GetProperty("n").GetInt32()));
    }

    [Fact]
    public async Task Nothing_leaves_before_all_have_spoken()
    {
        await using var link = await ConnectedAsync();
        Task? first = null;
        await link.TogetherAsync(async () =>
        {
            first = SendAsync(link, _machines[0], 0);
            Assert.False(SpinWait.SpinUntil(() => first.IsCompleted, TimeSpan.FromMilliseconds(200)));   // long enough for an acknowledgement, had it left
            await SendAsync(link, _machines[1], 1);
        }, Ct);
        await first!;
        Assert.Equal(2, _platform.Samples);
    }

    [Fact]
    public async Task Draining_returns_after_every_waiting_command_has_been_handled()
    {
        await using var link = await ConnectedAsync();
        foreach (var machine in _machines) await _platform.CommandAsync(machine.Device.Device, "c1", "self-test", DateTimeOffset.MaxValue);
        await link.DrainAsync(Ct);

        Assert.All(_machines, machine => Assert.Equal(["c1"], machine.Commands));
    }

    [Fact]
    public async Task A_connection_that_ends_is_told_to_whoever_waits()
    {
        await using var link = await ConnectedAsync();
        await _platform.StopAsync();

        await Assert.ThrowsAsync<IOException>(() => SendAsync(link, _machines[0], 0));
        await Assert.ThrowsAsync<IOException>(() => link.DrainAsync(Ct));
    }

    private async Task<GatewayLink> ConnectedAsync()
    {
        var link = new GatewayLink(_platform.Target, new DeviceKey(DeviceKey.DefaultTenant, "gateway"), "t");
        foreach (var machine in _machines) link.Attach(machine);
        await link.ConnectAsync(Ct);
        Assert.All(_machines, machine => Assert.True(machine.IsConnected));
        return link;
    }

    private static Task SendAsync(GatewayLink link, Machine machine, int number) =>
        link.PublishAsync(Topic.Telemetry(machine.Device), Encoding.UTF8.GetBytes($$"""{"n":{{number}}}"""), retain: false, Ct);

    private sealed class Machine(string id) : ILinkUser
    {
        public DeviceKey Device { get; } = new(DeviceKey.DefaultTenant, id);
        public bool IsConnected { get; private set; }
        public ConcurrentQueue<string> Commands { get; } = [];

        public Task ConnectedAsync(CancellationToken ct)
        {
            IsConnected = true;
            return Task.CompletedTask;
        }

        public async Task CommandAsync(string id, ReadOnlyMemory<byte> payload, CancellationToken ct)
        {
            await Task.Delay(5, ct);   // so that a drain that does not wait would be seen
            Commands.Enqueue(id);
        }
    }
}
