using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Pages.Viewing;
using Seamless.ServiceDesk.Dispatch;

namespace Seamless.Portal.Pages.Actions;

internal static class DispatchActions
{
    public static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/dispatch/plan/apply", async ([FromServices] ActionRequest request, IDispatch dispatch) =>
            await request.AnswerAsync("dispatch.plan", "plan", await dispatch.ApplyAsync(request.Viewer.Tenant, request.Field("fingerprint") ?? "", request.Viewer.Name, request.Aborted)))
            .RequireAuthorization(policy => policy.RequireRole(Duties.Tickets));
}
