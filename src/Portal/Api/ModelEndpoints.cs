using System.Security.Claims;
using System.Text.Json;
using Seamless.Learning;
using Seamless.Portal.Accounts;

namespace Seamless.Portal.Api;

/// <param name="Kind"><c>failure</c> or <c>rul</c>.</param>
/// <param name="Status"><c>active</c>, <c>shadow</c> or <c>retired</c>.</param>
public sealed record ModelView(
    string Id, string Kind, string Name, string Version, string Status, IReadOnlyList<string> Features, DateTimeOffset TrainedAt, int Seed, string DataHash);

internal static class ModelEndpoints
{
    public static void MapModels(this RouteGroupBuilder api)
    {
        var models = api.MapGroup("/models").WithTags("Models");
        models.MapGet("/", List).WithName("listModels").RequireAuthorization(Policies.Read).WithSummary("Trained models and their versions.");
        models.MapPost("/{id}/promote", Promote).WithName("promoteModel").RequireAuthorization(Policies.Operate).Produces<ModelView>().WithSummary("Make a model the active one of its name.");
        models.MapGet("/{id}/report", Report).WithName("getModelReport").RequireAuthorization(Policies.Read).Produces<JsonElement>().WithSummary("The evaluation report: figures, protocol, data, seed.");
    }

    private static Page<ModelView> List([AsParameters] PageQuery page, IModels models) => models.All().Slice(page, model => model.Id, View);

    private static IResult Promote(string id, IModels models) =>
        models.Promote(id) && models.Find(id) is { } promoted ? TypedResults.Ok(View(promoted)) : Unknown(id);

    private static IResult Report(string id, IModels models) =>
        models.Find(id) is { } model ? Results.Text(model.ReportJson, "application/json") : Unknown(id);

    private static IResult Unknown(string id) => Problems.NotFound($"there is no model '{id}'");

    private static ModelView View(ModelInfo model) => new(
        model.Id, model.Kind, model.Name, model.Version, model.Status, model.Features, model.TrainedAt, model.Seed, model.DataHash);
}
