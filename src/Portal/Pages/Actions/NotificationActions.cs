using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Api;
using Seamless.Portal.Pages.Viewing;
using Seamless.ServiceDesk.Notifications;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.Portal.Pages.Actions;

internal static class NotificationActions
{
    private const string Home = "/notifications";

    public static void Map(IEndpointRouteBuilder app)
    {
        var recipients = app.MapGroup("/notifications/recipients").RequireAuthorization(policy => policy.RequireRole(Duties.Administration));

        recipients.MapPost("/save", async ([FromServices] ActionRequest request, INotifications notifications) =>
        {
            var (id, order) = (request.Field("id") ?? "", Read(request));
            var saved = order.Succeeded ? await notifications.PutAsync(request.Viewer.Tenant, id, order.Value, request.Viewer.Name, request.Aborted) : order.Refusal;
            return await request.AnswerAsync("recipient.put", Subject(id), saved, saved.Value is { } r ? $"{r.Channel} {r.Address}" : null, saved.Succeeded ? Home : Kept(request));
        });

        recipients.MapPost("/{id}/remove", async (string id, [FromServices] ActionRequest request, INotifications notifications) => await request.AnswerAsync(
            "recipient.remove", Subject(id), await notifications.RemoveAsync(request.Viewer.Tenant, id, request.Viewer.Name, request.Aborted)));

        recipients.MapPost("/{id}/test", async (string id, [FromServices] ActionRequest request, INotifications notifications) =>
        {
            var test = await notifications.TestAsync(request.Viewer.Tenant, id, request.Viewer.Name, request.Aborted);
            return await request.AnswerAsync("recipient.test", Subject(id), test is { Succeeded: true, Value.Delivered: false } ? Refusal.Because(test.Value.Answer) : test, test.Value?.Answer);
        });

        app.MapPost("/notifications/outbox/{id}/resend", async (string id, [FromServices] ActionRequest request, INotifications notifications) => await request.AnswerAsync(
                "message.resend", $"message:{id}", await notifications.ResendAsync(request.Viewer.Tenant, id, request.Viewer.Name, request.Aborted)))
            .RequireAuthorization(policy => policy.RequireRole(Duties.Tickets));
    }

    /// <summary>The form is the API's request; nothing chosen and nothing written mean what leaving it out means there.</summary>
    private static Outcome<RecipientOrder> Read(ActionRequest request)
    {
        if (!Enum.TryParse<Channel>(request.Field("channel"), out var channel)) return Refusal.Invalid("channel-missing", "by which channel is it reached?");
        var audience = Enum.TryParse<Audience>(request.Field("audience"), out var chosen) ? chosen : Audience.Staff;
        var least = Enum.TryParse<Priority>(request.Field("leastPriority"), out var priority) ? priority : Priority.P4;
        return new RecipientRequest(
            request.Field("title") ?? "", channel, audience, request.Field("address"), Split(request.Text("secrets"), '\n'), request.Field("customer"), request.Field("language") ?? "en",
            request.Field("zone") ?? request.Viewer.Zone.Id, request.Field("quietFrom"), request.Field("quietTo"), request.All("milestones") is { Count: > 0 } milestones ? milestones : null, least,
            Split(request.Field("sites"), ','), request.Field("rung"), request.Field("optedIn") is not null, request.Field("enabled") is not null).ToOrder();
    }

    /// <summary>Back to the form as it was filled in, but for address and secrets: those stand in no address bar.</summary>
    private static string Kept(ActionRequest request)
    {
        var fields = request.Fields().Where(field => field.Key is not ("address" or "secrets" or "milestones")).Select(field => $"{field.Key}={Uri.EscapeDataString(field.Value)}");
        return $"{Home}?{string.Join('&', [.. fields, .. request.All("milestones").Select(m => $"milestones={Uri.EscapeDataString(m)}"), $"edit={Uri.EscapeDataString(request.Field("id") ?? "")}", "kept=1"])}#recipient-form";
    }

    private static string[]? Split(string? text, char at) => text?.Split(at, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is { Length: > 0 } parts ? parts : null;

    private static string Subject(string id) => $"recipient:{id}";
}
