using Microsoft.AspNetCore.Mvc;
using Seamless.Learning;
using Seamless.Portal.Pages.Viewing;
using Seamless.Rules.Backtests;
using Seamless.Telemetry;

namespace Seamless.Portal.Pages.Actions;

internal static class OperationActions
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var engineering = app.MapGroup("").RequireAuthorization(policy => policy.RequireRole(Duties.Engineering));

        engineering.MapPost("/models/{id}/promote", async (string id, [FromServices] ActionRequest request, IModels models) =>
        {
            Outcome<ModelInfo> outcome = models.Promote(id) && models.Find(id) is { } model ? model : Refusal.NotFound($"there is no model {id}");
            return await request.AnswerAsync("model.promote", $"model:{id}", outcome);
        });

        engineering.MapPost("/rules/{type}/{name}", async (string type, string name, [FromServices] ActionRequest request, IRuleBook book) =>
            await request.AnswerAsync("rules.put", $"rules:{type}/{name}",
                await book.PutAsync(type, name, request.Text("yaml"), request.Viewer.Name, request.Aborted)));
    }
}
