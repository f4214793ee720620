using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Accounts;
using Seamless.ServiceDesk.Customers.Figures;
using Seamless.ServiceDesk.Customers.Questionnaires;
using Seamless.ServiceDesk.Customers.Ratings;

namespace Seamless.Portal.Api;

/// <summary>An answer that was taken down for the customer, on the telephone or on site.</summary>
public sealed record RatingTakenDown(string? Ticket = null, int? Recommend = null, int? Effort = null, int? Satisfaction = null, string? Comment = null);

/// <param name="Version">That was answered.</param>
public sealed record ResponseReceipt(string Questionnaire, int Version, string Respondent);

/// <summary>What customers answer, and the figures of it.</summary>
internal static class Surveys
{
    private static readonly TimeSpan UsualPeriod = TimeSpan.FromDays(30);

    public static void MapSurveys(this RouteGroupBuilder api)
    {
        var surveys = api.MapGroup("/surveys").WithTags("Customers");
        surveys.MapGet("/ratings", RatingsAsync).WithName("listRatings").RequireAuthorization(Policies.Read).Produces<Page<Rating>>().WithSummary("Answers after repairs with their comments, newest first.");
        surveys.MapPost("/ratings", TakeDownAsync).WithName("takeDownRating").RequireAuthorization(Policies.Dispatch).Produces<Rating>().WithSummary("An answer that a customer gave on the telephone or on site.");
        surveys.MapGet("/figures", FiguresAsync).WithName("measureVoice").RequireAuthorization(Policies.Read)
            .WithSummary("NPS, customer effort, satisfaction with 95 % intervals and counts, SLA attainment, touches, complaints and compliments; by=all, customer, site, technician or partner.");
        surveys.MapGet("/drivers", DriversAsync).WithName("listNpsDrivers").RequireAuthorization(Policies.Read).WithSummary("NPS with and without what happened: in time, at the first visit, with a complaint.");
        surveys.MapGet("/customers", CustomersAsync).WithName("listCustomerVoices").RequireAuthorization(Policies.Read).WithSummary("Each customer: figures, whether green clocks hide an unhappy one, open complaints, last comments.");
        surveys.MapGet("/divergences", DivergencesAsync).WithName("listDivergences").RequireAuthorization(Policies.Read).WithSummary("Green clocks and an unhappy customer, written down once for each customer and month.");
        surveys.MapGet("/questionnaires", QuestionnairesAsync).WithName("listQuestionnaires").RequireAuthorization(Policies.Read).WithSummary("Every version of every questionnaire.");
        surveys.MapPost("/questionnaires", PublishAsync).WithName("publishQuestionnaire").RequireAuthorization(Policies.Operate).Produces<Questionnaire>(StatusCodes.Status201Created)
            .WithSummary("A new version: items in both languages, each for satisfaction or loyalty, with scale and weight; target lines.");
        surveys.MapPost("/questionnaires/{id}/responses", AnswerAsync).WithName("answerQuestionnaire").RequireAuthorization(Policies.Dispatch).Produces<ResponseReceipt>(StatusCodes.Status201Created)
            .WithSummary("One respondent's answers; again in place of the first.");
        surveys.MapGet("/questionnaires/{id}/report", ReportAsync).WithName("reportQuestionnaire").RequireAuthorization(Policies.Read).Produces<SurveyReport>()
            .WithSummary("Satisfaction and loyalty index, 0–100, of all and of each customer and partner; who is under target.");
    }

    private static async Task<Page<Rating>> RatingsAsync(
        [AsParameters] PageQuery page, string? customer, string? site, string? technician, string? partner, ClaimsPrincipal user, IRatings ratings, CancellationToken ct) =>
        (await ratings.ListAsync(new RatingFilter(user.Tenant(), customer, site, technician, partner, page.Cursor, page.Fetch), ct)).ToPage(page, rating => rating.Ticket, rating => rating);

    private static async Task<IResult> TakeDownAsync([FromBody] RatingTakenDown taken, ClaimsPrincipal user, IRatings ratings, CancellationToken ct) => taken.Ticket is null
        ? Problems.Invalid("'ticket' is missing")
        : (await ratings.TakeDownAsync(user.Tenant(), taken.Ticket, new RatingAnswers(taken.Recommend, taken.Effort, taken.Satisfaction, taken.Comment), user.Actor(), ct)).ToResult(rating => rating);

    private static async Task<IResult> FiguresAsync(
        [AsParameters] PageQuery page, string? by, Instant? from, Instant? to, ClaimsPrincipal user, ICustomerFigures figures, TimeProvider clock, CancellationToken ct) =>
        !Enum.TryParse<VoiceDimension>(by ?? nameof(VoiceDimension.All), ignoreCase: true, out var dimension) || !Enum.IsDefined(dimension)
            ? Problems.Invalid($"by is '{by}'; it must be one of {string.Join(", ", Enum.GetValues<VoiceDimension>().Select(ApiJson.NameOf))}")
            : Period(from, to, clock, out var begin, out var end) is { } refusal ? refusal
            : TypedResults.Ok((await figures.MeasureAsync(user.Tenant(), dimension, begin, end, ct)).Slice(page, row => row.Of, row => row));

    private static async Task<IResult> DriversAsync([AsParameters] PageQuery page, Instant? from, Instant? to, ClaimsPrincipal user, ICustomerFigures figures, TimeProvider clock, CancellationToken ct) =>
        Period(from, to, clock, out var begin, out var end) is { } refusal ? refusal
            : TypedResults.Ok((await figures.DriversAsync(user.Tenant(), begin, end, ct)).SliceInOrder(page, driver => driver.Code, driver => driver));

    private static async Task<IResult> CustomersAsync([AsParameters] PageQuery page, Instant? from, Instant? to, ClaimsPrincipal user, ICustomerFigures figures, TimeProvider clock, CancellationToken ct) =>
        Period(from, to, clock, out var begin, out var end) is { } refusal ? refusal
            : TypedResults.Ok((await figures.CustomersAsync(user.Tenant(), begin, end, ct)).SliceInOrder(page, voice => voice.Figures.Of, voice => voice));

    private static async Task<Page<Divergence>> DivergencesAsync([AsParameters] PageQuery page, ClaimsPrincipal user, ICustomerFigures figures, CancellationToken ct) =>
        (await figures.DivergencesAsync(user.Tenant(), ct)).SliceInOrder(page, one => $"{one.Period}:{one.Customer}", one => one);

    private static async Task<Page<Questionnaire>> QuestionnairesAsync([AsParameters] PageQuery page, ClaimsPrincipal user, IQuestionnaires questionnaires, CancellationToken ct) =>
        (await questionnaires.ListAsync(user.Tenant(), ct)).SliceInOrder(page, q => $"{q.Id}:{q.Version}", q => q);

    private static async Task<IResult> PublishAsync([FromBody] NewQuestionnaire questionnaire, ClaimsPrincipal user, IQuestionnaires questionnaires, CancellationToken ct)
    {
        var published = await questionnaires.PublishAsync(user.Tenant(), questionnaire, user.Actor(), ct);
        return published.Succeeded ? TypedResults.Created($"/api/v1/surveys/questionnaires/{published.Value.Id}/report", published.Value) : Problems.Of(published.Refusal);
    }

    private static async Task<IResult> AnswerAsync(string id, [FromBody] SurveyResponse response, ClaimsPrincipal user, IQuestionnaires questionnaires, CancellationToken ct)
    {
        var answered = await questionnaires.AnswerAsync(user.Tenant(), id, response, user.Actor(), ct);
        return answered.Succeeded
            ? TypedResults.Created($"/api/v1/surveys/questionnaires/{id}/report", new ResponseReceipt(id, answered.Value, response.Respondent)) : Problems.Of(answered.Refusal);
    }

    private static async Task<IResult> ReportAsync(string id, int? version, ClaimsPrincipal user, IQuestionnaires questionnaires, CancellationToken ct) =>
        await questionnaires.ReportAsync(user.Tenant(), id, version, ct) is { } report ? TypedResults.Ok(report) : Problems.NotFound($"there is no questionnaire '{id}' of that version");

    /// <summary>The last thirty days when not told otherwise.</summary>
    private static IResult? Period(Instant? from, Instant? to, TimeProvider clock, out DateTimeOffset begin, out DateTimeOffset end)
    {
        end = to?.At ?? clock.GetUtcNow().AddMilliseconds(1);   // what was said this very millisecond counts
        begin = from?.At ?? end - UsualPeriod;
        return begin < end && begin - DateTimeOffset.UnixEpoch >= TimeSpan.Zero ? null : Problems.Invalid("'from' must be before 'to', and after 1970");
    }
}
