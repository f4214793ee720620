using Seamless.Rules.Backtests;
using Seamless.Rules.Packs;
using Seamless.Rules.Packs.Files;
using Seamless.Rules.Packs.Testing;
using Seamless.Telemetry;

namespace Seamless.Rules.Workbench;

/// <summary>What a text would do to its pack.</summary>
/// <param name="Problems">What is wrong with it; then there is nothing else.</param>
/// <param name="Rules">The text's rules as read.</param>
/// <param name="Tests">The pack's own tests with the text in its file's place.</param>
public sealed record RuleTrial(IReadOnlyList<RuleProblem> Problems, IReadOnlyList<RuleDefinition> Rules, IReadOnlyList<PackTestResult> Tests);

/// <summary>For who writes rules: what can be written, and what a text does before it is put anywhere.</summary>
public interface IRuleWorkbench
{
    Outcome<RuleLanguage> Language(string type);

    Outcome<RuleTrial> Try(string type, string name, string yaml, CancellationToken ct);
}

internal sealed class RuleWorkbench(PackDirectory packs) : IRuleWorkbench
{
    public Outcome<RuleLanguage> Language(string type) => packs.Find(type) is { } pack ? RuleLanguage.Of(pack) : NoPack(type);

    public Outcome<RuleTrial> Try(string type, string name, string yaml, CancellationToken ct)
    {
        if (packs.Try(type, name, yaml, out var problems) is not { } files) return NoPack(type);
        if (problems.Count > 0) return new RuleTrial([.. problems.Select(p => Of(p, $"rules/{name}.yaml"))], [], []);
        return new RuleTrial([], files.RuleFiles.FirstOrDefault(f => f.Name == name)?.Rules ?? [], PackTests.Run(files, ct));
    }

    /// <summary>A problem elsewhere in the pack stands at the text's first line, with the file where it is.</summary>
    private static RuleProblem Of(PackProblem problem, string file) => problem.File == file
        ? new RuleProblem(problem.Line, problem.Column, problem.Message, problem.Suggestion)
        : new RuleProblem(1, 1, $"{problem.File}: {problem.Message}", problem.Suggestion);

    private static Refusal NoPack(string type) => Refusal.NotFound($"there is no pack '{type}'");
}
