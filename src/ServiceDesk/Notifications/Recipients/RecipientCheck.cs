using System.Net;
using MimeKit;
using PhoneNumbers;
using Seamless.ServiceDesk.Notifications.Channels;
using Seamless.ServiceDesk.Notifications.Messages;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Notifications.Recipients;

/// <summary>What a recipient must be, in words for whoever enters it.</summary>
internal static class RecipientCheck
{
    private const int MostSecrets = 4;

    public static Refusal? Of(string id, RecipientOrder order, Destination destination, IReadOnlyList<string> ladder, bool allowPrivate) =>
        OfName(id, order) ?? OfAudience(order, ladder) ?? OfTimes(order) ?? OfAddress(order, destination.Address, allowPrivate) ?? OfSecrets(order.Channel, destination.Secrets);

    private static Refusal? OfName(string id, RecipientOrder order)
    {
        if (!DeviceKey.IsValidName(id)) return Refusal.Invalid($"'{id}' is no id: letters, digits, dots, dashes and underscores");
        if (string.IsNullOrWhiteSpace(order.Title) || order.Title.Length > 100) return Refusal.Invalid("title: a role or a team, 1 to 100 characters");
        return order.Language is "en" or "zh" ? null : Refusal.Invalid($"language: '{order.Language}' is not one of en, zh");
    }

    private static Refusal? OfAudience(RecipientOrder order, IReadOnlyList<string> ladder)
    {
        var known = MilestoneWords.For(order.Audience);
        if (order.Milestones?.FirstOrDefault(m => !known.Contains(m)) is { } unknown)
            return Refusal.Invalid($"milestones: '{unknown}' is not one of {string.Join(", ", known)}");
        if (order.Audience is Audience.Customer && order.Customer is null && order.Sites is not { Count: > 0 })
            return Refusal.Invalid("a customer is told of their own only: name the customer, or the sites");
        if (order.Rung is null) return null;
        if (order.Audience is Audience.Customer) return Refusal.Invalid("rung: a customer stands on no step of the escalation ladder");
        return ladder.Contains(order.Rung) ? null : Refusal.Invalid($"rung: '{order.Rung}' is not one of {string.Join(", ", ladder)}");
    }

    private static Refusal? OfTimes(RecipientOrder order)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(order.Zone, out _)) return Refusal.Invalid($"zone: '{order.Zone}' is not a time zone such as Europe/Berlin");
        return order.QuietFrom is null == order.QuietTo is null ? null : Refusal.Invalid("quiet hours have a beginning and an end: give quietFrom and quietTo, or neither");
    }

    private static Refusal? OfAddress(RecipientOrder order, string address, bool allowPrivate) => order.Channel switch
    {
        Channel.Email => IsMailbox(address) ? null : Refusal.Invalid("address: an e-mail address such as desk@example.com is expected"),
        Channel.Sms when !IsNumber(address) => Refusal.Invalid("address: a telephone number as in E.164 is expected, such as +491701234567"),
        Channel.Sms => order.OptedIn ? null : Refusal.Invalid("optedIn: text messages go only to whoever has agreed to them; set it once they have"),
        _ => OfUrl(address, allowPrivate),
    };

    private static bool IsMailbox(string address) =>
        address.Length <= 254 && MailboxAddress.TryParse(address, out var mailbox) && mailbox.Address == address && mailbox.Domain.Contains('.', StringComparison.Ordinal);

    private static bool IsNumber(string address)
    {
        if (address.Length is 0 or > 16 || address[0] != '+' || !address[1..].All(char.IsAsciiDigit)) return false;
        try
        {
            var numbers = PhoneNumberUtil.GetInstance();
            return numbers.IsValidNumber(numbers.Parse(address, null));
        }
        catch (NumberParseException)
        {
            return false;
        }
    }

    /// <summary>Names are looked up when a message is sent, each time: here only what can be seen at once.</summary>
    private static Refusal? OfUrl(string address, bool allowPrivate)
    {
        if (address.Length > 2000 || !Uri.TryCreate(address, UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http") || url.UserInfo.Length > 0)
            return Refusal.Invalid("address: the https address that the receiver gave is expected, without a user in it");
        if (allowPrivate) return null;
        if (url.Scheme != "https") return Refusal.Invalid("address: https is expected; http only where notifications.allowPrivateAddresses is set");
        return IPAddress.TryParse(url.Host.Trim('[', ']'), out var ip) && PublicAddresses.Refuse(ip) is { } why
            ? Refusal.Invalid($"address: {why}; set notifications.allowPrivateAddresses if messages may go there")
            : null;
    }

    private static Refusal? OfSecrets(Channel channel, IReadOnlyList<string> secrets) => channel switch
    {
        Channel.Webhook when secrets.Count is 0 or > MostSecrets => Refusal.Invalid($"secrets: a webhook is signed with 1 to {MostSecrets} secrets, the newest first; make one with: echo whsec_$(openssl rand -base64 32)"),
        Channel.Webhook => secrets.All(s => WebhookSignature.KeyOf(s) is not null) ? null : Refusal.Invalid("secrets: each is whsec_ and the base64 of 24 to 64 bytes"),
        Channel.Dingtalk or Channel.Feishu when secrets.Count > 1 => Refusal.Invalid("secrets: such a robot has one at most"),
        Channel.Dingtalk or Channel.Feishu => null,
        _ when secrets.Count > 0 => Refusal.Invalid("secrets: this channel has none; its address is all it needs"),
        _ => null,
    };
}
