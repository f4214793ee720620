using Seamless.ServiceDesk.Notifications.Messages;
using Seamless.ServiceDesk.Notifications.Outbox;
using Seamless.ServiceDesk.Notifications.Recipients;

namespace Seamless.ServiceDesk.Notifications.Channels;

/// <summary>A group robot of WeCom. Its address holds the key, which is all that protects it.</summary>
internal sealed class Wecom(HttpPost post, TimeProvider clock) : HttpChannel(post, clock)
{
    private const int MostTextBytes = 2048, MostMarkdownBytes = 4096;

    public override Channel Kind => Channel.Wecom;
    public override IReadOnlyList<Rate> Rates { get; } = [new(20, TimeSpan.FromMinutes(1))];
    protected override string ErrorMember => "errcode";

    protected override Letter Write(Destination to, Message message, DateTimeOffset now) => LetterOf(to, message);

    /// <summary>One message as text, which every client shows; several as markdown, into which more fits.</summary>
    public static Letter LetterOf(Destination to, Message message) => new(new Uri(to.Address), message.IsDigest
        ? Letter.JsonOf(new { msgtype = "markdown", markdown = new { content = Utf8Cut.To(Markdown.Of(message), MostMarkdownBytes) } })
        : Letter.JsonOf(new { msgtype = "text", text = new { content = Utf8Cut.To(message.Text, MostTextBytes) } }));
}
