using Seamless.Rules.Packs;
using Seamless.Rules.Packs.Files;
using Seamless.Rules.Versions;
using Seamless.Telemetry;

namespace Seamless.Rules.Backtests;

/// <summary>The rule files in force, and how they are replaced while the platform runs.</summary>
internal sealed class RuleBook(PackDirectory packs, RuleVersionBook versions, Backtest backtest) : IRuleBook
{
    public IReadOnlyList<RuleFile> All() => packs.RuleFiles;

    public IReadOnlyList<RuleProblem> Validate(string type, string yaml)
    {
        if (packs.Find(type) is not { } pack) return [new RuleProblem(1, 1, $"there is no pack '{type}'", $"one of: {string.Join(", ", packs.All.Select(p => p.Type))}")];
        PackReader.ReadRules(pack, yaml, out var problems);
        return [.. problems.Select(p => new RuleProblem(p.Line, p.Column, p.Message, p.Suggestion))];
    }

    public Task<Outcome<RuleFile>> PutAsync(string type, string name, string yaml, string actor, CancellationToken ct) => versions.PutAsync(type, name, yaml, actor, ct);

    public Task<Outcome<BacktestReport>> BacktestAsync(BacktestRequest request, IProgress<BacktestProgress>? progress, CancellationToken ct)
    {
        if (packs.Find(request.Type) is not { } pack) return Refused(Refusal.NotFound($"there is no pack '{request.Type}'"));
        if (request.To <= request.From) return Refused(Refusal.Invalid("'to' must be after 'from'"));
        if (!(request.Engineers > 0) || !double.IsFinite(request.Engineers)) return Refused(Refusal.Invalid("'engineers' must be above 0"));
        var rules = PackReader.ReadRules(pack, request.Yaml, out var problems);
        if (problems is [var first, ..]) return Refused(Refusal.Invalid(Told(first, problems.Count)));
        var old = Old(pack, rules, request);
        if (!old.Succeeded) return Refused(old.Refusal);
        return backtest.RunAsync(pack, rules, old.Value, request.Against is null ? "in-force" : "text", request, progress, ct);
    }

    private static Task<Outcome<BacktestReport>> Refused(Refusal refusal) => Task.FromResult<Outcome<BacktestReport>>(refusal);

    /// <summary>The rules to compare with.</summary>
    private Outcome<List<RuleDefinition>> Old(EquipmentPack pack, IReadOnlyList<RuleDefinition> rules, BacktestRequest request)
    {
        if (request.Against is { } text)
        {
            var given = PackReader.ReadRules(pack, text, out var problems);
            return problems is [var first, ..] ? Refusal.Invalid($"against: {Told(first, problems.Count)}") : given.ToList();
        }
        if (request.Name is not { } name) return WithParts(pack.Rules, rules.Select(rule => rule.Id));
        return packs.RuleFiles.FirstOrDefault(file => file.Type == pack.Type && file.Name == name) is { } file
            ? file.Rules.ToList()
            : Refusal.NotFound($"the pack '{pack.Type}' has no rule file '{name}'");
    }

    /// <summary>Rules of these ids, with those that composites among them are made of.</summary>
    private static List<RuleDefinition> WithParts(IReadOnlyList<RuleDefinition> all, IEnumerable<string> ids)
    {
        var (wanted, waiting) = (new HashSet<string>(StringComparer.Ordinal), new Queue<string>(ids));
        while (waiting.TryDequeue(out var id))
            if (wanted.Add(id))
                foreach (var part in all.FirstOrDefault(rule => rule.Id == id)?.Of ?? []) waiting.Enqueue(part);
        return [.. all.Where(rule => wanted.Contains(rule.Id))];
    }

    /// <summary>The first problem in words, and how many there are.</summary>
    internal static string Told(PackProblem first, int count) =>
        $"line {first.Line}, column {first.Column}: {first.Message}{(first.Suggestion is { } hint ? $" ({hint})" : "")}{(count > 1 ? $", and {count - 1} more" : "")}";
}
