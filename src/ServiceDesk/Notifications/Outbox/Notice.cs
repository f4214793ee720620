using Seamless.ServiceDesk.Notifications.Messages;

namespace Seamless.ServiceDesk.Notifications.Outbox;

/// <summary>Something that people are told of and that belongs to no ticket.</summary>
/// <param name="About">Its number: <c>CT-1001</c>.</param>
/// <param name="Occurrence">The same happening has the same: it is told once.</param>
/// <param name="Facts">What is said, by audience, the desk's signature and the time.</param>
/// <param name="Rung">Who stands on this rung of the ladder is told too; null when no ladder is climbed.</param>
internal sealed record Notice(string Tenant, string About, string Milestone, int Occurrence, string Site, string Customer, Func<Audience, string, DateTimeOffset, MessageFacts> Facts, string? Rung = null);
