using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Notifications;

namespace Seamless.ServiceDesk.Tests.Notifications;

/// <summary>Where the customer is: one milestone, one outbox, every channel there is.</summary>
public sealed class EveryChannelTests
{
    [Fact]
    [Trait("Scenario", "49")]
    public async Task One_milestone_reaches_everybody_by_their_own_channel_once()
    {
        await using var receiver = new Receiver();
        await using var mail = new MailServer();
        await using var house = await House.OpenAsync(options =>
        {
            options.Notifications.AllowPrivateAddresses = true;
            options.Notifications.Smtp = new Seamless.ServiceDesk.Notifications.SmtpServer("127.0.0.1", mail.Port, SmtpTls.None, null, null, "desk@example.com");
            options.Notifications.Sms = new SmsGateway(new Uri(receiver.Url + "Sms"), "gateway-key");
        });
        foreach (var channel in Enum.GetValues<Channel>())
        {
            var put = await house.Notifications.PutAsync(House.Tenant, $"to-{channel}", OrderOf(channel, receiver.Url), "anna", default);
            Assert.True(put.Succeeded, $"{channel}: {put.Refusal?.Reason}");
        }
        house.Add("pump-1");
        house.Alarms.Raise("pump-1", house.Now, "bearing-wear", severity: Severity.High);
        await house.BeatAsync();
        await house.Sender.SendDueAsync(default);
        await house.Sender.SendDueAsync(default);

        var byHttp = Enum.GetValues<Channel>().Where(c => c is not Channel.Email).Select(c => $"/{c}").Order(StringComparer.Ordinal);
        Assert.Equal(byHttp, receiver.All.Select(r => r.Path.Split('?')[0]).Order(StringComparer.Ordinal));
        Assert.Single(mail.All);
        Assert.All(receiver.All, r => Assert.Contains("T-1001", r.Text, StringComparison.Ordinal));
        Assert.All(await house.Notifications.OutboxAsync(new OutboxFilter(House.Tenant), default), d => Assert.Equal(DeliveryState.Sent, d.State));
    }

    private static RecipientOrder OrderOf(Channel channel, string url) => new(
        $"Team {channel}", Audience.Staff, channel, channel switch { Channel.Email => "ops@example.org", Channel.Sms => "+4917012345678", _ => url + channel },
        channel switch { Channel.Webhook => [Some.Secret], Channel.Dingtalk or Channel.Feishu => ["robot-secret"], _ => null }, Milestones: ["opened"], OptedIn: true);
}
