using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Seamless.ServiceDesk.Care.Tips;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Notifications;
using Seamless.ServiceDesk.Notifications.Outbox;
using Seamless.ServiceDesk.Tests.Notifications;

namespace Seamless.ServiceDesk.Tests.Care;

/// <summary>From the campaign to the mail, on a clock that the test moves. It begins on Monday at ten in Paris; the pumps stand there.</summary>
public sealed class TipSendingTests
{
    private static readonly DateTimeOffset Tuesday = new(2026, 3, 3, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_tip_is_a_mail_in_the_recipients_language_with_what_a_mail_program_unsubscribes_by()
    {
        await using var server = new MailServer();
        await using var house = await OpenAsync(server);
        await OwnerAsync(house, language: "zh");
        await StartAsync(house);
        await house.PassAsync(Tuesday - house.Now, TimeSpan.FromHours(1));
        await house.Sender.SendDueAsync(default);

        var mail = Assert.Single(server.All);
        Assert.Equal("您的水泵", mail.Subject);
        Assert.Null(mail.InReplyTo);
        Assert.Contains("请检查联轴器。", mail.TextBody, StringComparison.Ordinal);
        var oneClick = mail.Headers["List-Unsubscribe"]!.Trim('<', '>');
        Assert.Equal("List-Unsubscribe=One-Click", mail.Headers["List-Unsubscribe-Post"]);
        Assert.Matches(@"^https://service\.example\.com/tips/[\w.-]+/one-click$", oneClick);
        Assert.Contains(oneClick[..^"/one-click".Length], mail.TextBody, StringComparison.Ordinal);
        Assert.Contains(oneClick[..^"/one-click".Length], mail.HtmlBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Killed_before_the_tip_was_saved_or_after_it_or_run_twice_it_is_one_message_with_one_key()
    {
        var fuse = new Fuse();
        await using var house = await OpenAsync(interceptor: fuse);
        await OwnerAsync(house);
        await StartAsync(house);
        house.Clock.SetUtcNow(Tuesday);
        fuse.Armed = true;
        await Assert.ThrowsAnyAsync<Exception>(house.BeatAsync);
        Assert.Empty(await TipsAsync(house));

        await using var successor = house.Another(configure: Allow);
        await successor.BeatAsync();
        fuse.Armed = false;
        await house.BeatAsync();
        await successor.PassAsync(TimeSpan.FromDays(6), TimeSpan.FromHours(5));
        Assert.Equal("default/tip:pumps/pump-1/202610/acme", Assert.Single(await TipsAsync(successor)).Key);
    }

    [Fact]
    public async Task Who_unsubscribes_while_a_tip_waits_for_the_end_of_quiet_hours_does_not_have_it()
    {
        await using var server = new MailServer();
        await using var house = await OpenAsync(server);
        await OwnerAsync(house, quietTo: new TimeOnly(9, 0));
        await StartAsync(house);
        await house.PassAsync(Tuesday - house.Now, TimeSpan.FromHours(1));
        Assert.Equal(DeliveryState.Held, Assert.Single(await TipsAsync(house)).State);

        await house.Services.GetRequiredService<ITipDoor>().UnsubscribeAsync(TokenOf(house, "acme"), default);
        house.Clock.Advance(TimeSpan.FromHours(3));
        await house.Sender.SendDueAsync(default);
        Assert.Equal((DeliveryState.Disabled, "the recipient wants no tips"), (Assert.Single(await TipsAsync(house)).State, Assert.Single(await TipsAsync(house)).Reason));
        Assert.Empty(server.All);
    }

    [Fact]
    public async Task Looking_changes_nothing_a_forged_link_neither_and_unsubscribing_twice_is_once()
    {
        await using var house = await OpenAsync();
        await OwnerAsync(house);
        var (door, tips) = (house.Services.GetRequiredService<ITipDoor>(), Tips(house));
        var token = TokenOf(house, "acme");
        Assert.Null((await door.LookAsync(token, default))!.UnsubscribedAt);
        Assert.Empty(await tips.OptOutsAsync(House.Tenant, default));
        foreach (var forged in (string[])[token[..^2] + "AA", "", "x.y", TokenOf(house, "nobody")])
        {
            Assert.Null(await door.LookAsync(forged, default));
            Assert.Equal("tip-link-unknown", (await door.UnsubscribeAsync(forged, default)).Refusal?.Why);
        }
        Assert.Empty(await tips.OptOutsAsync(House.Tenant, default));

        await door.UnsubscribeAsync(token, default);
        house.Clock.Advance(TimeSpan.FromDays(1));
        var again = await door.UnsubscribeAsync(token, default);
        Assert.Equal(House.Start, again.Value!.UnsubscribedAt);
        Assert.Equal(("acme", "recipient", "pumps"), Assert.Single(await tips.OptOutsAsync(House.Tenant, default)) is var o ? (o.Recipient, o.By, o.Campaign) : default);
        Assert.Null((await door.SubscribeAsync(token, default)).Value!.UnsubscribedAt);
        await tips.SetOptOutAsync(House.Tenant, "acme", true, "anna", default);
        Assert.Equal("anna", Assert.Single(await tips.OptOutsAsync(House.Tenant, default)).By);
        Assert.Equal("tip-recipient", (await tips.SetOptOutAsync(House.Tenant, "nobody", true, "anna", default)).Refusal?.Why);
    }

    [Fact]
    public async Task A_running_campaign_is_not_changed_pausing_takes_back_what_waits_and_an_ended_one_stays_ended()
    {
        await using var house = await OpenAsync();
        await OwnerAsync(house, quietTo: new TimeOnly(9, 0));
        await StartAsync(house);
        Assert.Equal("tip-state", (await Tips(house).PutAsync(House.Tenant, "pumps", Order(), "anna", default)).Refusal?.Why);
        await house.PassAsync(Tuesday - house.Now, TimeSpan.FromHours(1));
        Assert.True((await Tips(house).PauseAsync(House.Tenant, "pumps", "anna", default)).Succeeded);
        Assert.Equal(DeliveryState.Disabled, Assert.Single(await TipsAsync(house)).State);
        Assert.True((await Tips(house).PutAsync(House.Tenant, "pumps", Order() with { RepeatDays = 0 }, "anna", default)).Succeeded);
        await StartAsync(house, put: false);
        await house.PassAsync(TimeSpan.FromDays(3), TimeSpan.FromHours(6));
        Assert.Single(await TipsAsync(house));   // of this week there is one already
        await house.PassAsync(TimeSpan.FromDays(5), TimeSpan.FromHours(6));
        Assert.Equal(2, (await TipsAsync(house)).Count);
        Assert.Equal(new TipFigures(2, 0, 1, 1, 0), (await Tips(house).FiguresAsync(House.Tenant, default))["pumps"]);

        Assert.True((await Tips(house).EndAsync(House.Tenant, "pumps", "anna", default)).Succeeded);
        Assert.Equal("tip-state", (await Tips(house).StartAsync(House.Tenant, "pumps", "anna", default)).Refusal?.Why);
        Assert.Equal(["tip.put", "tip.start", "tip.put", "tip.pause", "tip.put", "tip.start", "tip.end", "tip.start"],
            (await house.Services.GetRequiredService<Seamless.Fleet.Audit.IAudit>().ListAsync(House.Tenant, null, 100, default)).Where(e => e.Action.StartsWith("tip.", StringComparison.Ordinal)).Select(e => e.Action));
    }

    [Fact]
    public async Task Without_an_address_for_the_link_nothing_is_started_and_past_its_last_day_it_ends_by_itself()
    {
        await using var house = await House.OpenAsync();
        house.Add("pump-1");
        await Tips(house).PutAsync(House.Tenant, "pumps", Order(), "anna", default);
        Assert.Equal("tip-public-url", (await Tips(house).StartAsync(House.Tenant, "pumps", "anna", default)).Refusal?.Why);
        Assert.True((await Tips(house).PreviewAsync(House.Tenant, "pumps", default)).Value!.MissingAddress);

        await using var linked = await OpenAsync();
        await OwnerAsync(linked);
        await StartAsync(linked, Order() with { Until = new DateOnly(2026, 3, 2) });
        await linked.PassAsync(TimeSpan.FromDays(3), TimeSpan.FromHours(6));
        Assert.Equal(TipState.Ended, (await Tips(linked).FindAsync(House.Tenant, "pumps", default))!.State);
        Assert.Empty(await TipsAsync(linked));
    }

    [Fact]
    public async Task The_preview_says_what_the_run_then_does_and_sends_nothing()
    {
        await using var house = await OpenAsync();
        await OwnerAsync(house);
        house.Add("pump-2", site: "yard");
        house.Add("fan-1", "fan");
        await Tips(house).PutAsync(House.Tenant, "pumps", Order(), "anna", default);
        var preview = (await Tips(house).PreviewAsync(House.Tenant, "pumps", default)).Value!;
        Assert.Equal(2, preview.Machines);
        Assert.Equal([("pump-1", TipFate.Now), ("pump-2", TipFate.WeekFull)], preview.Prospects.Select(p => (p.Device, p.Fate)));
        Assert.Empty(await TipsAsync(house));
        Assert.Equal((1, 1), (preview.Counts[TipFate.Now], preview.Counts[TipFate.WeekFull]));

        Assert.Equal("tip-most", (await Tips(house).SetPolicyAsync(House.Tenant, new TipPolicy { MostPerWeek = 0 }, "anna", default)).Refusal?.Why);
        Assert.True((await Tips(house).SetPolicyAsync(House.Tenant, new TipPolicy { MostPerWeek = 2 }, "anna", default)).Succeeded);
        await StartAsync(house, put: false);
        await house.PassAsync(Tuesday - house.Now, TimeSpan.FromHours(1));
        Assert.Equal(2, (await TipsAsync(house)).Count);
    }

    [Fact]
    public async Task What_was_told_is_remembered_longer_than_other_messages_are_kept()
    {
        await using var house = await OpenAsync();
        await OwnerAsync(house);
        await StartAsync(house, Order() with { RepeatDays = 730 });
        await house.PassAsync(Tuesday - house.Now, TimeSpan.FromHours(1));
        await Tips(house).PauseAsync(House.Tenant, "pumps", "anna", default);
        var workbench = house.Services.GetRequiredService<Workbench>();
        await workbench.CommitAsync(Tuesday.AddDays(700), work => OutboxRetention.SweepAsync(work, default), default);
        Assert.Single(await Tips(house).DeliveriesAsync(House.Tenant, "pumps", default));
        await workbench.CommitAsync(Tuesday.AddDays(740), work => OutboxRetention.SweepAsync(work, default), default);
        Assert.Empty(await Tips(house).DeliveriesAsync(House.Tenant, "pumps", default));
    }

    [Theory]
    [InlineData(100, 1, true)]
    [InlineData(1201, 1, false)]
    [InlineData(401, 3, false)]   // bytes, not characters
    public async Task A_text_must_fit_into_the_narrowest_chat(int characters, int bytesEach, bool fits)
    {
        await using var house = await OpenAsync();
        var body = new string(bytesEach == 1 ? 'a' : '泵', characters);
        Assert.Equal(fits ? null : "tip-body", (await Tips(house).PutAsync(House.Tenant, "pumps", Order() with { Body = new(body, body) }, "anna", default)).Refusal?.Why);
    }

    private static ITips Tips(House house) => house.Services.GetRequiredService<ITips>();

    private static string TokenOf(House house, string recipient) => house.Services.GetRequiredService<TipTokens>().Of(new TipLink(House.Tenant, recipient, "pumps"));

    private static async Task<House> OpenAsync(MailServer? server = null, IInterceptor? interceptor = null)
    {
        var house = await House.OpenAsync(options =>
        {
            Allow(options);
            if (server is not null) options.Notifications.Smtp = new Seamless.ServiceDesk.Notifications.SmtpServer("127.0.0.1", server.Port, SmtpTls.None, null, null, "desk@example.com");
        }, interceptor);
        house.Add("pump-1");
        return house;
    }

    private static void Allow(ServiceDeskOptions options) => options.Notifications.PublicUrl = new Uri("https://service.example.com/");

    private static async Task OwnerAsync(House house, string language = "en", TimeOnly? quietTo = null)
    {
        var put = await house.Notifications.PutAsync(House.Tenant, "acme", new RecipientOrder(
            "Operations", Audience.Customer, Channel.Email, "ops@example.org", Customer: "acme", Language: language, QuietFrom: quietTo is null ? null : new TimeOnly(7, 0), QuietTo: quietTo), "anna", default);
        Assert.True(put.Succeeded, put.Refusal?.Reason);
    }

    private static TipCampaignOrder Order() => new(new("Pumps", "水泵"), new("Your pump", "您的水泵"), new("Look at the coupling.", "请检查联轴器。"), new TipScope(["pump"]));

    private static async Task StartAsync(House house, TipCampaignOrder? order = null, bool put = true)
    {
        if (put) Assert.True((await Tips(house).PutAsync(House.Tenant, "pumps", order ?? Order(), "anna", default)).Succeeded);
        var started = await Tips(house).StartAsync(House.Tenant, "pumps", "anna", default);
        Assert.True(started.Succeeded, started.Refusal?.Reason);
    }

    private static async Task<List<OutboxRow>> TipsAsync(House house)
    {
        await using var db = await house.Contexts.CreateDbContextAsync();
        return await db.Outbox.Where(m => m.Milestone == TipMessage.Milestone).OrderBy(m => m.Number).ToListAsync();
    }

    /// <summary>The process dies as it saves a tip.</summary>
    private sealed class Fuse : SaveChangesInterceptor
    {
        public bool Armed { get; set; }

        public override ValueTask<InterceptionResult<int>> SavingChangesAsync(DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) =>
            Armed && eventData.Context!.ChangeTracker.Entries<TipSentRow>().Any() ? throw new IOException("killed") : ValueTask.FromResult(result);
    }
}
