using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Accounts;
using Seamless.ServiceDesk.Continuity;

namespace Seamless.Portal.Api;

/// <param name="Sites">Whose tickets are its own; none: those of all sites that no team names.</param>
/// <param name="Fallback">Who takes over while it is down, in this order.</param>
public sealed record TeamDefinition(string Id, IReadOnlyList<string>? Sites = null, IReadOnlyList<string>? Fallback = null, int SilenceSeconds = 45);

public sealed record TeamsChange(IReadOnlyList<TeamDefinition>? Teams = null);

/// <param name="OpenTickets">That are with it now.</param>
public sealed record TeamView(
    string Id, IReadOnlyList<string> Sites, IReadOnlyList<string> Fallback, int SilenceSeconds, bool Up, DateTimeOffset LastBeatAt, DateTimeOffset? DownSince, int OpenTickets)
{
    public static TeamView Of(TeamState s) => new(s.Team.Id, s.Team.Sites, s.Team.Fallback, s.Team.SilenceSeconds, s.Up, s.LastBeatAt, s.DownSince, s.OpenTickets);
}

/// <summary>Teams of the desk, and who takes over when one of them falls silent.</summary>
internal static class TeamEndpoints
{
    public static void MapTeams(this RouteGroupBuilder api)
    {
        var teams = api.MapGroup("/teams").WithTags("Tickets");
        teams.MapGet("/", ListAsync).WithName("listTeams").RequireAuthorization(Policies.Read).Produces<Page<TeamView>>().WithSummary("Call centres and seats, whether they are up, and how many open tickets are with them.");
        teams.MapPut("/", PutAsync).WithName("putTeams").RequireAuthorization(Policies.Admin).Produces<Page<TeamView>>()
            .WithSummary("All teams anew, each with its sites, its fallback in order and how long it may be silent; open tickets are routed at once.");
        teams.MapPost("/{id}/heartbeat", BeatAsync).WithName("beatTeam").RequireAuthorization(Policies.Dispatch).WithMetadata(ApiAudit.Routine).Produces<TeamView>()
            .WithSummary("The team is there. After silenceSeconds without it, its open and new tickets go to the first fallback that is up.");
    }

    private static async Task<Page<TeamView>> ListAsync([AsParameters] PageQuery page, ClaimsPrincipal user, ITeams teams, CancellationToken ct) =>
        (await teams.ListAsync(user.Tenant(), ct)).SliceInOrder(page, t => t.Team.Id, TeamView.Of);

    private static async Task<IResult> PutAsync([FromBody] TeamsChange change, ClaimsPrincipal user, ITeams teams, CancellationToken ct)
    {
        if (change.Teams is null) return Problems.Invalid("'teams' is missing; an empty list takes all of them away");
        if (change.Teams.Any(t => t?.Id is null)) return Problems.Invalid("each team has an 'id'");
        var wanted = change.Teams.Select(t => new Team(t.Id, t.Sites ?? [], t.Fallback ?? [], t.SilenceSeconds)).ToList();
        return (await teams.PutAsync(user.Tenant(), wanted, user.Actor(), ct)).ToResult(put => new Page<TeamView>([.. put.Select(TeamView.Of)], null));
    }

    private static async Task<IResult> BeatAsync(string id, ClaimsPrincipal user, ITeams teams, CancellationToken ct) => (await teams.BeatAsync(user.Tenant(), id, user.Actor(), ct)).ToResult(TeamView.Of);
}
