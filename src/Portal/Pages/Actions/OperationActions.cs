using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Pages.Viewing;
using Seamless.Rules.Backtests;

namespace Seamless.Portal.Pages.Actions;

internal static class OperationActions
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var engineering = app.MapGroup("").RequireAuthorization(policy => policy.RequireRole(Duties.Engineering));

        engineering.MapPost("/rules/{type}/{name}", async (string type, string name, [FromServices] ActionRequest request, IRuleBook book) =>
            await request.AnswerAsync("rules.put", $"rules:{type}/{name}",
                await book.PutAsync(type, name, request.Text("yaml"), request.Viewer.Name, request.Aborted)));
    }
}
