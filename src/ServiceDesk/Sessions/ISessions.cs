using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Customers.Complaints;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Sessions;

/// <summary>Remote sessions, for our own people.</summary>
public interface ISessions
{
    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<RemoteSession>> OnAsync(string tenant, string ticket, CancellationToken ct);
    Task<SessionRecord?> FindAsync(string tenant, string ticket, int number, CancellationToken ct);

    /// <summary>Asks the customer; open at once where the policy or a contract says so.</summary>
    Task<Outcome<RemoteSession>> AskAsync(string tenant, string ticket, SessionRequest request, string actor, CancellationToken ct);

    /// <summary>Writes down a consent that reached one of us; up to R2 somebody other than who asked.</summary>
    Task<Outcome<RemoteSession>> ConsentAsync(string tenant, string ticket, int number, string by, string how, string actor, CancellationToken ct);

    Task<Outcome<RemoteSession>> NoteAsync(string tenant, string ticket, int number, string text, string actor, CancellationToken ct);

    /// <summary>Checked and written down first, sent afterwards; a crash between them is healed by the beat.</summary>
    Task<Outcome<SessionCommand>> SendAsync(string tenant, string ticket, int number, SessionOrder order, string actor, CancellationToken ct);

    Task<Outcome<RemoteSession>> EndAsync(string tenant, string ticket, int number, string actor, CancellationToken ct);

    /// <summary>A way to look on for one named guest, until the session ends.</summary>
    Task<Outcome<GivenLink>> InviteAsync(string tenant, string ticket, int number, string name, string actor, CancellationToken ct);
    Task<Outcome<RemoteSession>> RevokeAsync(string tenant, string ticket, int number, int link, string actor, CancellationToken ct);

    /// <summary>Whether a person may send a command to a device outside of a session.</summary>
    /// <returns>Null when they may.</returns>
    Task<Refusal?> WhyNotDirectAsync(DeviceKey device, string command, string riskClass, string person, CancellationToken ct);

    Task<RemotePolicy> PolicyAsync(string tenant, CancellationToken ct);
    Task<Outcome<RemotePolicy>> SetPolicyAsync(string tenant, RemotePolicy policy, string actor, CancellationToken ct);
}

/// <summary>A session as the customer and guests see it: no names of persons, and of what was written the steps that say something to them.</summary>
public sealed record TrackedSession(
    int Number, SessionState State, SessionEnding? Ending, string Reason, CommandRisk UpTo, IReadOnlyList<string>? Commands, int Minutes, DateTimeOffset AskedAt, DateTimeOffset? LapsesAt,
    DateTimeOffset? OpenedAt, DateTimeOffset? EndsAt, DateTimeOffset? EndedAt, IReadOnlyList<TrackedStep> Steps);

public sealed record TrackedStep(int Number, DateTimeOffset At, string Kind, LocalizedText Text);

/// <param name="Guest">Whose link it is.</param>
/// <param name="Type">The machine's type of equipment.</param>
/// <param name="Alarms">Of the ticket: their metrics are shown.</param>
public sealed record GuestView(string Guest, string Tenant, string Device, string Type, IReadOnlyList<string> Alarms, TrackedSession Session);

/// <summary>The way in without a login: the customer's by the tracking code, a guest's by the secret of their link.</summary>
public interface ISessionDoor
{
    /// <returns>Newest first; null when the code is unknown.</returns>
    Task<IReadOnlyList<TrackedSession>?> TrackAsync(string code, string? serial, CancellationToken ct);
    Task<Outcome<TrackedSession>> ConsentAsync(string code, string? serial, int number, CancellationToken ct);
    Task<Outcome<TrackedSession>> DeclineAsync(string code, string? serial, int number, CancellationToken ct);
    Task<Outcome<TrackedSession>> EndAsync(string code, string? serial, int number, CancellationToken ct);

    /// <param name="from">The guest's address, for the audit.</param>
    /// <returns>Null when the link is unknown, revoked, or its session over.</returns>
    Task<GuestView?> VisitAsync(string secret, string? from, CancellationToken ct);
}
