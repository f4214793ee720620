using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Pages.Viewing;
using Seamless.Rules.Alarms;
using Seamless.Telemetry;

namespace Seamless.Portal.Pages.Actions;

internal static class AlertActions
{
    /// <summary>In the place of minutes: until it returns to normal.</summary>
    public const string ShelvedOnce = "once";
    private const int LongestShelfMinutes = 7 * 24 * 60;

    public static void Map(IEndpointRouteBuilder app)
    {
        var alerts = app.MapGroup("/alerts/{id}").RequireAuthorization(policy => policy.RequireRole(Duties.Alarms));

        alerts.MapPost("/acknowledge", async (string id, [FromServices] ActionRequest request, IAlarms alarms) => await request.AnswerAsync(
            "alarm.acknowledge", $"alarm:{id}", await alarms.AcknowledgeAsync(request.Viewer.Tenant, id, request.Viewer.Name, request.Field("note"), request.Aborted)));

        alerts.MapPost("/shelve", async (string id, [FromServices] ActionRequest request, IAlarms alarms) =>
        {
            if (request.Field("minutes") == ShelvedOnce)
                return await request.AnswerAsync("alarm.shelve", $"alarm:{id}", await alarms.ShelveOnceAsync(request.Viewer.Tenant, id, request.Viewer.Name, request.Field("reason") ?? "", null, request.Aborted), ShelvedOnce);
            var minutes = Math.Clamp(request.Whole("minutes", 60), 1, LongestShelfMinutes);
            return await request.AnswerAsync("alarm.shelve", $"alarm:{id}", await alarms.ShelveAsync(
                request.Viewer.Tenant, id, request.Viewer.Name, request.Field("reason") ?? "", request.Viewer.Now.AddMinutes(minutes), request.Aborted), $"{minutes} min");
        });

        alerts.MapPost("/unshelve", async (string id, [FromServices] ActionRequest request, IAlarms alarms) => await request.AnswerAsync(
            "alarm.unshelve", $"alarm:{id}", await alarms.UnshelveAsync(request.Viewer.Tenant, id, request.Viewer.Name, request.Aborted)));

        alerts.MapPost("/suppress", async (string id, [FromServices] ActionRequest request, IAlarms alarms) => await request.AnswerAsync(
            "alarm.suppress", $"alarm:{id}", await alarms.SuppressAsync(request.Viewer.Tenant, id, request.Viewer.Name, request.Field("reason") ?? "", request.Aborted)));

        alerts.MapPost("/unsuppress", async (string id, [FromServices] ActionRequest request, IAlarms alarms) => await request.AnswerAsync(
            "alarm.unsuppress", $"alarm:{id}", await alarms.UnsuppressAsync(request.Viewer.Tenant, id, request.Viewer.Name, request.Aborted)));

        alerts.MapPost("/confirm", async (string id, [FromServices] ActionRequest request, IAlarms alarms) => await request.AnswerAsync(
            "alarm.confirm", $"alarm:{id}", await alarms.ConfirmAsync(request.Viewer.Tenant, id, request.Viewer.Name, request.Field("note"), request.Aborted)));

        alerts.MapPost("/reset", async (string id, [FromServices] ActionRequest request, IAlarms alarms) => await request.AnswerAsync(
            "alarm.reset", $"alarm:{id}", await alarms.ResetAsync(request.Viewer.Tenant, id, request.Viewer.Name, request.Field("note"), request.Aborted)));

        alerts.MapPost("/close", async (string id, [FromServices] ActionRequest request, IAlarms alarms) => await request.AnswerAsync(
            "alarm.close", $"alarm:{id}",
            await alarms.CloseAsync(request.Viewer.Tenant, id, request.Viewer.Name, request.Field("verdict"), request.Field("note"), request.Aborted), request.Field("verdict")));
    }
}
