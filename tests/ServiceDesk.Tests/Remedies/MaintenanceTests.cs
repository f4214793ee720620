using Seamless.Rules.Alarms;
using Seamless.Rules.Alarms.Maintenance;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Remedies;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Tests.Remedies;

/// <summary>What the desk does about a device on which people work.</summary>
public sealed class MaintenanceTests
{
    [Fact]
    public async Task What_a_window_holds_back_gets_no_remedy_and_no_ticket_until_it_is_let_go()
    {
        await using var house = await House.OpenAsync();
        house.Add("pump-1");
        var alarm = Held(house, house.Now);
        await house.PassAsync(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(10));
        Assert.Empty(await TicketsAsync(house));
        Assert.Empty(house.Commands.All);

        house.Alarms.Maintain(alarm, Over(alarm), AlarmChangeKind.Unsuppressed, house.Now);
        await house.BeatAsync();
        await house.OnlyTicketAsync();
    }

    [Fact]
    public async Task What_was_critical_and_is_over_when_the_window_ends_gets_no_ticket()
    {
        await using var house = await House.OpenAsync();
        house.Add("pump-1");
        var alarm = Held(house, house.Now, Severity.Critical) with { IsActive = false, ClearedAt = house.Now };
        house.Alarms.Maintain(alarm, Mark(alarm.RaisedAt), AlarmChangeKind.Cleared, house.Now);
        house.Alarms.Maintain(alarm, Over(alarm), AlarmChangeKind.Unsuppressed, house.Now);
        await house.PassAsync(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(10));
        Assert.Empty(await TicketsAsync(house));
    }

    [Fact]
    public async Task A_window_entered_late_takes_the_ticket_back_and_its_end_opens_another()
    {
        await using var house = await House.OpenAsync();
        house.Add("pump-1");
        var alarm = house.Alarms.Raise("pump-1", house.Now, "seal-leak");
        await house.BeatAsync();
        var ticket = await house.OnlyTicketAsync();
        house.Alarms.Maintain(alarm, Mark(alarm.RaisedAt), AlarmChangeKind.Suppressed, house.Now);
        await house.BeatAsync();
        Assert.Equal(TicketStatus.Cancelled, (await house.Tickets.FindAsync(House.Tenant, ticket.Number, default))!.Status);
        house.Alarms.Maintain(alarm, Over(alarm), AlarmChangeKind.Unsuppressed, house.Now);
        await house.BeatAsync();
        Assert.Single(await TicketsAsync(house), t => t.IsOpen);
    }

    [Fact]
    public async Task A_fault_from_before_the_window_keeps_its_ticket_when_it_comes_back_within()
    {
        await using var house = await House.OpenAsync();
        house.Add("pump-1");
        var alarm = house.Alarms.Raise("pump-1", house.Now, "seal-leak");
        await house.BeatAsync();
        house.Clock.Advance(TimeSpan.FromMinutes(5));
        house.Alarms.Maintain(alarm, Mark(house.Now), AlarmChangeKind.Reraised, house.Now);
        await house.BeatAsync();
        Assert.True((await house.OnlyTicketAsync()).IsOpen);
    }

    [Fact]
    public async Task No_command_goes_to_a_device_on_which_people_work_also_when_they_have_just_begun()
    {
        await using var house = await House.OpenAsync();
        house.Add("pump-1");
        house.Maintenance.Windows.Add(new MaintenanceWindow(
            "mw-1", House.Tenant, new MaintenanceScope(Site: "works"), house.Now, house.Now.AddHours(2), "UTC", null, "new bearings", "lee", house.Now, [], null, 1));
        var alarm = house.Alarms.Raise("pump-1", house.Now, "strainer-clogged");   // its rule is judged in maintenance, or it is from before
        await house.BeatAsync();
        Assert.Empty(house.Commands.All);
        await house.OnlyTicketAsync();
        Assert.Contains(await house.Remedies.OfAlarmAsync(House.Tenant, alarm.Id, default), run => run is { State: RemedyState.Failed, Outcome: "the device is under maintenance: new bearings" });
    }

    private static Alarm Held(House house, DateTimeOffset at, Severity severity = Severity.High)
    {
        house.Clock.Advance(TimeSpan.FromSeconds(1));
        var alarm = new MemoryAlarms().Raise("pump-1", at, "seal-leak", severity: severity);
        return house.Alarms.Maintain(alarm, Mark(at), AlarmChangeKind.Raised, at);
    }

    private static MaintenanceMark Mark(DateTimeOffset from) => new("mw-1", "new bearings", from, from.AddHours(1), IsOver: false);
    private static MaintenanceMark Over(Alarm alarm) => Mark(alarm.RaisedAt) with { IsOver = true };
    private static Task<IReadOnlyList<Ticket>> TicketsAsync(House house) => house.Tickets.ListAsync(new TicketFilter(House.Tenant), default);
}
