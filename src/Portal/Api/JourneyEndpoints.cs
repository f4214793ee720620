using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Accounts;
using Seamless.ServiceDesk.Journeys;

namespace Seamless.Portal.Api;

/// <param name="Score">0 not at all as they wished … 100 entirely.</param>
/// <param name="Device">Not given when it is about the account as a whole.</param>
public sealed record StageRequest(JourneyStage? Stage = null, double? Score = null, string? Device = null, string? Note = null);

/// <summary>How customers have found each stage of their way with us.</summary>
internal static class JourneyEndpoints
{
    public static void MapJourneys(this RouteGroupBuilder api)
    {
        var journey = api.MapGroup("/customers/{customer}/journey").WithTags("Journey");
        journey.MapGet("/", FindAsync).WithName("getJourney").RequireAuthorization(Policies.Read).Produces<CustomerJourney>()
            .WithSummary("The stages of a customer's machines and of the account, with the weakest of all: it counts, not the mean.");
        journey.MapPost("/", EnterAsync).WithName("enterJourneyStage").RequireAuthorization(Policies.Dispatch).Produces<StageScore>()
            .WithSummary("How the customer found a stage, 0 to 100, of one device or of the account. The stage 'service' follows from tickets and is refused.");
    }

    private static async Task<IResult> FindAsync(string customer, ClaimsPrincipal user, IJourneys journeys, CancellationToken ct) =>
        (await journeys.OfCustomerAsync(user.Tenant(), customer, ct)).ToResult(journey => journey);

    private static async Task<IResult> EnterAsync(string customer, [FromBody] StageRequest asked, ClaimsPrincipal user, IJourneys journeys, CancellationToken ct) => asked is { Stage: { } stage, Score: { } score }
        ? (await journeys.EnterAsync(user.Tenant(), customer, new StageEntry(stage, score, asked.Device, asked.Note), user.Actor(), ct)).ToResult(entered => entered)
        : Problems.Invalid($"give 'stage', one of {string.Join(", ", Enum.GetValues<JourneyStage>().Select(ApiJson.NameOf))}, and 'score', 0 to 100");
}
