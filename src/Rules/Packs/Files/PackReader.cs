using Seamless.Analytics.Detectors;
using Seamless.Rules.Backtests;
using Seamless.Rules.Diagnosis;
using Seamless.Rules.Packs.Drawings;
using Seamless.Rules.Packs.Expressions;
using Seamless.Telemetry;

namespace Seamless.Rules.Packs.Files;

/// <summary>A pack as read, with the texts of its rule files.</summary>
public sealed record PackFiles(EquipmentPack Pack, string Directory, IReadOnlyList<RuleFile> RuleFiles);

/// <summary>Reads a pack's folder and lists everything that is wrong with it at once.</summary>
public sealed class PackReader
{
    private static readonly Dictionary<string, MetricType> Types = new()
    {
        ["number"] = MetricType.Number,
        ["boolean"] = MetricType.Boolean,
        ["state"] = MetricType.State,
    };

    private static readonly Dictionary<string, string> Risks = new[] { "R0", "R1", "R2", "R3" }.ToDictionary(r => r);

    private readonly string _directory;
    private readonly IReadOnlyDictionary<string, string> _overrides;
    private readonly List<PackProblem> _problems = [];

    private PackReader(string directory, IReadOnlyDictionary<string, string> overrides) => (_directory, _overrides) = (directory, overrides);

    /// <param name="overrides">Rule file name (without <c>.yaml</c>) → text that stands in for, or beside, the shipped file.</param>
    /// <returns>What could be read even when there are problems; usable only when there are none.</returns>
    public static PackFiles Read(string directory, IReadOnlyDictionary<string, string> overrides, out IReadOnlyList<PackProblem> problems)
    {
        var reader = new PackReader(directory, overrides);
        var files = reader.Read();
        problems = [.. reader._problems.OrderBy(p => p.File, StringComparer.Ordinal).ThenBy(p => p.Line).ThenBy(p => p.Column)];
        return files;
    }

    /// <summary>Reads a text of rules against a pack. What its composites need of the pack's other rules comes with them, silently.</summary>
    public static IReadOnlyList<RuleDefinition> ReadRules(EquipmentPack pack, string yaml, out IReadOnlyList<PackProblem> problems)
    {
        var found = new List<PackProblem>();
        var rules = ReaderOf(pack.Metrics, pack.Faults).Read("rules", yaml, found).ToList();
        foreach (var part in Parts(rules, pack.Rules)) rules.Add(part with { IsAlarm = false });
        CheckComposites("rules", rules, found);
        problems = found;
        return rules;
    }

    private static RuleReader ReaderOf(IReadOnlyList<MetricDefinition> metrics, FaultModel faults) =>
        new(metrics, [.. faults.Symptoms.Select(s => s.Code)], [.. StreamingDetectors.Names]);

    /// <summary>The rules among <paramref name="others"/> that composites are made of, and those that these are made of.</summary>
    private static List<RuleDefinition> Parts(IReadOnlyList<RuleDefinition> rules, IReadOnlyList<RuleDefinition> others)
    {
        var parts = new List<RuleDefinition>();
        for (var wanted = rules.SelectMany(r => r.Of).ToHashSet(); wanted.Count > 0;)
        {
            var next = others.Where(o => wanted.Contains(o.Id) && rules.All(r => r.Id != o.Id) && parts.All(p => p.Id != o.Id)).ToList();
            parts.AddRange(next);
            wanted = [.. next.SelectMany(r => r.Of)];
        }
        return parts;
    }

    private static void CheckComposites(string file, IReadOnlyList<RuleDefinition> rules, List<PackProblem> problems)
    {
        var known = rules.Select(r => r.Id).ToHashSet();
        foreach (var rule in rules)
            foreach (var part in rule.Of.Where(part => !known.Contains(part)))
                problems.Add(new PackProblem(file, rule.Line, 1, $"'{rule.Id}' is made of '{part}', but there is no such rule", Nearest.Hint(part, known)));
        var settled = rules.Where(r => r.Of.All(part => !known.Contains(part) || part == "")).Select(r => r.Id).ToHashSet();
        while (rules.FirstOrDefault(r => !settled.Contains(r.Id) && r.Of.All(part => settled.Contains(part) || !known.Contains(part))) is { } next) settled.Add(next.Id);
        foreach (var rule in rules.Where(r => !settled.Contains(r.Id)))
            problems.Add(new PackProblem(file, rule.Line, 1, $"'{rule.Id}' is made of itself, directly or by others", "take one of them out of 'of'"));
    }

    private PackFiles Read()
    {
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(_directory)));
        var (type, version, title, metrics) = Head(name);
        var playbooks = Folder("playbooks").Select(file => Playbook(file.Key, file.Value)).OfType<Playbook>().ToList();
        var parts = Optional("parts.csv") is { } csv ? PartsReader.Read("parts.csv", csv, _problems) : [];
        var faults = Optional("faults.yaml") is { } yaml
            ? new FaultReader([.. playbooks.Select(p => p.Name)], [.. parts.Select(p => p.Sku)]).Read("faults.yaml", yaml, _problems)
            : new FaultModel([], []);
        var drawing = DrawingReader.ReadFile(_directory, "drawing.svg", parts, _problems);
        var ruleFiles = RuleFiles(type, metrics, faults);
        var rules = ruleFiles.SelectMany(f => f.Rules).ToList();
        CheckWhole(rules, faults);
        var rulesVersion = StableHash.Id("rules", [version, .. ruleFiles.Select(f => f.Version)]);
        return new PackFiles(new EquipmentPack(type, version, title, metrics, rules, faults, playbooks, parts) { RulesVersion = rulesVersion, Drawing = drawing }, _directory, ruleFiles);
    }

    private (string Type, string Version, LocalizedText Title, IReadOnlyList<MetricDefinition> Metrics) Head(string folder)
    {
        var unread = (folder, "0.0.0", new LocalizedText(folder, folder), Array.Empty<MetricDefinition>());
        if (Optional("pack.yaml") is not { } text)
        {
            _problems.Add(new PackProblem("pack.yaml", 1, 1, "the file is missing", "every pack has a pack.yaml (docs/reference/packs.md)"));
            return unread;
        }
        if (YamlSection.Open("pack.yaml", text, _problems) is not { } root) return unread;
        var type = root.Text("pack");
        if (type.Length > 0 && type != folder) root.Problem("pack", $"the pack is called '{type}' but its folder '{folder}'", "the same name for both");
        var head = (type, root.Text("version"), root.Localized("title"), Metrics(root));
        root.RefuseOthers();
        return head;
    }

    private static List<MetricDefinition> Metrics(YamlSection root)
    {
        var metrics = new List<MetricDefinition>();
        if (root.Section("metrics") is not { } section) return metrics;
        foreach (var name in section.Keys.ToArray())
        {
            if (section.Section(name) is not { } metric) continue;
            var type = metric.Has("type") ? metric.Word("type", Types, MetricType.Number) : MetricType.Number;
            var unit = metric.OptionalText("unit") ?? "";
            if (!UnitNames.TryFind(unit, out _)) metric.Problem("unit", $"the unit '{unit}' is not known", UnitNames.Hint(unit));
            if (type is not MetricType.Number && unit.Length > 0) metric.Problem("unit", $"a {type} has no unit", "leave it out");
            var range = metric.Range("range");
            metrics.Add(new MetricDefinition(name, metric.Localized("title"), type, unit, range?.Low, range?.High, metric.Flag("personal")));
            metric.RefuseOthers();
        }
        return metrics;
    }

    private List<RuleFile> RuleFiles(string type, IReadOnlyList<MetricDefinition> metrics, FaultModel faults)
    {
        var reader = ReaderOf(metrics, faults);
        var texts = new SortedDictionary<string, string>(Folder("rules"), StringComparer.Ordinal);
        foreach (var (name, text) in _overrides) texts[name] = text;
        return [.. texts.Select(file => new RuleFile(
            type, file.Key, RuleFile.VersionOf(file.Value), file.Value, reader.Read($"rules/{file.Key}.yaml", file.Value, _problems)))];
    }

    private Playbook? Playbook(string name, string text)
    {
        if (YamlSection.Open($"playbooks/{name}.yaml", text, _problems) is not { } root) return null;
        var playbook = new Playbook(
            root.Text("playbook"), root.Localized("title"), root.Word("risk", Risks, "R3"), root.Text("command"), root.Json("args"),
            root.Duration("expiresAfter", TimeSpan.FromMinutes(1)), root.Duration("verifyWithin", TimeSpan.FromMinutes(2)),
            root.WholeNumber("maxPerDay", 1), root.WholeNumber("customerVisibleSeconds", 0));
        if (playbook.Name != name) root.Problem("playbook", $"the playbook is called '{playbook.Name}' but its file '{name}.yaml'", "the same name for both");
        root.RefuseOthers();
        return playbook;
    }

    private void CheckWhole(List<RuleDefinition> rules, FaultModel faults)
    {
        foreach (var twice in rules.GroupBy(r => r.Id).Where(g => g.Count() > 1))
            _problems.Add(new PackProblem("rules", 1, 1, $"the rule id '{twice.Key}' stands {twice.Count()} times", "one id, one rule"));
        CheckComposites("rules", rules, _problems);
        if (_overrides.Count > 0) return;   // who takes a rule away at run time may: the symptom is then just never seen
        var shown = rules.Select(r => r.Symptom).ToHashSet();
        foreach (var symptom in faults.Symptoms.Where(s => !shown.Contains(s.Code)))
            _problems.Add(new PackProblem("faults.yaml", 1, 1, $"no rule ever shows the symptom '{symptom.Code}'", "a rule with this symptom, or no such symptom"));
    }

    private SortedDictionary<string, string> Folder(string folder)
    {
        var path = Path.Combine(_directory, folder);
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (Directory.Exists(path))
            foreach (var file in Directory.EnumerateFiles(path, "*.yaml")) files[Path.GetFileNameWithoutExtension(file)] = File.ReadAllText(file);
        return files;
    }

    private string? Optional(string file)
    {
        var path = Path.Combine(_directory, file);
        return File.Exists(path) ? File.ReadAllText(path) : null;
    }
}
