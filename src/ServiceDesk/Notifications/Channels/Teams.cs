using Seamless.ServiceDesk.Notifications.Messages;
using Seamless.ServiceDesk.Notifications.Outbox;
using Seamless.ServiceDesk.Notifications.Recipients;

namespace Seamless.ServiceDesk.Notifications.Channels;

/// <summary>A channel of Microsoft Teams, by the address of its workflow. The card only tells and links: nothing can be done from it without logging in.</summary>
internal sealed class Teams(HttpPost post, TimeProvider clock) : HttpChannel(post, clock)
{
    private const int MostTextBytes = 20 * 1024;   // the whole request may have 28 KB, and JSON escapes some of it

    public override Channel Kind => Channel.Teams;
    public override IReadOnlyList<Rate> Rates { get; } = [new(4, TimeSpan.FromSeconds(1))];

    protected override Letter Write(Destination to, Message message, DateTimeOffset now) => LetterOf(to, message);

    public static Letter LetterOf(Destination to, Message message)
    {
        object[] actions = message.Link is null ? [] : [new { type = "Action.OpenUrl", title = message.LinkText, url = message.Link }];
        var card = new Dictionary<string, object>
        {
            ["$schema"] = "http://adaptivecards.io/schemas/adaptive-card.json", ["type"] = "AdaptiveCard", ["version"] = "1.4",
            ["body"] = new object[]
            {
                new { type = "TextBlock", text = Utf8Cut.To(message.Subject, 1024), weight = "Bolder", wrap = true },
                new { type = "TextBlock", text = Utf8Cut.To(string.Join("\n\n", message.Lines), MostTextBytes), wrap = true },
            },
            ["actions"] = actions,
        };
        return new Letter(new Uri(to.Address), Letter.JsonOf(new { type = "message", attachments = new[] { new { contentType = "application/vnd.microsoft.card.adaptive", content = card } } }));
    }
}
