using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Accounts;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Customers;
using Seamless.ServiceDesk.Customers.Complaints;
using Seamless.ServiceDesk.Customers.Ratings;
using Seamless.ServiceDesk.Customers.Requests;
using Seamless.Telemetry;

namespace Seamless.Portal.Api;

/// <param name="ChangeableUntil">Until then the answer can be changed.</param>
public sealed record RatingReceipt(DateTimeOffset RatedAt, DateTimeOffset ChangeableUntil);

/// <param name="Alternatives">What can be chosen now, counted from 1.</param>
public sealed record TrackedComplaintView(
    string Number, ComplaintType Type, ComplaintStatus Status, DateTimeOffset ReceivedAt, IReadOnlyList<Milestone> Steps, IReadOnlyList<Alternative> Alternatives, string Currency);

/// <summary>What the customer may do about a repair and what came of it; no words of theirs, no names.</summary>
public sealed record TrackedVoiceView(bool MayRate, DateTimeOffset? RatedAt, IReadOnlyList<TrackedComplaintView> Complaints, IReadOnlyList<TrackedRequest> Requests);

public sealed record TrackedComplaintRequest(ComplaintType Type, string? Text = null);

/// <param name="Alternative">Counted from 1; without one, none suits.</param>
public sealed record OfferDecision(int? Alternative = null);

public sealed record TrackedText(string? Text = null);

/// <summary>What a customer does without a login. An unknown code and a wrong serial get the same answer, and all of them one rate limit.</summary>
internal static class CustomerDoorEndpoints
{
    public static void MapCustomerDoor(this RouteGroupBuilder api)
    {
        var door = api.MapGroup("/track/{code}").WithTags("Tracking").AllowAnonymous().RequireRateLimiting(AccountsRegistration.TrackLimit);
        door.MapGet("/voice", LookAsync).WithName("trackVoice").Produces<TrackedVoiceView>().WithSummary("Whether the repair can be rated, and the state of complaints and requests about it.");
        door.MapPost("/rating", RateAsync).WithName("rateRepair").Produces<RatingReceipt>()
            .WithSummary("One answer for each repair, once it is done: recommend 0–10, effort 1–7, satisfaction 1–5, comment. Changeable for seven days.");
        door.MapPost("/complaints", ComplainAsync).WithName("complainAboutRepair").Produces<TrackedVoiceView>(StatusCodes.Status201Created).WithSummary("A complaint about the repair.");
        door.MapPost("/complaints/{number}/decision", DecideAsync).WithName("decideOnOffer").Produces<TrackedVoiceView>().WithSummary("Agrees to an alternative of the offer, or to none.");
        door.MapPost("/compliments", ThankAsync).WithName("thankForRepair").Produces<TrackedVoiceView>(StatusCodes.Status201Created).WithSummary("Thanks, kept with the job.");
        door.MapPost("/requests", AskAsync).WithName("askAboutRepair").Produces<TrackedVoiceView>(StatusCodes.Status201Created).WithSummary("A need or a suggestion; it will be answered here.");
    }

    private static async Task<IResult> LookAsync(string code, string? serial, HttpContext http, ICustomerDoor door, CancellationToken ct) =>
        await ViewAsync(code, serial, http, door, ct) is { } view ? TypedResults.Ok(view) : Problems.Of(ICustomerDoor.Unknown);

    private static async Task<IResult> RateAsync(string code, string? serial, [FromBody] RatingAnswers answers, IRatings ratings, CancellationToken ct) =>
        (await ratings.RateAsync(code, serial, answers, ct)).ToResult(rating => new RatingReceipt(rating.At, rating.ChangeableUntil));

    private static async Task<IResult> ComplainAsync(string code, string? serial, [FromBody] TrackedComplaintRequest complaint, HttpContext http, ICustomerDoor door, CancellationToken ct) =>
        await AnswerAsync(await door.ComplainAsync(code, serial, complaint.Type, complaint.Text ?? "", "api", ct), code, serial, http, door, StatusCodes.Status201Created, ct);

    private static async Task<IResult> DecideAsync(string code, string? serial, string number, [FromBody] OfferDecision decision, HttpContext http, ICustomerDoor door, CancellationToken ct) =>
        await AnswerAsync(await door.DecideAsync(code, serial, number, decision.Alternative, ct), code, serial, http, door, StatusCodes.Status200OK, ct);

    private static async Task<IResult> ThankAsync(string code, string? serial, [FromBody] TrackedText thanks, HttpContext http, ICustomerDoor door, CancellationToken ct) =>
        await AnswerAsync(await door.ThankAsync(code, serial, thanks.Text ?? "", ct), code, serial, http, door, StatusCodes.Status201Created, ct);

    private static async Task<IResult> AskAsync(string code, string? serial, [FromBody] TrackedText request, HttpContext http, ICustomerDoor door, CancellationToken ct) =>
        await AnswerAsync(await door.AskAsync(code, serial, request.Text ?? "", ct), code, serial, http, door, StatusCodes.Status201Created, ct);

    internal static async Task<IResult> AnswerAsync<T>(Outcome<T> outcome, string code, string? serial, HttpContext http, ICustomerDoor door, int status, CancellationToken ct) =>
        outcome.Succeeded ? TypedResults.Json(await ViewAsync(code, serial, http, door, ct), ApiJson.Options, statusCode: status) : Problems.Of(outcome.Refusal);

    private static async Task<TrackedVoiceView?> ViewAsync(string code, string? serial, HttpContext http, ICustomerDoor door, CancellationToken ct)
    {
        if (await door.LookAsync(code, serial, ct) is not { } voice) return null;
        Func<LocalizedText, string> text = http.Texts();
        return new TrackedVoiceView(voice.MayRate, voice.RatedAt,
            [.. voice.Complaints.Select(c => new TrackedComplaintView(c.Number, c.Type, c.Status, c.ReceivedAt, [.. c.Steps.Select(s => new Milestone(s.At, s.Kind, text(s.Text)))], c.Alternatives, c.Currency))],
            voice.Requests);
    }
}
