using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Notifications;
using Seamless.ServiceDesk.Notifications.Channels;
using Seamless.ServiceDesk.Notifications.Outbox;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Tests.Notifications;

/// <summary>From the milestone to the receiver, over the real wire, on a clock that the test moves.</summary>
public sealed class OutboxTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [Fact]
    public async Task Each_milestone_reaches_its_receiver_once_though_it_fails_then_says_nothing_then_answers()
    {
        await using var house = await OpenAsync();
        await using var receiver = new Receiver();
        await PutAsync(house, "crm", Hook(receiver) with { Milestones = ["opened", "acknowledged", "en-route", "on-site", "resolved"] });
        var ticket = await FaultAsync(house);

        receiver.Answers(500, 0);
        await house.Sender.SendDueAsync(default);   // 500
        Assert.Equal("HTTP 500", (await OnlyAsync(house)).Reason);
        house.Clock.Advance(TimeSpan.FromSeconds(5));
        var hanging = house.Sender.SendDueAsync(default);
        _ = await receiver.NextAsync();
        _ = await receiver.NextAsync();
        house.Clock.Advance(TimeSpan.FromSeconds(20));   // it says nothing
        await hanging;
        Assert.Equal("no answer within 20 s", (await OnlyAsync(house)).Reason);
        house.Clock.Advance(TimeSpan.FromMinutes(5));
        await house.Sender.SendDueAsync(default);
        Assert.Equal((DeliveryState.Sent, 3), ((await OnlyAsync(house)).State, (await OnlyAsync(house)).Attempts));

        foreach (var action in (string[])["acknowledge", "depart", "arrive", "resolve"])
        {
            await house.ActAsync(ticket.Number, action);
            await house.Sender.SendDueAsync(default);
            await house.Sender.SendDueAsync(default);
        }
        var ids = receiver.All.Select(r => r["webhook-id"]).ToList();
        Assert.Equal(7, ids.Count);
        Assert.Single(ids.Take(3).Distinct());   // the attempts of one message have one id
        Assert.Equal(5, ids.Distinct().Count());
        Assert.Single(receiver.All.Take(3).Select(r => r.Text).Distinct());
        Assert.Equal(
            ["ticket.opened", "ticket.acknowledged", "ticket.en-route", "ticket.on-site", "ticket.resolved"],
            receiver.All.DistinctBy(r => r["webhook-id"]).Select(r => (string)JsonNode.Parse(r.Text)!["type"]!));
        Assert.All(receiver.All, r => Assert.Equal(WebhookSignature.Of(WebhookSignature.KeyOf(Some.Secret)!, r["webhook-id"], DateTimeOffset.FromUnixTimeSeconds(long.Parse(r["webhook-timestamp"], System.Globalization.CultureInfo.InvariantCulture)), r.Body), r["webhook-signature"]));
    }

    /// <summary>Sent, and killed before it was marked: the next process sends the same id once more, and no third time.</summary>
    [Fact]
    public async Task A_crash_between_sending_and_marking_repeats_the_same_id()
    {
        var fuse = new MarkFuse();
        await using var house = await OpenAsync(interceptor: fuse);
        await using var receiver = new Receiver();
        await PutAsync(house, "crm", Hook(receiver));
        await FaultAsync(house);
        fuse.Armed = true;
        await Assert.ThrowsAnyAsync<Exception>(() => house.Sender.SendDueAsync(default));
        Assert.Single(receiver.All);

        await using var successor = house.Another(configure: Allow);
        await successor.BeatAsync();
        await successor.Sender.SendDueAsync(default);
        await successor.Sender.SendDueAsync(default);
        Assert.Equal(2, receiver.All.Count);
        Assert.Single(receiver.All.Select(r => r["webhook-id"]).Distinct());
        Assert.Equal(DeliveryState.Sent, (await OnlyAsync(successor)).State);
    }

    [Fact]
    public async Task A_crash_at_the_milestone_leaves_neither_it_nor_its_message()
    {
        var fuse = new MarkFuse { Armed = false };
        await using var house = await OpenAsync(interceptor: fuse);
        await using var receiver = new Receiver();
        await PutAsync(house, "crm", Hook(receiver) with { Milestones = ["acknowledged"] });
        var ticket = await FaultAsync(house);
        fuse.AtInsert = true;
        await Assert.ThrowsAnyAsync<Exception>(() => house.ActAsync(ticket.Number, "acknowledge"));
        fuse.AtInsert = false;
        Assert.Equal(TicketStatus.New, (await house.OnlyTicketAsync()).Status);
        Assert.Empty(await OutboxAsync(house));
        await house.ActAsync(ticket.Number, "acknowledge");
        Assert.Equal(1, (await OnlyAsync(house)).Occurrence);
    }

    [Fact]
    public async Task What_is_not_urgent_waits_for_the_morning_and_what_is_does_not()
    {
        await using var house = await OpenAsync();
        await using var receiver = new Receiver();
        var (from, to) = (new TimeOnly(8, 0), new TimeOnly(11, 0));   // it is 9:00
        await PutAsync(house, "team", Hook(receiver) with { QuietFrom = from, QuietTo = to });
        await FaultAsync(house);
        await house.Sender.SendDueAsync(default);
        Assert.Empty(receiver.All);
        Assert.Equal((DeliveryState.Held, House.Start.AddHours(2)), ((await OnlyAsync(house)).State, (await OnlyAsync(house)).DueAt));

        await FaultAsync(house, "pump-2", Severity.Critical);
        await house.Sender.SendDueAsync(default);
        Assert.Contains("P1", Assert.Single(receiver.All).Text, StringComparison.Ordinal);
        await house.PassAsync(TimeSpan.FromMinutes(16), TimeSpan.FromMinutes(1));
        await house.Sender.SendDueAsync(default);
        Assert.Contains(receiver.All, r => r.Text.Contains("ticket.sla-breached", StringComparison.Ordinal));
        house.Clock.Advance(TimeSpan.FromHours(2));
        await house.Sender.SendDueAsync(default);
        Assert.DoesNotContain(await OutboxAsync(house), d => d.State is DeliveryState.Held);
        Assert.All(await OutboxAsync(house), d => Assert.Equal(DeliveryState.Sent, d.State));
    }

    [Fact]
    public async Task Over_the_rate_of_a_robot_several_go_in_one()
    {
        await using var house = await OpenAsync();
        await using var receiver = new Receiver();
        await PutAsync(house, "group", new RecipientOrder("Service group", Audience.Staff, Channel.Wecom, receiver.Url, Milestones: ["note"], Language: "zh"));
        var ticket = await FaultAsync(house);
        for (var i = 0; i < 30; i++) await house.ActAsync(ticket.Number, "note", ("text", $"第{i}条"));
        await house.Sender.SendDueAsync(default);

        Assert.Equal(20, receiver.All.Count);   // 19 alone, 11 together
        Assert.Equal(30, (await OutboxAsync(house)).Count(d => d.State is DeliveryState.Sent));
        Assert.Equal(11, (await OutboxAsync(house)).Count(d => d.DigestOf is not null));
        var digest = JsonNode.Parse(receiver.All[^1].Text)!;
        Assert.Contains("11 条消息", (string)digest["markdown"]!["content"]!, StringComparison.Ordinal);
        await house.ActAsync(ticket.Number, "note", ("text", "one more"));
        var next = await house.Sender.SendDueAsync(default);
        Assert.Equal(20, receiver.All.Count);
        Assert.Equal(house.Now.AddMinutes(1), next);   // its minute is over then
        house.Clock.Advance(TimeSpan.FromMinutes(1));
        await house.Sender.SendDueAsync(default);
        Assert.Equal(21, receiver.All.Count);
    }

    [Fact]
    public async Task Who_answers_410_is_not_told_any_more_until_somebody_switches_it_on()
    {
        await using var house = await OpenAsync();
        await using var receiver = new Receiver();
        await PutAsync(house, "crm", Hook(receiver) with { Milestones = ["note"] });
        var ticket = await FaultAsync(house);
        await house.ActAsync(ticket.Number, "note", ("text", "a"));
        await house.ActAsync(ticket.Number, "note", ("text", "b"));
        receiver.Answers(410);
        await house.Sender.SendDueAsync(default);
        Assert.Single(receiver.All);
        Assert.All(await OutboxAsync(house), d => Assert.Equal(DeliveryState.Disabled, d.State));
        var off = Assert.Single(await house.Notifications.RecipientsAsync(House.Tenant, default));
        Assert.Equal((false, "the receiver answered HTTP 410"), (off.Enabled, off.DisabledWhy));
        await house.ActAsync(ticket.Number, "note", ("text", "c"));
        Assert.Equal(2, (await OutboxAsync(house)).Count);

        await PutAsync(house, "crm", Hook(receiver) with { Milestones = ["note"], Address = null, Secrets = null });   // the address is kept
        var again = await house.Notifications.ResendAsync(House.Tenant, (await OutboxAsync(house))[0].Id, "anna", default);
        Assert.True(again.Succeeded);
        await house.Sender.SendDueAsync(default);
        Assert.Equal(again.Value!.Id, receiver.All[^1]["webhook-id"]);
    }

    [Fact]
    public async Task While_a_secret_is_changed_both_sign()
    {
        await using var house = await OpenAsync();
        await using var receiver = new Receiver();
        var other = "whsec_" + Convert.ToBase64String(new byte[32]);
        await PutAsync(house, "crm", Hook(receiver) with { Secrets = [other, Some.Secret] });
        await FaultAsync(house);
        await house.Sender.SendDueAsync(default);
        Assert.Equal(2, Assert.Single(receiver.All)["webhook-signature"].Split(' ').Length);
        await PutAsync(house, "crm", Hook(receiver) with { Secrets = [other] });
        await FaultAsync(house, "pump-2");
        await house.Sender.SendDueAsync(default);
        Assert.Equal(WebhookSignature.Of(new byte[32], receiver.All[1]["webhook-id"], house.Now, receiver.All[1].Body), receiver.All[1]["webhook-signature"]);
    }

    [Fact]
    public async Task A_customer_is_told_their_own_milestones_without_a_cause()
    {
        await using var house = await OpenAsync();
        await using var receiver = new Receiver();
        await PutAsync(house, "acme", Hook(receiver) with { Audience = Audience.Customer, Sites = ["works"], Language = "zh" });
        var ticket = await FaultAsync(house);
        await house.ActAsync(ticket.Number, "note", ("text", "customer is difficult"));
        house.Add("pump-far", site: "elsewhere");
        house.Alarms.Raise("pump-far", house.Now, "bearing-wear", site: "elsewhere");
        await house.BeatAsync();
        await house.PassAsync(TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(1));   // clocks breach: nothing for the customer
        await house.Sender.SendDueAsync(default);
        Assert.All(receiver.All, r => Assert.Contains($"\"ticket\":\"{ticket.Number}\"", r.Text, StringComparison.Ordinal));
        Assert.Contains(receiver.All, r => r.Text.Contains("发现故障", StringComparison.Ordinal));
        foreach (var secret in (string[])["bearing", "difficult", "sla", "escalated"]) Assert.DoesNotContain(receiver.All, r => r.Text.Contains(secret, StringComparison.OrdinalIgnoreCase));
        Assert.All(receiver.All, r => Assert.NotEqual("", (string?)JsonNode.Parse(r.Text)!["data"]!["accountable"]));
    }

    [Fact]
    public async Task Each_rung_of_the_ladder_is_told_when_it_is_reached_and_no_other()
    {
        await using var house = await OpenAsync();
        await using var receiver = new Receiver();
        foreach (var rung in (string[])["owner", "on-call", "manager"]) await PutAsync(house, rung, Hook(receiver) with { Title = rung, Rung = rung, Address = $"{receiver.Url}{rung}" });
        await FaultAsync(house);
        await house.PassAsync(TimeSpan.FromMinutes(16), TimeSpan.FromMinutes(1));
        await house.Sender.SendDueAsync(default);
        Assert.Equal(["/on-call", "/owner"], receiver.All.Select(r => r.Path).Order(StringComparer.Ordinal));   // warned, then breached; the manager is two steps up
    }

    [Fact]
    public async Task A_backlog_is_not_sent_as_a_flood()
    {
        await using var house = await OpenAsync();
        await using var receiver = new Receiver();
        await PutAsync(house, "crm", Hook(receiver));
        await FaultAsync(house);
        house.Clock.Advance(Day + TimeSpan.FromMinutes(1));   // nobody sent
        await house.Sender.SendDueAsync(default);
        Assert.Empty(receiver.All);
        Assert.Equal(DeliveryState.Expired, (await OnlyAsync(house)).State);
    }

    /// <summary>A robot that nobody can reach for a day: what waits behind the first is dropped as well, and each of it is not tried for 20 s.</summary>
    [Fact]
    public async Task People_do_not_read_the_day_before_yesterday_when_their_robot_is_back()
    {
        await using var house = await OpenAsync();
        var receiver = new Receiver();
        await PutAsync(house, "group", new RecipientOrder("Service group", Audience.Staff, Channel.Slack, receiver.Url, Milestones: ["note"]));
        await receiver.DisposeAsync();
        var ticket = await FaultAsync(house);
        for (var i = 0; i < 3; i++) await house.ActAsync(ticket.Number, "note", ("text", $"{i}"));
        for (var next = await house.Sender.SendDueAsync(default); next is { } at; next = await house.Sender.SendDueAsync(default))
        {
            Assert.True(at > house.Now);   // never a busy loop
            house.Clock.SetUtcNow(at);
        }
        Assert.InRange(house.Now - House.Start, TimeSpan.FromHours(1), Day);
        Assert.All(await OutboxAsync(house), d => Assert.True(d.State is DeliveryState.Failed or DeliveryState.Expired, $"{d.State}"));
        Assert.All(await OutboxAsync(house), d => Assert.InRange(d.Attempts, 0, 7));
    }

    [Fact]
    public async Task What_is_done_goes_after_a_season_and_what_waits_stays()
    {
        await using var house = await OpenAsync();
        await using var receiver = new Receiver();
        await PutAsync(house, "crm", Hook(receiver) with { Milestones = ["note"] });
        var ticket = await FaultAsync(house);
        await house.ActAsync(ticket.Number, "note", ("text", "a"));
        await house.Sender.SendDueAsync(default);
        await house.ActAsync(ticket.Number, "note", ("text", "b"));
        var workbench = house.Services.GetRequiredService<Workbench>();
        Assert.Equal(0, await workbench.CommitAsync(house.Now + TimeSpan.FromDays(89), work => OutboxRetention.SweepAsync(work, default), default));
        Assert.Equal(1, await workbench.CommitAsync(house.Now + TimeSpan.FromDays(91), work => OutboxRetention.SweepAsync(work, default), default));
        Assert.Equal(DeliveryState.Pending, (await OnlyAsync(house)).State);
    }

    [Fact]
    public async Task What_is_only_played_and_what_nobody_wants_writes_nothing()
    {
        await using var house = await OpenAsync();
        await using var receiver = new Receiver();
        await PutAsync(house, "crm", Hook(receiver) with { LeastPriority = Priority.P1 });
        await FaultAsync(house);
        house.Add("mystery-pump", site: "mystery");
        house.Alarms.Raise("mystery-pump", house.Now, "bearing-wear", severity: Severity.Critical, site: "mystery");
        await house.BeatAsync();
        Assert.Equal(2, (await house.Tickets.ListAsync(new TicketFilter(House.Tenant), default)).Count);
        Assert.Empty(await OutboxAsync(house));
    }

    [Fact]
    public async Task Tenants_see_and_send_their_own()
    {
        await using var house = await OpenAsync();
        await using var receiver = new Receiver();
        Assert.True((await house.Notifications.PutAsync("other", "crm", Hook(receiver), "anna", default)).Succeeded);
        await PutAsync(house, "crm", Hook(receiver));
        await FaultAsync(house);
        var mine = await OnlyAsync(house);
        Assert.Empty(await house.Notifications.OutboxAsync(new OutboxFilter("other"), default));
        Assert.Equal("not-found", (await house.Notifications.ResendAsync("other", mine.Id, "anna", default)).Refusal!.Code);
        Assert.True((await house.Notifications.RemoveAsync("other", "crm", "anna", default)).Succeeded);
        Assert.Single(await house.Notifications.RecipientsAsync(House.Tenant, default));
    }

    [Fact]
    public async Task A_receiver_in_our_own_network_is_refused_and_a_redirect_is_not_followed()
    {
        await using var house = await OpenAsync();
        await using var receiver = new Receiver();
        await using var inside = new Receiver();
        await PutAsync(house, "crm", Hook(receiver));
        receiver.Answer(307, location: inside.Url);
        var redirected = await house.Notifications.TestAsync(House.Tenant, "crm", "anna", default);
        Assert.Equal((false, "HTTP 307: redirects are not followed"), (redirected.Value!.Delivered, redirected.Value.Answer));
        Assert.Empty(inside.All);

        await using var strict = house.Another();   // without the permission
        var refused = await strict.Notifications.TestAsync(House.Tenant, "crm", "anna", default);
        Assert.Contains("not a public address", refused.Value!.Answer, StringComparison.Ordinal);
        Assert.Single(receiver.All);
        var literal = await strict.Notifications.PutAsync(House.Tenant, "meta", Hook(receiver) with { Address = "https://169.254.169.254/latest" }, "anna", default);
        Assert.Contains("not a public address", literal.Refusal!.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Channel.Sms, "+49170123456", true, false)]    // too short to be one
    [InlineData(Channel.Sms, "+4917012345678", true, true)]
    [InlineData(Channel.Sms, "+4917012345678", false, false)]
    [InlineData(Channel.Sms, "017012345678", true, false)]
    [InlineData(Channel.Sms, "+8613912345678", true, true)]
    [InlineData(Channel.Email, "desk@example.com", false, true)]
    [InlineData(Channel.Email, "Desk <desk@example.com>", false, false)]
    [InlineData(Channel.Webhook, "https://hooks.example.com/in", false, false)]   // no secret
    [InlineData(Channel.Slack, "https://hooks.slack.com/services/x", false, true)]
    [InlineData(Channel.Slack, "http://hooks.slack.com/services/x", false, false)]
    [InlineData(Channel.Slack, "https://user:pass@hooks.slack.com/x", false, false)]
    public async Task An_address_is_checked_when_it_is_entered(Channel channel, string address, bool optedIn, bool fits)
    {
        await using var house = await House.OpenAsync();
        var put = await house.Notifications.PutAsync(House.Tenant, "r", new RecipientOrder("Team", Audience.Staff, channel, address, OptedIn: optedIn), "anna", default);
        Assert.Equal(fits, put.Succeeded);
        if (fits) Assert.DoesNotContain(address, put.Value!.ToString(), StringComparison.Ordinal);
    }

    private static Task<House> OpenAsync(IInterceptor? interceptor = null) => House.OpenAsync(Allow, interceptor);

    private static void Allow(ServiceDeskOptions options) => options.Notifications.AllowPrivateAddresses = true;

    private static RecipientOrder Hook(Receiver receiver) => new("Service", Audience.Staff, Channel.Webhook, receiver.Url, [Some.Secret]);

    private static async Task PutAsync(House house, string id, RecipientOrder order)
    {
        var put = await house.Notifications.PutAsync(House.Tenant, id, order, "anna", default);
        Assert.True(put.Succeeded, put.Refusal?.Reason);
    }

    /// <summary>A fault of its own: its ticket.</summary>
    private static async Task<Ticket> FaultAsync(House house, string device = "pump-1", Severity severity = Severity.High)
    {
        house.Add(device);
        house.Alarms.Raise(device, house.Now, "bearing-wear", severity: severity);
        await house.BeatAsync();
        return (await house.Tickets.ListAsync(new TicketFilter(House.Tenant, device), default)).Single();
    }

    private static Task<IReadOnlyList<Delivery>> OutboxAsync(House house) => house.Notifications.OutboxAsync(new OutboxFilter(House.Tenant), default);
    private static async Task<Delivery> OnlyAsync(House house) => Assert.Single(await OutboxAsync(house));

    /// <summary>Fails the save that marks a message, or the one that writes it.</summary>
    private sealed class MarkFuse : SaveChangesInterceptor
    {
        public bool Armed { get; set; }
        public bool AtInsert { get; set; }

        public override ValueTask<InterceptionResult<int>> SavingChangesAsync(DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
        {
            var wanted = AtInsert ? EntityState.Added : EntityState.Modified;
            if ((Armed || AtInsert) && ((DeskContext)eventData.Context!).ChangeTracker.Entries<OutboxRow>().Any(e => e.State == wanted)) throw new InvalidOperationException("killed");
            return new(result);
        }
    }
}
