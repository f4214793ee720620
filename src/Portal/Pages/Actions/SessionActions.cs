using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Pages.Viewing;
using Seamless.ServiceDesk.Customers.Complaints;
using Seamless.ServiceDesk.Sessions;
using Seamless.Telemetry;

namespace Seamless.Portal.Pages.Actions;

/// <summary>Remote sessions from the ticket's page.</summary>
internal static class SessionActions
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var sessions = app.MapGroup("/tickets/{number}/sessions").RequireAuthorization(policy => policy.RequireRole(Duties.Engineering));

        sessions.MapPost("/", async (string number, [FromServices] ActionRequest request, ISessions book) =>
        {
            var names = request.Field("commands")?.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            var asked = new SessionRequest(request.Field("reason") ?? "", Enum.TryParse<CommandRisk>(request.Field("upTo"), out var risk) ? risk : CommandRisk.R0, names, request.Whole("minutes", SessionRequest.UsualMinutes));
            return await request.AnswerAsync("session.ask", $"ticket:{number}", await book.AskAsync(request.Viewer.Tenant, number, asked, request.Viewer.Name, request.Aborted));
        });

        sessions.MapPost("/{no:int}/consent", async (string number, int no, [FromServices] ActionRequest request, ISessions book) => await request.AnswerAsync("session.consent", $"ticket:{number}",
            await book.ConsentAsync(request.Viewer.Tenant, number, no, request.Field("by") ?? "", request.Field("how") ?? "", request.Viewer.Name, request.Aborted)));

        sessions.MapPost("/{no:int}/commands", async (string number, int no, [FromServices] ActionRequest request, ISessions book) =>
            await request.AnswerAsync("session.command", $"ticket:{number}", await SendAsync(request, book, number, no), request.Field("name")));

        sessions.MapPost("/{no:int}/notes", async (string number, int no, [FromServices] ActionRequest request, ISessions book) => await request.AnswerAsync("session.note", $"ticket:{number}",
            await book.NoteAsync(request.Viewer.Tenant, number, no, request.Text("note"), request.Viewer.Name, request.Aborted)));

        sessions.MapPost("/{no:int}/end", async (string number, int no, [FromServices] ActionRequest request, ISessions book) => await request.AnswerAsync("session.end", $"ticket:{number}",
            await book.EndAsync(request.Viewer.Tenant, number, no, request.Viewer.Name, request.Aborted)));

        sessions.MapPost("/{no:int}/links", async (string number, int no, [FromServices] ActionRequest request, ISessions book, HttpContext http) =>
        {
            var given = await book.InviteAsync(request.Viewer.Tenant, number, no, request.Field("name") ?? "", request.Viewer.Name, request.Aborted);
            return await request.AnswerAsync("session.link", $"ticket:{number}", given, given.Value?.Link.Name, said: given.Value is { } link ? $"{http.Request.Scheme}://{http.Request.Host}/session/{link.Secret}" : null);
        });

        sessions.MapPost("/{no:int}/links/{link:int}/revoke", async (string number, int no, int link, [FromServices] ActionRequest request, ISessions book) => await request.AnswerAsync("session.revoke", $"ticket:{number}",
            await book.RevokeAsync(request.Viewer.Tenant, number, no, link, request.Viewer.Name, request.Aborted)));
    }

    private static async Task<Outcome<SessionCommand>> SendAsync(ActionRequest request, ISessions book, string number, int no)
    {
        if (request.Field("name") is not { } name) return Refusal.Invalid("command-name", "a command needs a name");
        var args = request.Field("args") ?? "{}";
        if (!DeviceActions.IsJsonObject(args)) return Refusal.Invalid("command-arguments", "the arguments must be a JSON object");
        // Made when the form was drawn: pressing twice sends one command.
        if (request.Field("key") is not { } key) return Refusal.Invalid("form-incomplete", "the form was incomplete; open the page again");
        return await book.SendAsync(request.Viewer.Tenant, number, no, new SessionOrder(name, args, null, null, key), request.Viewer.Name, request.Aborted);
    }
}
