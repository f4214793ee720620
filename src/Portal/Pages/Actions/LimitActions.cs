using Microsoft.AspNetCore.Mvc;
using Seamless.Fleet.Limits;
using Seamless.Portal.Pages.Viewing;
using Seamless.Telemetry;

namespace Seamless.Portal.Pages.Actions;

internal static class LimitActions
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var limits = app.MapGroup("/limits").RequireAuthorization(policy => policy.RequireRole(Duties.Administration));
        limits.MapPost("/tenant", ([FromServices] ActionRequest request, ILimits book) => SetAsync(new LimitScope(request.Viewer.Tenant, null), request, book));
        limits.MapPost("/devices/{id}", (string id, [FromServices] ActionRequest request, ILimits book) => SetAsync(new LimitScope(request.Viewer.Tenant, id), request, book));
        limits.MapPost("/tenant/remove", ([FromServices] ActionRequest request, ILimits book) => RemoveAsync(new LimitScope(request.Viewer.Tenant, null), request, book));
        limits.MapPost("/devices/{id}/remove", (string id, [FromServices] ActionRequest request, ILimits book) => RemoveAsync(new LimitScope(request.Viewer.Tenant, id), request, book));
    }

    private static async Task<IResult> SetAsync(LimitScope scope, ActionRequest request, ILimits book)
    {
        var read = Read(request);
        return await request.AnswerAsync("limits.set", SubjectOf(scope), read.Succeeded ? await book.PutAsync(scope, read.Value, request.Viewer.Name, request.Aborted) : read.Refusal);
    }

    private static async Task<IResult> RemoveAsync(LimitScope scope, ActionRequest request, ILimits book) =>
        await request.AnswerAsync("limits.remove", SubjectOf(scope), await book.RemoveAsync(scope, request.Viewer.Name, request.Aborted));

    /// <summary>An empty field leaves it to the settings.</summary>
    private static Outcome<LimitSet> Read(ActionRequest request)
    {
        var caps = new Cap?[5];
        var names = (string[])["messagesPerSecond", "burst", "bytesPerDay", "metrics", "devices"];
        for (var i = 0; i < names.Length; i++)
        {
            if (request.Field(names[i]) is not { } text) continue;
            if (!Cap.TryParse(text, out var cap)) return Refusal.Invalid("limit-unreadable", $"{names[i]}: '{text}' is neither a whole number of 1 or more nor none");
            caps[i] = cap;
        }
        return new LimitSet(caps[0], caps[1], caps[2], caps[3], caps[4]);
    }

    private static string SubjectOf(LimitScope scope) => scope.Device is { } device ? $"device:{device}" : $"tenant:{scope.Tenant}";
}
