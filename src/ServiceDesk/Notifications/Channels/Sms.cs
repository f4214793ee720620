using System.Text;
using Microsoft.Extensions.Options;
using Seamless.ServiceDesk.Notifications.Messages;
using Seamless.ServiceDesk.Notifications.Outbox;
using Seamless.ServiceDesk.Notifications.Recipients;

namespace Seamless.ServiceDesk.Notifications.Channels;

/// <summary>Text messages through a gateway that takes JSON over HTTP: <c>{"to","text","id"}</c>, signed as a webhook is. The gateway is to send an id once.</summary>
internal sealed class Sms(HttpPost post, TimeProvider clock, IOptions<ServiceDeskOptions> options) : IChannel
{
    public Channel Kind => Channel.Sms;
    public IReadOnlyList<Rate> Rates => [];

    public async Task<Answer> SendAsync(Destination to, Message message, CancellationToken ct)
    {
        if (options.Value.Notifications.Sms is not { } gateway) return new Answer(Verdict.Refused, "no gateway: set notifications.sms.url");
        var (answer, _) = await post.SendAsync(LetterOf(gateway, to, message, clock.GetUtcNow()), trusted: true, ct);
        return answer.Verdict is Verdict.Gone ? answer with { Verdict = Verdict.Failed } : answer;   // the gateway is not the recipient
    }

    public static Letter LetterOf(SmsGateway gateway, Destination to, Message message, DateTimeOffset now)
    {
        var body = Letter.JsonOf(new { to = to.Address, text = ShortMessage.Of(message), id = message.Id });
        return gateway.Key is null
            ? new Letter(gateway.Url, body, [("webhook-id", message.Id)])
            : new Letter(gateway.Url, body, WebhookSignature.Headers([WebhookSignature.KeyOf(gateway.Key) ?? Encoding.UTF8.GetBytes(gateway.Key)], message.Id, now, body));
    }
}

/// <summary>The text of one single SMS: 160 characters of the GSM alphabet, or 70 of any other.</summary>
internal static class ShortMessage
{
    private const int MostSeptets = 160, MostUnits = 70;

    /// <summary>3GPP TS 23.038 §6.2.1; those of the second line take two places.</summary>
    private const string Basic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
    private const string Extended = "^{}\\[~]|€";

    /// <summary>The longest form that fits; of the last one the beginning is cut, not the name of who answers for it.</summary>
    public static string Of(Message message)
    {
        foreach (var text in message.Short)
            if (Fits(text)) return text;
        if (message.Unsubscribe is not null) return message.Short[^1];   // in two parts rather than without its link
        var (words, name) = (message.Short[^1], message.Facts[^1].Accountable);
        var tail = $" - {name}";
        var head = words.EndsWith(tail, StringComparison.Ordinal) ? words[..^tail.Length] : words;
        while (head.Length > 0 && !Fits(head + ".." + tail)) head = head[..^(char.IsLowSurrogate(head[^1]) ? 2 : 1)];
        return head + ".." + tail;
    }

    public static bool Fits(string text)
    {
        var septets = 0;
        foreach (var c in text)
        {
            if (Basic.Contains(c, StringComparison.Ordinal)) septets++;
            else if (Extended.Contains(c, StringComparison.Ordinal)) septets += 2;
            else return text.Length <= MostUnits;
        }
        return septets <= MostSeptets;
    }
}
