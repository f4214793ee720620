using Seamless.Machines.Chance;
using Seamless.Machines.Faults;
using Seamless.Machines.Scenarios;

namespace Seamless.Machines.Equipment;

/// <summary>All machines and sites of a scenario, and every fault that has been injected: the truth.</summary>
public sealed class World
{
    private readonly Lock _gate = new();
    private readonly List<Fault> _faults = [];

    public World(Scenario scenario, Seed seed, TimeProvider time)
    {
        Sites = scenario.Sites.ToDictionary(site => site.Id, site => new Site(site.Id, site.Longitude, seed.Split($"site:{site.Id}")));
        Machines = scenario.Machines.ToDictionary(
            machine => machine.Id, machine => Machine.Create(machine.Type, machine.Id, Sites[machine.Site], seed.Split($"machine:{machine.Id}"), time));
    }

    public IReadOnlyDictionary<string, Site> Sites { get; }
    public IReadOnlyDictionary<string, Machine> Machines { get; }

    public IReadOnlyList<Fault> Faults
    {
        get { lock (_gate) return [.. _faults]; }
    }

    public Fault Inject(string id, FaultKind kind, string? device, string site, DateTimeOffset onset, TimeSpan timeToFailure)
    {
        var fault = new Fault(id, kind, device, site, onset, timeToFailure);
        if (device is null) Sites[site].Strike(fault);
        else Machines[device].Strike(fault);
        lock (_gate) _faults.Add(fault);
        return fault;
    }

    /// <summary>What was wrong with the device, or with its site, around an instant; the device's own fault first, the one that began last.</summary>
    /// <param name="device">Null: only what strikes the whole site.</param>
    public Fault? Truth(string? device, string site, DateTimeOffset at)
    {
        lock (_gate)
        {
            return _faults
                .Where(fault => fault.Site == site && (fault.Device is null || fault.Device == device))
                .Where(fault => fault.Onset <= at && (fault.EndedAt is not { } end || at < end + Afterglow))
                .OrderByDescending(fault => fault.Device is not null)
                .ThenByDescending(fault => fault.Onset)
                .FirstOrDefault();
        }
    }

    /// <summary>How long after its end a fault still explains what is found: alarms clear and tickets open with a delay.</summary>
    public static readonly TimeSpan Afterglow = TimeSpan.FromMinutes(30);
}
