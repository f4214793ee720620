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

    public async Task<Outcome<BacktestReport>> BacktestAsync(BacktestRequest request, CancellationToken ct)
    {
        if (packs.Find(request.Type) is not { } pack) return Refusal.NotFound($"there is no pack '{request.Type}'");
        if (request.To <= request.From) return Refusal.Invalid("'to' must be after 'from'");
        var rules = PackReader.ReadRules(pack, request.Yaml, out var problems);
        if (problems is [var first, ..]) return Refusal.Invalid(Told(first, problems.Count));
        return await backtest.RunAsync(pack with { Rules = rules }, request, ct);
    }

    /// <summary>The first problem in words, and how many there are.</summary>
    internal static string Told(PackProblem first, int count) =>
        $"line {first.Line}, column {first.Column}: {first.Message}{(first.Suggestion is { } hint ? $" ({hint})" : "")}{(count > 1 ? $", and {count - 1} more" : "")}";
}
