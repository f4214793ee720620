using Seamless.Rules.Packs;
using Seamless.Telemetry;

namespace Seamless.Rules.Backtests;

/// <summary>A rule file in force. Its version is a hash of its text.</summary>
public sealed record RuleFile(string Type, string Name, string Version, string Yaml, IReadOnlyList<RuleDefinition> Rules)
{
    /// <summary>The same on every system: line endings do not count.</summary>
    public static string VersionOf(string yaml) => StableHash.Id("rf", yaml.ReplaceLineEndings("\n"));
}

/// <summary>What is wrong with a text, and where.</summary>
public sealed record RuleProblem(int Line, int Column, string Message, string? Suggestion);

public interface IRuleBook
{
    IReadOnlyList<RuleFile> All();
    IReadOnlyList<RuleProblem> Validate(string type, string yaml);

    /// <summary>Replaces a rule file of a pack from now on; kept under the data directory, the shipped file stays.</summary>
    Task<Outcome<RuleFile>> PutAsync(string type, string name, string yaml, string actor, CancellationToken ct);

    /// <summary>What the request's rules would have raised on stored history, beside what the rules in force would have. A request that is wrong is refused before the first await.</summary>
    Task<Outcome<BacktestReport>> BacktestAsync(BacktestRequest request, IProgress<BacktestProgress>? progress, CancellationToken ct);
}
