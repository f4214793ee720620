using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Notifications;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Customers.Correspondence;

/// <summary>The way by which a customer's message came in.</summary>
public enum MessageChannel : byte { Email, Chat, Phone, Sms }

/// <summary>On the case that it is about; waiting for somebody who knows which; or put aside with a reason.</summary>
public enum MessageState : byte { OnTicket, Waiting, Dismissed }

/// <summary>What somebody has written or said, as a gateway or a call centre hands it over.</summary>
/// <param name="ExternalId">What the gateway knows it by (an e-mail's Message-ID): with the channel, the same message however often it is handed over.</param>
/// <param name="From">An e-mail address, a telephone number, or who they are in the chat.</param>
/// <param name="At">When it was written; when it arrives if nobody says so, and never later than that.</param>
/// <param name="Ticket">The case, when it is known.</param>
/// <param name="InReplyTo">The id of a message of ours that it answers.</param>
/// <param name="Device">The machine that it is about, or its <paramref name="Serial"/>.</param>
/// <param name="Authentic">False when the gateway could not make sure of the sender (SPF, DKIM): then it counts as from nobody we know.</param>
public sealed record IncomingMessage(
    string Tenant, MessageChannel Channel, string ExternalId, string From, string? FromName, string? Subject, string Text, DateTimeOffset? At = null, string? Ticket = null, string? InReplyTo = null,
    string? Device = null, string? Serial = null, bool Authentic = true);

/// <summary>What a gateway is answered, the same each time. To a sender whom we do not know it says nothing about any case.</summary>
/// <param name="Id"><c>M-1001</c>, increasing.</param>
/// <param name="Verified">The sender is a customer's, and the case, if any, is theirs.</param>
/// <param name="Ticket">The case that it was put on when it came in; null when it waits, or is not verified.</param>
public sealed record MessageReceipt(string Id, bool Verified, string? Ticket);

/// <summary>A message that came in, and what has become of it.</summary>
/// <param name="Candidates">Cases that it may be about.</param>
/// <param name="Reason">Why it was put aside.</param>
/// <param name="DecidedBy">Who has said where it belongs; null when that was found by itself.</param>
public sealed record CustomerMessage(
    string Number, string Tenant, MessageChannel Channel, string From, string? FromName, string? Subject, string Text, DateTimeOffset At, DateTimeOffset ReceivedAt, bool Verified, string? Customer,
    string? Contact, string? Device, MessageState State, string? Ticket, IReadOnlyList<string> Candidates, string? Reason, string? DecidedBy);

/// <summary>In from the customer, out to them, or among ourselves.</summary>
public enum ThreadSide : byte { In, Out, Internal }

/// <summary>One thing that was said about a case, whichever way.</summary>
/// <param name="Kind">message, reply, request, answer, complaint, compliment, notification, note.</param>
/// <param name="Channel">email, chat, phone, sms, status-page, or the channel of a message of ours.</param>
/// <param name="Who">The customer's name or ours.</param>
/// <param name="Address">Masked; null when there is none.</param>
/// <param name="Verified">Of what came in: whether we know that they may speak for this case.</param>
/// <param name="Delivery">Of what went out through the outbox; null once the outbox has forgotten it.</param>
public sealed record ThreadEntry(
    DateTimeOffset At, ThreadSide Side, string Kind, string Id, string Channel, string Who, string? Address, bool? Verified, string? Subject, LocalizedText Text, DeliveryState? Delivery = null, string? DeliveryReason = null);

/// <summary>A way to answer the customer of a case.</summary>
/// <param name="By">What a reply names it by: <c>recipient:ID</c>, <c>phone</c> (said on the telephone, written down here), <c>status-page</c> (the answer to their open request).</param>
/// <param name="Title">Whose it is.</param>
/// <param name="Address">Masked.</param>
public sealed record ReplyWay(string By, string Channel, string Title, string? Address);

/// <summary>All that was said about a case, in the order in which it was said.</summary>
/// <param name="Owner">Who answers for the case: whoever it is assigned to, else the customer's adviser, else the desk's signature.</param>
/// <param name="AwaitsAnswerSince">When the customer wrote what nobody has answered yet; null when nothing waits.</param>
/// <param name="Suggested">The way by which the customer wrote last; null when they cannot be answered by it.</param>
public sealed record TicketThread(string Ticket, string Owner, DateTimeOffset? AwaitsAnswerSince, IReadOnlyList<ThreadEntry> Entries, IReadOnlyList<ReplyWay> Ways, string? Suggested);

/// <param name="By">One of the thread's ways; the one that the customer wrote by when not given.</param>
/// <param name="Key">The same reply has the same: it goes out once. When not given, the same words are the same reply until the customer writes again.</param>
public sealed record ReplyOrder(string Text, string? By = null, string? Key = null);

/// <param name="Site">The device's when not given.</param>
/// <param name="Title">The message's subject, or its beginning, when not given.</param>
public sealed record TicketFromMessage(string? Device = null, string? Site = null, Priority Priority = Priority.P3, string? Title = null);

/// <summary>One contact, one thread: what customers write by any channel lands on the one case it is about, and is answered from there.</summary>
public interface ICorrespondence
{
    /// <summary>Takes a message in, once. It goes on the case that it names or answers, else on the only one of its sender that it can be about; else it waits for a person.</summary>
    Task<Outcome<MessageReceipt>> ReceiveAsync(IncomingMessage message, string actor, CancellationToken ct);

    /// <param name="after">The message that the list before ended with; null from the beginning.</param>
    /// <returns>Those that wait, the longest waiting first; of another state the newest first. At most <paramref name="limit"/>.</returns>
    Task<IReadOnlyList<CustomerMessage>> ListAsync(string tenant, MessageState state, string? after, int limit, CancellationToken ct);
    Task<CustomerMessage?> FindAsync(string tenant, string number, CancellationToken ct);

    /// <returns>Null when there is no such ticket.</returns>
    Task<TicketThread?> ThreadAsync(string tenant, string ticket, CancellationToken ct);

    /// <summary>Answers the customer, in the name of the case's owner. Goes out through the outbox, once.</summary>
    /// <remarks>Stops no clock of the service level: that a case is answered is said by <c>acknowledge</c>.</remarks>
    Task<Outcome<TicketThread>> ReplyAsync(string tenant, string ticket, ReplyOrder reply, string actor, CancellationToken ct);

    Task<Outcome<CustomerMessage>> AssignAsync(string tenant, string number, string ticket, string actor, CancellationToken ct);
    Task<Outcome<CustomerMessage>> OpenTicketAsync(string tenant, string number, TicketFromMessage order, string actor, CancellationToken ct);
    Task<Outcome<CustomerMessage>> DismissAsync(string tenant, string number, string reason, string actor, CancellationToken ct);
}
