using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Notifications.Messages;

/// <summary>What comes next, and until when; said in the reader's language and zone.</summary>
internal enum NextStep : byte { Answer, Visit, Repair, Wait, Watch, Nothing, Renew, Care }

/// <summary>What a message tells, as it stood when the milestone was reached: however late it is sent, it says the same.</summary>
/// <param name="Ticket">What it is about: a ticket's number, a contract's, or a care visit's.</param>
/// <param name="Milestone">Its code.</param>
/// <param name="Headline">What has happened, in a few words.</param>
/// <param name="Fault">What is wrong, with its probable cause; null for a customer, who is told no causes.</param>
/// <param name="Detail">What the timeline says of it; null for a customer.</param>
/// <param name="Accountable">Who answers for the repair: the assignee, or the desk's signature. Never empty.</param>
/// <param name="Tracking">Audience customer: the code of the status page.</param>
internal sealed record MessageFacts(
    string Ticket, string Milestone, LocalizedText Headline, LocalizedText? Fault, LocalizedText? Detail, Priority Priority, string? Device, string Site, DateTimeOffset At, DateTimeOffset Since,
    NextStep Next, DateTimeOffset? NextBy, string Accountable, Audience Audience, string? Tracking)
{
    /// <summary>What one of us writes to the customer, word for word; null for what the platform tells.</summary>
    public string? Words { get; init; }

    /// <summary>The campaign whose tip this is: headline and detail are its own words, and the recipient can unsubscribe. Null for all else.</summary>
    public string? Tip { get; init; }

    /// <summary>Passes quiet hours; of a customer's nothing does.</summary>
    public bool IsUrgent => Audience is Audience.Staff && (Priority is Priority.P1 || Milestone == MilestoneWords.Breached);

    public static MessageFacts Of(TicketRow ticket, TimelineRow entry, Audience audience, string signature)
    {
        var forStaff = audience is Audience.Staff;
        var (next, by) = NextOf(ticket);
        return new MessageFacts(
            ticket.Number, entry.Kind, MilestoneWords.Of(entry.Kind, audience), forStaff ? ticket.Title : null, forStaff ? entry.Text : null, ticket.Priority, ticket.Device, ticket.Site, entry.At,
            ticket.OnsetAt, next, by, string.IsNullOrWhiteSpace(ticket.Assignee) ? signature : ticket.Assignee, audience, forStaff ? null : ticket.TrackingCode);
    }

    /// <summary>An answer to the customer of a ticket, in the name of its owner.</summary>
    public static MessageFacts Reply(TicketRow ticket, string words, string owner, DateTimeOffset now) => new(
        ticket.Number, "reply", new LocalizedText($"Answer from {owner}", $"{owner} 的答复"), null, null, ticket.Priority, ticket.Device, ticket.Site, now, ticket.OnsetAt, NextStep.Nothing, null, owner, Audience.Customer,
        ticket.TrackingCode) { Words = words };

    /// <summary>A message that only tries whether messages arrive.</summary>
    public static MessageFacts Test(Audience audience, string signature, DateTimeOffset now) => new(
        "TEST", "test", new LocalizedText("Test message", "测试消息"), null, new LocalizedText("Messages reach this address.", "此地址可以收到消息。"), Priority.P4, null, "-", now, now,
        NextStep.Nothing, null, signature, audience, null);

    private static (NextStep, DateTimeOffset?) NextOf(TicketRow ticket) => ticket switch
    {
        { Status: TicketStatus.Closed or TicketStatus.Cancelled } => (NextStep.Nothing, null),
        { Status: TicketStatus.Resolved } => (NextStep.Watch, null),
        { Status: TicketStatus.Paused } => (NextStep.Wait, ticket.Pauses.Count > 0 ? ticket.Pauses[^1].Until : null),
        { Status: TicketStatus.OnSite } => (NextStep.Repair, ticket.Visit?.End ?? ticket.ResolveBy),
        { Visit: { } visit } => (NextStep.Visit, visit.Start),
        { RespondedAt: null } => (NextStep.Answer, ticket.RespondBy),
        _ => (NextStep.Repair, ticket.ResolveBy),
    };
}
