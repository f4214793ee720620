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

/// <param name="Devices">Null for every device of the type.</param>
public sealed record BacktestRequest(string Tenant, string Type, string Yaml, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<string>? Devices);

/// <summary>One alarm these rules would have raised.</summary>
public sealed record BacktestAlarm(string Device, string Rule, DateTimeOffset OnsetAt, DateTimeOffset RaisedAt, DateTimeOffset? ClearedAt, double Value);

public sealed record BacktestReport(long Samples, int Devices, IReadOnlyList<BacktestAlarm> Alarms);

public interface IRuleBook
{
    IReadOnlyList<RuleFile> All();
    IReadOnlyList<RuleProblem> Validate(string type, string yaml);

    /// <summary>Replaces a rule file of a pack from now on; kept under the data directory, the shipped file stays.</summary>
    Task<Outcome<RuleFile>> PutAsync(string type, string name, string yaml, string actor, CancellationToken ct);

    Task<Outcome<BacktestReport>> BacktestAsync(BacktestRequest request, CancellationToken ct);
}
