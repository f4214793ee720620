using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Pages.Viewing;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.Portal.Pages.Actions;

internal static class TicketActions
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var tickets = app.MapGroup("/tickets").RequireAuthorization(policy => policy.RequireRole(Duties.Tickets));

        tickets.MapPost("/open", async ([FromServices] ActionRequest request, ITickets desk) =>
        {
            var title = request.Field("title") ?? "";
            var priority = (Priority)Math.Clamp(request.Whole("priority", (int)Priority.P3), (int)Priority.P1, (int)Priority.P4);
            var outcome = title.Length == 0 || request.Field("site") is null
                ? Refusal.Invalid("ticket-fields", "a ticket needs a site and a title")
                : await desk.OpenAsync(new NewTicket(request.Viewer.Tenant, request.Field("device"), request.Field("site")!, priority,
                    new LocalizedText(title, title), null, request.Field("note")), request.Viewer.Name, request.Aborted);
            return await request.AnswerAsync("ticket.open", outcome.Succeeded ? $"ticket:{outcome.Value.Number}" : "ticket:new", outcome);
        });

        tickets.MapPost("/{number}/priority", async (string number, [FromServices] ActionRequest request, ITickets desk) =>
        {
            var priority = (Priority)Math.Clamp(request.Whole("priority", (int)Priority.P3), (int)Priority.P1, (int)Priority.P4);
            return await request.AnswerAsync("ticket.priority", $"ticket:{number}",
                await desk.SetPriorityAsync(request.Viewer.Tenant, number, priority, request.Viewer.Name, request.Aborted), priority.ToString());
        });

        tickets.MapPost("/{number}/actions/{action}", async (string number, string action, [FromServices] ActionRequest request, ITickets desk) =>
            await request.AnswerAsync("ticket.action", $"ticket:{number}", await desk.ActAsync(
                request.Viewer.Tenant, number, new TicketAction(action, WithUtcStart(request), request.Viewer.Name), request.Aborted), action));
    }

    /// <summary>A browser's date field speaks the viewer's local time; the desk wants an instant.</summary>
    private static Dictionary<string, string> WithUtcStart(ActionRequest request)
    {
        var args = new Dictionary<string, string>(request.Fields());
        if (args.TryGetValue("start", out var text) && DateTime.TryParse(text, CultureInfo.InvariantCulture, out var local))
        {
            var zone = request.Viewer.Zone;
            args["start"] = new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime().ToString("O", CultureInfo.InvariantCulture);
        }
        return args;
    }
}
