using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Seamless.ServiceDesk.Notifications.Messages;
using Seamless.ServiceDesk.Notifications.Outbox;
using Seamless.ServiceDesk.Notifications.Recipients;

namespace Seamless.ServiceDesk.Notifications.Channels;

/// <summary>A group robot of Feishu (Lark); with a secret each request is signed.</summary>
internal sealed class Feishu(HttpPost post, TimeProvider clock) : HttpChannel(post, clock)
{
    private const int MostBytes = 16 * 1024;   // of the 20 KB a request may have

    public override Channel Kind => Channel.Feishu;
    public override IReadOnlyList<Rate> Rates { get; } = [new(5, TimeSpan.FromSeconds(1)), new(100, TimeSpan.FromMinutes(1))];
    protected override string ErrorMember => "code";

    protected override Letter Write(Destination to, Message message, DateTimeOffset now) => LetterOf(to, message, now);

    public static Letter LetterOf(Destination to, Message message, DateTimeOffset now)
    {
        var content = new { text = Utf8Cut.To(message.Text, MostBytes) };
        return new Letter(new Uri(to.Address), to.Secrets is [var secret]
            ? Letter.JsonOf(new { timestamp = Seconds(now), sign = Sign(secret, now), msg_type = "text", content })
            : Letter.JsonOf(new { msg_type = "text", content }));
    }

    /// <summary>HMAC-SHA256 over nothing; the key is "timestamp in s, line feed, secret".</summary>
    public static string Sign(string secret, DateTimeOffset now) => Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes($"{Seconds(now)}\n{secret}"), Array.Empty<byte>()));

    private static string Seconds(DateTimeOffset at) => at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
}
