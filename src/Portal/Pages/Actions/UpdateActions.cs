using Microsoft.AspNetCore.Mvc;
using Seamless.Fleet.Updates;
using Seamless.Portal.Pages.Viewing;

namespace Seamless.Portal.Pages.Actions;

internal static class UpdateActions
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var campaigns = app.MapGroup("/updates/{id}").RequireAuthorization(policy => policy.RequireRole(Duties.Engineering));

        campaigns.MapPost("/start", async (string id, [FromServices] ActionRequest request, IUpdates updates) => await request.AnswerAsync(
            "updates.start", Subject(id), await updates.StartAsync(request.Viewer.Tenant, id, request.Viewer.Name, request.Aborted)));

        campaigns.MapPost("/pause", async (string id, [FromServices] ActionRequest request, IUpdates updates) => await request.AnswerAsync(
            "updates.pause", Subject(id), await updates.PauseAsync(request.Viewer.Tenant, id, request.Viewer.Name, request.Aborted)));

        campaigns.MapPost("/resume", async (string id, [FromServices] ActionRequest request, IUpdates updates) => await request.AnswerAsync(
            "updates.resume", Subject(id), await updates.ResumeAsync(request.Viewer.Tenant, id, request.Viewer.Name, request.Aborted)));

        campaigns.MapPost("/abort", async (string id, [FromServices] ActionRequest request, IUpdates updates) => await request.AnswerAsync(
            "updates.abort", Subject(id), await updates.AbortAsync(request.Viewer.Tenant, id, request.Viewer.Name, request.Aborted)));
    }

    private static string Subject(string id) => $"campaign:{id}";
}
