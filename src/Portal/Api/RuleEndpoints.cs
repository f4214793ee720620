using System.Security.Claims;
using Seamless.Portal.Accounts;
using Seamless.Rules.Backtests;
using Seamless.Rules.Packs;

namespace Seamless.Portal.Api;

/// <param name="SetpointLow">The lower one, where there are two.</param>
/// <param name="Unit">Of the setpoints, when it is not the metric's own.</param>
public sealed record RuleView(string Id, string Title, string? Metric, ConditionKind Condition, double Setpoint, Severity Severity, string Symptom, string Mode, double? SetpointLow = null, string? Unit = null)
{
    public static RuleView Of(RuleDefinition rule, Func<LocalizedText, string> text) =>
        new(rule.Id, text(rule.Title), rule.Metric, rule.Condition, rule.Setpoint, rule.Severity, rule.Symptom, rule.Mode, double.IsFinite(rule.SetpointLow) ? rule.SetpointLow : null, rule.Unit);
}

/// <param name="Version">A hash of the text.</param>
public sealed record RuleFileView(string Type, string Name, string Version, string Yaml, IReadOnlyList<RuleView> Rules)
{
    public static RuleFileView Of(RuleFile file, Func<LocalizedText, string> text) => new(
        file.Type, file.Name, file.Version, file.Yaml,
        [.. file.Rules.Select(rule => RuleView.Of(rule, text))]);
}

/// <param name="Type">The equipment type, the name of a pack.</param>
/// <param name="Name">The file's name in the pack, <c>limits</c>.</param>
public sealed record RuleText(string Type, string Name, string Yaml);

public sealed record RuleDraft(string Type, string Yaml);

public sealed record RuleCheck(bool Valid, IReadOnlyList<RuleProblem> Problems);

internal static class RuleEndpoints
{
    public static void MapRules(this RouteGroupBuilder api)
    {
        var rules = api.MapGroup("/rules").WithTags("Rules");
        rules.MapGet("/", List).WithName("listRules").RequireAuthorization(Policies.Read).WithSummary("The rule files in force.");
        rules.MapPut("/", PutAsync).WithName("putRules").RequireAuthorization(Policies.Operate).Produces<RuleFileView>().WithSummary("Replace a rule file from now on; the shipped one stays.");
        rules.MapPost("/validate", Validate).WithName("validateRules").RequireAuthorization(Policies.Read).WithSummary("What is wrong with a text, where, and what would be right.");
        rules.MapBacktests();
        rules.MapRuleVersions();
        rules.MapRuleWorkbench();
    }

    private static Page<RuleFileView> List([AsParameters] PageQuery page, string? type, HttpContext http, IRuleBook book) =>
        book.All().Where(file => type is null || file.Type == type).Slice(page, file => $"{file.Type}/{file.Name}", file => RuleFileView.Of(file, http.Texts()));

    private static async Task<IResult> PutAsync(RuleText rules, ClaimsPrincipal user, HttpContext http, IRuleBook book, CancellationToken ct) =>
        (await book.PutAsync(rules.Type, rules.Name, rules.Yaml, user.Actor(), ct)).ToResult(file => RuleFileView.Of(file, http.Texts()));

    private static RuleCheck Validate(RuleDraft draft, IRuleBook book)
    {
        var problems = book.Validate(draft.Type, draft.Yaml);
        return new RuleCheck(problems.Count == 0, problems);
    }
}
