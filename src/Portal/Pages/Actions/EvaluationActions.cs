using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Pages.Viewing;
using Seamless.Rules.Evaluation;
using Seamless.Rules.Labels;
using Seamless.Rules.Versions;
using Seamless.Telemetry;

namespace Seamless.Portal.Pages.Actions;

/// <summary>Thresholds that labels speak for: applied and undone; labels: struck out.</summary>
internal static class EvaluationActions
{
    /// <summary>The share of devices that a canary from this page judges.</summary>
    public const double CanaryPercent = 10;

    public static void Map(IEndpointRouteBuilder app)
    {
        var evaluation = app.MapGroup("/evaluation").RequireAuthorization(policy => policy.RequireRole(Duties.Engineering));

        evaluation.MapPost("/proposals/{id}/apply", async (string id, [FromServices] ActionRequest request, IEvaluation evaluation) =>
        {
            if (!Enum.TryParse<RuleStage>(request.Field("stage"), ignoreCase: true, out var stage)) return await request.AnswerAsync<ThresholdChange>("threshold.apply", $"proposal:{id}", Refusal.Invalid("stage-missing", "stage: shadow, canary or all"));
            var canary = stage is RuleStage.Canary ? new CanaryChoice(null, CanaryPercent) : null;
            var applied = await evaluation.ApplyAsync(id, stage, canary, Actor(request), request.Aborted);
            return await request.AnswerAsync("threshold.apply", applied is { Succeeded: true, Value: var done } ? $"rules:{done.Type}/{done.File}@{done.Version}" : $"proposal:{id}", applied, Words(applied));
        });

        evaluation.MapPost("/changes/{id}/undo", async (string id, [FromServices] ActionRequest request, IEvaluation evaluation) =>
        {
            var undone = await evaluation.UndoAsync(id, Actor(request), request.Aborted);
            return await request.AnswerAsync("threshold.undo", $"threshold:{id}", undone, Words(undone));
        });

        evaluation.MapPost("/labels/{id}/strike", async (string id, [FromServices] ActionRequest request, ILabels labels) => await request.AnswerAsync(
            "label.strike", $"label:{id}", await labels.StrikeAsync(request.Viewer.Tenant, id, request.Viewer.Name, request.Field("reason"), request.Aborted), request.Field("reason")));
    }

    private static string? Words(Outcome<ThresholdChange> outcome) =>
        outcome.Succeeded ? FormattableString.Invariant($"{outcome.Value.Rule}: {outcome.Value.Before} → {outcome.Value.After}") : null;

    private static RuleActor Actor(ActionRequest request) => new(request.Viewer.Tenant, request.Viewer.Name);
}
