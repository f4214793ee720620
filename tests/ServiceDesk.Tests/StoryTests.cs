using Seamless.Fleet.Commands;
using Seamless.Rules.Diagnosis;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Parts;
using Seamless.ServiceDesk.Remedies;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Tests;

/// <summary>One fault's story from the alarm to its end, through the desk's public interfaces.</summary>
public sealed class StoryTests
{
    [Fact]
    public async Task A_fault_fixed_remotely_leaves_a_record_and_no_ticket()
    {
        await using var house = await House.OpenAsync();
        house.Add("pump-1");
        var alarm = house.Alarms.Raise("pump-1", house.Now, "strainer-clogged");
        await house.PassAsync(TimeSpan.FromSeconds(3));

        var command = Assert.Single(house.Commands.All);
        Assert.Equal("backflush-strainer", command.Name);
        house.Commands.Answer("pump-1", CommandState.Succeeded);
        await house.PassAsync(TimeSpan.FromSeconds(60));
        house.Alarms.Clear(alarm, house.Now);
        Assert.Equal(RemedyState.Verifying, (await house.Remedies.OfAlarmAsync(House.Tenant, alarm.Id, default))[0].State);

        await house.PassAsync(MemoryPacks.VerifyWithin);
        var run = Assert.Single(await house.Remedies.OfAlarmAsync(House.Tenant, alarm.Id, default));
        Assert.Equal((RemedyState.Fixed, 0), (run.State, run.CustomerVisibleSeconds));
        Assert.Empty(await house.Tickets.ListAsync(new TicketFilter(House.Tenant), default));
        Assert.Equal(1, await house.KpiAsync("remoteFixShare"));
        Assert.Equal(1, await house.KpiAsync("unnoticedShare"));
    }

    [Fact]
    public async Task A_fault_that_needs_a_part_has_ticket_reservation_and_shipment_in_the_same_beat()
    {
        await using var house = await House.OpenAsync();
        house.Add("pump-1");
        house.Alarms.Raise("pump-1", house.Now, "bearing-wear");
        await house.BeatAsync();

        var ticket = await house.OnlyTicketAsync();
        Assert.Equal(("T-1001", Priority.P2, TicketStatus.New, FaultClass.HW), (ticket.Number, ticket.Priority, ticket.Status, ticket.Class));
        var part = Assert.Single(ticket.Parts);
        Assert.Equal(("PMP-BRG-6309", "reserved", "regional-paris"), (part.Sku, part.Status, part.Depot));
        var shipment = Assert.Single(await house.Parts.ShipmentsAsync(House.Tenant, ticket.Number, true, default));
        Assert.Equal(part.Serials, shipment.Serials);
        Assert.NotNull(ticket.Visit);
        Assert.True(ticket.Visit.Start >= shipment.Eta, "nobody is sent before the part");
        var kinds = ticket.Timeline.Select(e => e.Kind).ToList();
        Assert.True(kinds.IndexOf("shipment-created") < kinds.IndexOf("visit-planned"), string.Join(' ', kinds));
    }

    [Fact]
    public async Task A_playbook_that_proves_nothing_becomes_a_ticket_that_is_worked_to_its_close()
    {
        await using var house = await House.OpenAsync();
        house.Add("pump-1");
        var alarm = house.Alarms.Raise("pump-1", house.Now, "bearing-wear", probability: 0.6, others: MemoryAlarms.Cause("strainer-clogged", FaultClass.HW, 0.3));
        await house.PassAsync(TimeSpan.FromSeconds(2));
        house.Commands.Answer("pump-1", CommandState.Succeeded);
        await house.PassAsync(MemoryPacks.VerifyWithin + TimeSpan.FromSeconds(2));

        var runs = await house.Remedies.OfAlarmAsync(House.Tenant, alarm.Id, default);
        Assert.Equal([RemedyState.Ticketed, RemedyState.Failed], runs.Select(r => r.State));
        var ticket = await house.OnlyTicketAsync();
        Assert.Equal("PMP-BRG-6309", Assert.Single(ticket.Parts).Sku);

        await house.ActAsync(ticket.Number, "acknowledge");
        await house.PassAsync(TimeSpan.FromHours(3), TimeSpan.FromMinutes(10));
        ticket = await house.OnlyTicketAsync();
        Assert.Equal("delivered", ticket.Parts[0].Status);
        await house.ActAsync(ticket.Number, "depart");
        await house.ActAsync(ticket.Number, "arrive");
        await house.ActAsync(ticket.Number, "install-part", ("serial", ticket.Parts[0].Serials[0]), ("removedSerial", "OLD-1"));
        await house.ActAsync(ticket.Number, "resolve");
        house.Alarms.Clear(alarm, house.Now);
        await house.BeatAsync();
        var refusal = await house.RefusedAsync(ticket.Number, "close", ("mode", "VIB"));
        Assert.Contains("mechanism", refusal.Reason, StringComparison.Ordinal);
        ticket = await house.ActAsync(ticket.Number, "close", ("mode", "VIB"), ("mechanism", "2.4 Wear"), ("cause", "Expected wear and tear"), ("faultCode", "bearing-wear"));

        Assert.Equal((TicketStatus.Closed, "installed"), (ticket.Status, ticket.Parts[0].Status));
        Assert.Equal((true, false, true), (ticket.Sla.RespondMet, ticket.Sla.ArriveMet, ticket.Sla.ResolveMet));
        var old = Assert.Single(await house.Parts.ReturnsAsync(House.Tenant, default));
        Assert.Equal(("OLD-1", "due"), (old.Serial, old.Status));
        Assert.Equal(["received", "reserved", "picked-up", "delivered", "installed"],
            (await house.Parts.HistoryAsync(House.Tenant, ticket.Parts[0].Serials[0], default)).Select(m => m.Kind));
        Assert.Equal(1, await house.KpiAsync("diagnosisTop1"));
        Assert.Equal(1, await house.KpiAsync("firstTimeFix"));
        Assert.Equal(0, await house.KpiAsync("remoteFixShare"));
    }

    [Fact]
    public async Task A_brown_out_at_a_site_is_one_ticket_for_the_site_without_parts()
    {
        await using var house = await House.OpenAsync();
        foreach (var id in (string[])["pump-1", "pump-2", "pump-3"]) house.Add(id);
        var children = new[] { "pump-1", "pump-2", "pump-3" }
            .Select(id => house.Alarms.Raise(id, house.Now, "supply-undervoltage", FaultClass.ENV, 0.9, Severity.High)).ToList();
        await house.PassAsync(TimeSpan.FromSeconds(3));
        Assert.Empty(await house.Tickets.ListAsync(new TicketFilter(House.Tenant), default));   // held down: the site may explain it

        var site = house.Alarms.Raise(null, house.Now, "supply-undervoltage", FaultClass.ENV, 0.97, Severity.High);
        foreach (var child in children) house.Alarms.Explain(child, site, house.Now);
        await house.PassAsync(TimeSpan.FromMinutes(2));

        var ticket = await house.OnlyTicketAsync();
        Assert.Equal((FaultClass.ENV, (string?)null, "works"), (ticket.Class, ticket.Device, ticket.Site));
        Assert.Empty(ticket.Parts);
        Assert.Empty(await house.Parts.ReservationsAsync(House.Tenant, null, default));
        Assert.Empty(house.Commands.All);
    }

    [Fact]
    public async Task A_ticket_for_an_alarm_that_late_telemetry_withdraws_is_cancelled_and_its_parts_go_back()
    {
        await using var house = await House.OpenAsync();
        house.Add("pump-1");
        var alarm = house.Alarms.Raise("pump-1", house.Now, "bearing-wear");
        await house.PassAsync(TimeSpan.FromSeconds(30));
        Assert.NotEmpty((await house.OnlyTicketAsync()).Parts);

        house.Alarms.Withdraw(alarm, house.Now);
        await house.PassAsync(TimeSpan.FromSeconds(10));

        var ticket = await house.OnlyTicketAsync();
        Assert.Equal(TicketStatus.Cancelled, ticket.Status);
        Assert.DoesNotContain(await house.Parts.ReservationsAsync(House.Tenant, null, default), reservation => reservation.State is not ReservationState.Released);
    }

    [Fact]
    public async Task What_clears_before_anybody_acted_is_a_transient_unless_it_was_critical()
    {
        await using var house = await House.OpenAsync();
        house.Add("pump-1");
        house.Add("pump-2");
        var brief = house.Alarms.Raise("pump-1", house.Now, "supply-undervoltage", FaultClass.ENV);
        var grave = house.Alarms.Raise("pump-2", house.Now, "supply-undervoltage", FaultClass.ENV, severity: Severity.Critical);
        await house.PassAsync(TimeSpan.FromSeconds(4));
        house.Alarms.Clear(brief, house.Now);
        house.Alarms.Clear(grave, house.Now);
        await house.PassAsync(TimeSpan.FromSeconds(10));

        Assert.Equal("pump-2", (await house.OnlyTicketAsync()).Device);
        Assert.Equal(1, await house.KpiAsync("transients"));
    }

    [Fact]
    public async Task Low_severity_is_information()
    {
        await using var house = await House.OpenAsync();
        house.Add("pump-1");
        house.Alarms.Raise("pump-1", house.Now, "bearing-wear", severity: Severity.Low);
        await house.PassAsync(TimeSpan.FromSeconds(30));
        Assert.Empty(await house.Tickets.ListAsync(new TicketFilter(House.Tenant), default));
    }

    [Fact]
    public async Task Ten_days_without_progress_climb_the_ladder_also_while_paused()
    {
        await using var house = await House.OpenAsync(o => o.LongestPause = TimeSpan.FromDays(30));
        house.Add("pump-1");
        house.Alarms.Raise("pump-1", house.Now, "bearing-wear");
        await house.BeatAsync();
        var number = (await house.OnlyTicketAsync()).Number;
        await house.ActAsync(number, "acknowledge");
        await house.ActAsync(number, "pause", ("reason", "waiting-for-customer"));
        var before = (await house.OnlyTicketAsync()).Timeline.Count(e => e.Kind == "escalated");

        await house.PassAsync(TimeSpan.FromDays(9.75), TimeSpan.FromHours(6));
        Assert.DoesNotContain((await house.OnlyTicketAsync()).Timeline, e => e.Kind == "stalled");
        await house.PassAsync(TimeSpan.FromDays(1), TimeSpan.FromHours(6));
        var ticket = await house.OnlyTicketAsync();
        Assert.Single(ticket.Timeline, e => e.Kind == "stalled");
        Assert.Equal(before + 1, ticket.Timeline.Count(e => e.Kind == "escalated"));
        Assert.Equal(TicketStatus.Paused, ticket.Status);
    }
}
