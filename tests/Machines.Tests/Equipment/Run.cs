using Seamless.Machines.Chance;
using Seamless.Machines.Equipment;
using Seamless.Machines.Faults;
using Seamless.Machines.Fleet;
using Seamless.Machines.Scenarios;
using Seamless.Telemetry;

namespace Seamless.Machines.Tests.Equipment;

/// <summary>A little fleet whose machines can be read over a span of time.</summary>
internal sealed class Run
{
    public static readonly DateTimeOffset Start = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    public Run(int seed = 7, params string[] moreMachines)
    {
        ScenarioMachine[] machines = [new("pump-01", "pump", "a", "gold"), new("server-01", "server", "a", "gold"), new("tv-01", "tv", "a", "gold"), new("pump-02", "pump", "b", "gold")];
        Clock = new SimulatedClock(Start);
        World = new World(
            new Scenario("test", Start, TimeSpan.FromDays(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10),
                [new("a", "A", 50, 8, "UTC", "c"), new("b", "B", 40, 116, "UTC", "c")],
                [.. machines, .. moreMachines.Select(id => new ScenarioMachine(id, "pump", "a", "gold"))], [], 0),
            new Seed((ulong)seed), Clock);
    }

    public SimulatedClock Clock { get; }
    public World World { get; }

    public Fault Inject(string code, string device, TimeSpan onset, TimeSpan length)
    {
        var kind = FaultKinds.Find(code)!;
        return World.Inject("F", kind, kind.SiteWide ? null : device, World.Machines[device].Site.Id, Start + onset, length);
    }

    public Dictionary<string, double> At(string device, DateTimeOffset at)
    {
        var readings = new List<Reading>();
        World.Machines[device].Read(at, readings);
        return readings.Where(reading => !reading.IsState).ToDictionary(reading => reading.Metric, reading => reading.Value);
    }

    /// <summary>Every reading of a metric from one time to another, one a minute.</summary>
    public List<double> Series(string device, string metric, TimeSpan from, TimeSpan to)
    {
        var values = new List<double>();
        for (var at = Start + from; at < Start + to; at += TimeSpan.FromMinutes(1))
        {
            if (At(device, at).TryGetValue(metric, out var value)) values.Add(value);
        }
        return values;
    }

    public static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
