using Seamless.ServiceDesk.Notifications.Messages;

namespace Seamless.ServiceDesk.Notifications.Outbox;

internal sealed class OutboxRow
{
    public long Number { get; init; }

    /// <summary>What the receiver knows it by, made from <see cref="Key"/>: <c>webhook-id</c>, Message-ID.</summary>
    public required string Id { get; init; }

    /// <summary>Tenant, ticket, milestone, occurrence, recipient and channel: unique, so that a milestone is told once however often it is written.</summary>
    public required string Key { get; init; }
    public required string Tenant { get; init; }
    public required string Ticket { get; init; }
    public required string Milestone { get; init; }
    public int Occurrence { get; init; }
    public required string Recipient { get; set; }
    public Channel Channel { get; set; }
    public required MessageFacts Facts { get; init; }
    public DateTimeOffset At { get; init; }
    public DeliveryState State { get; set; }

    /// <summary>When it is to be sent, or tried again; null once nothing more happens.</summary>
    public DateTimeOffset? DueAt { get; set; }
    public int Attempts { get; set; }
    public DateTimeOffset? SentAt { get; set; }
    public string? Reason { get; set; }
    public string? DigestOf { get; set; }
    public int Version { get; set; }

    public bool IsWaiting => State is DeliveryState.Pending or DeliveryState.Held;

    public void Wait(DeliveryState state, DateTimeOffset until) => (State, DueAt, Version) = (state, until, Version + 1);

    public void End(DeliveryState state, string? reason) => (State, DueAt, Reason, Version) = (state, null, reason, Version + 1);

    public Delivery ToDelivery() =>
        new(Number, Id, Ticket, Milestone, Occurrence, Facts.Headline, Recipient, Channel, State, At, DueAt, Attempts, SentAt, Reason, DigestOf);
}
