using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Pages.Viewing;
using Seamless.Rules.Versions;
using Seamless.Telemetry;

namespace Seamless.Portal.Pages.Actions;

/// <summary>What the rule editor's forms do with versions of a rule file.</summary>
internal static class RuleActions
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var rules = app.MapGroup("/rules/{type}/{name}").RequireAuthorization(policy => policy.RequireRole(Duties.Engineering));
        rules.MapPost("/drafts", async (string type, string name, [FromServices] ActionRequest request, IRuleVersions versions) =>
            await AnswerAsync(request, "draft", type, name, await versions.DraftAsync(type, name, request.Text("yaml"), request.Field("note"), Actor(request), request.Aborted)));

        var version = rules.MapGroup("/versions/{version}");
        version.MapPost("/review", async (string type, string name, string version, [FromServices] ActionRequest request, IRuleVersions versions) =>
            await AnswerAsync(request, "review", type, name, Enum.TryParse<ReviewVerdict>(request.Field("verdict"), ignoreCase: true, out var verdict)
                ? await versions.ReviewAsync(type, name, version, verdict, request.Field("words"), Actor(request), request.Aborted)
                : Refusal.Invalid("verdict-missing", "verdict: approve or reject")));

        version.MapPost("/activate", async (string type, string name, string version, [FromServices] ActionRequest request, IRuleVersions versions) =>
        {
            if (!Enum.TryParse<RuleStage>(request.Field("stage"), ignoreCase: true, out var stage)) return await AnswerAsync(request, "activate", type, name, Refusal.Invalid("stage-missing", "stage: shadow, canary or all"));
            var canary = stage is RuleStage.Canary ? CanaryOf(request) : null;
            return await AnswerAsync(request, "activate", type, name, await versions.ActivateAsync(type, name, version, stage, canary, Actor(request), request.Aborted));
        });

        version.MapPost("/return", async (string type, string name, string version, [FromServices] ActionRequest request, IRuleVersions versions) =>
            await AnswerAsync(request, "return", type, name, await versions.ReturnAsync(type, name, version, request.Field("words"), Actor(request), request.Aborted)));
    }

    /// <summary>Named devices win over a share. What is neither is refused by the versions, in words.</summary>
    private static CanaryChoice CanaryOf(ActionRequest request)
    {
        var devices = (request.Field("devices") ?? "").Split([',', ' ', ';', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
        if (devices.Length > 0) return new CanaryChoice([.. devices.Select(id => new DeviceKey(request.Viewer.Tenant, id))], null);
        return new CanaryChoice(null, double.TryParse(request.Field("percent"), NumberStyles.Float, CultureInfo.InvariantCulture, out var percent) ? percent : null);
    }

    /// <summary>Back to the editor; a new draft is shown there.</summary>
    private static async Task<IResult> AnswerAsync(ActionRequest request, string what, string type, string name, Outcome<RuleVersion> outcome)
    {
        var subject = outcome.Succeeded ? $"rules:{type}/{name}@{outcome.Value.Version}" : $"rules:{type}/{name}";
        return what switch
        {
            "draft" => await request.AnswerAsync("rules.draft", subject, outcome, outcome.Value?.Note, outcome.Succeeded ? $"/rules/{type}/{name}?version={outcome.Value.Version}" : null),
            "review" => await request.AnswerAsync("rules.review", subject, outcome, outcome.Value?.State.ToString()),
            "activate" => await request.AnswerAsync("rules.activate", subject, outcome, outcome.Value?.State.ToString()),
            _ => await request.AnswerAsync("rules.return", subject, outcome),
        };
    }

    private static RuleActor Actor(ActionRequest request) => new(request.Viewer.Tenant, request.Viewer.Name);
}
