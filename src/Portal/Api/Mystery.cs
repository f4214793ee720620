using System.Globalization;
using System.Security.Claims;
using Seamless.Portal.Accounts;
using Seamless.ServiceDesk.Mystery;

namespace Seamless.Portal.Api;

/// <param name="Id">The day of the daily check; another for one asked for.</param>
/// <param name="Date">When it began.</param>
/// <param name="Fault">The cause that was played and must be found.</param>
/// <param name="DetectedAfterSeconds">From the first sample to the alarm, event time.</param>
/// <param name="DetectedWithinSeconds">The bound for it.</param>
/// <param name="SeenAfterSeconds">From the telemetry being in the log to the alarm, our clock.</param>
/// <param name="ClosedAt">When the check closed the ticket.</param>
/// <param name="Why">What went wrong; null when nothing did.</param>
public sealed record MysteryView(
    string Id, DateTimeOffset Date, string Actor, string Type, string Device, string Test, string Fault, string? Alarm, double? DetectedAfterSeconds, double DetectedWithinSeconds,
    double? SeenAfterSeconds, string? Cause, bool? CauseRight, string? Ticket, DateTimeOffset? ClosedAt, DateTimeOffset? EndedAt, MysteryVerdict Verdict, string? Why);

/// <summary>The service's own mystery shopper.</summary>
internal static class Mystery
{
    public static void MapMystery(this RouteGroupBuilder api)
    {
        api.MapGet("/mystery", ListAsync).WithName("listMysteryChecks").WithTags("Service").RequireAuthorization(Policies.Read).WithMetadata(new NumericCursor())
            .WithSummary("Faults that the platform has played to itself, and how they were answered; newest first.");
        api.MapPost("/mystery/run", RunAsync).WithName("runMysteryCheck").WithTags("Service").RequireAuthorization(Policies.Operate).Produces<MysteryView>(StatusCodes.Status202Accepted)
            .WithSummary("Plays a fault now; ?type= chooses the equipment. Refused while another check runs.");
    }

    private static async Task<Page<MysteryView>> ListAsync([AsParameters] PageQuery page, ClaimsPrincipal user, HttpContext http, IMysteryChecks checks, CancellationToken ct) =>
        (await checks.ListAsync(user.Tenant(), page.Before, page.Fetch, ct)).ToPage(page, check => check.Number.ToString(CultureInfo.InvariantCulture), check => View(check, http));

    private static async Task<IResult> RunAsync(string? type, ClaimsPrincipal user, HttpContext http, IMysteryChecks checks, CancellationToken ct)
    {
        var begun = await checks.RunAsync(user.Tenant(), type, user.Actor(), ct);
        return begun.Succeeded ? TypedResults.Accepted("/api/v1/mystery", View(begun.Value, http)) : Problems.Of(begun.Refusal);
    }

    private static MysteryView View(MysteryCheck check, HttpContext http) => new(
        check.Key, check.StartedAt, check.Actor, check.Type, check.Device, check.Test, check.Fault, check.Alarm, check.RaisedAfter?.TotalSeconds, check.RaisedWithin.TotalSeconds,
        check.SeenAfter?.TotalSeconds, check.Cause, check.CauseRight, check.Ticket, check.ClosedAt, check.EndedAt, check.Verdict, check.Why is null ? null : http.Texts()(check.Why));
}
