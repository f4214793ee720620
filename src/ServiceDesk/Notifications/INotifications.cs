using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Notifications;

/// <summary>Staff read causes and clocks; a customer reads what the tracking page shows, and nothing else.</summary>
public enum Audience : byte { Staff, Customer }

public enum Channel : byte { Webhook, Wecom, Dingtalk, Feishu, Teams, Slack, Email, Sms }

/// <summary>Pending and Held wait (Held for the end of quiet hours); the others are final until somebody sends again.</summary>
public enum DeliveryState : byte { Pending, Held, Sent, Failed, Disabled, Expired }

/// <summary>Who is told what, by which channel.</summary>
/// <param name="Title">A role or a team, not a person's name.</param>
/// <param name="Customer">Audience customer: only tickets of this customer.</param>
/// <param name="Address">Masked: what it may be known by.</param>
/// <param name="Secrets">How many signing secrets are kept.</param>
/// <param name="QuietFrom">Local time in <paramref name="Zone"/> from which what is not urgent waits, until <paramref name="QuietTo"/>.</param>
/// <param name="Milestones">Kinds of the ticket's timeline.</param>
/// <param name="LeastPriority">Tickets less urgent than this are not told.</param>
/// <param name="Sites">Only these; all when empty.</param>
/// <param name="Rung">The step of the escalation ladder that this recipient is.</param>
/// <param name="OptedIn">Whoever holds the number has agreed to text messages.</param>
/// <param name="DisabledWhy">Why the platform stopped telling it; null when a person did.</param>
public sealed record Recipient(
    string Tenant, string Id, string Title, Audience Audience, string? Customer, Channel Channel, string Address, int Secrets, string Language, string Zone,
    TimeOnly? QuietFrom, TimeOnly? QuietTo, IReadOnlyList<string> Milestones, Priority LeastPriority, IReadOnlyList<string> Sites, string? Rung, bool OptedIn, bool Enabled, string? DisabledWhy);

/// <summary>What a recipient is to be.</summary>
/// <param name="Address">Whole; null keeps the one there is.</param>
/// <param name="Secrets">Signing secrets, the newest first; null keeps those there are.</param>
/// <param name="Milestones">Null for the usual ones of the audience.</param>
public sealed record RecipientOrder(
    string Title, Audience Audience, Channel Channel, string? Address = null, IReadOnlyList<string>? Secrets = null, string? Customer = null, string Language = "en", string Zone = "UTC",
    TimeOnly? QuietFrom = null, TimeOnly? QuietTo = null, IReadOnlyList<string>? Milestones = null, Priority LeastPriority = Priority.P4, IReadOnlyList<string>? Sites = null, string? Rung = null,
    bool OptedIn = false, bool Enabled = true);

/// <summary>One message to one recipient about one milestone.</summary>
/// <param name="Number">Increasing.</param>
/// <param name="Id">What the receiver knows it by, the same in every attempt.</param>
/// <param name="Occurrence">1 the first time that the ticket reached this milestone.</param>
/// <param name="At">When the milestone was reached.</param>
/// <param name="DueAt">The next attempt; null when there is none.</param>
/// <param name="Reason">What the receiver last answered, or why it was not sent.</param>
/// <param name="DigestOf">Sent together with others under this id.</param>
public sealed record Delivery(
    long Number, string Id, string Ticket, string Milestone, int Occurrence, LocalizedText Headline, string Recipient, Channel Channel, DeliveryState State, DateTimeOffset At,
    DateTimeOffset? DueAt, int Attempts, DateTimeOffset? SentAt, string? Reason, string? DigestOf);

/// <param name="Before">Only deliveries with a lower number: newest first.</param>
public sealed record OutboxFilter(string Tenant, DeliveryState? State = null, string? Ticket = null, string? Recipient = null, long? Before = null, int Limit = 100);

/// <param name="Answer">What the receiver said.</param>
public sealed record TestDelivery(bool Delivered, string Answer);

/// <summary>Who is told, and what has become of each message.</summary>
public interface INotifications
{
    /// <summary>What each audience can be told of, by code, in words.</summary>
    IReadOnlyDictionary<string, LocalizedText> MilestonesOf(Audience audience);

    /// <summary>The steps of the escalation ladder, from the first.</summary>
    IReadOnlyList<string> Rungs { get; }

    Task<IReadOnlyList<Recipient>> RecipientsAsync(string tenant, CancellationToken ct);
    Task<Outcome<Recipient>> PutAsync(string tenant, string id, RecipientOrder order, string actor, CancellationToken ct);
    Task<Outcome<Recipient>> RemoveAsync(string tenant, string id, string actor, CancellationToken ct);

    /// <summary>Sends a test now and tells what the receiver answered. Not kept in the outbox.</summary>
    Task<Outcome<TestDelivery>> TestAsync(string tenant, string id, string actor, CancellationToken ct);

    Task<IReadOnlyList<Delivery>> OutboxAsync(OutboxFilter filter, CancellationToken ct);

    /// <summary>Sends again under the same id, from the first attempt on.</summary>
    Task<Outcome<Delivery>> ResendAsync(string tenant, string id, string actor, CancellationToken ct);
}

/// <summary>Sends what is due. A background service drives it when serving; in simulated time nobody does, unless a test.</summary>
public interface IOutboxSender
{
    /// <returns>When the next message is due; null when none waits.</returns>
    Task<DateTimeOffset?> SendDueAsync(CancellationToken ct);
}
