using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Pages.Viewing;
using Seamless.ServiceDesk.Customers.Correspondence;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.Portal.Pages.Actions;

/// <summary>Messages of customers: whose case they are, and our answers.</summary>
internal static class MessageActions
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var desk = app.MapGroup("").RequireAuthorization(policy => policy.RequireRole(Duties.Tickets));

        desk.MapPost("/tickets/{number}/reply", async (string number, [FromServices] ActionRequest request, ICorrespondence correspondence) =>
            await request.AnswerAsync("message.reply", $"ticket:{number}", await correspondence.ReplyAsync(
                request.Viewer.Tenant, number, new ReplyOrder(request.Text("text"), request.Field("by")), request.Viewer.Name, request.Aborted), request.Field("by")));

        desk.MapPost("/messages/{number}/assign", async (string number, [FromServices] ActionRequest request, ICorrespondence correspondence) =>
            await request.AnswerAsync("message.assign", $"message:{number}", await correspondence.AssignAsync(
                request.Viewer.Tenant, number, request.Field("ticket") ?? request.Field("candidate") ?? "", request.Viewer.Name, request.Aborted)));

        desk.MapPost("/messages/{number}/ticket", async (string number, [FromServices] ActionRequest request, ICorrespondence correspondence) =>
        {
            var priority = (Priority)Math.Clamp(request.Whole("priority", (int)Priority.P3), (int)Priority.P1, (int)Priority.P4);
            var opened = await correspondence.OpenTicketAsync(
                request.Viewer.Tenant, number, new TicketFromMessage(request.Field("device"), request.Field("site"), priority, request.Field("title")), request.Viewer.Name, request.Aborted);
            return await request.AnswerAsync("message.openTicket", $"message:{number}", opened, opened.Value?.Ticket, opened.Value?.Ticket is { } ticket ? $"/tickets/{ticket}" : null);
        });

        desk.MapPost("/messages/{number}/dismiss", async (string number, [FromServices] ActionRequest request, ICorrespondence correspondence) =>
            await request.AnswerAsync("message.dismiss", $"message:{number}", await correspondence.DismissAsync(
                request.Viewer.Tenant, number, request.Field("reason") ?? "", request.Viewer.Name, request.Aborted)));
    }
}
