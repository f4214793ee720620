using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Accounts;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Care.Queue;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.Portal.Api;

/// <param name="Reasons">Why it stands at its position.</param>
public sealed record QueuePlaceView(
    int Position, string Ticket, string Title, string? Device, string Site, string Customer, string Tier, Priority Priority, Grading? Grading, TicketStatus Status, string? Assignee, string? Adviser,
    DateTimeOffset Since, DateTimeOffset Turn, IReadOnlyList<string> Reasons)
{
    public static QueuePlaceView Of(QueuePlace p, Func<LocalizedText, string> text) => new(
        p.Position, p.Ticket, text(p.Title), p.Device, p.Site, p.Customer, p.Tier, p.Priority, p.Grading, p.Status, p.Assignee, p.Adviser, p.Since, p.Turn, [.. p.Reasons.Select(text)]);
}

/// <param name="Expected">The version that was looked at; in any case when not given.</param>
public sealed record QueuePolicyChange(QueuePolicy? Policy = null, int? Expected = null);

/// <summary>Which case is next, for whom, and why.</summary>
internal static class QueueEndpoints
{
    public static void MapQueue(this RouteGroupBuilder api)
    {
        var queue = api.MapGroup("/queue").WithTags("Tickets");
        queue.MapGet("/", ListAsync).WithName("getQueue").RequireAuthorization(Policies.Read).Produces<Page<QueuePlaceView>>()
            .WithSummary("What waits, the next first, with the reasons; person: a technician or somebody of the desk, team: a team of the desk, or a partner.");
        queue.MapGet("/policy", PolicyAsync).WithName("getQueuePolicy").RequireAuthorization(Policies.Read).Produces<QueuePolicyVersion>().WithSummary("Urgency × impact, waits, tiers, fairness bound and advisers in force.");
        queue.MapGet("/policy/versions", VersionsAsync).WithName("listQueuePolicies").RequireAuthorization(Policies.Read).Produces<Page<QueuePolicyVersion>>().WithSummary("Every version, newest first.");
        queue.MapPut("/policy", PutAsync).WithName("putQueuePolicy").RequireAuthorization(Policies.Admin).Produces<QueuePolicyVersion>().WithSummary("A new version, whole; what is left out goes back to its default.");
        queue.MapGet("/terms", TermsAsync).WithName("getCustomerTerms").RequireAuthorization(Policies.Read).Produces<CustomerTerms>().WithSummary("What a customer's tier comes to: service level, head start in the queue, adviser, care plans.");
    }

    private static async Task<IResult> ListAsync([AsParameters] PageQuery page, string? person, string? team, ClaimsPrincipal user, HttpContext http, IQueue queue, CancellationToken ct) =>
        (await queue.ListAsync(new QueueFilter(user.Tenant(), person, team), ct)).ToResult(places => places.SliceInOrder(page, place => place.Ticket, place => QueuePlaceView.Of(place, http.Texts())));

    private static Task<QueuePolicyVersion> PolicyAsync(ClaimsPrincipal user, IQueue queue, CancellationToken ct) => queue.PolicyAsync(user.Tenant(), ct);

    private static async Task<Page<QueuePolicyVersion>> VersionsAsync([AsParameters] PageQuery page, ClaimsPrincipal user, IQueue queue, CancellationToken ct) =>
        (await queue.VersionsAsync(user.Tenant(), ct)).SliceInOrder(page, v => $"{v.Version}", v => v);

    private static async Task<IResult> PutAsync([FromBody] QueuePolicyChange change, ClaimsPrincipal user, IQueue queue, CancellationToken ct) => change.Policy is null
        ? Problems.Invalid("'policy' is missing; begin with what GET /api/v1/queue/policy answers")
        : (await queue.PutAsync(user.Tenant(), change.Policy, change.Expected, user.Actor(), ct)).ToResult(version => version);

    private static async Task<IResult> TermsAsync(string? customer, string? tier, ClaimsPrincipal user, IQueue queue, CancellationToken ct) =>
        string.IsNullOrWhiteSpace(customer) ? Problems.Invalid("'customer' is missing") : TypedResults.Ok(await queue.TermsAsync(user.Tenant(), customer, tier ?? "standard", ct));
}
