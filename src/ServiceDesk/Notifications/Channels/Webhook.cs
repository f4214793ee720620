using System.Globalization;
using Seamless.ServiceDesk.Notifications.Messages;
using Seamless.ServiceDesk.Notifications.Recipients;

namespace Seamless.ServiceDesk.Notifications.Channels;

/// <summary>For programs: Standard Webhooks.</summary>
internal sealed class Webhook(HttpPost post, TimeProvider clock) : HttpChannel(post, clock)
{
    public override Channel Kind => Channel.Webhook;

    protected override Letter Write(Destination to, Message message, DateTimeOffset now) => LetterOf(to, message, now);

    /// <summary>The body is the same in every attempt; the timestamp is the attempt's, as the receiver refuses old ones.</summary>
    public static Letter LetterOf(Destination to, Message message, DateTimeOffset now)
    {
        var facts = message.Facts[0];
        var body = Letter.JsonOf(new
        {
            type = facts.Tip is null ? $"ticket.{facts.Milestone}" : facts.Milestone,
            timestamp = Utc(facts.At),
            data = new
            {
                ticket = facts.Ticket, milestone = facts.Milestone, priority = facts.Priority.ToString(), device = facts.Device, site = facts.Site, since = Utc(facts.Since),
                next = JsonName(facts.Next), nextBy = facts.NextBy is { } by ? Utc(by) : null, accountable = facts.Accountable, fault = facts.Fault?.In(message.Language),
                subject = message.Subject, text = string.Join('\n', message.Lines), link = message.Link,
            },
        });
        return new Letter(new Uri(to.Address), body, WebhookSignature.Headers(to.Secrets.Select(WebhookSignature.KeyOf).OfType<byte[]>(), message.Id, now, body));
    }

    private static string Utc(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
    private static string JsonName(NextStep step) => step.ToString().ToLowerInvariant();
}
