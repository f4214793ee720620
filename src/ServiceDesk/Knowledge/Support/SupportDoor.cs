using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Knowledge.Articles;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Knowledge.Support;

/// <summary>An incident as its customer follows it.</summary>
/// <param name="Steps">All that was done about it: milestones, remote fixes, parts.</param>
/// <param name="Solution">What was found and what ended it; null while it is not solved.</param>
/// <param name="Articles">Public articles about its cause, or its most probable one: something to do meanwhile.</param>
public sealed record SupportedIncident(
    string Number, TicketStatus Status, LocalizedText StatusText, DateTimeOffset OpenedAt, IReadOnlyList<TimelineEntry> Steps, Solution? Solution, IReadOnlyList<Article> Articles);

public sealed record Solution(LocalizedText Cause, LocalizedText? Remedy, IReadOnlyList<LocalizedText> Parts, DateTimeOffset At);

/// <summary>An article that a customer follows.</summary>
/// <param name="Updated">It was published anew since they began.</param>
public sealed record FollowedArticle(Article Article, DateTimeOffset Since, bool Updated);

/// <param name="Newest">Of the releases that are there for this type; null when there is none.</param>
public sealed record VersionCurrency(string Type, string? Version, string? Newest, bool UpToDate, int Devices);

/// <param name="Own">The device of the repair.</param>
/// <param name="Fleet">All devices of its customer by type and version, without saying which.</param>
public sealed record VersionReport(VersionCurrency? Own, IReadOnlyList<VersionCurrency> Fleet);

public sealed record Download(string Artefact, string Name, string Version, long Bytes, string Sha256, string? Notes);

/// <summary>What a customer helps themselves to, without a login and without an agent: by tracking code, or by ticket number and device serial. Null is an unknown code.</summary>
public interface ISupportDoor
{
    Task<SupportedIncident?> IncidentAsync(string code, string? serial, CancellationToken ct);

    /// <summary>Public, published articles; about the type of equipment of the repair when no words are given.</summary>
    Task<IReadOnlyList<Article>?> ArticlesAsync(string code, string? serial, string? query, CancellationToken ct);
    Task<Article?> ReadAsync(string code, string? serial, string number, CancellationToken ct);

    Task<Outcome<IReadOnlyList<FollowedArticle>>> FollowAsync(string code, string? serial, string number, bool follow, CancellationToken ct);
    Task<IReadOnlyList<FollowedArticle>?> FollowedAsync(string code, string? serial, CancellationToken ct);

    Task<VersionReport?> VersionsAsync(string code, string? serial, CancellationToken ct);

    /// <summary>Releases that the tenant's policy gives to customers, for the type of equipment of the repair.</summary>
    Task<IReadOnlyList<Download>?> DownloadsAsync(string code, string? serial, CancellationToken ct);

    /// <returns>The payload's file; null for what is not among the downloads.</returns>
    Task<string?> FileAsync(string code, string? serial, string artefact, CancellationToken ct);
}
