using Microsoft.Extensions.Logging;
using Seamless.DeviceAgent;
using Seamless.DeviceAgent.Commands;
using Seamless.DeviceAgent.Link;
using Seamless.DeviceAgent.Outbox;
using Seamless.DeviceAgent.Sensing;
using Seamless.Machines.Equipment;
using Seamless.Telemetry;

namespace Seamless.Machines.Fleet;

/// <summary>Every machine with its own agent and its own connection, on the real clock.</summary>
internal sealed class ConnectedFleet(World world, FleetTarget target, TimeProvider time, ILoggerFactory loggers) : IAsyncDisposable
{
    private static readonly TimeSpan HistoryInterval = TimeSpan.FromMinutes(1);
    private const int KeptForBackfill = 256;
    private static readonly HashSet<string> Allowed = [.. MachineCommands.All, BackfillExecutor.Name];
    private readonly List<Member> _members = [];
    private long _samples;

    public long Samples => Interlocked.Read(ref _samples);

    /// <param name="history">How much of the past is sent before the present.</param>
    public Task ConnectAsync(IReadOnlyDictionary<string, string> tokens, TimeSpan sampling, TimeSpan history, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        foreach (var machine in world.Machines.Values)
        {
            ct.ThrowIfCancellationRequested();
            var member = Build(machine, tokens[machine.Id], sampling);
            _members.Add(member);
            for (var at = now - history; at < now; at += HistoryInterval) member.Agent.Keep(Measure(machine, at));
        }
        return Task.CompletedTask;
    }

    public Task RunAsync(CancellationToken ct) => Task.WhenAll(_members.SelectMany(member => new[] { member.Link.RunAsync(ct), member.Agent.RunAsync(member.Source, ct) }));

    public async ValueTask DisposeAsync()
    {
        foreach (var member in _members)
        {
            await member.Link.DisposeAsync();
            member.Agent.Dispose();
        }
    }

    private Member Build(Machine machine, string token, TimeSpan sampling)
    {
        var device = new DeviceKey(DeviceKey.DefaultTenant, machine.Id);
        var logger = loggers.CreateLogger($"Seamless.Machines.{machine.Id}");
        var link = new MqttLink(new LinkOptions(target.Mqtt, device, token, Agent.Version), time, logger);
        var outbox = new MemoryOutbox(time.GetUtcNow().ToUnixTimeMilliseconds(), history: KeptForBackfill);
        var desk = new CommandDesk(Allowed, new BackfillExecutor(device, outbox, link, machine), new MemoryCommandJournal(), time, logger);
        return new Member(link, new Agent(device, outbox, link, desk, time, logger), new PolledSource(new Counted(machine, this), new SamplingInterval(sampling), time));
    }

    private Measurement Measure(Machine machine, DateTimeOffset at)
    {
        var readings = new List<Reading>(16);
        machine.Read(at, readings);
        Interlocked.Increment(ref _samples);
        return new Measurement(at.ToUnixTimeMilliseconds(), readings);
    }

    private sealed record Member(MqttLink Link, Agent Agent, PolledSource Source);

    private sealed class Counted(Machine machine, ConnectedFleet fleet) : IProbe
    {
        public void Read(DateTimeOffset now, List<Reading> readings)
        {
            machine.Read(now, readings);
            Interlocked.Increment(ref fleet._samples);
        }
    }
}
