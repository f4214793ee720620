using System.Globalization;
using System.Text.Json;
using Seamless.ServiceDesk.Notifications.Messages;
using Seamless.ServiceDesk.Notifications.Outbox;
using Seamless.ServiceDesk.Notifications.Recipients;

namespace Seamless.ServiceDesk.Notifications.Channels;

/// <summary>A channel that posts JSON to the recipient's own address.</summary>
internal abstract class HttpChannel(HttpPost post, TimeProvider clock) : IChannel
{
    public abstract Channel Kind { get; }
    public virtual IReadOnlyList<Rate> Rates => [];

    /// <summary>The member of the answer that holds an error code although the status says 200; null where there is none.</summary>
    protected virtual string? ErrorMember => null;

    protected abstract Letter Write(Destination to, Message message, DateTimeOffset now);

    public async Task<Answer> SendAsync(Destination to, Message message, CancellationToken ct)
    {
        var (answer, body) = await post.SendAsync(Write(to, message, clock.GetUtcNow()), trusted: false, ct);
        return answer.Verdict is Verdict.Delivered && ErrorMember is { } member && ErrorIn(body, member) is { } error ? new Answer(Verdict.Failed, error) : answer;
    }

    /// <summary>Robots answer 200 to what they did not take, and say so in the body.</summary>
    internal static string? ErrorIn(string body, string member)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement.ValueKind is not JsonValueKind.Object || !json.RootElement.TryGetProperty(member, out var code) || !code.TryGetInt64(out var number)) return null;
            return number == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{member} {number}");
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
