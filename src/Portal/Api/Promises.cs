using System.Security.Claims;
using Seamless.Portal.Accounts;
using Seamless.ServiceDesk.Parts.Promises;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.Portal.Api;

public sealed record PromiseLegView(string Code, DateTimeOffset Likely, DateTimeOffset Latest, string Why);

/// <param name="Likely">P50.</param>
/// <param name="Latest">P95: what is promised.</param>
/// <param name="Legs">What it rests on, before it was corrected by how earlier promises turned out.</param>
/// <param name="Kept">Null until the ticket is closed.</param>
public sealed record PromiseView(
    string Ticket, int Revision, DateTimeOffset GivenAt, DateTimeOffset Likely, DateTimeOffset Latest, IReadOnlyList<PromiseLegView> Legs, DateTimeOffset? RepairedAt, bool? Kept);

internal static class Promises
{
    public static void MapPromises(this RouteGroupBuilder api) =>
        api.MapGet("/tickets/{id}/promises", ListAsync).WithName("listPromises").WithTags("Tickets").RequireAuthorization(Policies.Read).Produces<Page<PromiseView>>()
            .WithSummary("When the machine will work again, as it was promised: likely (P50) and at the latest (P95), what that rests on, and whether it was kept. The first promise first; it is the one that is scored.");

    private static async Task<IResult> ListAsync(string id, [AsParameters] PageQuery page, ClaimsPrincipal user, HttpContext http, ITickets tickets, IPromises promises, CancellationToken ct)
    {
        if (await tickets.FindAsync(user.Tenant(), id, ct) is null) return Problems.NotFound($"there is no ticket '{id}'");
        var text = http.Texts();
        return TypedResults.Ok((await promises.OfTicketAsync(user.Tenant(), id, ct)).SliceInOrder(
            page, promise => $"{promise.Revision}", p => new PromiseView(p.Ticket, p.Revision, p.GivenAt, p.Likely, p.Latest, [.. p.Legs.Select(leg => new PromiseLegView(leg.Code, leg.Likely, leg.Latest, text(leg.Why)))], p.RepairedAt, p.Kept)));
    }
}
