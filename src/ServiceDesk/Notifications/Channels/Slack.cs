using Seamless.ServiceDesk.Notifications.Messages;
using Seamless.ServiceDesk.Notifications.Outbox;
using Seamless.ServiceDesk.Notifications.Recipients;

namespace Seamless.ServiceDesk.Notifications.Channels;

/// <summary>A channel of Slack, by its incoming webhook.</summary>
internal sealed class Slack(HttpPost post, TimeProvider clock) : HttpChannel(post, clock)
{
    private const int MostBytes = 12 * 1024;

    public override Channel Kind => Channel.Slack;
    public override IReadOnlyList<Rate> Rates { get; } = [new(1, TimeSpan.FromSeconds(1))];

    protected override Letter Write(Destination to, Message message, DateTimeOffset now) => LetterOf(to, message);

    public static Letter LetterOf(Destination to, Message message)
    {
        var lines = message.Lines.Select(Plain).Prepend($"*{Plain(message.Subject)}*");
        if (message.Link is not null) lines = lines.Append($"<{message.Link}|{message.LinkText}>");
        return new Letter(new Uri(to.Address), Letter.JsonOf(new { text = Utf8Cut.To(string.Join('\n', lines), MostBytes), unfurl_links = false }));
    }

    /// <summary>The three characters that Slack reads as its own.</summary>
    private static string Plain(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
}
