using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Pages.Viewing;
using Seamless.ServiceDesk.Care.Contacts;
using Seamless.Telemetry;

namespace Seamless.Portal.Pages.Actions;

/// <summary>People at customers': who they are, how they are reached, who follows them.</summary>
internal static class ContactActions
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var people = app.MapGroup("/contacts").RequireAuthorization(policy => policy.RequireRole(Duties.Tickets));

        people.MapPost("/save", async ([FromServices] ActionRequest request, IContacts contacts) =>
        {
            var (id, viewer) = (request.Field("id") ?? "", request.Viewer);
            var kept = await contacts.FindAsync(viewer.Tenant, id, request.Aborted);
            var order = Read(request, kept);
            var saved = order.Succeeded ? await contacts.PutAsync(viewer.Tenant, id, order.Value, viewer.Name, request.Aborted) : order.Refusal;
            return await request.AnswerAsync("contact.save", $"contact:{id}", saved, saved.Value?.Customer);
        });

        people.MapPost("/{id}/hand-over", async (string id, [FromServices] ActionRequest request, IContacts contacts) =>
        {
            var at = TimeOf(request, "at", null);
            return await request.AnswerAsync("contact.handOver", $"contact:{id}", at.Succeeded
                ? await contacts.HandOverAsync(request.Viewer.Tenant, id, request.Field("successor") ?? "", at.Value, request.Viewer.Name, request.Aborted)
                : at.Refusal);
        });
    }

    private static Outcome<ContactOrder> Read(ActionRequest request, Contact? kept)
    {
        var (from, until) = (TimeOf(request, "from", kept?.From), TimeOf(request, "until", kept?.Until));
        if (!from.Succeeded) return from.Refusal;
        if (!until.Succeeded) return until.Refusal;
        List<ContactRole> roles = [.. request.All("roles").Select(r => Enum.TryParse<ContactRole>(r, out var role) ? role : (ContactRole?)null).OfType<ContactRole>()];
        return new ContactOrder(request.Field("customer") ?? "", request.Field("name") ?? "", roles, from.Value, until.Value, request.Field("successor"), request.All("recipients"),
            request.Text("writesFrom").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    /// <summary>Where the viewer is. A day that was shown and not changed keeps its hour.</summary>
    private static Outcome<DateTimeOffset?> TimeOf(ActionRequest request, string name, DateTimeOffset? kept)
    {
        if (request.Field(name) is not { } text) return (DateTimeOffset?)null;
        var zone = request.Viewer.Zone;
        if (!DateTime.TryParse(text, CultureInfo.InvariantCulture, out var local)) return Refusal.Invalid("day-unreadable", $"{name}: '{text}' is no day; write it as 2027-03-31");
        if (kept is { } before && request.Viewer.Local(before).Date == local.Date && local.TimeOfDay == TimeSpan.Zero) return kept;
        return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
    }
}
