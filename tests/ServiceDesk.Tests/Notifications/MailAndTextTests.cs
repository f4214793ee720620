using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Care.Contacts;
using Seamless.ServiceDesk.Notifications;
using Seamless.ServiceDesk.Tickets;
using SmtpServer.Protocol;

namespace Seamless.ServiceDesk.Tests.Notifications;

/// <summary>The channels that go by a server of ours: a mail server, and a gateway for text messages.</summary>
public sealed class MailAndTextTests
{
    [Fact]
    public async Task Mails_of_one_ticket_are_one_thread_and_a_busy_server_is_tried_again_with_the_same_id()
    {
        await using var server = new MailServer();
        await using var house = await House.OpenAsync(o => o.Notifications.Smtp = new Seamless.ServiceDesk.Notifications.SmtpServer("127.0.0.1", server.Port, SmtpTls.None, null, null, "desk@example.com"));
        await PutAsync(house, new RecipientOrder("Operations", Audience.Staff, Channel.Email, "ops@example.org", Milestones: ["opened", "acknowledged"], Language: "zh"));
        var ticket = await FaultAsync(house);
        server.Answer(SmtpReplyCode.ServiceUnavailable);   // 421
        await house.Sender.SendDueAsync(default);
        var first = Assert.Single(await OutboxAsync(house));
        Assert.Equal((DeliveryState.Pending, 1), (first.State, first.Attempts));
        house.Clock.Advance(TimeSpan.FromSeconds(5));
        await house.Sender.SendDueAsync(default);
        await house.ActAsync(ticket.Number, "acknowledge");
        await house.Sender.SendDueAsync(default);

        var mails = server.All.ToList();
        Assert.Equal([$"{first.Id}@example.com", $"{(await OutboxAsync(house))[0].Id}@example.com"], mails.Select(m => m.MessageId));
        Assert.All(mails, m => Assert.Equal($"ticket.{ticket.Number}@example.com", m.InReplyTo));
        Assert.All(mails, m => Assert.Equal("auto-generated", m.Headers["Auto-Submitted"]));
        Assert.Contains("新工单", mails[0].Subject, StringComparison.Ordinal);
        Assert.Contains("负责人：", mails[0].TextBody, StringComparison.Ordinal);
        Assert.Contains("<html lang=\"zh-CN\">", mails[0].HtmlBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_that_waits_for_a_contact_who_leaves_meanwhile_goes_to_the_successor()
    {
        await using var server = new MailServer();
        await using var house = await House.OpenAsync(o => o.Notifications.Smtp = new Seamless.ServiceDesk.Notifications.SmtpServer("127.0.0.1", server.Port, SmtpTls.None, null, null, "desk@example.com"));
        var contacts = house.Services.GetRequiredService<IContacts>();
        foreach (var name in (string[])["leaver", "successor"])
        {
            await PutAsync(house, new RecipientOrder("Operations", Audience.Staff, Channel.Email, $"{name}@example.org", Milestones: name == "leaver" ? ["opened"] : []), $"mail-{name}");
            await contacts.PutAsync(House.Tenant, name, new ContactOrder("acme", name, [ContactRole.Operations], Recipients: [$"mail-{name}"]), "anna", default);
        }
        await FaultAsync(house);
        Assert.True((await contacts.HandOverAsync(House.Tenant, "leaver", "successor", null, "anna", default)).Succeeded);
        await house.Sender.SendDueAsync(default);   // addressed anew
        await house.Sender.SendDueAsync(default);
        Assert.Contains("successor@example.org", Assert.Single(server.All).To.ToString(), StringComparison.Ordinal);
        Assert.Equal(("mail-successor", DeliveryState.Sent), ((await OutboxAsync(house))[0].Recipient, (await OutboxAsync(house))[0].State));
    }

    [Fact]
    public async Task A_mail_that_is_refused_for_good_is_not_tried_again()
    {
        await using var server = new MailServer();
        await using var house = await House.OpenAsync(o => o.Notifications.Smtp = new Seamless.ServiceDesk.Notifications.SmtpServer("127.0.0.1", server.Port, SmtpTls.None, null, null, "desk@example.com"));
        await PutAsync(house, new RecipientOrder("Operations", Audience.Staff, Channel.Email, "ops@example.org"));
        await FaultAsync(house);
        server.Answer(SmtpReplyCode.MailboxUnavailable);   // 550
        await house.Sender.SendDueAsync(default);
        var refused = Assert.Single(await OutboxAsync(house));
        Assert.Equal((DeliveryState.Failed, "the mail server answered 550"), (refused.State, refused.Reason));
    }

    [Fact]
    public async Task A_mail_never_goes_in_plain_where_tls_is_asked_for()
    {
        await using var server = new MailServer();   // which has none
        await using var house = await House.OpenAsync(o => o.Notifications.Smtp = new Seamless.ServiceDesk.Notifications.SmtpServer("127.0.0.1", server.Port, SmtpTls.StartTls, null, null, "desk@example.com"));
        await PutAsync(house, new RecipientOrder("Operations", Audience.Staff, Channel.Email, "ops@example.org"));
        var test = await house.Notifications.TestAsync(House.Tenant, "ops", "anna", default);
        Assert.Equal((false, "the mail server has no STARTTLS, or no log-in"), (test.Value!.Delivered, test.Value.Answer));
        Assert.Empty(server.All);
    }

    [Fact]
    public async Task A_text_message_goes_to_the_gateway_in_one_piece()
    {
        await using var gateway = new Receiver();
        await using var house = await House.OpenAsync(o => o.Notifications.Sms = new SmsGateway(new Uri(gateway.Url), "key"));
        await PutAsync(house, new RecipientOrder("Site contact", Audience.Customer, Channel.Sms, "+8613912345678", Sites: ["works"], Language: "zh", OptedIn: true));
        await FaultAsync(house);
        gateway.Answers(503);
        await house.Sender.SendDueAsync(default);
        house.Clock.Advance(TimeSpan.FromSeconds(5));
        await house.Sender.SendDueAsync(default);
        var first = JsonNode.Parse(gateway.All[0].Text)!;
        Assert.Equal(("+8613912345678", gateway.All[0]["webhook-id"]), ((string)first["to"]!, (string)first["id"]!));
        Assert.InRange(((string)first["text"]!).Length, 10, 70);
        Assert.Equal(first.ToJsonString(), JsonNode.Parse(gateway.All.First(r => r["webhook-id"] == (string)first["id"]! && r != gateway.All[0]).Text)!.ToJsonString());
        Assert.All(await OutboxAsync(house), d => Assert.Equal(DeliveryState.Sent, d.State));
    }

    private static async Task PutAsync(House house, RecipientOrder order, string id = "ops")
    {
        var put = await house.Notifications.PutAsync(House.Tenant, id, order, "anna", default);
        Assert.True(put.Succeeded, put.Refusal?.Reason);
    }

    private static async Task<Ticket> FaultAsync(House house)
    {
        house.Add("pump-1");
        house.Alarms.Raise("pump-1", house.Now, "bearing-wear", severity: Severity.High);
        await house.BeatAsync();
        return await house.OnlyTicketAsync();
    }

    private static Task<IReadOnlyList<Delivery>> OutboxAsync(House house) => house.Notifications.OutboxAsync(new OutboxFilter(House.Tenant), default);
}
