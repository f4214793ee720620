using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Care.Contacts;
using Seamless.ServiceDesk.Customers;
using Seamless.ServiceDesk.Customers.Correspondence;
using Seamless.ServiceDesk.Kpis;
using Seamless.ServiceDesk.Notifications;
using Seamless.ServiceDesk.Tests.Notifications;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Tests.Customers;

/// <summary>What customers write by any channel, on the one case it is about; and our answers.</summary>
public sealed class CorrespondenceTests
{
    [Fact]
    public async Task A_message_handed_over_twice_is_one_and_answers_the_same()
    {
        await using var house = await OpenAsync();
        var ticket = await TicketAsync(house);
        var first = await ReceiveAsync(house, Mail("a", $"[{ticket}] loud"));
        Assert.Equal(new MessageReceipt("M-1001", true, ticket), first);
        Assert.Equal(first, await ReceiveAsync(house, Mail("a", "changed meanwhile")));
        Assert.Equal("M-1002", (await ReceiveAsync(house, Mail("a", $"[{ticket}]") with { Channel = MessageChannel.Chat, From = "lena_w" })).Id);   // another channel has its own ids
        Assert.Equal(2, (await ThreadAsync(house, ticket)).Entries.Count);
        Assert.Equal(2, (await house.Tickets.FindAsync(House.Tenant, ticket, default))!.Timeline.Count(t => t.Kind == "customer-message"));
    }

    /// <summary>The same messages in any order, some of them twice, from four channels and somebody unknown: the thread and the inbox come out the same.</summary>
    [Fact]
    public async Task Any_order_and_any_repetition_gives_the_same_thread()
    {
        string? expected = null;
        for (var seed = 1; seed <= 6; seed++)
        {
            await using var house = await OpenAsync();
            var pump = await TicketAsync(house);
            var other = await TicketAsync(house, "pump-2");
            IncomingMessage[] all =
            [
                Mail("a", $"[{pump}] loud") with { At = House.Start.AddMinutes(-50) }, Mail("b", "again", "pump-1 rattles") with { At = House.Start.AddMinutes(-40) },
                Of(MessageChannel.Chat, "a", "lena_w", $"still {pump}") with { At = House.Start.AddMinutes(-30) }, Of(MessageChannel.Phone, "a", "0049 170 1234567", "calls", ticket: pump) with { At = House.Start.AddMinutes(-20) },
                Of(MessageChannel.Sms, "a", "+49 (170) 1234567", pump) with { At = House.Start.AddMinutes(-10) }, Mail("c", $"{pump}", from: "stranger@example.org") with { At = House.Start.AddMinutes(-5) },
                Mail("d", "which of them") with { At = House.Start.AddMinutes(-4) }, Mail("e", "hello", from: "stranger@example.org") with { At = House.Start.AddMinutes(-3) }, Mail("f", other) with { At = House.Start.AddMinutes(-2) },
            ];
            var order = new Random(seed);
            var delivered = all.Concat(order.GetItems(all, 5)).ToArray();
            order.Shuffle(delivered);
            foreach (var message in delivered)
            {
                house.Clock.Advance(TimeSpan.FromSeconds(order.Next(1, 20)));
                await ReceiveAsync(house, message);
            }
            var thread = await ThreadAsync(house, pump);
            var waiting = await Of(house).ListAsync(House.Tenant, MessageState.Waiting, null, 100, default);
            var seen = string.Join('\n', [
                .. thread.Entries.Select(e => $"{e.At:T} {e.Side} {e.Channel} {e.Who} {e.Verified} {e.Text.En}"), $"{thread.AwaitsAnswerSince:T} {thread.Suggested}",
                .. waiting.Select(m => $"{m.At:T} {m.From} {m.Verified} {string.Join(',', m.Candidates)}"), $"{(await ThreadAsync(house, other)).Entries.Count}"]);
            Assert.Equal(expected ??= seen, seen);
            Assert.Equal((6, 2), (thread.Entries.Count, waiting.Count));
        }
    }

    [Fact]
    public async Task The_list_goes_on_page_by_page_also_when_its_last_message_waits_no_longer()
    {
        await using var house = await OpenAsync();
        for (var i = 0; i < 5; i++) await ReceiveAsync(house, Mail($"m{i}", "hello", from: $"stranger{i}@example.org") with { At = House.Start.AddMinutes(i % 2 - 10) });   // two instants, so that the order among equals counts too
        var whole = (await Of(house).ListAsync(House.Tenant, MessageState.Waiting, null, 100, default)).Select(m => m.Number).ToList();
        Assert.Equal(5, whole.Count);

        var first = await Of(house).ListAsync(House.Tenant, MessageState.Waiting, null, 2, default);
        Assert.True((await Of(house).DismissAsync(House.Tenant, first[1].Number, "advertising", "anna", default)).Succeeded);
        var rest = await Of(house).ListAsync(House.Tenant, MessageState.Waiting, first[1].Number, 100, default);

        Assert.Equal(whole, [.. first.Concat(rest).Select(m => m.Number)]);
        foreach (var number in whole.Where(n => n != first[1].Number)) await Of(house).DismissAsync(House.Tenant, number, "advertising", "anna", default);
        var dismissed = (await Of(house).ListAsync(House.Tenant, MessageState.Dismissed, null, 100, default)).Select(m => m.Number).ToList();
        Assert.Equal(dismissed[2..], [.. (await Of(house).ListAsync(House.Tenant, MessageState.Dismissed, dismissed[1], 100, default)).Select(m => m.Number)]);
    }

    [Fact]
    public async Task Nobody_unknown_learns_whether_a_case_exists()
    {
        await using var house = await OpenAsync();
        var ticket = await TicketAsync(house);
        var right = await ReceiveAsync(house, Mail("a", $"[{ticket}] tell me all", from: "stranger@example.org"));
        var wrong = await ReceiveAsync(house, Mail("b", "[T-9999] tell me all", from: "stranger@example.org"));
        Assert.Equal(new MessageReceipt("", false, null), right with { Id = "" });
        Assert.Equal(wrong with { Id = "" }, right with { Id = "" });
        Assert.Equal([false], (await ThreadAsync(house, ticket)).Entries.Select(e => e.Verified));   // it is there all the same
        Assert.Null((await ThreadAsync(house, ticket)).Suggested);
        Assert.DoesNotContain(await house.Notifications.OutboxAsync(new OutboxFilter(House.Tenant), default), d => d.Recipient.StartsWith("lena", StringComparison.Ordinal));

        // Known, but the gateway is not sure that it is them; and of another customer.
        Assert.False((await ReceiveAsync(house, Mail("c", $"[{ticket}]") with { Authentic = false })).Verified);
        await Contact(house, "rival", "rival", writesFrom: "rival@example.com");
        Assert.Equal((false, null), await ReceiveAsync(house, Mail("d", $"[{ticket}]", from: "rival@example.com")) is var rival ? (rival.Verified, rival.Ticket) : default);
    }

    [Fact]
    public async Task Who_has_left_is_no_longer_known()
    {
        await using var house = await OpenAsync();
        var ticket = await TicketAsync(house);
        await Contact(house, "heir", "acme");
        Assert.True((await house.Services.GetRequiredService<IContacts>().HandOverAsync(House.Tenant, "lena", "heir", null, "anna", default)).Succeeded);
        Assert.False((await ReceiveAsync(house, Mail("a", $"[{ticket}]"))).Verified);
        Assert.False((await ReceiveAsync(house, Of(MessageChannel.Chat, "a", "lena_w", $"[{ticket}]"))).Verified);
    }

    [Fact]
    public async Task An_answer_to_a_message_of_ours_finds_its_case()
    {
        await using var house = await OpenAsync(opened: true);
        var ticket = await TicketAsync(house);
        await TicketAsync(house, "pump-2");
        var told = (await house.Notifications.OutboxAsync(new OutboxFilter(House.Tenant, Ticket: ticket), default)).Single(d => d.Recipient == "lena-mail");
        Assert.Equal(ticket, (await ReceiveAsync(house, Mail("a", "Re: hello") with { InReplyTo = $"<{told.Id}@example.com>" })).Ticket);
        Assert.Equal(ticket, (await ReceiveAsync(house, Mail("b", "Re: hello") with { InReplyTo = $"<ticket.{ticket}@example.com>" })).Ticket);
        Assert.Null((await ReceiveAsync(house, Mail("c", "Re: hello") with { InReplyTo = "<other@example.com>" })).Ticket);
    }

    [Fact]
    public async Task What_is_too_long_or_too_often_is_refused_and_a_repetition_is_neither()
    {
        await using var house = await OpenAsync();
        var long1 = await Of(house).ReceiveAsync(Mail("a", "hello", new string('x', 20_001)), "gateway", default);
        Assert.Equal("too-large", long1.Refusal?.Code);
        Assert.True((await Of(house).ReceiveAsync(Mail("a", "hello", new string('x', 20_000)), "gateway", default)).Succeeded);
        for (var n = 1; n < CorrespondenceBook.MostPerSender; n++) await ReceiveAsync(house, Mail($"m{n}", "hello"));
        Assert.Equal("too-many", (await Of(house).ReceiveAsync(Mail("one more", "hello"), "gateway", default)).Refusal?.Code);
        Assert.True((await Of(house).ReceiveAsync(Mail("m1", "hello"), "gateway", default)).Succeeded);   // the same again
        Assert.True((await Of(house).ReceiveAsync(Mail("x", "hello", from: "stranger@example.org"), "gateway", default)).Succeeded);   // somebody else
        house.Clock.Advance(CorrespondenceBook.RateWindow);
        Assert.True((await Of(house).ReceiveAsync(Mail("one more", "hello"), "gateway", default)).Succeeded);
    }

    [Fact]
    public async Task On_a_closed_case_within_the_window_it_stays_and_later_it_goes_on_in_one_new_case()
    {
        await using var house = await OpenAsync();
        var ticket = await TicketAsync(house);
        await house.ActAsync(ticket, "resolve");
        await house.ActAsync(ticket, "close", ("mode", "VIB"), ("mechanism", "2.4 Wear"), ("cause", "Wear"), ("faultCode", "other"), ("article", "none"), ("articleReason", "known"));
        Assert.Equal(ticket, (await ReceiveAsync(house, Mail("a", $"[{ticket}] loud again"))).Ticket);
        house.Clock.Advance(TimeSpan.FromDays(4));

        Assert.Equal((false, null), await ReceiveAsync(house, Mail("b", $"[{ticket}]", from: "stranger@example.org")) is var stranger ? (stranger.Verified, stranger.Ticket) : default);
        Assert.Equal(ticket, Assert.Single((await Of(house).ListAsync(House.Tenant, MessageState.Waiting, null, 100, default)).Single().Candidates));
        var late = await ReceiveAsync(house, Mail("c", $"[{ticket}] loud again"));
        Assert.Equal(late.Ticket, (await ReceiveAsync(house, Mail("d", $"[{ticket}] and hot"))).Ticket);
        Assert.NotEqual(ticket, late.Ticket);
        var follower = (await house.Tickets.FindAsync(House.Tenant, late.Ticket!, default))!;
        Assert.Equal((ticket, "pump-1", TicketStatus.New), (follower.Follows, follower.Device, follower.Status));
        Assert.Contains((await house.Tickets.FindAsync(House.Tenant, ticket, default))!.Timeline, t => t.Kind == "followed");
        Assert.Equal(2, (await house.Tickets.ListAsync(new TicketFilter(House.Tenant), default)).Count);
    }

    [Fact]
    public async Task The_owner_hears_of_it_and_no_clock_takes_it_for_our_answer()
    {
        await using var house = await OpenAsync();
        await PutAsync(house, "owner", new RecipientOrder("Owner", Audience.Staff, Channel.Email, "owner@example.com", Milestones: [], Rung: "owner"));
        var ticket = await TicketAsync(house);
        await ReceiveAsync(house, Mail("a", $"[{ticket}] loud"));
        var seen = (await house.Tickets.FindAsync(House.Tenant, ticket, default))!;
        Assert.Equal((null, TicketStatus.New, house.Now), (seen.Sla.RespondedAt, seen.Status, seen.CustomerWroteAt));
        Assert.Equal("customer-message", Assert.Single(await house.Notifications.OutboxAsync(new OutboxFilter(House.Tenant, Recipient: "owner"), default)).Milestone);

        await ReplyAsync(house, ticket, "We are on it.");
        seen = (await house.Tickets.FindAsync(House.Tenant, ticket, default))!;
        Assert.Equal((null, null), (seen.Sla.RespondedAt, seen.CustomerWroteAt));
        await using var db = await house.Contexts.CreateDbContextAsync();
        Assert.Equal(Touches.Contact, Assert.Single(await db.Events.Where(e => e.Kind == EventKind.Touch).ToListAsync()).Detail);
    }

    [Fact]
    public async Task A_reply_goes_once_by_the_channel_of_the_last_message_and_names_the_owner()
    {
        await using var mail = new MailServer();
        await using var house = await OpenAsync(mail);
        var ticket = await TicketAsync(house);
        await using var db = await house.Contexts.CreateDbContextAsync();
        var owner = (await db.Technicians.OrderBy(t => t.Id).FirstAsync()).Id;
        await house.ActAsync(ticket, "assign", ("technician", owner));
        await ReceiveAsync(house, Of(MessageChannel.Sms, "a", "+491701234567", $"{ticket} loud"));
        Assert.Equal("recipient:lena-sms", (await ThreadAsync(house, ticket)).Suggested);
        house.Clock.Advance(TimeSpan.FromMinutes(1));
        await ReceiveAsync(house, Mail("a", $"[{ticket}] loud"));
        Assert.Equal((owner, "recipient:lena-mail"), await ThreadAsync(house, ticket) is var thread ? (thread.Owner, thread.Suggested) : default);

        await ReplyAsync(house, ticket, "Two lines\nof comfort.");
        await ReplyAsync(house, ticket, "Two lines\nof comfort.");
        await house.Sender.SendDueAsync(default);
        await house.Sender.SendDueAsync(default);
        var sent = Assert.Single(mail.All);
        Assert.StartsWith($"[{ticket}] ", sent.Subject, StringComparison.Ordinal);
        Assert.Contains($"Two lines\nof comfort.\n\nResponsible: {owner}", sent.TextBody?.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Null(sent.Headers["Auto-Submitted"]);
        var answer = Assert.Single((await ThreadAsync(house, ticket)).Entries, e => e.Kind == "reply");
        Assert.Equal((ThreadSide.Out, "email", owner, DeliveryState.Sent), (answer.Side, answer.Channel, answer.Who, answer.Delivery!.Value));

        // The customer answers that very message, without a number: and the same words are a new reply then.
        house.Clock.Advance(TimeSpan.FromMinutes(1));
        await TicketAsync(house, "pump-2");
        Assert.Equal(ticket, (await ReceiveAsync(house, Mail("b", "thanks") with { InReplyTo = sent.MessageId })).Ticket);
        await ReplyAsync(house, ticket, "Two lines\nof comfort.");
        Assert.Equal(2, (await ThreadAsync(house, ticket)).Entries.Count(e => e.Kind == "reply"));
    }

    [Fact]
    public async Task A_reply_by_telephone_is_written_down_and_what_does_not_fit_a_text_message_is_refused()
    {
        await using var house = await OpenAsync();
        var ticket = await TicketAsync(house);
        Assert.Equal("reply-way-none", (await Of(house).ReplyAsync(House.Tenant, ticket, new ReplyOrder("hello"), "anna", default)).Refusal?.Why);
        Assert.Equal("reply-way-unknown", (await Of(house).ReplyAsync(House.Tenant, ticket, new ReplyOrder("hello", "recipient:nobody"), "anna", default)).Refusal?.Why);
        Assert.Equal("reply-too-long", (await Of(house).ReplyAsync(House.Tenant, ticket, new ReplyOrder(new string('x', 160), "recipient:lena-sms"), "anna", default)).Refusal?.Why);
        await ReceiveAsync(house, Of(MessageChannel.Phone, "a", "+491701234567", "calls", ticket: ticket));
        Assert.Equal("phone", (await ThreadAsync(house, ticket)).Suggested);
        await ReplyAsync(house, ticket, "Told them when we come.");
        Assert.Empty(await house.Notifications.OutboxAsync(new OutboxFilter(House.Tenant), default));
        Assert.Null((await ThreadAsync(house, ticket)).AwaitsAnswerSince);
    }

    [Fact]
    public async Task What_is_said_on_the_status_page_is_in_the_same_thread_and_answered_from_it()
    {
        await using var house = await OpenAsync();
        var ticket = await TicketAsync(house);
        var door = house.Services.GetRequiredService<ICustomerDoor>();
        var code = (await house.Tickets.FindAsync(House.Tenant, ticket, default))!.TrackingCode;
        Assert.True((await door.AskAsync(code, null, "May we run it slowly?", default)).Succeeded);
        Assert.Equal("status-page", (await ThreadAsync(house, ticket)).Suggested);
        house.Clock.Advance(TimeSpan.FromMinutes(1));
        await ReplyAsync(house, ticket, "Yes, at half speed.");
        Assert.Equal(["request status-page May we run it slowly?", "answer status-page Yes, at half speed."], (await ThreadAsync(house, ticket)).Entries.Select(e => $"{e.Kind} {e.Channel} {e.Text.En}"));
        Assert.Equal("Yes, at half speed.", Assert.Single((await door.LookAsync(code, null, default))!.Requests).Answer);
    }

    [Fact]
    public async Task A_waiting_message_is_assigned_made_a_case_or_put_aside_once()
    {
        await using var house = await OpenAsync();
        var ticket = await TicketAsync(house);
        foreach (var id in (string[])["a", "b", "c"]) await ReceiveAsync(house, Mail(id, "hello", from: "stranger@example.org"));
        Assert.Equal("ticket-unknown", (await Of(house).AssignAsync(House.Tenant, "M-1001", "T-9999", "anna", default)).Refusal?.Why);
        Assert.Equal("message-reason", (await Of(house).DismissAsync(House.Tenant, "M-1003", " ", "anna", default)).Refusal?.Why);
        Assert.Equal((ticket, false), (await Of(house).AssignAsync(House.Tenant, "M-1001", ticket, "anna", default)).Value is { } put ? (put.Ticket, put.Verified) : default);
        var opened = (await Of(house).OpenTicketAsync(House.Tenant, "M-1002", new TicketFromMessage("pump-2"), "anna", default)).Value!;
        Assert.Equal("hello", (await house.Tickets.FindAsync(House.Tenant, opened.Ticket!, default))!.Title.En);
        Assert.True((await Of(house).DismissAsync(House.Tenant, "M-1003", "advertising", "anna", default)).Succeeded);
        Assert.Equal("message-decided", (await Of(house).AssignAsync(House.Tenant, "M-1003", ticket, "anna", default)).Refusal?.Why);
        Assert.Empty(await Of(house).ListAsync(House.Tenant, MessageState.Waiting, null, 100, default));
        Assert.Equal(new MessageReceipt("M-1001", false, null), await ReceiveAsync(house, Mail("a", "hello", from: "stranger@example.org")));   // what was answered first
    }

    private static ICorrespondence Of(House house) => house.Services.GetRequiredService<ICorrespondence>();

    /// <summary>Lena of acme: by mail, text message and in the chat.</summary>
    private static async Task<House> OpenAsync(MailServer? mail = null, bool opened = false)
    {
        var house = await House.OpenAsync(options =>
        {
            if (mail is not null) options.Notifications.Smtp = new Seamless.ServiceDesk.Notifications.SmtpServer("127.0.0.1", mail.Port, SmtpTls.None, null, null, "desk@example.com");
        });
        house.Add("pump-1");
        house.Add("pump-2");
        await PutAsync(house, "lena-mail", new RecipientOrder("Plant", Audience.Customer, Channel.Email, "lena@example.com", Customer: "acme", Milestones: opened ? ["opened"] : []));
        await PutAsync(house, "lena-sms", new RecipientOrder("Plant", Audience.Customer, Channel.Sms, "+491701234567", Customer: "acme", Milestones: [], OptedIn: true));
        await Contact(house, "lena", "acme", ["lena-mail", "lena-sms"], "lena_w");
        return house;
    }

    private static async Task PutAsync(House house, string id, RecipientOrder order)
    {
        var put = await house.Notifications.PutAsync(House.Tenant, id, order, "anna", default);
        Assert.True(put.Succeeded, put.Refusal?.Reason);
    }

    private static async Task Contact(House house, string id, string customer, IReadOnlyList<string>? recipients = null, string? writesFrom = null)
    {
        var put = await house.Services.GetRequiredService<IContacts>().PutAsync(House.Tenant, id, new ContactOrder(customer, $"Contact {id}", [ContactRole.Operations], Recipients: recipients, WritesFrom: writesFrom is null ? null : [writesFrom]), "anna", default);
        Assert.True(put.Succeeded, put.Refusal?.Reason);
    }

    private static async Task<string> TicketAsync(House house, string device = "pump-1")
    {
        var opened = await house.Tickets.OpenAsync(new NewTicket(House.Tenant, device, "works", Priority.P3, new LocalizedText("Loud", "噪声"), null, null), "anna", default);
        Assert.True(opened.Succeeded, opened.Refusal?.Reason);
        return opened.Value!.Number;
    }

    private static IncomingMessage Mail(string id, string subject, string text = "", string from = "Lena <LENA@example.com>") => new(House.Tenant, MessageChannel.Email, id, from, null, subject, text);

    private static IncomingMessage Of(MessageChannel channel, string id, string from, string text, string? ticket = null) => new(House.Tenant, channel, id, from, null, null, text, null, ticket);

    private static async Task<MessageReceipt> ReceiveAsync(House house, IncomingMessage message)
    {
        var done = await Of(house).ReceiveAsync(message, "gateway", default);
        Assert.True(done.Succeeded, done.Refusal?.Reason);
        return done.Value;
    }

    private static async Task<TicketThread> ThreadAsync(House house, string ticket) => (await Of(house).ThreadAsync(House.Tenant, ticket, default))!;

    private static async Task ReplyAsync(House house, string ticket, string text)
    {
        var done = await Of(house).ReplyAsync(House.Tenant, ticket, new ReplyOrder(text), "anna", default);
        Assert.True(done.Succeeded, done.Refusal?.Reason);
    }
}
