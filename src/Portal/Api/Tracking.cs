using Seamless.Portal.Accounts;
using Seamless.ServiceDesk.Customers;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.Portal.Api;

public sealed record Milestone(DateTimeOffset At, string Kind, string Text);

/// <summary>A repair as its customer sees it: no names, no machine, no cause.</summary>
/// <param name="ExpectedBy">As probably earlier as later.</param>
/// <param name="PromisedBy">At the latest.</param>
public sealed record TrackView(string Number, string Status, string StatusText, DateTimeOffset OpenedAt, DateTimeOffset? ExpectedBy, DateTimeOffset? PromisedBy, IReadOnlyList<Milestone> Milestones);

internal static class Tracking
{
    public static void MapTracking(this RouteGroupBuilder api) =>
        api.MapGet("/track/{code}", TrackAsync).WithName("trackRepair").WithTags("Tracking").AllowAnonymous().RequireRateLimiting(AccountsRegistration.TrackLimit)
            .Produces<TrackView>().WithSummary("A repair's status by tracking code, or by ticket number and device serial. No login.");

    private static async Task<IResult> TrackAsync(string code, string? serial, HttpContext http, ITickets tickets, CancellationToken ct)
    {
        var repair = await tickets.TrackAsync(code, serial, ct);
        // One answer for "no such ticket" and "wrong serial": who guesses learns nothing.
        if (repair is null) return Problems.Of(ICustomerDoor.Unknown);
        var text = http.Texts();
        return TypedResults.Ok(new TrackView(
            repair.Number, repair.Status, text(repair.StatusText), repair.OpenedAt, repair.ExpectedBy, repair.PromisedBy,
            [.. repair.Milestones.Select(entry => new Milestone(entry.At, entry.Kind, text(entry.Text)))]));
    }
}
