using Seamless.ServiceDesk.Customers.Complaints;
using Seamless.ServiceDesk.Database;

namespace Seamless.ServiceDesk.Sessions;

/// <summary>Under which conditions a tenant's people reach into customers' machines. Until it is set, these values hold.</summary>
public sealed record RemotePolicy
{
    private const int MostWait = 30 * 24 * 60;

    /// <summary>Sessions from this class on need the customer's consent: R0 is all of them.</summary>
    public CommandRisk ConsentFrom { get; init; } = CommandRisk.R0;

    /// <summary>No session is longer.</summary>
    public int LongestMinutes { get; init; } = SessionRequest.MostMinutes;

    /// <summary>Without an answer in that time a request lapses.</summary>
    public int ConsentWithinMinutes { get; init; } = 24 * 60;

    /// <summary>Sites whose contract allows sessions up to R1 beforehand, each with the note that says why.</summary>
    public IReadOnlyDictionary<string, string> Standing { get; init; } = new Dictionary<string, string>();

    /// <summary>People send commands of this class and above only within a session of their own; null: none is tied to one.</summary>
    public CommandRisk? CommandsOnlyInSessions { get; init; }

    /// <returns>The reason for which a session is open at once; null when the customer must be asked.</returns>
    internal Consent? Beforehand(string site, CommandRisk upTo, DateTimeOffset now) =>
        upTo < ConsentFrom ? new Consent("-", Consent.Policy, now, null)
        : upTo <= CommandRisk.R1 && Standing.TryGetValue(site, out var why) ? new Consent(why, Consent.Contract, now, null)
        : null;

    /// <returns>What is wrong with it; null when nothing is.</returns>
    public string? Fault() => this switch
    {
        { Standing: null } => "leave out what keeps its value; null is none",
        { LongestMinutes: < SessionRequest.LeastMinutes or > SessionRequest.MostMinutes } => $"'longestMinutes' is {SessionRequest.LeastMinutes} to {SessionRequest.MostMinutes}",
        { ConsentWithinMinutes: < SessionRequest.LeastMinutes or > MostWait } => $"'consentWithinMinutes' is {SessionRequest.LeastMinutes} to {MostWait}",
        _ when Standing.FirstOrDefault(s => string.IsNullOrWhiteSpace(s.Value)) is { Key: { } site } => $"say why '{site}' allows sessions beforehand: the contract, and where it says so",
        _ => null,
    };

    internal static string NameOf(string tenant) => $"remote:{tenant}";

    internal static Task<RemotePolicy> OfAsync(DeskContext db, string tenant, CancellationToken ct) => TenantSettings.ReadAsync<RemotePolicy>(db, NameOf(tenant), ct);
}
