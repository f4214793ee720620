using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Api;
using Seamless.Portal.Pages.Viewing;
using Seamless.Rules.Alarms.Maintenance;
using Seamless.Telemetry;

namespace Seamless.Portal.Pages.Actions;

internal static class MaintenanceActions
{
    /// <summary>In the place of a site: all of them.</summary>
    public const string Everything = "*";

    public static void Map(IEndpointRouteBuilder app)
    {
        var windows = app.MapGroup("/maintenance").RequireAuthorization(policy => policy.RequireRole(Duties.Alarms));

        windows.MapPost("/add", async ([FromServices] ActionRequest request, IMaintenance maintenance) =>
        {
            var order = Read(request);
            var added = order.Succeeded ? await maintenance.AddAsync(request.Viewer.Tenant, order.Value, request.Viewer.Name, request.Aborted) : order.Refusal;
            return await request.AnswerAsync("maintenance.add", Subject(added.Succeeded ? added.Value.Id : "new"), added, added.Succeeded ? added.Value.Reason : null);
        });

        windows.MapPost("/{id}/end", async (string id, [FromServices] ActionRequest request, IMaintenance maintenance) => await request.AnswerAsync(
            "maintenance.end", Subject(id), await maintenance.EndAsync(request.Viewer.Tenant, id, request.Viewer.Name, request.Aborted)));

        windows.MapPost("/{id}/prolong", async (string id, [FromServices] ActionRequest request, IMaintenance maintenance) => await request.AnswerAsync(
            "maintenance.prolong", Subject(id),
            await maintenance.ChangeAsync(request.Viewer.Tenant, id, new MaintenanceChange(Until: request.Field("until") ?? ""), request.Viewer.Name, request.Aborted), request.Field("until")));

        windows.MapPost("/{id}/cancel", async (string id, [FromServices] ActionRequest request, IMaintenance maintenance) => await request.AnswerAsync(
            "maintenance.cancel", Subject(id), await maintenance.CancelAsync(request.Viewer.Tenant, id, request.Viewer.Name, request.Aborted)));

        app.MapGet("/maintenance.ics", (Viewer viewer, IMaintenance maintenance) =>
                Results.Text(MaintenanceCalendarFile.Of(maintenance.List(viewer.Tenant), viewer.Now), MaintenanceCalendarFile.ContentType))
            .RequireAuthorization(policy => policy.RequireRole(Duties.Readers.Split(',')));
    }

    /// <summary>The form is the API's definition, with one list of sites in which everything stands too. A device stands for itself, whatever site is chosen.</summary>
    private static Outcome<MaintenanceOrder> Read(ActionRequest request)
    {
        var (device, site, type) = (request.Field("device"), request.Field("site"), request.Field("type"));
        if (device is not null) (site, type) = (null, null);
        var everything = site == Everything;
        if (everything && type is not null) return Refusal.Invalid("maintenance-type", "an equipment type is maintained at a site; choose the site, or every type");
        WeeklyView? weekly = null;
        if (request.Fields().GetValueOrDefault("days") is { } days)
        {
            if (request.Field("at") is not { } at || request.Whole("minutes", 0) is not (> 0 and var minutes)) return Refusal.Invalid("maintenance-weekly-time", "at what time does it begin each week, and how long does it last?");
            weekly = new WeeklyView(days.Split(','), at, minutes);
        }
        var zone = everything ? request.Viewer.Zone.Id : null;
        return new MaintenanceDefinition(
            request.Field("reason") ?? "", device, everything ? null : site, type, everything, request.Field("begin"), request.Field("end"), null, weekly, zone).ToOrder();
    }

    private static string Subject(string id) => $"maintenance:{id}";
}
