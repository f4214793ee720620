using Seamless.DeviceAgent.Commands;
using Seamless.DeviceAgent.Sensing;
using Seamless.Machines.Chance;
using Seamless.Machines.Faults;
using Seamless.Telemetry;
using Seamless.Telemetry.Commands;

namespace Seamless.Machines.Equipment;

/// <summary>A machine whose physics wears out. Read by its agent, repaired by commands and technicians; safe to use from several threads.</summary>
public abstract class Machine : IProbe, ICommandExecutor
{
    private readonly Lock _gate = new();
    private readonly Sensors _sensors;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, string> _installed = [];
    private readonly double[] _truth;
    private Fault[] _faults = [];
    private DateTimeOffset? _last;
    private int _replacements;

    private protected Machine(string id, Site site, Seed seed, TimeProvider time, IReadOnlyList<Instrument> instruments)
    {
        (Id, Site, Seed, _time) = (id, site, seed, time);
        _sensors = new Sensors(instruments, seed.Split("sensors"));
        _truth = new double[instruments.Count];
    }

    public string Id { get; }
    public Site Site { get; }
    public abstract string Type { get; }

    /// <summary>The nameplate's number.</summary>
    public string Serial => $"{Type.ToUpperInvariant()}-{Seed.Value % 1_000_000:D6}";

    private protected Seed Seed { get; }

    public static Machine Create(string type, string id, Site site, Seed seed, TimeProvider time) => type switch
    {
        "pump" => new Pump(id, site, seed, time),
        "server" => new Server(id, site, seed, time),
        "tv" => new Television(id, site, seed, time),
        _ => throw new ArgumentException($"machine type '{type}': pump, server or tv", nameof(type)),
    };

    public void Strike(Fault fault)
    {
        lock (_gate) _faults = [.. _faults, fault];
    }

    /// <summary>When the next fault strikes that is there at once; null for never.</summary>
    public DateTimeOffset? NextStrike(DateTimeOffset after)
    {
        var faults = _faults;
        DateTimeOffset? next = null;
        foreach (var fault in faults)
            if (fault.Kind.Growth is Growth.Step && fault.Onset > after && !(next <= fault.Onset)) next = fault.Onset;
        return next;
    }

    /// <remarks>Time goes forward: temperatures remember where they were.</remarks>
    public void Read(DateTimeOffset now, List<Reading> readings)
    {
        lock (_gate)
        {
            var elapsed = _last is { } last && now > last ? now - last : TimeSpan.Zero;
            Work(now, elapsed, _truth, isFirst: _last is null);
            _last = now;
            _sensors.Read(now.ToUnixTimeMilliseconds(), _truth, readings);
            States(readings);
        }
    }

    public bool Knows(string name) => name == "self-test" || Commands.Contains(name);

    /// <summary>A remote fix acts on the fault it is for and does nothing to any other.</summary>
    public async Task<CommandOutcome> ExecuteAsync(CommandMessage command, Func<int, Task> progress, CancellationToken ct)
    {
        if (command.Name == "self-test") return CommandOutcome.Succeeded("all checks passed");
        await progress(50);
        var now = _time.GetUtcNow();
        lock (_gate)
        {
            foreach (var fault in _faults)
            {
                if (fault.Kind.Fix == command.Name) fault.TryEnd(now, "command");
            }
            Commanded(command.Name);
        }
        return CommandOutcome.Succeeded($"{command.Name} done");
    }

    /// <summary>A technician puts a new part in; whatever that part had is gone.</summary>
    /// <returns>The serial number of the part that came out.</returns>
    public string Replace(string sku, string serial, DateTimeOffset now)
    {
        lock (_gate)
        {
            var removed = _installed.GetValueOrDefault(sku) ?? $"{sku}-{Serial}-{_replacements}";
            _installed[sku] = serial;
            _replacements++;
            End(fault => fault.Kind.Part == sku, now);
            Replaced(sku);
            return removed;
        }
    }

    /// <summary>A technician mends by hand what is wrong.</summary>
    public void Repair(Fault fault, DateTimeOffset now)
    {
        lock (_gate)
        {
            End(candidate => candidate == fault, now);
            if (fault.Kind.Part is { } sku) Replaced(sku);
        }
    }

    private protected abstract IReadOnlyList<string> Commands { get; }

    /// <summary>Advances the physics by <paramref name="elapsed"/> and writes the true values in the order of the instruments.</summary>
    private protected abstract void Work(DateTimeOffset now, TimeSpan elapsed, Span<double> truth, bool isFirst);

    private protected virtual void States(List<Reading> readings)
    {
    }

    private protected virtual void Commanded(string name)
    {
    }

    private protected virtual void Replaced(string sku)
    {
    }

    private protected double Severity(string code, DateTimeOffset at)
    {
        var worst = 0.0;
        foreach (var fault in _faults)
        {
            if (fault.Kind.Code == code) worst = Math.Max(worst, fault.Severity(at));
        }
        return worst;
    }

    /// <summary>First-order lag: what has mass does not jump.</summary>
    private protected static double Approach(double current, double target, TimeSpan elapsed, double timeConstantSeconds) =>
        target + (current - target) * Math.Exp(-elapsed.TotalSeconds / timeConstantSeconds);

    private void End(Func<Fault, bool> which, DateTimeOffset now)
    {
        foreach (var fault in _faults.Where(which)) fault.TryEnd(now, "technician");
    }
}
