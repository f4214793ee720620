using System.Globalization;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Customers.Complaints;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Sessions;

/// <summary>What people do to a session.</summary>
internal enum SessionAct : byte { Consent, Decline, Withdraw, End, Command, Note, Link }

/// <summary>Where a session stands; time counts even before the beat has seen it.</summary>
internal readonly record struct SessionMoment(string Ticket, int Number, SessionState State, SessionEnding? Ending, DateTimeOffset? LapsesAt, DateTimeOffset? EndsAt);

/// <summary>What a session allows, and when. Pure.</summary>
internal static class SessionRules
{
    /// <returns>Null when it may be done now.</returns>
    public static Refusal? WhyNot(in SessionMoment session, SessionAct act, DateTimeOffset now) => session.State switch
    {
        SessionState.Ended => Over(session, $"{session.Ending}"),
        SessionState.Asked when session.LapsesAt <= now => Over(session, nameof(SessionEnding.Lapsed)),
        SessionState.Open when session.EndsAt <= now => Over(session, nameof(SessionEnding.Expired)),
        SessionState.Asked when act is SessionAct.Command or SessionAct.Link => Refusal.Because("session-waiting", $"session {session.Number} of {session.Ticket} waits for the customer's consent: they give it on their status page, or somebody records it with POST /api/v1/tickets/{session.Ticket}/sessions/{session.Number}/consent"),
        SessionState.Asked when act is SessionAct.Withdraw => Refusal.Because("session-not-open", $"session {session.Number} of {session.Ticket} is not open yet: decline it"),
        SessionState.Open when act is SessionAct.Consent or SessionAct.Decline => Refusal.Because("session-open", $"session {session.Number} of {session.Ticket} is open already; it can be ended"),
        _ => null,
    };

    /// <returns>Null when the command is within what the customer has allowed.</returns>
    public static Refusal? WhyBeyond(string command, CommandRisk risk, CommandRisk upTo, IReadOnlyList<string>? commands) =>
        commands is not null && !commands.Contains(command) ? Refusal.Forbidden("session-scope", $"'{command}' is not among what was allowed: {string.Join(", ", commands)}. Ask for another session that names it")
        : risk > upTo ? Refusal.Forbidden("session-class", $"'{command}' is {risk}, and commands up to {upTo} were allowed{(risk is CommandRisk.R3 ? "; an irreversible one is never sent in a session" : $": ask for another session up to {risk}")}")
        : null;

    /// <summary>The device refuses from then on: never after the session.</summary>
    public static DateTimeOffset ExpiryOf(DateTimeOffset now, TimeSpan wanted, DateTimeOffset endsAt) => now + wanted < endsAt ? now + wanted : endsAt;

    /// <returns>What is wrong with a request; null when nothing is.</returns>
    public static Refusal? FaultOf(SessionRequest request, RemotePolicy policy, EquipmentPack? pack) => request switch
    {
        _ when string.IsNullOrWhiteSpace(request.Reason) || request.Reason.Length > MostReason => Refusal.Invalid("session-reason", $"'reason' says in 1 to {MostReason} characters what the session is for; the customer reads it"),
        { UpTo: CommandRisk.R3 } => Refusal.Invalid("session-irreversible", "an irreversible command (R3) is never sent in a session; ask up to R2"),
        { Minutes: < SessionRequest.LeastMinutes } => TooLong(policy),
        _ when request.Minutes > policy.LongestMinutes => TooLong(policy),
        { Commands: { } names } => FaultOf(names, request.UpTo, pack),
        _ => null,
    };

    public const int MostReason = 500;
    private const int MostNames = 50;

    private static Refusal? FaultOf(IReadOnlyList<string> names, CommandRisk upTo, EquipmentPack? pack)
    {
        if (names.Count is 0 or > MostNames || names.FirstOrDefault(n => !DeviceKey.IsValidName(n)) is not null)
            return Refusal.Invalid("session-commands", $"'commands' are 1 to {MostNames} names of commands, such as self-test; leave it out to allow all up to {upTo}");
        return names.FirstOrDefault(n => KnownCommands.RiskOf(pack, n) > upTo) is { } beyond
            ? Refusal.Invalid("session-command-class", $"'{beyond}' is {KnownCommands.RiskOf(pack, beyond)}: a session up to {upTo} could never send it")
            : null;
    }

    private static Refusal TooLong(RemotePolicy policy) => Refusal.Invalid("session-length", $"'minutes' is {SessionRequest.LeastMinutes} to {policy.LongestMinutes}, counted from the opening");

    private static Refusal Over(in SessionMoment session, string ending) =>
        Refusal.Because("session-over", $"session {session.Number.ToString(CultureInfo.InvariantCulture)} of {session.Ticket} is over ({ending}): ask for another one");
}
