using Seamless.Fleet.Registry;
using Seamless.Rules.Alarms;
using Seamless.Rules.Engine;
using Seamless.Rules.Packs.Files;
using Seamless.Telemetry;

namespace Seamless.Rules.Packs.Testing;

/// <param name="Causes">Codes of the faults that the test describes: each must be an alarm's most probable cause.</param>
/// <param name="Failures">Empty when it passed.</param>
public sealed record PackTestResult(string Name, string File, int Line, IReadOnlyList<string> Causes, IReadOnlyList<string> Failures)
{
    public bool Passed => Failures.Count == 0;
}

/// <summary>Everything about a pack at once: what is wrong in its files.</summary>
public static class PackChecker
{
    /// <returns>Empty when the pack can be used.</returns>
    public static IReadOnlyList<PackProblem> Check(string directory)
    {
        if (!Directory.Exists(directory)) return [new PackProblem(directory, 1, 1, "there is no such folder", "packs/<type>")];
        var files = PackReader.Read(directory, new Dictionary<string, string>(), out var problems);
        var all = problems.ToList();
        PackTestReader.Read(directory, files.Pack, all);
        return all;
    }
}

/// <summary>Runs the tests inside a pack: the described telemetry through the engine's own judgement.</summary>
public static class PackTests
{
    private const string Tenant = "test";
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <exception cref="BrokenPackException">The pack cannot be used; check it first.</exception>
    public static IReadOnlyList<PackTestResult> Run(string directory)
    {
        var files = PackReader.Read(directory, new Dictionary<string, string>(), out var problems);
        var all = problems.ToList();
        var tests = PackTestReader.Read(directory, files.Pack, all);
        if (all.Count > 0) throw new BrokenPackException(directory, all);
        return [.. tests.Select(test => new PackTestResult(test.Name, test.File, test.Line, CausesOf(test), Failures(test, files.Pack, Run(test, files.Pack))))];
    }

    /// <summary>The same for a pack as it would be; expectations that no longer fit its rules are failures of their tests.</summary>
    public static IReadOnlyList<PackTestResult> Run(PackFiles files, CancellationToken ct)
    {
        var problems = new List<PackProblem>();
        var tests = PackTestReader.Read(files.Directory, files.Pack, problems);
        return [.. tests.Select(test =>
        {
            ct.ThrowIfCancellationRequested();
            return new PackTestResult(test.Name, test.File, test.Line, CausesOf(test), Failures(test, files.Pack, Run(test, files.Pack)));
        })];
    }

    private static IReadOnlyList<string> CausesOf(PackTest test) => [.. test.Alarms.Select(alarm => alarm.Cause).OfType<string>().Distinct()];

    private static IReadOnlyCollection<Alarm> Run(PackTest test, EquipmentPack pack)
    {
        var judgement = new Judgement(new OnePack(pack), _ => null, new RulesOptions(), _ => null);
        var changes = new List<TelemetryChange>();
        var keys = Enumerable.Range(1, test.Devices).Select(i => new DeviceKey(Tenant, $"{pack.Type}-{i}")).ToArray();
        var devices = keys.Select(key => judgement.Admit(key, Machine(key, pack.Type), changes)!).ToList();
        var noise = new Gauss(test.Name);
        for (var at = TimeSpan.Zero; at <= test.Duration; at += test.Interval)
            for (var i = 0; i < keys.Length; i++) judgement.Observe(new Sample(keys[i], (Start + at).ToUnixTimeMilliseconds(), null, Readings(test, i + 1, pack, at, noise)), changes);
        for (var at = TimeSpan.Zero; at < test.Silence; at += TimeSpan.FromSeconds(1)) judgement.Tick(1000, devices);
        judgement.Conclude(changes);
        var alarms = new Dictionary<string, Alarm>();
        foreach (var change in changes) alarms[change.AlarmId] = change.Alarm;
        return alarms.Values;
    }

    internal static Reading[] Readings(PackTest test, int machine, EquipmentPack pack, TimeSpan at, Gauss noise) =>
        [.. test.SignalsOf(machine).Select(signal => new Reading(signal.Metric, Noisy(signal, pack, at, test.Noise.GetValueOrDefault(signal.Metric), noise)))];

    private static double Noisy(Signal signal, EquipmentPack pack, TimeSpan at, double deviation, Gauss noise)
    {
        var value = signal.At(at) + (deviation > 0 ? deviation * noise.Next() : 0);
        return pack.Metric(signal.Metric)!.Type is MetricType.Boolean ? Math.Round(value) : value;
    }

    private static Device Machine(DeviceKey key, string type) =>
        new(key, type, "site", "customer", null, null, new Dictionary<string, string>(), "standard", null, null, Start, 1);

    private static List<string> Failures(PackTest test, EquipmentPack pack, IReadOnlyCollection<Alarm> alarms)
    {
        // What the site's alarm explains is part of it, and not counted again.
        var open = alarms.Where(a => a.Device is null || !alarms.Any(s => s.Members.Contains(a.Id))).ToList();
        var failures = new List<string>();
        foreach (var expected in test.Alarms)
        {
            if (open.Find(a => Mismatch(expected, a, pack) is null) is { } match) open.Remove(match);
            else failures.Add($"expected {expected}; {Nearest(expected, open, pack)}");
        }
        failures.AddRange(open.Select(alarm => $"nobody expected {Describe(alarm)}"));
        return failures;
    }

    private static string Nearest(ExpectedAlarm expected, List<Alarm> alarms, EquipmentPack pack) =>
        alarms.Count == 0 ? "there was none" : string.Join("; ", alarms.Select(a => $"{Describe(a)} does not match: {Mismatch(expected, a, pack)}"));

    private static string Describe(Alarm alarm) =>
        $"{(alarm.Device is null ? "site alarm" : "alarm")} {alarm.Rule} at {(alarm.RaisedAt - Start):c}, cause {alarm.TopCause?.Code ?? "none"}";

    /// <summary>The first thing that is not as expected, or null.</summary>
    private static string? Mismatch(ExpectedAlarm expected, Alarm alarm, EquipmentPack pack)
    {
        var raised = alarm.RaisedAt - Start;
        var symptoms = alarm.Evidence.Select(e => e.Symptom).ToHashSet();
        if (expected.Site != alarm.Device is null) return expected.Site ? "it is a device's" : "it is the site's";
        if (expected.Rule is { } rule && rule != alarm.Rule) return $"its rule is {alarm.Rule}";
        if (expected.Cause is { } cause && cause != alarm.TopCause?.Code) return $"its cause is {alarm.TopCause?.Code ?? "unknown"}";
        if (expected.Remedy is { } remedy && remedy != RemedyOf(alarm, pack)) return $"its remedy is {RemedyOf(alarm, pack) ?? "unknown"}";
        if (expected.Severity is { } severity && !alarm.Severity.ToString().Equals(severity, StringComparison.OrdinalIgnoreCase)) return $"its severity is {alarm.Severity}";
        if (expected.Active is { } active && active != alarm.IsActive) return active ? "it has cleared" : "it is still active";
        if (raised < expected.After) return $"it came at {raised:c}, too early";
        if (raised > expected.Before) return $"it came at {raised:c}, too late";
        return expected.Symptoms.FirstOrDefault(s => !symptoms.Contains(s)) is { } missing ? $"it lacks the symptom {missing}" : null;
    }

    private static string? RemedyOf(Alarm alarm, EquipmentPack pack) =>
        alarm.TopCause is { } top && pack.Faults.Fault(top.Code)?.Remedies is [var first, ..] ? first.Playbook ?? (first.Parts is [var part, ..] ? part.Sku : "visit") : null;

    private sealed class OnePack(EquipmentPack pack) : IPacks
    {
        public IReadOnlyList<EquipmentPack> All => [pack];
        public EquipmentPack? Find(string type) => type == pack.Type ? pack : null;
    }

    /// <summary>Normal deviates that are the same on every machine: SplitMix64 seeded by the test's name, Box–Muller.</summary>
    internal sealed class Gauss(string seed)
    {
        private ulong _state = StableHash.Of(new DeviceKey(Tenant, seed));

        public double Next() => Math.Sqrt(-2 * Math.Log(1 - Uniform())) * Math.Cos(2 * Math.PI * Uniform());

        private double Uniform()
        {
            _state += 0x9E3779B97F4A7C15;
            var z = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return ((z ^ (z >> 31)) >> 11) / (double)(1UL << 53);
        }
    }
}
