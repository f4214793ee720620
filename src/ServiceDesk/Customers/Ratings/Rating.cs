using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Customers.Ratings;

/// <summary>What a customer answers after a repair; each answer may be left out, but not all.</summary>
/// <param name="Recommend">0 not at all … 10 certainly.</param>
/// <param name="Effort">"They made it easy for me": 1 not at all … 7 entirely.</param>
/// <param name="Satisfaction">1 very dissatisfied … 5 very satisfied.</param>
/// <param name="Comment">At most 2000 characters; read by those who work here alone.</param>
public sealed record RatingAnswers(int? Recommend = null, int? Effort = null, int? Satisfaction = null, string? Comment = null)
{
    public const int MostComment = 2000;

    /// <returns>What is wrong with them; null when nothing is.</returns>
    public Refusal? Fault() => this switch
    {
        { Recommend: null, Effort: null, Satisfaction: null } => Refusal.Invalid("give at least one of 'recommend', 'effort' and 'satisfaction'"),
        { Recommend: < 0 or > 10 } => Refusal.Invalid("'recommend' is 0 to 10"),
        { Effort: < 1 or > 7 } => Refusal.Invalid("'effort' is 1 to 7"),
        { Satisfaction: < 1 or > 5 } => Refusal.Invalid("'satisfaction' is 1 to 5"),
        { Comment.Length: > MostComment } => Refusal.Invalid($"'comment' has at most {MostComment} characters"),
        _ => null,
    };
}

/// <summary>One answer for each ticket.</summary>
/// <param name="ChangeableUntil">Until then the customer may think again.</param>
/// <param name="Partner">The technician's partner when the answer was given; null for our own.</param>
public sealed record Rating(
    string Ticket, string Tenant, string Customer, string Site, string? Technician, string? Partner, RatingAnswers Answers, DateTimeOffset At, DateTimeOffset ChangedAt, DateTimeOffset ChangeableUntil, int Version);

/// <param name="After">The ticket after which the page begins, newest answer first.</param>
public sealed record RatingFilter(string Tenant, string? Customer = null, string? Site = null, string? Technician = null, string? Partner = null, string? After = null, int Limit = 100);

public interface IRatings
{
    /// <summary>By the customer, who knows the tracking code, or the ticket's number and the serial of the device.</summary>
    Task<Outcome<Rating>> RateAsync(string code, string? serial, RatingAnswers answers, CancellationToken ct);

    /// <summary>By somebody who works here and has asked the customer.</summary>
    Task<Outcome<Rating>> TakeDownAsync(string tenant, string ticket, RatingAnswers answers, string actor, CancellationToken ct);
    Task<IReadOnlyList<Rating>> ListAsync(RatingFilter filter, CancellationToken ct);
}

internal sealed class RatingRow
{
    /// <summary>One answer for each ticket: a double post changes it, and adds none.</summary>
    public required string Ticket { get; init; }
    public required string Tenant { get; init; }
    public required string Customer { get; init; }
    public required string Site { get; init; }
    public string? Technician { get; init; }
    public string? Partner { get; init; }
    public int? Recommend { get; set; }
    public int? Effort { get; set; }
    public int? Satisfaction { get; set; }
    public string? Comment { get; set; }
    public DateTimeOffset At { get; init; }
    public DateTimeOffset ChangedAt { get; set; }
    public int Version { get; set; }

    public RatingAnswers Answers => new(Recommend, Effort, Satisfaction, Comment);

    public Rating ToRating(TimeSpan changeableFor) => new(Ticket, Tenant, Customer, Site, Technician, Partner, Answers, At, ChangedAt, At + changeableFor, Version);
}
