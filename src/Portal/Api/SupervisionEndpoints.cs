using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Accounts;
using Seamless.ServiceDesk.Knowledge.Supervision;

namespace Seamless.Portal.Api;

public sealed record ReleaseNote(string? Note = null);

/// <summary>What somebody new may not do alone.</summary>
internal static class SupervisionEndpoints
{
    public static void MapSupervision(this RouteGroupBuilder api)
    {
        var releases = api.MapGroup("/tickets/{id}/releases").WithTags("Knowledge");
        releases.MapGet("/", ListAsync).WithName("listReleases").RequireAuthorization(Policies.Read).Produces<Page<Release>>().WithSummary("What was asked of supervisors on this ticket, and what they released.");
        releases.MapPost("/", AskAsync).WithName("askForRelease").RequireAuthorization(Policies.Dispatch).Produces<Release>().WithSummary("By somebody new: asks their supervisor to let them go beyond their limits on this ticket and its device.");
        releases.MapPut("/{novice}", ReleaseAsync).WithName("releaseTicket").RequireAuthorization(Policies.Dispatch).Produces<Release>().WithSummary("By their supervisor alone.");
    }

    private static async Task<Page<Release>> ListAsync(string id, [AsParameters] PageQuery page, ClaimsPrincipal user, ISupervision supervision, CancellationToken ct) =>
        (await supervision.OnAsync(user.Tenant(), id, ct)).SliceInOrder(page, release => release.Novice, release => release);

    private static async Task<IResult> AskAsync(string id, ClaimsPrincipal user, ISupervision supervision, CancellationToken ct) =>
        (await supervision.AskAsync(user.Tenant(), id, user.Actor(), ct)).ToResult(release => release);

    private static async Task<IResult> ReleaseAsync(string id, string novice, [FromBody] ReleaseNote? note, ClaimsPrincipal user, ISupervision supervision, CancellationToken ct) =>
        (await supervision.ReleaseAsync(user.Tenant(), id, novice, note?.Note, user.Actor(), ct)).ToResult(release => release);
}
