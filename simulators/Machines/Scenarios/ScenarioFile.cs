using System.Globalization;
using Seamless.Machines.Faults;
using Seamless.Telemetry;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Seamless.Machines.Scenarios;

/// <summary>Reads scenarios from YAML. A mistake is refused with file, line and what would be right.</summary>
public static class ScenarioFile
{
    /// <summary>Scenarios that come with the simulator: <c>demo</c>, <c>five-hundred</c>, <c>ninety-days</c>, <c>quick</c>, <c>real-time</c>, <c>region</c>, <c>thirty-days</c>, <c>year</c>.</summary>
    public static IReadOnlyList<string> BuiltIn { get; } =
        [.. typeof(ScenarioFile).Assembly.GetManifestResourceNames().Where(name => name.EndsWith(".yaml", StringComparison.Ordinal)).Select(name => name[..^5]).Order(StringComparer.Ordinal)];

    /// <param name="nameOrPath">A file, or the name of a built-in scenario.</param>
    public static Outcome<Scenario> Load(string nameOrPath)
    {
        if (File.Exists(nameOrPath)) return Parse(nameOrPath, File.ReadAllText(nameOrPath));
        using var stream = typeof(ScenarioFile).Assembly.GetManifestResourceStream(nameOrPath + ".yaml");
        if (stream is null) return Refusal.NotFound($"{nameOrPath}: no such file, and the built-in scenarios are {string.Join(", ", BuiltIn)}");
        using var reader = new StreamReader(stream);
        return Parse(nameOrPath, reader.ReadToEnd());
    }

    /// <param name="name">For messages.</param>
    public static Outcome<Scenario> Parse(string name, string yaml)
    {
        try
        {
            var document = Yaml.Deserialize<ScenarioDocument?>(yaml);
            return document is null ? Refusal.Invalid($"{name}: empty") : Build(document);
        }
        catch (YamlException e)
        {
            return Refusal.Invalid($"{name}, line {e.Start.Line}, column {e.Start.Column}: {e.InnerException?.Message ?? e.Message}");
        }
        catch (FormatException e)
        {
            return Refusal.Invalid($"{name}: {e.Message}");
        }
    }

    private static readonly IDeserializer Yaml = new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance).Build();

    private static Scenario Build(ScenarioDocument document)
    {
        var sites = document.Sites.ConvertAll(site => new ScenarioSite(
            Need(site.Id, "sites: id"), site.Name ?? site.Id!, site.Latitude, site.Longitude, site.TimeZone ?? "Etc/UTC", site.Customer ?? site.Id!));
        var machines = document.Machines.SelectMany(group => Machines(group, sites)).ToList();
        if (machines.Count == 0) throw new FormatException("machines: at least one is needed");
        if (machines.GroupBy(machine => machine.Id).FirstOrDefault(same => same.Count() > 1) is { } twice) throw new FormatException($"machines: '{twice.Key}' is there twice");
        if (document.Technicians.SelectMany(crew => crew.Sites).GroupBy(site => site).FirstOrDefault(same => same.Count() > 1) is { } home) throw new FormatException($"technicians: '{home.Key}' is there twice; give one group of it a higher count");
        return new Scenario(
            Need(document.Name, "name"), document.Start.ToUniversalTime(), Span(document.Duration, "duration"), Span(document.Sampling, "sampling"), Span(document.Step, "step"),
            sites, machines, [.. document.Faults.Select((fault, i) => FaultOf(fault, i, machines, sites))], document.Random, document.Unmodelled)
        {
            Technicians = [.. document.Technicians.SelectMany(crew => Crew(crew, sites))],
        };
    }

    private static IEnumerable<ScenarioTechnician> Crew(CrewDocument crew, List<ScenarioSite> sites)
    {
        if (crew.Skills.Count == 0) throw new FormatException("technicians: skills are missing");
        foreach (var at in crew.Sites)
        {
            var home = sites.Find(site => site.Id == at) ?? throw new FormatException($"technicians: site '{at}' is not among the sites");
            for (var i = 0; i < crew.Count; i++) yield return new ScenarioTechnician($"{at}-technician-{i + 1:D2}", home, crew.Skills);
        }
    }

    private static IEnumerable<ScenarioMachine> Machines(MachineDocument group, List<ScenarioSite> sites)
    {
        var type = Need(group.Type, "machines: type");
        if (type is not ("pump" or "server" or "tv")) throw new FormatException($"machines: type '{type}' is not pump, server or tv");
        if (group.Sites.Count == 0) throw new FormatException($"machines: '{type}' needs sites");
        foreach (var site in group.Sites.Where(site => sites.All(known => known.Id != site))) throw new FormatException($"machines: site '{site}' is not among the sites");
        for (var i = 0; i < group.Count; i++)
        {
            yield return new ScenarioMachine($"{group.Prefix ?? type}-{i + 1:D2}", type, group.Sites[i % group.Sites.Count], group.Tier ?? "standard");
        }
    }

    private static ScenarioFault FaultOf(FaultDocument fault, int index, List<ScenarioMachine> machines, List<ScenarioSite> sites)
    {
        var code = Need(fault.Fault, "faults: fault");
        var kind = FaultKinds.Find(code) ?? throw new FormatException($"faults: '{code}' is unknown; known are {string.Join(", ", FaultKinds.All.Concat(FaultKinds.Unmodelled).Select(known => known.Code))}");
        var id = fault.Id ?? $"F-{index + 1:D3}";
        var (onset, length) = (Span(fault.Onset, "faults: onset"), Span(fault.TimeToFailure, "faults: timeToFailure"));
        if (kind.SiteWide)
        {
            var site = sites.Find(known => known.Id == fault.Site) ?? throw new FormatException($"faults: {id} ({code}) strikes a site; '{fault.Site}' is not among the sites");
            return new ScenarioFault(id, code, null, site.Id, onset, length);
        }
        var machine = machines.Find(known => known.Id == fault.Device) ?? throw new FormatException($"faults: {id} ({code}): device '{fault.Device}' is not among the machines");
        if (!kind.Types.Contains(machine.Type)) throw new FormatException($"faults: {id}: a {machine.Type} cannot have {code}");
        return new ScenarioFault(id, code, machine.Id, machine.Site, onset, length);
    }

    private static string Need(string? value, string what) => string.IsNullOrWhiteSpace(value) ? throw new FormatException($"{what} is missing") : value;

    // 500ms, 30s, 5m, 2h, 10d: as in packs.
    private static TimeSpan Span(string? text, string what)
    {
        var number = (text ?? "").TrimEnd('m', 's', 'h', 'd');
        TimeSpan? unit = (text ?? "")[number.Length..] switch
        {
            "ms" => TimeSpan.FromMilliseconds(1),
            "s" => TimeSpan.FromSeconds(1),
            "m" => TimeSpan.FromMinutes(1),
            "h" => TimeSpan.FromHours(1),
            "d" => TimeSpan.FromDays(1),
            _ => null,
        };
        return unit is { } one && double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var count) && count > 0
            ? one * count
            : throw new FormatException($"{what}: '{text}' is not a duration such as 30s, 5m, 2h, 10d");
    }

    private sealed class ScenarioDocument
    {
        public string? Name { get; set; }
        public DateTimeOffset Start { get; set; } = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);
        public string? Duration { get; set; }
        public string? Sampling { get; set; } = "2m";
        public string? Step { get; set; } = "10m";
        public List<SiteDocument> Sites { get; set; } = [];
        public List<MachineDocument> Machines { get; set; } = [];
        public List<CrewDocument> Technicians { get; set; } = [];
        public List<FaultDocument> Faults { get; set; } = [];
        public int Random { get; set; }
        public bool Unmodelled { get; set; }
    }

    private sealed class SiteDocument
    {
        public string? Id { get; set; }
        public string? Name { get; set; }
        public double Latitude { get; set; }
        public double Longitude { get; set; }
        public string? TimeZone { get; set; }
        public string? Customer { get; set; }
    }

    private sealed class MachineDocument
    {
        public string? Type { get; set; }
        public string? Prefix { get; set; }
        public int Count { get; set; } = 1;
        public string? Tier { get; set; }
        public List<string> Sites { get; set; } = [];
    }

    private sealed class CrewDocument
    {
        public List<string> Sites { get; set; } = [];
        public int Count { get; set; } = 1;
        public List<string> Skills { get; set; } = [];
    }

    private sealed class FaultDocument
    {
        public string? Id { get; set; }
        public string? Fault { get; set; }
        public string? Device { get; set; }
        public string? Site { get; set; }
        public string? Onset { get; set; }
        public string? TimeToFailure { get; set; }
    }
}
