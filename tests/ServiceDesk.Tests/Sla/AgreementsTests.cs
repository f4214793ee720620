using Microsoft.Extensions.DependencyInjection;
using Seamless.Rules.Packs.Files;
using Seamless.ServiceDesk.Sla;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Tests.Sla;

public sealed class AgreementsTests
{
    private const string Text = """
        calendars:
          office-shanghai: { timeZone: Asia/Shanghai, hours: { mon-fri: [09:00-18:00] }, holidays: [2026-01-01, 2026-01-02], workingDays: [2026-01-04] }
          shop: { timeZone: Europe/Berlin, hours: { mon-fri: [08:00-12:00, 13:00-18:00], sat-sun: [22:00-24:00] } }
        policies:
          around-the-clock: { respond: 15m, arrive: 2h, resolve: 24h }
          office: { respond: 4h, arrive: 8h, resolve: 16h, calendar: office-shanghai }
          shop: { respond: 30m, arrive: 90m, resolve: 2h, calendar: shop }
        tiers: { default: office, premium: around-the-clock, standard/P1: shop }
        customers: { acme: shop, acme/P1: around-the-clock }
        stall: { premium: 3d }
        """;

    // China, 2026-01-04 is a Sunday that is worked: opened Wednesday 17:00, four hours later it is Sunday noon.
    [Theory]
    [InlineData("nobody", "basic", Priority.P3, "2025-12-31T17:00+08:00", "office@7", "2026-01-04T12:00+08:00")]
    [InlineData("nobody", "premium", Priority.P3, "2025-12-31T17:00+08:00", "around-the-clock@7", "2025-12-31T17:15+08:00")]
    [InlineData("nobody", "standard", Priority.P1, "2026-03-02T11:45+01:00", "shop@7", "2026-03-02T13:15+01:00")]   // over lunch
    [InlineData("acme", "premium", Priority.P2, "2026-03-07T23:50+01:00", "shop@7", "2026-03-08T22:20+01:00")]
    [InlineData("ACME", "basic", Priority.P1, "2026-03-07T23:50+01:00", "around-the-clock@7", "2026-03-08T00:05+01:00")]
    public void The_most_particular_agreement_counts_on_its_own_calendar(string customer, string tier, Priority priority, string opened, string policy, string respondBy)
    {
        var problems = new List<PackProblem>();
        var agreements = AgreementsReader.Read(Text, 7, problems)!;
        Assert.Empty(problems);
        var found = agreements.PolicyFor(customer, tier, priority);
        Assert.Equal((policy, At(respondBy)), (agreements.NameOf(found), SlaTimer.Deadline(found.Calendar, At(opened), found.RespondWithin, [])));
        Assert.Equal((TimeSpan.FromDays(3), TimeSpan.FromDays(10)), (agreements.StallAfterFor("premium"), agreements.StallAfterFor("basic")));
    }

    [Theory]
    [InlineData("office-shanghai }", "offis-shanghai }", "agreements.yaml:6:62: 'calendar: offis-shanghai' is unknown (did you mean 'office-shanghai'?)")]
    [InlineData("Asia/Shanghai", "Asia/Schanghai", "there is no time zone 'Asia/Schanghai'")]
    [InlineData("resolve: 24h", "resolve: 1h", "respond ≤ arrive ≤ resolve")]
    [InlineData("[2026-01-01,", "[1.1.2026,", "'1.1.2026' is no date (2026-12-25)")]
    [InlineData("[08:00-12:00, 13:00-18:00]", "[08:00-12:00, 11:00-18:00]", "'11:00-18:00' begins before the one before it ends")]
    [InlineData("mon-fri: [09:00-18:00]", "mon-fry: [09:00-18:00]", "'mon-fry' is no day and no span of days")]
    [InlineData("mon-fri: [09:00-18:00]", "mon-fri: []", "the calendar is never open")]
    [InlineData("tiers: { default: office, ", "tiers: { ", "'tiers' has no 'default'")]
    [InlineData("acme/P1", "acme/P7", "'P7' in 'acme/P7' is no priority")]
    [InlineData("stall:", "stal:", "unknown key 'stal' (did you mean 'stall'?)")]
    [InlineData("respond: 15m", "respond: quick", "'respond: quick' is not a duration")]
    [InlineData("policies:", "policies: [", "agreements.yaml:")]
    public void What_is_wrong_is_said_with_its_place_and_what_would_be_right(string right, string wrong, string problem)
    {
        var problems = new List<PackProblem>();
        Assert.Null(AgreementsReader.Read(Text.Replace(right, wrong, StringComparison.Ordinal), 1, problems));
        Assert.Contains(problem, string.Join('\n', problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ticket_keeps_the_version_it_was_opened_under_also_when_its_priority_changes()
    {
        await using var house = await House.OpenAsync();
        var agreements = house.Services.GetRequiredService<IAgreements>();
        var first = Text.Replace("acme: shop, ", "", StringComparison.Ordinal);
        Assert.True((await agreements.PutAsync(House.Tenant, first, 0, "anna", default)).Succeeded);
        house.Add("pump-1", tier: "premium");
        house.Alarms.Raise("pump-1", house.Now, "bearing-wear");
        await house.BeatAsync();
        var ticket = await house.OnlyTicketAsync();
        Assert.Equal(("around-the-clock@1", ticket.OpenedAt.AddMinutes(15)), (ticket.Sla.Policy, ticket.Sla.RespondBy));

        var slower = first.Replace("respond: 15m", "respond: 1h", StringComparison.Ordinal);
        Assert.Equal(2, (await agreements.PutAsync(House.Tenant, slower, 1, "anna", default)).Value!.Version);
        var changed = (await house.Tickets.SetPriorityAsync(House.Tenant, ticket.Number, Priority.P4, "anna", default)).Value!;
        Assert.Equal(("around-the-clock@1", ticket.OpenedAt.AddMinutes(15)), (changed.Sla.Policy, changed.Sla.RespondBy));

        Assert.Equal("conflict", (await agreements.PutAsync(House.Tenant, Text, 1, "bert", default)).Refusal?.Code);
        Assert.Equal("invalid", (await agreements.PutAsync(House.Tenant, "tiers: {}", null, "bert", default)).Refusal?.Code);
        Assert.Equal([2, 1, 0], (await agreements.ListAsync(House.Tenant, default)).Select(v => v.Version));
        Assert.Equal(0, (await agreements.CurrentAsync("another", default)).Version);
    }

    [Fact]
    public async Task What_one_begins_with_is_what_is_in_force()
    {
        await using var house = await House.OpenAsync();
        var agreements = house.Services.GetRequiredService<IAgreements>();
        var before = await agreements.PromiseAsync(House.Tenant, "acme", "premium", Priority.P2, house.Now, default);
        var put = await agreements.PutAsync(House.Tenant, (await agreements.CurrentAsync(House.Tenant, default)).Text, null, "anna", default);
        Assert.True(put.Succeeded, put.Refusal?.Reason);
        Assert.Equal(before with { Policy = before.Policy + "@1" }, await agreements.PromiseAsync(House.Tenant, "acme", "premium", Priority.P2, house.Now, default));
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
