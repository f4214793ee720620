using Microsoft.Extensions.Logging;
using Seamless.DeviceAgent;
using Seamless.DeviceAgent.Commands;
using Seamless.DeviceAgent.Outbox;
using Seamless.DeviceAgent.Sensing;
using Seamless.Machines.Equipment;
using Seamless.Telemetry;
using Seamless.Telemetry.Commands;

namespace Seamless.Machines.Fleet;

/// <summary>All machines behind one gateway connection, measured at simulated instants.</summary>
internal sealed class GatewayFleet : IAsyncDisposable
{
    private readonly GatewayLink _link;
    private readonly List<Member> _members = [];
    private long _commands;

    public GatewayFleet(World world, FleetTarget target, string token, SimulatedClock clock, TimeSpan sampling, ILoggerFactory loggers)
    {
        var logger = loggers.CreateLogger<GatewayFleet>();
        _link = new GatewayLink(target, new DeviceKey(DeviceKey.DefaultTenant, Registration.Gateway), token);
        foreach (var machine in world.Machines.Values) _members.Add(new Member(machine, this, clock, sampling, logger));
    }

    public IReadOnlyList<Member> Members => _members;

    /// <summary>Exceptions that agents have reported so far.</summary>
    public long Exceptions => _members.Sum(member => member.Exceptions);

    public long Samples => _members.Sum(member => member.Samples);

    /// <summary>Commands that have reached a machine so far.</summary>
    public long Commands => Interlocked.Read(ref _commands);

    public Task ConnectAsync(CancellationToken ct) => _link.ConnectAsync(ct);

    /// <summary>Sends what has been measured; returns when the platform has all of it on disk.</summary>
    public Task FlushAsync(CancellationToken ct) => _link.TogetherAsync(() => Task.WhenAll(_members.Select(member => member.Agent.FlushAsync(ct))), ct);

    /// <summary>Returns when every command that the platform has sent so far has been acted upon and answered.</summary>
    public Task DrainCommandsAsync(CancellationToken ct) => _link.DrainAsync(ct);

    public async ValueTask DisposeAsync()
    {
        await _link.DisposeAsync();
        foreach (var member in _members) member.Agent.Dispose();
    }

    /// <summary>A machine, its agent, and when it is to be measured next.</summary>
    internal sealed class Member : ICommandExecutor
    {
        private static readonly TimeSpan AttentiveFor = TimeSpan.FromMinutes(10);

        private readonly GatewayFleet _fleet;
        private readonly SimulatedClock _clock;
        private readonly List<Reading> _readings = new(16);
        private readonly ExceptionReport _report;
        private DateTimeOffset _attentiveUntil;
        private DateTimeOffset _last = DateTimeOffset.MinValue;

        public Member(Machine machine, GatewayFleet fleet, SimulatedClock clock, TimeSpan sampling, ILogger logger)
        {
            (Machine, _fleet, _clock) = (machine, fleet, clock);
            var device = new DeviceKey(DeviceKey.DefaultTenant, machine.Id);
            var desk = new CommandDesk(MachineCommands.All, this, new MemoryCommandJournal(), clock, logger);
            _report = new ExceptionReport(sampling / 2, AttentiveFor);
            Agent = new Agent(device, new MemoryOutbox(clock.GetUtcNow().ToUnixTimeMilliseconds()), fleet._link, desk, TimeProvider.System, logger, report: _report);
        }

        public long Exceptions => _report.Exceptions;

        public Machine Machine { get; }
        public Agent Agent { get; }
        public long Samples { get; private set; }

        /// <summary>When the agent's next look would see something that has come at once; null for never.</summary>
        /// <remarks>Agents look at the short interval all the time and report what is an exception. Only such faults make one, so only there the looks are played.</remarks>
        public DateTimeOffset? NextLook(DateTimeOffset after, TimeSpan attentive) =>
            Machine.NextStrike(after - attentive) is { } onset && Next(onset, attentive) + attentive is var look && look > after ? look : null;

        /// <summary>Measures at every multiple of the interval after the last time, up to <paramref name="until"/>.</summary>
        /// <param name="attentive">The shorter interval after a command or an exception, so that its effect is soon seen.</param>
        public void MeasureUntil(DateTimeOffset until, TimeSpan interval, TimeSpan attentive)
        {
            if (_last == DateTimeOffset.MinValue) _last = _clock.GetUtcNow();
            while (true)
            {
                var step = _last < _attentiveUntil && attentive < interval ? attentive : interval;
                var next = Next(_last, step);
                if (NextLook(_last, attentive) is { } look && look < next) next = look;
                if (next > until) return;
                Measure(next);
            }
        }

        public bool Knows(string name) => Machine.Knows(name);

        public Task<CommandOutcome> ExecuteAsync(CommandMessage command, Func<int, Task> progress, CancellationToken ct)
        {
            Interlocked.Increment(ref _fleet._commands);
            _attentiveUntil = _clock.GetUtcNow() + AttentiveFor;
            return Machine.ExecuteAsync(command, progress, ct);
        }

        private static DateTimeOffset Next(DateTimeOffset after, TimeSpan step) => new((after.Ticks / step.Ticks + 1) * step.Ticks, TimeSpan.Zero);

        private void Measure(DateTimeOffset at)
        {
            _readings.Clear();
            Machine.Read(at, _readings);
            var exceptions = _report.Exceptions;
            Agent.Keep(new Measurement(at.ToUnixTimeMilliseconds(), _readings));
            if (_report.Exceptions > exceptions) _attentiveUntil = at + AttentiveFor;
            _last = at;
            Samples++;
        }
    }
}
