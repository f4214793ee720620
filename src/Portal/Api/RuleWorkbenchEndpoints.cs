using Seamless.Portal.Accounts;
using Seamless.Rules.Backtests;
using Seamless.Rules.Packs;
using Seamless.Rules.Packs.Testing;
using Seamless.Rules.Workbench;

namespace Seamless.Portal.Api;

public sealed record RuleWordView(string Word, string? Title, string? Unit);

public sealed record RuleKeyView(string Key, string Help, bool Required, IReadOnlyList<RuleWordView> Words);

public sealed record RuleLanguageView(string Type, IReadOnlyList<RuleKeyView> Keys)
{
    public static RuleLanguageView Of(RuleLanguage language, Func<LocalizedText, string> text) => new(
        language.Type,
        [.. language.Keys.Select(key => new RuleKeyView(key.Key, text(key.Help), key.Required, [.. key.Words.Select(word => new RuleWordView(word.Word, word.Title is { } title ? text(title) : null, word.Unit))]))]);
}

/// <param name="Failures">What differed; empty when it passed.</param>
public sealed record PackTestView(string Name, string File, int Line, bool Passed, IReadOnlyList<string> Failures)
{
    public static PackTestView Of(PackTestResult result) => new(result.Name, result.File, result.Line, result.Passed, result.Failures);
}

/// <param name="Problems">What is wrong with the text; then no test was run.</param>
public sealed record RuleTrialView(bool Valid, IReadOnlyList<RuleProblem> Problems, IReadOnlyList<RuleView> Rules, IReadOnlyList<PackTestView> Tests);

/// <summary>For who writes rules: what can be written, and what a text does before it is put anywhere.</summary>
internal static class RuleWorkbenchEndpoints
{
    public static void MapRuleWorkbench(this RouteGroupBuilder rules)
    {
        rules.MapGet("/language", Language).WithName("getRuleLanguage").RequireAuthorization(Policies.Read).Produces<RuleLanguageView>().WithSummary("The keys and words that a rule file of the type can hold, explained.");
        rules.MapPost("/test", Try).WithName("testRules").RequireAuthorization(Policies.Read).Produces<RuleTrialView>().WithSummary("The pack's own tests with this text in its file's place.");
    }

    private static IResult Language(string type, HttpContext http, IRuleWorkbench workbench) =>
        workbench.Language(type).ToResult(language => RuleLanguageView.Of(language, http.Texts()));

    private static IResult Try(RuleText rules, HttpContext http, IRuleWorkbench workbench, CancellationToken ct) =>
        workbench.Try(rules.Type, rules.Name, rules.Yaml, ct).ToResult(trial => new RuleTrialView(
            trial.Problems.Count == 0, trial.Problems, [.. trial.Rules.Select(rule => RuleView.Of(rule, http.Texts()))], [.. trial.Tests.Select(PackTestView.Of)]));
}
