using System.Globalization;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Seamless.Fleet.Audit;
using Seamless.Learning;
using Seamless.Learning.Live;
using Seamless.Learning.Trials;
using Seamless.Portal.Accounts;
using Seamless.Telemetry;

namespace Seamless.Portal.Api;

/// <param name="Kind"><c>failure</c> or <c>rul</c>.</param>
/// <param name="Status"><c>active</c>, <c>shadow</c> or <c>retired</c>.</param>
/// <param name="CodeVersion">Version and commit of the product that trained it.</param>
/// <param name="Parent">The version that was active when this one was ordered.</param>
/// <param name="IsChallenger">It judges the rows that the active version judges, for comparison only.</param>
/// <param name="History">What of the platform's history it was trained from; null when from a file.</param>
/// <param name="IsImported">It came as a signed ONNX file.</param>
public sealed record ModelView(
    string Id, string Kind, string Name, string Version, string Status, IReadOnlyList<string> Features, DateTimeOffset TrainedAt, int Seed, string DataHash,
    string? CodeVersion, IReadOnlyDictionary<string, string> Settings, ModelData? Data, string? Parent, bool IsChallenger = false, bool IsImported = false, ModelHistoryView? History = null);

/// <summary>A trial, and how far the inputs of both lie from what each was trained on.</summary>
/// <param name="IsEnough">The gate judges by it.</param>
/// <param name="ChampionDrift">Largest population stability index of the active version's inputs; null before the first comparison.</param>
public sealed record TrialView(TrialReport Trial, bool IsEnough, double? ChampionDrift, double? ChallengerDrift);

/// <param name="Force">Against the gate; then a <paramref name="Reason"/> is needed.</param>
public sealed record PromotionOrder(string? Reason = null, bool Force = false);

/// <param name="Reason">For the audit and the model's history.</param>
public sealed record ModelReason(string? Reason = null);

internal static class ModelEndpoints
{
    public static void MapModels(this RouteGroupBuilder api)
    {
        var models = api.MapGroup("/models").WithTags("Models");
        models.MapTraining();
        models.MapExchange();
        models.MapRefits();
        models.MapGet("/", List).WithName("listModels").RequireAuthorization(Policies.Read).WithSummary("Trained models and their versions.");
        models.MapGet("/{id}", Find).WithName("getModel").RequireAuthorization(Policies.Read).Produces<ModelView>().WithSummary("One version of a model: settings, data, seed, code version.");
        models.MapGet("/{id}/report", Report).WithName("getModelReport").RequireAuthorization(Policies.Read).Produces<JsonElement>().WithSummary("The evaluation report: figures, protocol, reliability.");
        models.MapGet("/{id}/history", History).WithName("getModelHistory").RequireAuthorization(Policies.Read).Produces<IReadOnlyList<ModelChange>>().WithSummary("What was promoted and retired of the model's name, latest first.");
        models.MapGet("/{id}/trial", Trial).WithName("getModelTrial").RequireAuthorization(Policies.Read).Produces<TrialView>().WithSummary("What the active version and its challenger said of the same rows, and what came.");
        models.MapPost("/{id}/shadow", ShadowAsync).WithName("shadowModel").RequireAuthorization(Policies.Operate).Produces<ModelView>()
            .WithSummary("Try a version beside the active one as its challenger: it judges the same rows and raises nothing. Optional JSON: reason.");
        models.MapPost("/{id}/promote", PromoteAsync).WithName("promoteModel").RequireAuthorization(Policies.Operate).Produces<ModelView>()
            .WithSummary("Make a model the active one of its name. Optional JSON: reason, force. Refused with the figures when it is worse than the active one, unless forced with a reason.");
        models.MapPost("/{id}/return", ReturnAsync).WithName("returnModel").RequireAuthorization(Policies.Operate).Produces<ModelView>().WithSummary("Take back the promotion of the active model: the one before is active again. Optional JSON: reason.");
        models.MapPost("/{id}/retire", RetireAsync).WithName("retireModel").RequireAuthorization(Policies.Operate).Produces<ModelView>().WithSummary("Take a model out of use. Optional JSON: reason.");
    }

    private static Page<ModelView> List([AsParameters] PageQuery page, IModels models) => models.All().Slice(page, model => model.Id, View);

    private static IResult Find(string id, IModels models) => models.Find(id) is { } model ? TypedResults.Ok(View(model)) : Unknown(id);

    private static IResult Report(string id, IModels models) =>
        models.Find(id) is { } model ? Results.Text(model.ReportJson, "application/json") : Unknown(id);

    private static IResult History(string id, IModelRegistry models) =>
        models.Find(id) is { } model ? TypedResults.Ok(models.History(model.Name)) : Unknown(id);

    private static IResult Trial(string id, IModels models, TrialBook trials, InputDrift drift)
    {
        if (models.Find(id) is not { } model) return Unknown(id);
        return trials.Of(model) is { } trial
            ? TypedResults.Ok(new TrialView(trial, trial.IsEnough, Largest(drift.Of(trial.Champion.Model)), Largest(drift.Of(trial.Challenger.Model))))
            : Problems.NotFound($"{id} is in no trial; POST …/models/{{id}}/shadow makes a version the challenger of the active one");
    }

    internal static double? Largest(DriftReport? report) => report is { Psi.Count: > 0 } ? report.Psi.Values.Max() : null;

    private static async Task<IResult> ShadowAsync(string id, HttpContext http, IModelRegistry models, IAudit audit, CancellationToken ct)
    {
        var why = await BodyAsync<ModelReason>(http.Request, ct);
        var outcome = models.Shadow(id, http.User.Actor(), why?.Reason);
        await NoteAsync(http, audit, "model.shadow", id, outcome, why?.Reason, ct);
        return outcome.ToResult(View);
    }

    private static async Task<IResult> PromoteAsync(string id, HttpContext http, IModelRegistry models, IAudit audit, CancellationToken ct)
    {
        var order = await BodyAsync<PromotionOrder>(http.Request, ct) ?? new PromotionOrder();
        var figures = models.Compare(id);
        var outcome = models.Promote(id, http.User.Actor(), order.Reason, order.Force);
        await NoteAsync(http, audit, "model.promote", id, outcome, PromotionWords(order.Reason, order.Force, figures), ct);
        if (outcome.Succeeded) return TypedResults.Ok(View(outcome.Value));
        return figures.All(figure => figure.Passes) ? Problems.Of(outcome.Refusal) : Problems.Of(outcome.Refusal, new Dictionary<string, object?> { ["figures"] = figures });
    }

    private static async Task<IResult> ReturnAsync(string id, HttpContext http, IModelRegistry models, IAudit audit, CancellationToken ct)
    {
        var why = await BodyAsync<ModelReason>(http.Request, ct);
        var outcome = models.Return(id, http.User.Actor(), why?.Reason);
        await NoteAsync(http, audit, "model.return", id, outcome, why?.Reason, ct);
        return outcome.ToResult(View);
    }

    private static async Task<IResult> RetireAsync(string id, HttpContext http, IModelRegistry models, IAudit audit, CancellationToken ct)
    {
        var why = await BodyAsync<ModelReason>(http.Request, ct);
        var outcome = models.Retire(id, http.User.Actor(), why?.Reason);
        await NoteAsync(http, audit, "model.retire", id, outcome, why?.Reason, ct);
        return outcome.ToResult(View);
    }

    /// <summary>Null when there is no body: these were orders without one before, and a declared body would ask for its content type all the same.</summary>
    internal static async Task<T?> BodyAsync<T>(HttpRequest request, CancellationToken ct) where T : class
    {
        if (!request.HasJsonContentType() || request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false }) return null;
        try
        {
            return await request.ReadFromJsonAsync<T>(ApiJson.Options, ct);
        }
        catch (JsonException wrong)
        {
            throw new BadHttpRequestException("the body is not what was expected", wrong);
        }
    }

    /// <summary>What the audit keeps of a promotion: the reason, and when the gate was overruled the figures it was overruled with.</summary>
    internal static string? PromotionWords(string? reason, bool force, IReadOnlyList<GateFigure> figures)
    {
        if (!force || figures.All(figure => figure.Passes)) return reason;
        var worse = figures.Where(figure => !figure.Passes).Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Code} {f.Model:0.####}, active {f.Active:0.####}"));
        return $"forced against the gate ({string.Join("; ", worse)}): {reason}";
    }

    /// <summary>Beside the note that every change gets: what was done and why, under the name that the portal's own actions have.</summary>
    internal static Task NoteAsync(HttpContext http, IAudit audit, string action, string id, Outcome<ModelInfo> outcome, string? detail, CancellationToken ct) =>
        audit.RecordAsync(http.User.Tenant(), http.User.Actor(), action, $"model:{id}", http.Connection.RemoteIpAddress?.ToString(),
            outcome.Succeeded ? "ok" : outcome.Refusal.Code, outcome.Succeeded ? detail : outcome.Refusal.Reason, ct);

    private static IResult Unknown(string id) => Problems.NotFound($"there is no model '{id}'");

    internal static ModelView View(ModelInfo model) => new(
        model.Id, model.Kind, model.Name, model.Version, model.Status, model.Features, model.TrainedAt, model.Seed, model.DataHash,
        model.CodeVersion, model.Settings, model.Data, model.Parent, model.IsChallenger, model.IsImported, ModelHistoryView.Of(model.History));
}
