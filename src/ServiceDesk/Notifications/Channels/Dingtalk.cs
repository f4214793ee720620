using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Seamless.ServiceDesk.Notifications.Messages;
using Seamless.ServiceDesk.Notifications.Outbox;
using Seamless.ServiceDesk.Notifications.Recipients;

namespace Seamless.ServiceDesk.Notifications.Channels;

/// <summary>A group robot of DingTalk; with a secret each request is signed.</summary>
internal sealed class Dingtalk(HttpPost post, TimeProvider clock) : HttpChannel(post, clock)
{
    private const int MostBytes = 16 * 1024;   // of the 20,000 a request may have

    public override Channel Kind => Channel.Dingtalk;
    public override IReadOnlyList<Rate> Rates { get; } = [new(20, TimeSpan.FromMinutes(1))];
    protected override string ErrorMember => "errcode";

    protected override Letter Write(Destination to, Message message, DateTimeOffset now) => LetterOf(to, message, now);

    public static Letter LetterOf(Destination to, Message message, DateTimeOffset now)
    {
        var url = to.Secrets is [var secret] ? $"{to.Address}{(to.Address.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{Signed(secret, now)}" : to.Address;
        return new Letter(new Uri(url), Letter.JsonOf(new { msgtype = "markdown", markdown = new { title = message.Subject, text = Utf8Cut.To(Markdown.Of(message), MostBytes) } }));
    }

    /// <summary>HMAC-SHA256 with the secret over "timestamp in ms, line feed, secret".</summary>
    private static string Signed(string secret, DateTimeOffset now)
    {
        var timestamp = now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        var sign = Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{timestamp}\n{secret}")));
        return $"timestamp={timestamp}&sign={Uri.EscapeDataString(sign)}";
    }
}
