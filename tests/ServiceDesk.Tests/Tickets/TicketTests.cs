using Seamless.Rules.Diagnosis;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Parts;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Tests.Tickets;

public sealed class TicketTests
{
    private static readonly (string, string)[] Codes = [("mode", "VIB"), ("mechanism", "2.4 Wear"), ("cause", "Expected wear and tear"), ("faultCode", "bearing-wear")];

    [Theory]
    [InlineData(Severity.Critical, "standard", Priority.P1)]
    [InlineData(Severity.High, "standard", Priority.P2)]
    [InlineData(Severity.High, "premium", Priority.P1)]
    [InlineData(Severity.Medium, "basic", Priority.P4)]
    [InlineData(Severity.Critical, "premium", Priority.P1)]
    public void A_tier_lifts_the_priority(Severity severity, string tier, Priority expected) => Assert.Equal(expected, PriorityTable.Lift((Priority)severity, tier));

    [Fact]
    public async Task The_three_clocks_warn_at_three_quarters_and_breach_once_each()
    {
        await using var house = await House.OpenAsync();
        var ticket = await OpenedAsync(house);
        Assert.Equal(
            (ticket.OpenedAt.AddMinutes(15), ticket.OpenedAt.AddHours(2), ticket.OpenedAt.AddHours(24)), (ticket.Sla.RespondBy, ticket.Sla.ArriveBy, ticket.Sla.ResolveBy));

        await house.PassAsync(TimeSpan.FromMinutes(12), TimeSpan.FromMinutes(1));
        ticket = await house.OnlyTicketAsync();
        Assert.Equal((true, (bool?)null), (ticket.Sla.RespondWarned, ticket.Sla.RespondMet));
        await house.PassAsync(TimeSpan.FromHours(25), TimeSpan.FromMinutes(30));
        ticket = await house.OnlyTicketAsync();
        Assert.Equal((false, false, false), (ticket.Sla.RespondMet, ticket.Sla.ArriveMet, ticket.Sla.ResolveMet));
        Assert.Equal(3, ticket.Timeline.Count(e => e.Kind == "sla-breached"));
        Assert.Equal(3, ticket.Timeline.Count(e => e.Kind == "sla-warning"));
        await house.ActAsync(ticket.Number, "acknowledge");
        Assert.Equal(0, await house.KpiAsync("respondMet"));
        Assert.Equal(1, (await house.Kpis.MeasureAsync(House.Tenant, House.Start, house.Now.AddDays(1), default)).Single(k => k.Code == "respondMet").Samples);
    }

    [Fact]
    public async Task A_breach_is_foretold_from_the_plan_before_it_happens()
    {
        await using var house = await House.OpenAsync(o => o.Policies["default"] = o.Policies["default"] with { ArriveWithin = TimeSpan.FromMinutes(20), ResolveWithin = TimeSpan.FromHours(2) });
        var ticket = await OpenedAsync(house);   // the courier needs half an hour before it even leaves, the repair ninety minutes
        Assert.Equal(2, ticket.Timeline.Count(e => e.Kind == "sla-predicted"));
        Assert.DoesNotContain(ticket.Timeline, e => e.Kind == "sla-breached");
    }

    [Fact]
    public async Task A_pause_needs_a_good_reason_ends_by_itself_and_moves_the_deadlines_by_what_it_took()
    {
        await using var house = await House.OpenAsync();
        var ticket = await OpenedAsync(house);
        await house.ActAsync(ticket.Number, "acknowledge");
        Assert.Contains("waiting-for-customer", (await house.RefusedAsync(ticket.Number, "pause", ("reason", "waiting-for-parts"))).Reason, StringComparison.Ordinal);
        await house.ActAsync(ticket.Number, "pause", ("reason", "site-closed"));
        await house.PassAsync(TimeSpan.FromHours(5), TimeSpan.FromHours(1));
        var resumed = await house.ActAsync(ticket.Number, "resume");
        Assert.Equal(ticket.Sla.ResolveBy.AddHours(5), resumed.Sla.ResolveBy);
        Assert.Equal(TicketStatus.Scheduled, resumed.Status);

        var raised = (await house.Tickets.SetPriorityAsync(House.Tenant, ticket.Number, Priority.P1, "anna", default)).Value!;
        Assert.Equal(ticket.Sla.ResolveBy.AddHours(5), raised.Sla.ResolveBy);   // a new priority carries the pauses

        await house.ActAsync(ticket.Number, "pause", ("reason", "weather"));
        await house.PassAsync(TimeSpan.FromHours(73), TimeSpan.FromHours(1));
        Assert.Equal(TicketStatus.Scheduled, (await house.OnlyTicketAsync()).Status);
    }

    [Fact]
    public async Task Every_status_refuses_what_is_not_in_its_table_and_says_what_is()
    {
        await using var house = await House.OpenAsync();
        var ticket = await OpenedAsync(house);
        foreach (var action in (string[])["arrive", "install-part", "close", "reopen", "resume", "dance"])
        {
            var refusal = await house.RefusedAsync(ticket.Number, action);
            Assert.Contains("acknowledge", refusal.Reason, StringComparison.Ordinal);
        }
        Assert.Equal(TicketStatus.New, (await house.OnlyTicketAsync()).Status);
        Assert.All(Enum.GetValues<TicketStatus>(), status => Assert.Contains(status is TicketStatus.Paused ? "resume" : "note", TicketStatuses.Allowed(status)));
    }

    [Fact]
    public async Task Resolved_is_taken_back_when_the_alarm_lasts_and_closes_by_itself_when_it_does_not()
    {
        await using var house = await House.OpenAsync();
        var ticket = await OpenedAsync(house);
        await house.ActAsync(ticket.Number, "resolve", Codes);
        await house.PassAsync(TimeSpan.FromMinutes(16), TimeSpan.FromMinutes(1));
        Assert.Equal(TicketStatus.Acknowledged, (await house.OnlyTicketAsync()).Status);

        await house.ActAsync(ticket.Number, "resolve", Codes);
        var alarm = Assert.Single(await house.Alarms.ListAsync(new(House.Tenant), default));
        house.Alarms.Clear(alarm, house.Now);
        await house.PassAsync(TimeSpan.FromDays(3), TimeSpan.FromHours(1));
        await house.PassAsync(TimeSpan.FromHours(1));
        ticket = await house.OnlyTicketAsync();
        Assert.Equal((TicketStatus.Closed, "bearing-wear"), (ticket.Status, ticket.Closure?.FaultCode));
        Assert.Equal(0, await house.KpiAsync("firstTimeFix") ?? 0);
    }

    [Fact]
    public async Task What_a_detector_saw_has_two_hours_to_fade_after_the_repair()
    {
        await using var house = await House.OpenAsync();
        house.Add("pump-1");
        house.Alarms.Foresee(house.Alarms.Raise("pump-1", house.Now, "bearing-wear"), house.Now);
        await house.BeatAsync();
        var ticket = await house.OnlyTicketAsync();
        await house.ActAsync(ticket.Number, "resolve", Codes);
        await house.PassAsync(TimeSpan.FromMinutes(119), TimeSpan.FromMinutes(1));
        Assert.Equal(TicketStatus.Resolved, (await house.OnlyTicketAsync()).Status);
        await house.PassAsync(TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(1));
        Assert.Equal(TicketStatus.Acknowledged, (await house.OnlyTicketAsync()).Status);
    }

    [Fact]
    public async Task A_new_alarm_of_the_same_fault_joins_the_open_ticket()
    {
        await using var house = await House.OpenAsync();
        var ticket = await OpenedAsync(house);
        house.Alarms.Raise("pump-1", house.Now.AddMinutes(1), "bearing-wear", mode: "other-symptom");
        await house.BeatAsync();
        ticket = await house.OnlyTicketAsync();
        Assert.Equal(2, ticket.Alarms.Count);
        Assert.Single(await house.Parts.ReservationsAsync(House.Tenant, null, default));
        Assert.Equal(1, await house.KpiAsync("duplicatesPerFault"));
    }

    [Theory]
    [InlineData(-1, 5, false)]    // began before the repair was done, and is heard of after it
    [InlineData(-1, 40, false)]   // … when the repair had seemed proven
    [InlineData(1, 5, true)]      // begins after it
    public async Task What_began_before_the_repair_was_done_belongs_to_it_as_long_as_it_does_not_last(int minutes, int heardAfter, bool isNew)
    {
        await using var house = await House.OpenAsync();
        var ticket = await OpenedAsync(house);
        house.Alarms.Clear(Assert.Single(await house.Alarms.ListAsync(new(House.Tenant), default)), house.Now);
        await house.ActAsync(ticket.Number, "resolve", Codes);
        var resolvedAt = house.Now;
        await house.PassAsync(TimeSpan.FromMinutes(heardAfter), TimeSpan.FromMinutes(1));
        house.Alarms.Raise("pump-1", resolvedAt.AddMinutes(minutes), "bearing-wear", mode: "other-symptom");
        await house.BeatAsync();
        var tickets = await house.Tickets.ListAsync(new TicketFilter(House.Tenant), default);
        Assert.Equal(isNew ? 2 : 1, tickets.Count);
        if (isNew) return;
        Assert.Equal(heardAfter < 15 ? TicketStatus.Resolved : TicketStatus.Acknowledged, tickets[0].Status);   // what stands when a quarter of an hour is over shows that the repair was none
        await house.PassAsync(TimeSpan.FromMinutes(16), TimeSpan.FromMinutes(1));
        Assert.Equal(TicketStatus.Acknowledged, (await house.OnlyTicketAsync()).Status);   // it lasts: the repair was none
    }

    [Fact]
    public async Task Of_two_tickets_of_a_fault_the_one_still_worked_on_takes_the_next_alarm()
    {
        await using var house = await House.OpenAsync();
        var proving = await OpenedAsync(house);
        house.Alarms.Clear(Assert.Single(await house.Alarms.ListAsync(new(House.Tenant), default)), house.Now);
        await house.ActAsync(proving.Number, "resolve", Codes);
        var resolvedAt = house.Now;
        house.Alarms.Raise("pump-1", resolvedAt.AddMinutes(1), "bearing-wear", mode: "second-symptom");
        await house.PassAsync(TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(1));
        var again = Assert.Single(await house.Tickets.ListAsync(new TicketFilter(House.Tenant), default), t => t.Number != proving.Number);

        house.Alarms.Raise("pump-1", resolvedAt.AddMinutes(-1), "bearing-wear", mode: "third-symptom");   // belongs to either
        await house.BeatAsync();

        var tickets = await house.Tickets.ListAsync(new TicketFilter(House.Tenant), default);
        Assert.Equal([(again.Number, 2), (proving.Number, 1)], tickets.Select(t => (t.Number, t.Alarms.Count)));
    }

    [Fact]
    public async Task An_alarm_that_comes_back_after_its_ticket_was_closed_is_a_new_occurrence()
    {
        await using var house = await House.OpenAsync();
        var ticket = await OpenedAsync(house);
        var alarm = Assert.Single(await house.Alarms.ListAsync(new(House.Tenant), default));
        house.Alarms.Clear(alarm, house.Now);
        await house.BeatAsync();
        await house.ActAsync(ticket.Number, "resolve", Codes);
        await house.ActAsync(ticket.Number, "close");
        house.Alarms.Reraise(alarm, house.Now);
        await house.BeatAsync();
        var tickets = await house.Tickets.ListAsync(new TicketFilter(House.Tenant), default);
        Assert.Equal([$"{alarm.Id}#2", alarm.Id], tickets.Select(t => t.Key));
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task An_alarm_that_lasts_after_its_ticket_was_closed_is_answered_again(bool clears, bool isAnswered)
    {
        await using var house = await House.OpenAsync();
        var ticket = await OpenedAsync(house);
        var alarm = Assert.Single(await house.Alarms.ListAsync(new(House.Tenant), default));
        await house.ActAsync(ticket.Number, "resolve", Codes);
        await house.ActAsync(ticket.Number, "close");
        await house.PassAsync(TimeSpan.FromMinutes(14), TimeSpan.FromMinutes(1));
        if (clears) house.Alarms.Clear(alarm, house.Now);
        Assert.Single(await house.Tickets.ListAsync(new TicketFilter(House.Tenant), default));
        await house.PassAsync(TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(1));
        var tickets = await house.Tickets.ListAsync(new TicketFilter(House.Tenant), default);
        Assert.Equal(isAnswered ? [$"{alarm.Id}#2", alarm.Id] : [alarm.Id], tickets.Select(t => t.Key));
        if (isAnswered) Assert.Contains((await house.Tickets.FindAsync(House.Tenant, tickets[0].Number, default))!.Timeline, step => step.Text.En == $"the alarm lasted after {ticket.Number} was closed");
        await house.PassAsync(TimeSpan.FromHours(2), TimeSpan.FromMinutes(10));
        Assert.Equal(tickets.Count, (await house.Tickets.ListAsync(new TicketFilter(House.Tenant), default)).Count);
    }

    [Fact]
    public async Task What_was_found_to_be_nothing_is_not_looked_at_again()
    {
        await using var house = await House.OpenAsync();
        var ticket = await OpenedAsync(house);
        await house.ActAsync(ticket.Number, "resolve", ("mode", "OTH"), ("mechanism", "6.4 Unknown"), ("cause", "Unknown"), ("faultCode", "no-fault-found"), ("note", "measured as it should"));
        await house.ActAsync(ticket.Number, "close");
        await house.PassAsync(TimeSpan.FromHours(3), TimeSpan.FromMinutes(5));
        Assert.Single(await house.Tickets.ListAsync(new TicketFilter(House.Tenant), default));
    }

    [Fact]
    public async Task A_better_diagnosis_changes_the_part_while_nothing_has_left_and_adds_it_afterwards()
    {
        await using var house = await House.OpenAsync();
        var ticket = await OpenedAsync(house);
        var alarm = Assert.Single(await house.Alarms.ListAsync(new(House.Tenant), default));
        house.Alarms.Diagnose(alarm, house.Now, MemoryAlarms.Cause("seal-leak", FaultClass.HW, 0.8), MemoryAlarms.Cause("bearing-wear", FaultClass.HW, 0.05));
        await house.BeatAsync();
        ticket = await house.OnlyTicketAsync();
        Assert.Equal(["PMP-SEAL-45"], ticket.Parts.Select(p => p.Sku));
        Assert.Contains(ticket.Timeline, e => e.Kind == "diagnosis-changed");
        Assert.True(ticket.Visit!.Start >= ticket.Parts[0].Eta);

        await house.PassAsync(TimeSpan.FromHours(1), TimeSpan.FromMinutes(10));   // the courier has the seal
        house.Alarms.Diagnose(alarm, house.Now, MemoryAlarms.Cause("bearing-wear", FaultClass.HW, 0.8));
        await house.BeatAsync();
        Assert.Equal(["PMP-BRG-6309", "PMP-SEAL-45"], (await house.OnlyTicketAsync()).Parts.Select(p => p.Sku));
    }

    [Fact]
    public async Task A_customer_sees_the_milestones_by_code_or_by_number_and_serial_and_nothing_else()
    {
        await using var house = await House.OpenAsync();
        var ticket = await OpenedAsync(house);
        Assert.Null(await house.Tickets.TrackAsync(ticket.Number, null, default));
        Assert.Null(await house.Tickets.TrackAsync(ticket.Number, "SN-other", default));
        var tracked = await house.Tickets.TrackAsync(ticket.Number, "SN-pump-1", default);
        Assert.Equal(ticket.Number, (await house.Tickets.TrackAsync(ticket.TrackingCode, null, default))?.Number);
        var text = System.Text.Json.JsonSerializer.Serialize(tracked);
        foreach (var secret in (string[])["bearing", "tech-", "PMP-", "regional-", "acme"]) Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
    }

    private static async Task<Ticket> OpenedAsync(House house)
    {
        house.Add("pump-1");
        house.Alarms.Raise("pump-1", house.Now, "bearing-wear");
        await house.BeatAsync();
        return await house.OnlyTicketAsync();
    }
}
