using System.Security.Claims;
using Seamless.Portal.Accounts;
using Seamless.Rules.Evaluation;
using Seamless.Rules.Versions;

namespace Seamless.Portal.Api;

/// <param name="Precision">Confirmed of confirmed and false, with <paramref name="PrecisionLow"/> and <paramref name="PrecisionHigh"/> after Wilson (95 %); null when nobody has said anything.</param>
/// <param name="Unlabelled">What nobody has said anything about.</param>
public sealed record RuleFiguresView(
    string Type, string Rule, string? Title, string Kind, string? Model, string? ModelVersion, int Alarms, int Confirmed, int False, int Known, int Unlabelled,
    double? Precision, double? PrecisionLow, double? PrecisionHigh)
{
    public static RuleFiguresView Of(RuleFigures f, Func<Seamless.Rules.Packs.LocalizedText, string> text) => new(
        f.Type, f.Rule, f.Title is { } title ? text(title) : null, f.Kind, f.Model, f.ModelVersion, f.Alarms, f.Confirmed, f.False, f.Known, f.Unlabelled, f.Precision?.Share, f.Precision?.Low, f.Precision?.High);
}

public sealed record EvaluationView(DateTimeOffset From, DateTimeOffset To, IReadOnlyList<RuleFiguresView> Rules, IReadOnlyList<RuleFiguresView> Models, CauseReliability Causes);

/// <param name="Peak">The most extreme value, or the highest score.</param>
/// <param name="Silenced">The new setpoint would not have raised it.</param>
public sealed record ThresholdCaseView(string Label, string Alarm, string? Device, DateTimeOffset Onset, Seamless.Rules.Backtests.OutcomeVerdict Verdict, double Peak, bool Silenced);

/// <param name="Before">The setpoint in force.</param>
/// <param name="After">The setpoint that is proposed.</param>
/// <param name="Yaml">The rule file with it, to backtest or to draft by hand.</param>
public sealed record ThresholdProposalView(
    string Id, string Type, string File, string Rule, string Title, bool IsScore, string Unit, double Before, double After, int Silenced, int False, int Confirmed, IReadOnlyList<ThresholdCaseView> Cases, string Yaml)
{
    public static ThresholdProposalView Of(ThresholdProposal p, Func<Seamless.Rules.Packs.LocalizedText, string> text) => new(
        p.Id, p.Type, p.File, p.Rule, text(p.Title), p.IsScore, p.Unit, p.Before, p.After, p.Silenced, p.False, p.Confirmed,
        [.. p.Cases.Select(c => new ThresholdCaseView(c.Label.Id, c.Label.Alarm, c.Label.Device, c.Label.Onset, c.Label.Verdict, c.Peak, c.IsSilenced))], p.Yaml);
}

/// <summary>What was learned from labels (docs/reference/evaluation.md).</summary>
internal static class EvaluationEndpoints
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3660);
    private static readonly TimeSpan Usual = TimeSpan.FromDays(365);

    public static void MapEvaluation(this RouteGroupBuilder api)
    {
        var evaluation = api.MapGroup("/evaluation").WithTags("Evaluation");
        evaluation.MapGet("/", MeasureAsync).WithName("getEvaluation").RequireAuthorization(Policies.Read).Produces<EvaluationView>()
            .WithSummary("Alarms, verdicts and precision by rule and by model, and how far the probabilities of causes can be believed; the last 365 days when not told otherwise.");
        evaluation.MapGet("/proposals", ProposalsAsync).WithName("listThresholdProposals").RequireAuthorization(Policies.Read).Produces<Page<ThresholdProposalView>>()
            .WithSummary("Setpoints that labels speak for, with the alarms they come from. Nothing comes of one until a person applies it.");
        evaluation.MapPost("/proposals/{id}/apply", ApplyAsync).WithName("applyThresholdProposal").RequireAuthorization(Policies.Operate).Produces<ThresholdChange>()
            .WithSummary("Make a proposal a version of its rule file and let it in: shadow, canary or all.");
        evaluation.MapGet("/changes", ChangesAsync).WithName("listThresholdChanges").RequireAuthorization(Policies.Read).Produces<Page<ThresholdChange>>().WithSummary("Proposals that were applied, newest first.");
        evaluation.MapPost("/changes/{id}/undo", UndoAsync).WithName("undoThresholdChange").RequireAuthorization(Policies.Operate).Produces<ThresholdChange>()
            .WithSummary("Put the setpoint from before in force again.");
    }

    private static async Task<IResult> MeasureAsync(Instant? from, Instant? to, ClaimsPrincipal user, HttpContext http, IEvaluation evaluation, TimeProvider time, CancellationToken ct)
    {
        var end = to?.At ?? time.GetUtcNow();
        var begin = from?.At ?? end - Usual;
        if (begin >= end) return Problems.Invalid("'from' must lie before 'to'");
        if (end - begin > Longest) return Problems.Invalid($"at most {Longest.TotalDays} days at once");
        var report = await evaluation.MeasureAsync(user.Tenant(), begin, end, ct);
        return TypedResults.Ok(new EvaluationView(
            report.From, report.To, [.. report.Rules.Select(f => RuleFiguresView.Of(f, http.Texts()))], [.. report.Models.Select(f => RuleFiguresView.Of(f, http.Texts()))], report.Causes));
    }

    private static async Task<IResult> ProposalsAsync([AsParameters] PageQuery page, ClaimsPrincipal user, HttpContext http, IEvaluation evaluation, CancellationToken ct) =>
        TypedResults.Ok((await evaluation.ProposalsAsync(user.Tenant(), ct)).SliceInOrder(page, proposal => proposal.Id, proposal => ThresholdProposalView.Of(proposal, http.Texts())));

    private static async Task<IResult> ApplyAsync(string id, RuleActivation order, ClaimsPrincipal user, IEvaluation evaluation, CancellationToken ct) =>
        (await evaluation.ApplyAsync(id, order.Stage, order.Canary?.ToChoice(user.Tenant()), Actor(user), ct)).ToResult(change => change);

    private static async Task<IResult> ChangesAsync([AsParameters] PageQuery page, ClaimsPrincipal user, IEvaluation evaluation, CancellationToken ct) =>
        TypedResults.Ok((await evaluation.ChangesAsync(user.Tenant(), ct)).SliceInOrder(page, change => change.Id, change => change));

    private static async Task<IResult> UndoAsync(string id, ClaimsPrincipal user, IEvaluation evaluation, CancellationToken ct) =>
        (await evaluation.UndoAsync(id, Actor(user), ct)).ToResult(change => change);

    private static RuleActor Actor(ClaimsPrincipal user) => new(user.Tenant(), user.Actor());
}
