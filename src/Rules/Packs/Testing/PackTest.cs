using Seamless.Rules.Packs.Files;
using Seamless.Telemetry;

namespace Seamless.Rules.Packs.Testing;

/// <summary>Described telemetry and what must come of it.</summary>
/// <param name="Devices">How many machines of one site send it; a site-wide cause needs two.</param>
/// <param name="First">What the first machine sends instead of the same metrics of <paramref name="Signals"/>.</param>
/// <param name="Noise">Metric → standard deviation.</param>
/// <param name="Silence">How long after the last sample the platform goes on listening.</param>
/// <param name="Alarms">What must stand at the end, each matched by one alarm; and there must be no other.</param>
internal sealed record PackTest(
    string Name, string File, int Line, TimeSpan Interval, TimeSpan Duration, int Devices, IReadOnlyList<Signal> Signals,
    IReadOnlyList<Signal> First, IReadOnlyDictionary<string, double> Noise, TimeSpan Silence, IReadOnlyList<ExpectedAlarm> Alarms)
{
    /// <summary>What a machine sends.</summary>
    /// <param name="machine">From 1.</param>
    public IEnumerable<Signal> SignalsOf(int machine) => machine == 1 ? [.. Signals.Where(s => First.All(f => f.Metric != s.Metric)), .. First] : Signals;
}

/// <summary>A metric over time: straight lines between points, level before the first and after the last.</summary>
internal sealed record Signal(string Metric, IReadOnlyList<(TimeSpan At, double Value)> Points)
{
    public double At(TimeSpan at)
    {
        if (at <= Points[0].At) return Points[0].Value;
        for (var i = 1; i < Points.Count; i++)
        {
            var ((from, low), (to, high)) = (Points[i - 1], Points[i]);
            if (at < to) return low + (high - low) * ((at - from) / (to - from));
        }
        return Points[^1].Value;
    }
}

/// <summary>What is said of an alarm; null is anything.</summary>
/// <param name="Remedy">First rung of the top cause: a playbook, or the SKU of the first part, or <c>visit</c>.</param>
internal sealed record ExpectedAlarm(
    string? Rule, string? Cause, string? Remedy, string? Severity, bool? Active, bool Site, TimeSpan? After, TimeSpan? Before, IReadOnlyList<string> Symptoms)
{
    public override string ToString() =>
        $"{(Site ? "site alarm" : "alarm")} {Rule ?? "of any rule"}{(Cause is null ? "" : $", cause {Cause}")}{(Remedy is null ? "" : $", remedy {Remedy}")}";
}

internal static class PackTestReader
{
    public static IReadOnlyList<PackTest> Read(string directory, EquipmentPack pack, List<PackProblem> problems)
    {
        var folder = Path.Combine(directory, "tests");
        if (!Directory.Exists(folder)) return [];
        var tests = new List<PackTest>();
        foreach (var path in Directory.EnumerateFiles(folder, "*.yaml").Order(StringComparer.Ordinal))
        {
            var file = $"tests/{Path.GetFileName(path)}";
            if (YamlSection.Open(file, File.ReadAllText(path), problems) is not { } root) continue;
            tests.AddRange(root.Sections("tests").Select(section => Test(section, file, pack)));
            root.RefuseOthers();
        }
        return tests;
    }

    private static PackTest Test(YamlSection section, string file, EquipmentPack pack)
    {
        var test = new PackTest(
            section.Text("name"), file, section.At.Line, section.Duration("interval", TimeSpan.FromSeconds(10)), section.Duration("duration", TimeSpan.FromMinutes(10)),
            section.WholeNumber("devices", 1), Signals(section, "signals", pack), Signals(section, "first", pack), Noise(section, pack), section.Duration("silence", TimeSpan.Zero), Expected(section, pack));
        section.RefuseOthers();
        return test;
    }

    private static List<Signal> Signals(YamlSection section, string key, EquipmentPack pack)
    {
        var signals = new List<Signal>();
        if (section.Section(key) is not { } described) return signals;
        foreach (var metric in described.Keys.ToArray())
        {
            if (pack.Metric(metric) is null) described.Problem(metric, $"the pack has no metric '{metric}'", Nearest.Hint(metric, pack.Metrics.Select(m => m.Name)));
            signals.Add(new Signal(metric, Points(described, metric)));
        }
        return signals;
    }

    /// <summary>A number for a level, or points <c>{ 0s: 55, 10m: 97 }</c>.</summary>
    private static (TimeSpan, double)[] Points(YamlSection described, string metric)
    {
        if (!described.IsMapping(metric)) return [(TimeSpan.Zero, described.Number(metric))];
        var points = described.Section(metric)!;
        return [.. points.Keys.ToArray().Select(at => (points.KeyAsDuration(at), points.Number(at))).OrderBy(p => p.Item1)];
    }

    private static Dictionary<string, double> Noise(YamlSection section, EquipmentPack pack)
    {
        var noise = new Dictionary<string, double>();
        if (section.Section("noise") is not { } described) return noise;
        foreach (var metric in described.Keys.ToArray())
        {
            if (pack.Metric(metric) is null) described.Problem(metric, $"the pack has no metric '{metric}'", Nearest.Hint(metric, pack.Metrics.Select(m => m.Name)));
            noise[metric] = described.Number(metric);
        }
        return noise;
    }

    private static List<ExpectedAlarm> Expected(YamlSection section, EquipmentPack pack) =>
        [.. section.Sections("expect").Select(expected => Alarm(expected, pack))];

    private static ExpectedAlarm Alarm(YamlSection section, EquipmentPack pack)
    {
        var alarm = new ExpectedAlarm(
            section.OptionalText("rule"), section.OptionalText("cause"), section.OptionalText("remedy"), section.OptionalText("severity"),
            section.Has("active") ? section.Flag("active") : null, section.Flag("site"),
            section.Has("after") ? section.Duration("after", default) : null, section.Has("before") ? section.Duration("before", default) : null, section.Texts("symptoms"));
        if (alarm.Rule is { } rule && pack.Rules.All(r => r.Id != rule) && !rule.StartsWith("sensor-", StringComparison.Ordinal))
            section.Problem("rule", $"the pack has no rule '{rule}'", Nearest.Hint(rule, pack.Rules.Select(r => r.Id)));
        if (alarm.Cause is { } cause && pack.Faults.Fault(cause) is null)
            section.Problem("cause", $"faults.yaml has no fault '{cause}'", Nearest.Hint(cause, pack.Faults.Faults.Select(f => f.Code)));
        section.RefuseOthers();
        return alarm;
    }
}
