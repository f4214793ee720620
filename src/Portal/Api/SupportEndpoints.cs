using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Accounts;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Customers;
using Seamless.ServiceDesk.Knowledge.Articles;
using Seamless.ServiceDesk.Knowledge.Support;

namespace Seamless.Portal.Api;

public sealed record SolutionView(string Cause, string? Remedy, IReadOnlyList<string> Parts, DateTimeOffset At);

/// <summary>An article as customers read it: no names, no cases.</summary>
/// <param name="Notice">The text is older than its source, or not there in the reader's language.</param>
public sealed record PublicArticleView(string Id, string Language, string Title, string Problem, IReadOnlyList<string> Steps, string Resolution, bool Stale, string? Notice, DateTimeOffset? PublishedAt)
{
    public static PublicArticleView Of(Article article, string language, Func<LocalizedText, string> text)
    {
        var reading = Freshness.In(language, article.SourceLanguage, article.Published);
        return new PublicArticleView(
            article.Number, reading.Text.Language, reading.Text.Title, reading.Text.Problem, reading.Text.Steps, reading.Text.Resolution, reading.Stale, reading.Notice is { } notice ? text(notice) : null, article.PublishedAt);
    }
}

/// <param name="Solution">Once it is solved.</param>
/// <param name="Articles">About its cause, or its most probable one.</param>
public sealed record IncidentView(string Number, string Status, string StatusText, DateTimeOffset OpenedAt, IReadOnlyList<Milestone> Steps, SolutionView? Solution, IReadOnlyList<PublicArticleView> Articles);

/// <param name="Updated">Published anew since the customer began to follow it.</param>
public sealed record FollowedArticleView(string Id, string Title, DateTimeOffset Since, bool Updated);

public sealed record PublicItems<T>(IReadOnlyList<T> Items);

/// <summary>What a customer helps themselves to, without a login. An unknown code and a wrong serial get the same answer, and all of them one rate limit.</summary>
internal static class SupportEndpoints
{
    public static void MapSupport(this RouteGroupBuilder api)
    {
        var door = api.MapGroup("/track/{code}").WithTags("Tracking").AllowAnonymous().RequireRateLimiting(AccountsRegistration.TrackLimit);
        door.MapGet("/incident", IncidentAsync).WithName("trackIncident").Produces<IncidentView>().WithSummary("Every step of the repair, its solution once there is one, and what to read about it.");
        door.MapGet("/articles", ArticlesAsync).WithName("searchPublicArticles").Produces<PublicItems<PublicArticleView>>().WithSummary("Published articles for customers; q looks for words, without it those about this type of equipment.");
        door.MapGet("/articles/{id}", ReadAsync).WithName("readPublicArticle").Produces<PublicArticleView>().WithSummary("One published article for customers.");
        door.MapPut("/articles/{id}/subscription", FollowAsync).WithName("followArticle").Produces<PublicItems<FollowedArticleView>>().WithSummary("From now on the customer is told when the article changes.");
        door.MapDelete("/articles/{id}/subscription", UnfollowAsync).WithName("unfollowArticle").Produces<PublicItems<FollowedArticleView>>().WithSummary("No longer.");
        door.MapGet("/subscriptions", FollowedAsync).WithName("listFollowedArticles").Produces<PublicItems<FollowedArticleView>>().WithSummary("The articles that are followed, and which have changed since.");
        door.MapPost("/enhancements", EnhanceAsync).WithName("requestEnhancement").Produces<TrackedVoiceView>(StatusCodes.Status201Created).WithSummary("What the product should do better; answered like a request.");
        door.MapGet("/versions", VersionsAsync).WithName("trackVersions").Produces<VersionReport>().WithSummary("The version that the device runs beside the newest, and how many of the customer's devices run which.");
        door.MapGet("/downloads", DownloadsAsync).WithName("listDownloads").Produces<PublicItems<Download>>().WithSummary("Releases for this type of equipment that customers may have.");
        door.MapGet("/downloads/{artefact}", DownloadAsync).WithName("downloadRelease").Produces(StatusCodes.Status200OK, contentType: "application/octet-stream").WithSummary("The payload of one; ranges.");
    }

    private static IResult Unknown => Problems.NotFound("no repair is known under this code and serial number");

    private static async Task<IResult> IncidentAsync(string code, string? serial, HttpContext http, ISupportDoor door, CancellationToken ct)
    {
        if (await door.IncidentAsync(code, serial, ct) is not { } incident) return Unknown;
        var text = http.Texts();
        return TypedResults.Ok(new IncidentView(
            incident.Number, incident.Status.ToString(), text(incident.StatusText), incident.OpenedAt, [.. incident.Steps.Select(s => new Milestone(s.At, s.Kind, text(s.Text)))],
            incident.Solution is { } s ? new SolutionView(text(s.Cause), s.Remedy is { } remedy ? text(remedy) : null, [.. s.Parts.Select(text)], s.At) : null, Views(incident.Articles, http)));
    }

    private static async Task<IResult> ArticlesAsync(string code, string? serial, string? q, HttpContext http, ISupportDoor door, CancellationToken ct) =>
        await door.ArticlesAsync(code, serial, q, ct) is { } found ? TypedResults.Ok(new PublicItems<PublicArticleView>(Views(found, http))) : Unknown;

    private static async Task<IResult> ReadAsync(string code, string? serial, string id, HttpContext http, ISupportDoor door, CancellationToken ct) =>
        await door.ReadAsync(code, serial, id, ct) is { } article ? TypedResults.Ok(PublicArticleView.Of(article, http.Language(), http.Texts())) : Unknown;

    private static Task<IResult> FollowAsync(string code, string? serial, string id, HttpContext http, ISupportDoor door, CancellationToken ct) => SubscribeAsync(code, serial, id, true, http, door, ct);

    private static Task<IResult> UnfollowAsync(string code, string? serial, string id, HttpContext http, ISupportDoor door, CancellationToken ct) => SubscribeAsync(code, serial, id, false, http, door, ct);

    private static async Task<IResult> SubscribeAsync(string code, string? serial, string id, bool follow, HttpContext http, ISupportDoor door, CancellationToken ct) =>
        (await door.FollowAsync(code, serial, id, follow, ct)).ToResult(followed => Views(followed, http));

    private static async Task<IResult> FollowedAsync(string code, string? serial, HttpContext http, ISupportDoor door, CancellationToken ct) =>
        await door.FollowedAsync(code, serial, ct) is { } followed ? TypedResults.Ok(Views(followed, http)) : Unknown;

    private static async Task<IResult> EnhanceAsync(string code, string? serial, [FromBody] TrackedText request, HttpContext http, ICustomerDoor door, CancellationToken ct) =>
        await CustomerDoorEndpoints.AnswerAsync(await door.EnhanceAsync(code, serial, request.Text ?? "", ct), code, serial, http, door, StatusCodes.Status201Created, ct);

    private static async Task<IResult> VersionsAsync(string code, string? serial, ISupportDoor door, CancellationToken ct) =>
        await door.VersionsAsync(code, serial, ct) is { } versions ? TypedResults.Ok(versions) : Unknown;

    private static async Task<IResult> DownloadsAsync(string code, string? serial, ISupportDoor door, CancellationToken ct) =>
        await door.DownloadsAsync(code, serial, ct) is { } downloads ? TypedResults.Ok(new PublicItems<Download>(downloads)) : Unknown;

    private static async Task<IResult> DownloadAsync(string code, string? serial, string artefact, ISupportDoor door, CancellationToken ct) =>
        await door.FileAsync(code, serial, artefact, ct) is { } file ? TypedResults.PhysicalFile(file, "application/octet-stream", enableRangeProcessing: true) : Unknown;

    private static IReadOnlyList<PublicArticleView> Views(IReadOnlyList<Article> articles, HttpContext http) => [.. articles.Select(a => PublicArticleView.Of(a, http.Language(), http.Texts()))];

    private static PublicItems<FollowedArticleView> Views(IReadOnlyList<FollowedArticle> followed, HttpContext http) => new(
        [.. followed.Select(f => new FollowedArticleView(f.Article.Number, Freshness.In(http.Language(), f.Article.SourceLanguage, f.Article.Published).Text.Title, f.Since, f.Updated))]);
}
