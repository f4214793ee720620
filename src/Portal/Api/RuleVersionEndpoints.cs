using System.Security.Claims;
using Seamless.Portal.Accounts;
using Seamless.Rules.Packs;
using Seamless.Rules.Versions;
using Seamless.Telemetry;

namespace Seamless.Portal.Api;

/// <param name="Yaml">The text; in lists null.</param>
/// <param name="Rules">How many rules the text holds.</param>
/// <param name="Counts">What was raised while it was tried out on this tenant's devices; null when it never was.</param>
public sealed record RuleVersionView(
    string Version, RuleVersionState State, string Author, DateTimeOffset At, string? Note, string? ReviewedBy, DateTimeOffset? ReviewedAt, string? Review,
    CanaryView? Canary, DateTimeOffset? StagedAt, DateTimeOffset? StageAt, DateTimeOffset? StageEndedAt, string? Previous, int Rules, StageCounts? Counts, string? Yaml, IReadOnlyList<RuleVersionEvent>? Trace)
{
    public static RuleVersionView Of(RuleVersion version, string tenant, StageCounts? counts = null, string? yaml = null, IReadOnlyList<RuleVersionEvent>? trace = null) => new(
        version.Version, version.State, version.Author, version.At, version.Note, version.ReviewedBy, version.ReviewedAt, version.Review,
        CanaryView.Of(version.Canary, tenant), version.StagedAt, version.StageAt, version.StageEndedAt, version.Previous, version.Rules, counts, yaml, trace);
}

/// <param name="Devices">Those of the tenant that were named; null when a share is chosen.</param>
public sealed record CanaryView(IReadOnlyList<string>? Devices, double? Percent)
{
    public static CanaryView? Of(CanaryChoice? choice, string tenant) =>
        choice is null ? null : new CanaryView(choice.Devices is { } devices ? [.. devices.Where(d => d.Tenant == tenant).Select(d => d.Device)] : null, choice.Percent);

    public CanaryChoice ToChoice(string tenant) => new(Devices is { } devices ? [.. devices.Select(d => new DeviceKey(tenant, d))] : null, Percent);
}

public sealed record RuleDraftOrder(string Yaml, string? Note = null);

/// <param name="Words">Needed to reject.</param>
public sealed record RuleReviewOrder(ReviewVerdict Verdict, string? Words = null);

/// <param name="Canary">For that stage: devices, or a percentage of all.</param>
public sealed record RuleActivation(RuleStage Stage, CanaryView? Canary = null);

public sealed record RuleReturn(string? Words = null);

public sealed record RuleDiffView(string Before, string After, int Added, int Removed, string Unified);

/// <param name="Canary">Null while it is in no canary.</param>
public sealed record StageReportView(
    string Version, RuleVersionState State, CanaryView? Canary, DateTimeOffset Began, DateTimeOffset? Ended, string? Broken, StageCounts Counts,
    IReadOnlyList<StageDevice> Devices, IReadOnlyList<StageFault> Faults);

/// <summary>Every text of a rule file, and how far each is let in (docs/reference/rules.md).</summary>
internal static class RuleVersionEndpoints
{
    private const int MostFaults = 1000;

    public static void MapRuleVersions(this RouteGroupBuilder rules)
    {
        var file = rules.MapGroup("/{type}/{name}");
        file.MapGet("/versions", ListAsync).WithName("listRuleVersions").RequireAuthorization(Policies.Read).Produces<Page<RuleVersionView>>().WithSummary("Every text of a rule file, newest first.");
        file.MapGet("/versions/{version}", FindAsync).WithName("getRuleVersion").RequireAuthorization(Policies.Read).Produces<RuleVersionView>().WithSummary("One version with its text and its trace.");
        file.MapGet("/versions/{version}/diff/{other}", DiffAsync).WithName("diffRuleVersions").RequireAuthorization(Policies.Read).Produces<RuleDiffView>().WithSummary("What the second version changes in the first, as a unified diff.");
        file.MapGet("/versions/{version}/stage", StageAsync).WithName("getRuleStage").RequireAuthorization(Policies.Read).Produces<StageReportView>().WithSummary("What the version and the rules in force raised while it was tried out, by device.");
        file.MapPost("/drafts", DraftAsync).WithName("draftRules").RequireAuthorization(Policies.Operate).Produces<RuleVersionView>().WithSummary("Keep a text as a draft; nothing is judged by it.");
        file.MapPost("/versions/{version}/review", ReviewAsync).WithName("reviewRules").RequireAuthorization(Policies.Operate).Produces<RuleVersionView>().WithSummary("Approve a draft, or reject it with words.");
        file.MapPost("/versions/{version}/activate", ActivateAsync).WithName("activateRules").RequireAuthorization(Policies.Operate).Produces<RuleVersionView>().WithSummary("Try a version out in shadow or on a canary's devices, or put it in force.");
        file.MapPost("/versions/{version}/return", ReturnAsync).WithName("returnRules").RequireAuthorization(Policies.Operate).Produces<RuleVersionView>().WithSummary("Back to the version that was in force before.");
    }

    private static async Task<IResult> ListAsync([AsParameters] PageQuery page, string type, string name, ClaimsPrincipal user, IRuleVersions versions, CancellationToken ct)
    {
        var all = await versions.ListAsync(type, name, ct);
        if (all.Count == 0) return Problems.NotFound($"there is no rule file {type}/{name}");
        var rest = page.Cursor is null ? all : [.. all.SkipWhile(v => v.Version != page.Cursor).Skip(1)];
        var views = new List<RuleVersionView>();
        foreach (var version in rest.Take(page.Take)) views.Add(RuleVersionView.Of(version, user.Tenant(), await CountsAsync(version, user, versions, ct)));
        return TypedResults.Ok(new Page<RuleVersionView>(views, rest.Count > page.Take ? views[^1].Version : null));
    }

    private static async Task<StageCounts?> CountsAsync(RuleVersion version, ClaimsPrincipal user, IRuleVersions versions, CancellationToken ct) =>
        version.StagedAt is null ? null : (await versions.StageAsync(user.Tenant(), version.Type, version.Name, version.Version, ct)).Value?.Counts;

    private static async Task<IResult> FindAsync(string type, string name, string version, ClaimsPrincipal user, IRuleVersions versions, CancellationToken ct)
    {
        var found = await versions.FindAsync(type, name, version, ct);
        if (!found.Succeeded) return Problems.Of(found.Refusal);
        var trace = await versions.TraceAsync(type, name, version, ct);
        return TypedResults.Ok(RuleVersionView.Of(found.Value, user.Tenant(), await CountsAsync(found.Value, user, versions, ct), found.Value.Yaml, trace));
    }

    private static async Task<IResult> DiffAsync(string type, string name, string version, string other, IRuleVersions versions, CancellationToken ct) =>
        (await versions.DiffAsync(type, name, version, other, ct)).ToResult(diff => new RuleDiffView(
            diff.Before, diff.After, diff.Lines.Count(l => l.Kind is DiffKind.Added), diff.Lines.Count(l => l.Kind is DiffKind.Removed), diff.Unified));

    private static async Task<IResult> StageAsync(string type, string name, string version, ClaimsPrincipal user, IRuleVersions versions, CancellationToken ct) =>
        (await versions.StageAsync(user.Tenant(), type, name, version, ct)).ToResult(report => new StageReportView(
            report.Version, report.State, CanaryView.Of(report.Canary, user.Tenant()), report.Began, report.Ended, report.Broken, report.Counts, report.Devices, [.. report.Faults.Take(MostFaults)]));

    private static async Task<IResult> DraftAsync(string type, string name, RuleDraftOrder draft, ClaimsPrincipal user, IRuleVersions versions, CancellationToken ct) =>
        View(await versions.DraftAsync(type, name, draft.Yaml, draft.Note, Actor(user), ct), user);

    private static async Task<IResult> ReviewAsync(string type, string name, string version, RuleReviewOrder review, ClaimsPrincipal user, IRuleVersions versions, CancellationToken ct) =>
        View(await versions.ReviewAsync(type, name, version, review.Verdict, review.Words, Actor(user), ct), user);

    private static async Task<IResult> ActivateAsync(string type, string name, string version, RuleActivation activation, ClaimsPrincipal user, IRuleVersions versions, CancellationToken ct) =>
        View(await versions.ActivateAsync(type, name, version, activation.Stage, activation.Canary?.ToChoice(user.Tenant()), Actor(user), ct), user);

    private static async Task<IResult> ReturnAsync(string type, string name, string version, RuleReturn order, ClaimsPrincipal user, IRuleVersions versions, CancellationToken ct) =>
        View(await versions.ReturnAsync(type, name, version, order.Words, Actor(user), ct), user);

    private static IResult View(Outcome<RuleVersion> outcome, ClaimsPrincipal user) => outcome.ToResult(version => RuleVersionView.Of(version, user.Tenant()));

    private static RuleActor Actor(ClaimsPrincipal user) => new(user.Tenant(), user.Actor());
}
