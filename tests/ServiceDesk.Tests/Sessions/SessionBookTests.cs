using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Seamless.Fleet.Commands;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Customers.Complaints;
using Seamless.ServiceDesk.Evidence;
using Seamless.ServiceDesk.Knowledge;
using Seamless.ServiceDesk.Knowledge.Supervision;
using Seamless.ServiceDesk.Sessions;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Tests.Sessions;

/// <summary>Sessions on the real desk and a real database, on a clock that the test moves.</summary>
public sealed class SessionBookTests
{
    private static readonly DeviceKey Pump = new(House.Tenant, "pump-1");

    [Fact]
    public async Task Without_consent_nothing_is_sent_and_with_it_command_and_result_stand_in_the_transcript()
    {
        await using var house = await House.OpenAsync();
        var ticket = await TicketAsync(house);
        await AskAsync(house, ticket, CommandRisk.R1);
        await house.BeatAsync();

        Assert.Equal("session-waiting", (await SendAsync(house, ticket, "self-test")).Refusal?.Why);
        Assert.Empty(house.Commands.All);

        Assert.True((await Door(house).ConsentAsync(ticket.TrackingCode, null, 1, default)).Succeeded);
        house.Clock.Advance(TimeSpan.FromMinutes(1));
        var sent = (await SendAsync(house, ticket, "self-test")).Value!;
        Assert.Equal((CommandRisk.R0, 3, house.Now.AddMinutes(1)), (sent.Risk, sent.Entry, sent.ExpiresAt));
        house.Commands.Answer("pump-1", CommandState.Succeeded, "all well");
        await house.BeatAsync();

        Assert.Equal(["asked", "consented", "command", "result"], await KindsAsync(house, ticket));
        var record = await RecordAsync(house, ticket);
        Assert.True(record.Intact);
        Assert.Contains("all well", record.Transcript[3].Text.En, StringComparison.Ordinal);
        Assert.Equal((Consent.StatusPage, SessionState.Open), (record.Session.Consent?.How, record.Session.State));
        Assert.Equal(["opened", "session-asked", "session-opened"], (await house.Tickets.FindAsync(House.Tenant, ticket.Number, default))!.Timeline.Select(t => t.Kind).Where(k => k is "opened" || k.StartsWith("session", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_consent_up_to_an_interruption_is_recorded_by_somebody_else()
    {
        await using var house = await House.OpenAsync();
        var ticket = await TicketAsync(house);
        await AskAsync(house, ticket, CommandRisk.R2);

        Assert.Equal("session-four-eyes", (await Sessions(house).ConsentAsync(House.Tenant, ticket.Number, 1, "Mr Weber", "phone", "anna", default)).Refusal?.Why);
        Assert.Equal("session-consent-how", (await Sessions(house).ConsentAsync(House.Tenant, ticket.Number, 1, "Mr Weber", "smoke", "ben", default)).Refusal?.Why);
        var open = (await Sessions(house).ConsentAsync(House.Tenant, ticket.Number, 1, "Mr Weber", "phone", "ben", default)).Value!;

        Assert.Equal(("Mr Weber", "phone", "ben", SessionState.Open), (open.Consent!.By, open.Consent.How, open.Consent.RecordedBy, open.State));
        Assert.DoesNotContain("Weber", string.Concat((await Door(house).TrackAsync(ticket.TrackingCode, null, default))!.SelectMany(s => s.Steps).Select(s => s.Text.En + s.Text.ZhCn)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Time_alone_lapses_a_request_and_ends_a_session()
    {
        await using var house = await House.OpenAsync();
        var ticket = await TicketAsync(house);
        await AskAsync(house, ticket, CommandRisk.R1, minutes: 5);
        house.Clock.Advance(TimeSpan.FromHours(24));
        Assert.Equal("session-over", (await Door(house).ConsentAsync(ticket.TrackingCode, null, 1, default)).Refusal?.Why);   // also before the beat has seen it
        await house.BeatAsync();
        Assert.Equal(SessionEnding.Lapsed, (await RecordAsync(house, ticket)).Session.Ending);

        await AskAsync(house, ticket, CommandRisk.R1, minutes: 5);
        await Door(house).ConsentAsync(ticket.TrackingCode, null, 2, default);
        house.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("session-over", (await SendAsync(house, ticket, "self-test", session: 2)).Refusal?.Why);
        await house.BeatAsync();
        Assert.Equal(SessionEnding.Expired, (await RecordAsync(house, ticket, 2)).Session.Ending);
        Assert.Empty(house.Commands.All);
    }

    [Theory]
    [InlineData("decline", SessionEnding.Declined)]
    [InlineData("withdraw", SessionEnding.Withdrawn)]
    [InlineData("finish", SessionEnding.Finished)]
    [InlineData("cancel", SessionEnding.TicketEnded)]
    public async Task A_session_ends_by_whoever_ends_it_and_its_last_hash_goes_into_the_event_log(string how, SessionEnding ending)
    {
        await using var house = await House.OpenAsync();
        var ticket = await TicketAsync(house);
        await AskAsync(house, ticket, CommandRisk.R0);
        if (how is not "decline") await Door(house).ConsentAsync(ticket.TrackingCode, null, 1, default);
        if (how is "decline") await Door(house).DeclineAsync(ticket.TrackingCode, null, 1, default);
        if (how is "withdraw") await Door(house).EndAsync(ticket.TrackingCode, null, 1, default);
        if (how is "finish") await Sessions(house).EndAsync(House.Tenant, ticket.Number, 1, "anna", default);
        if (how is "cancel") await house.ActAsync(ticket.Number, "cancel", ("class", "duplicate"));
        if (how is "cancel") Assert.Equal("session-ticket-over", (await SendAsync(house, ticket, "self-test")).Refusal?.Why);
        await house.BeatAsync();

        var record = await RecordAsync(house, ticket);
        Assert.Equal((SessionState.Ended, ending), (record.Session.State, record.Session.Ending));
        await using var db = await house.Contexts.CreateDbContextAsync(default);
        Assert.Equal(record.Transcript[^1].Hash, (await db.Events.SingleAsync(e => e.Kind == "remote-session", default)).Detail);
    }

    [Fact]
    public async Task A_command_never_outlives_its_session_and_one_that_waits_is_recalled_when_the_customer_ends_it()
    {
        await using var house = await House.OpenAsync();
        var ticket = await TicketAsync(house);
        var open = await OpenAsync(house, ticket, CommandRisk.R1);
        var sent = (await SendAsync(house, ticket, "self-test", expires: TimeSpan.FromDays(3))).Value!;
        Assert.Equal(open.EndsAt, sent.ExpiresAt);

        await Door(house).EndAsync(ticket.TrackingCode, null, 1, default);
        await house.BeatAsync();

        Assert.Equal(CommandState.Expired, Assert.Single(house.Commands.All).State);
        Assert.Equal(["asked", "consented", "command", "withdrawn", "result"], await KindsAsync(house, ticket));
        Assert.True((await RecordAsync(house, ticket)).Intact);
    }

    [Theory]
    [InlineData(true)]    // the device was never told
    [InlineData(false)]   // it was, and we died before we could note it
    public async Task A_crash_between_writing_down_and_sending_sends_once(bool before)
    {
        await using var house = await House.OpenAsync();
        var ticket = await TicketAsync(house);
        await OpenAsync(house, ticket, CommandRisk.R1);
        house.Commands.Dies = (before, !before);
        await Assert.ThrowsAsync<IOException>(() => SendAsync(house, ticket, "self-test"));
        house.Commands.Dies = default;
        Assert.Equal(before ? 0 : 1, house.Commands.All.Count);

        await using var next = house.Another();
        await next.PassAsync(TimeSpan.FromSeconds(20));
        house.Commands.Answer("pump-1", CommandState.Succeeded, "all well");
        await next.PassAsync(TimeSpan.FromSeconds(20));

        Assert.Single(house.Commands.All);
        Assert.Equal(["asked", "consented", "command", "result"], await KindsAsync(next, ticket));
    }

    [Fact]
    public async Task What_a_crash_left_behind_is_not_sent_once_the_session_has_ended()
    {
        await using var house = await House.OpenAsync();
        var ticket = await TicketAsync(house);
        await OpenAsync(house, ticket, CommandRisk.R1);
        house.Commands.Dies = (true, false);
        await Assert.ThrowsAsync<IOException>(() => SendAsync(house, ticket, "self-test"));
        house.Commands.Dies = default;
        await Door(house).EndAsync(ticket.TrackingCode, null, 1, default);
        await house.PassAsync(TimeSpan.FromSeconds(20));

        Assert.Empty(house.Commands.All);
        Assert.Contains("not sent", (await RecordAsync(house, ticket)).Transcript[^1].Text.En, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_result_that_came_while_the_platform_was_down_is_written_down_after_the_restart()
    {
        await using var house = await House.OpenAsync();
        var ticket = await TicketAsync(house);
        await OpenAsync(house, ticket, CommandRisk.R1);
        await SendAsync(house, ticket, "restart-service");
        await using var next = house.Another();
        house.Commands.Answer("pump-1", CommandState.Failed, "no such service");   // heard by nobody's beat
        await next.PassAsync(TimeSpan.FromSeconds(20));

        Assert.Contains("no such service", (await RecordAsync(next, ticket)).Transcript[^1].Text.En, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_key_is_the_same_command()
    {
        await using var house = await House.OpenAsync();
        var ticket = await TicketAsync(house);
        await OpenAsync(house, ticket, CommandRisk.R1);
        var first = (await SendAsync(house, ticket, "self-test", key: "k")).Value;

        Assert.Equal(first, (await SendAsync(house, ticket, "self-test", key: "k")).Value);
        Assert.Equal("session-command-other", (await SendAsync(house, ticket, "restart-service", key: "k")).Refusal?.Why);
        Assert.Single(house.Commands.All);
    }

    [Fact]
    public async Task Scope_class_and_the_limits_of_who_is_new_hold_inside_a_session()
    {
        await using var house = await House.OpenAsync();
        var ticket = await TicketAsync(house);
        await OpenAsync(house, ticket, CommandRisk.R1, ["self-test", "restart-service"]);
        Assert.Equal("session-scope", (await SendAsync(house, ticket, "set-interval")).Refusal?.Why);
        Assert.Equal("session-class", (await SendAsync(house, ticket, "self-test", risk: "R2")).Refusal?.Why);

        var novices = new KnowledgePolicy { Supervision = new SupervisedAuthority { Novices = new Dictionary<string, string> { ["nina"] = "anna" } } };
        await house.Services.GetRequiredService<IKnowledgePolicies>().SetAsync(House.Tenant, novices, "root", default);
        Assert.Equal("novice-command", (await SendAsync(house, ticket, "restart-service", actor: "nina")).Refusal?.Why);
        Assert.True((await SendAsync(house, ticket, "self-test", actor: "nina")).Succeeded);
    }

    [Fact]
    public async Task Where_the_policy_says_so_people_command_machines_only_within_a_session_of_their_own()
    {
        await using var house = await House.OpenAsync();
        var ticket = await TicketAsync(house);
        Assert.Null(await Sessions(house).WhyNotDirectAsync(Pump, "reboot", "R1", "anna", default));
        await Sessions(house).SetPolicyAsync(House.Tenant, new RemotePolicy { CommandsOnlyInSessions = CommandRisk.R1 }, "root", default);

        Assert.Null(await Sessions(house).WhyNotDirectAsync(Pump, "self-test", "R0", "anna", default));
        Assert.Equal("session-needed", (await Sessions(house).WhyNotDirectAsync(Pump, "reboot", "R0", "anna", default))?.Why);   // a lower class than it is rated does not help
        await OpenAsync(house, ticket, CommandRisk.R1);
        Assert.Null(await Sessions(house).WhyNotDirectAsync(Pump, "restart-service", "R1", "anna", default));
        Assert.Equal("session-needed", (await Sessions(house).WhyNotDirectAsync(Pump, "reboot", "R1", "anna", default))?.Why);
        Assert.Equal("session-needed", (await Sessions(house).WhyNotDirectAsync(Pump, "restart-service", "R1", "ben", default))?.Why);
        house.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal("session-needed", (await Sessions(house).WhyNotDirectAsync(Pump, "restart-service", "R1", "anna", default))?.Why);
    }

    [Fact]
    public async Task A_guest_looks_on_with_a_secret_link_until_it_is_revoked_or_the_session_ends()
    {
        await using var house = await House.OpenAsync();
        var ticket = await TicketAsync(house);
        await OpenAsync(house, ticket, CommandRisk.R0);
        var (first, second) = ((await InviteAsync(house, ticket, "Supplier")).Value!, (await InviteAsync(house, ticket, "Expert")).Value!);
        Assert.Equal(32, first.Secret.Length);   // 128 bits
        await using (var db = await house.Contexts.CreateDbContextAsync(default)) Assert.DoesNotContain(await db.SessionLinks.ToListAsync(default), l => l.Hash.Contains(first.Secret, StringComparison.Ordinal));

        for (var i = 0; i < 3; i++) Assert.Equal("pump", (await Door(house).VisitAsync(first.Secret, "10.0.0.9", default))?.Type);
        Assert.Null(await Door(house).VisitAsync("0123456789abcdef0123456789abcdef", null, default));
        Assert.Equal(["asked", "consented", "link", "link", "guest"], await KindsAsync(house, ticket));
        Assert.Single(await house.Services.GetRequiredService<Fleet.Audit.IAudit>().ListAsync(House.Tenant, null, 100, default), e => e is { Action: "session.visit", Actor: "guest:Supplier", From: "10.0.0.9" });

        await Sessions(house).RevokeAsync(House.Tenant, ticket.Number, 1, first.Link.Number, "anna", default);
        Assert.Null(await Door(house).VisitAsync(first.Secret, null, default));
        Assert.NotNull(await Door(house).VisitAsync(second.Secret, null, default));
        house.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Null(await Door(house).VisitAsync(second.Secret, null, default));
    }

    [Fact]
    public async Task What_was_changed_in_the_database_is_found_and_the_evidence_says_so()
    {
        await using var house = await House.OpenAsync();
        var ticket = await TicketAsync(house);
        await OpenAsync(house, ticket, CommandRisk.R0);
        await using (var db = await house.Contexts.CreateDbContextAsync(default)) await db.Sessions.ExecuteUpdateAsync(s => s.SetProperty(r => r.Reason, "another"), default);
        Assert.False((await RecordAsync(house, ticket)).Intact);

        var source = new SessionEvidence(house.Services.GetRequiredService<Seamless.ServiceDesk.Database.Workbench>());
        var file = Assert.Single(await source.ReadAsync(new EvidenceCase(ticket, [], house.Now, house.Now), default));
        Assert.Equal("sessions.json", file.Name);
        Assert.Contains("\"intact\": false", System.Text.Encoding.UTF8.GetString(file.Content), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_code_and_an_unknown_session_get_the_same_answer()
    {
        await using var house = await House.OpenAsync();
        var ticket = await TicketAsync(house);
        Assert.Equal(
            (await Door(house).ConsentAsync("no-such-code", null, 1, default)).Refusal,
            (await Door(house).ConsentAsync(ticket.TrackingCode, null, 7, default)).Refusal);
        Assert.Null(await Door(house).TrackAsync("no-such-code", null, default));
    }

    private static ISessions Sessions(House house) => house.Services.GetRequiredService<ISessions>();
    private static ISessionDoor Door(House house) => house.Services.GetRequiredService<ISessionDoor>();

    private static async Task<Ticket> TicketAsync(House house)
    {
        house.Add("pump-1");
        return (await house.Tickets.OpenAsync(new NewTicket(House.Tenant, "pump-1", "works", Priority.P3, new LocalizedText("Noisy", "异响"), null, null), "anna", default)).Value!;
    }

    private static async Task<RemoteSession> AskAsync(House house, Ticket ticket, CommandRisk upTo, IReadOnlyList<string>? commands = null, int minutes = 60)
    {
        var asked = await Sessions(house).AskAsync(House.Tenant, ticket.Number, new SessionRequest("To see why it is loud", upTo, commands, minutes), "anna", default);
        Assert.True(asked.Succeeded, asked.Refusal?.Reason);
        return asked.Value;
    }

    private static async Task<RemoteSession> OpenAsync(House house, Ticket ticket, CommandRisk upTo, IReadOnlyList<string>? commands = null)
    {
        var asked = await AskAsync(house, ticket, upTo, commands);
        Assert.True((await Door(house).ConsentAsync(ticket.TrackingCode, null, asked.Number, default)).Succeeded);
        return (await RecordAsync(house, ticket, asked.Number)).Session;
    }

    private static Task<Outcome<SessionCommand>> SendAsync(House house, Ticket ticket, string name, string actor = "anna", int session = 1, string? risk = null, TimeSpan? expires = null, string? key = null) =>
        Sessions(house).SendAsync(House.Tenant, ticket.Number, session, new SessionOrder(name, "{}", risk, expires, key ?? $"{name}-{house.Commands.All.Count}"), actor, default);

    private static Task<Outcome<GivenLink>> InviteAsync(House house, Ticket ticket, string name) => Sessions(house).InviteAsync(House.Tenant, ticket.Number, 1, name, "anna", default);

    private static async Task<SessionRecord> RecordAsync(House house, Ticket ticket, int number = 1) => (await Sessions(house).FindAsync(House.Tenant, ticket.Number, number, default))!;

    private static async Task<IEnumerable<string>> KindsAsync(House house, Ticket ticket) => (await RecordAsync(house, ticket)).Transcript.Select(e => e.Kind);
}
