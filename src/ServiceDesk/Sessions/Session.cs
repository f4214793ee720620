using Seamless.ServiceDesk.Customers.Complaints;

namespace Seamless.ServiceDesk.Sessions;

/// <summary>Asked for → open by consent → ended, or ended without ever having been open.</summary>
public enum SessionState : byte { Asked, Open, Ended }

public enum SessionEnding : byte
{
    /// <summary>By one of us.</summary>
    Finished,

    /// <summary>Its time was over.</summary>
    Expired,

    /// <summary>The customer ended it.</summary>
    Withdrawn,

    /// <summary>The customer did not allow it.</summary>
    Declined,

    /// <summary>Nobody answered in time.</summary>
    Lapsed,

    /// <summary>Its ticket was closed or cancelled.</summary>
    TicketEnded,
}

/// <summary>What one of us asks the customer for.</summary>
/// <param name="Reason">The customer reads it.</param>
/// <param name="UpTo">The riskiest class of command: R0, R1 or R2.</param>
/// <param name="Commands">Only these; null for all up to that class.</param>
/// <param name="Minutes">Counted from the opening.</param>
public sealed record SessionRequest(string Reason, CommandRisk UpTo = CommandRisk.R0, IReadOnlyList<string>? Commands = null, int Minutes = SessionRequest.UsualMinutes)
{
    public const int UsualMinutes = 60;
    public const int LeastMinutes = 5;
    public const int MostMinutes = 8 * 60;
}

/// <summary>Why a session is allowed to be open.</summary>
/// <param name="By">Who gave it: the customer's person, or the note of the contract it stands in.</param>
/// <param name="How"><c>status-page phone mail on-site contract policy</c>.</param>
/// <param name="RecordedBy">Who of us wrote it down; null when the customer gave it themselves.</param>
public sealed record Consent(string By, string How, DateTimeOffset At, string? RecordedBy)
{
    public const string StatusPage = "status-page";
    public const string Contract = "contract";
    public const string Policy = "policy";

    /// <summary>How it may reach one of us.</summary>
    public static readonly IReadOnlyList<string> Told = ["phone", "mail", "on-site"];
}

/// <summary>A remote session on the device of a ticket.</summary>
/// <param name="Number">From 1 within the ticket.</param>
/// <param name="LapsesAt">Until then consent can be given; null once it was answered.</param>
/// <param name="EndsAt">Null until it is open.</param>
public sealed record RemoteSession(
    string Ticket, int Number, string Device, SessionState State, SessionEnding? Ending, string Reason, CommandRisk UpTo, IReadOnlyList<string>? Commands, int Minutes,
    string AskedBy, DateTimeOffset AskedAt, DateTimeOffset? LapsesAt, Consent? Consent, DateTimeOffset? OpenedAt, DateTimeOffset? EndsAt, DateTimeOffset? EndedAt, string? EndedBy,
    IReadOnlyList<GuestLink> Links);

/// <summary>Who else may look on; the address itself is known to nobody but them.</summary>
/// <param name="OpenedAt">When they looked first.</param>
public sealed record GuestLink(int Number, string Name, string GivenBy, DateTimeOffset GivenAt, DateTimeOffset? OpenedAt, DateTimeOffset? RevokedAt);

/// <param name="Secret">Shown once: only its hash is kept.</param>
public sealed record GivenLink(GuestLink Link, string Secret);

/// <summary>A session with all that was done in it.</summary>
/// <param name="Intact">Whether every entry is the one that was written, and none is missing.</param>
public sealed record SessionRecord(RemoteSession Session, IReadOnlyList<SessionEntry> Transcript, bool Intact);

/// <summary>What one of us has a device do within a session.</summary>
/// <param name="RiskClass">Only ever raises what the command is rated.</param>
/// <param name="Key">The same key is the same command, once.</param>
public sealed record SessionOrder(string Name, string ArgsJson, string? RiskClass, TimeSpan? ExpiresAfter, string Key);

/// <param name="Entry">Its number in the transcript.</param>
/// <param name="ExpiresAt">Never after the end of its session: from then on the device itself refuses.</param>
/// <param name="State">How it ended, as of <c>CommandState</c>; null while it is on its way.</param>
public sealed record SessionCommand(string Key, string Name, CommandRisk Risk, string Actor, int Entry, DateTimeOffset ExpiresAt, string? Command, string? State);
