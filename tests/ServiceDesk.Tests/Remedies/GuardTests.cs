using Seamless.Fleet.Commands;
using Seamless.Rules.Diagnosis;
using Seamless.ServiceDesk.Remedies;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Tests.Remedies;

public sealed class GuardTests
{
    [Fact]
    public async Task A_device_that_is_not_online_gets_a_ticket_at_once()
    {
        await using var house = await House.OpenAsync();
        house.Add("pump-1", online: false);
        await RaiseAsync(house, "pump-1");
        Assert.Empty(house.Commands.All);
        Assert.Equal("pump-1", (await house.OnlyTicketAsync()).Device);
    }

    [Fact]
    public async Task The_emergency_stop_sends_no_command_and_outlives_a_restart()
    {
        await using var house = await House.OpenAsync();
        house.Add("pump-1");
        await house.Automation.SetAsync(false, "anna", "storm", default);
        await using var next = house.Another();
        await RaiseAsync(next, "pump-1");
        Assert.Empty(house.Commands.All);
        Assert.False(await next.Automation.IsOnAsync(default));
        await next.OnlyTicketAsync();
    }

    [Fact]
    public async Task A_playbook_runs_no_more_often_in_a_day_than_its_budget()
    {
        await using var house = await House.OpenAsync();
        house.Add("pump-1");
        for (var i = 0; i < 3; i++)
        {
            var alarm = await RaiseAsync(house, "pump-1");
            house.Commands.Answer("pump-1", CommandState.Succeeded);
            await house.PassAsync(TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(10));
            house.Alarms.Clear(alarm, house.Now);
            await house.PassAsync(TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(10));
        }
        Assert.Equal(3, house.Commands.All.Count);
        Assert.Empty(await house.Tickets.ListAsync(new TicketFilter(House.Tenant), default));

        await RaiseAsync(house, "pump-1");
        Assert.Equal(3, house.Commands.All.Count);
        await house.OnlyTicketAsync();
    }

    [Fact]
    public async Task Two_of_a_redundancy_group_are_never_worked_on_at_once()
    {
        await using var house = await House.OpenAsync();
        house.Add("pump-1", group: "pair");
        house.Add("pump-2", group: "pair");
        var first = await RaiseAsync(house, "pump-1");
        await RaiseAsync(house, "pump-2");
        await house.PassAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(["pump-1"], house.Commands.All.Select(c => c.Device.Device));

        house.Commands.Answer("pump-1", CommandState.Succeeded);
        await house.PassAsync(TimeSpan.FromSeconds(70));
        house.Alarms.Clear(first, house.Now);
        await house.PassAsync(TimeSpan.FromSeconds(90));
        Assert.Equal(["pump-1", "pump-2"], house.Commands.All.Select(c => c.Device.Device));
    }

    [Fact]
    public async Task What_comes_back_after_a_remote_fix_is_not_fixed_the_same_way_again()
    {
        await using var house = await House.OpenAsync();
        house.Add("pump-1");
        var alarm = await RaiseAsync(house, "pump-1");
        house.Commands.Answer("pump-1", CommandState.Succeeded);
        await house.PassAsync(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(10));
        house.Alarms.Clear(alarm, house.Now);
        await house.PassAsync(TimeSpan.FromMinutes(3), TimeSpan.FromSeconds(10));
        house.Alarms.Reraise(alarm, house.Now);
        await house.BeatAsync();

        Assert.Single(house.Commands.All);
        await house.OnlyTicketAsync();
        Assert.Equal([RemedyState.Ticketed, RemedyState.Fixed], (await house.Remedies.OfAlarmAsync(House.Tenant, alarm.Id, default)).Select(r => r.State));
    }

    [Fact]
    public async Task What_was_done_remotely_is_listed_to_the_end_what_is_held_down_first()
    {
        await using var house = await House.OpenAsync();
        foreach (var pump in (string[])["pump-1", "pump-2"])
        {
            house.Add(pump);
            house.Alarms.Raise(pump, house.Now, "bearing-wear");
        }
        await house.PassAsync(TimeSpan.FromSeconds(12));
        house.Add("pump-3");
        var shelved = house.Alarms.Raise("pump-3", house.Now, "bearing-wear");
        await house.Alarms.ShelveAsync(House.Tenant, shelved.Id, "anna", "being repaired", house.Now.AddHours(1), default);
        await house.BeatAsync();

        var first = await house.Remedies.ListAsync(House.Tenant, null, null, 2, default);
        var second = await house.Remedies.ListAsync(House.Tenant, null, first[1].Number, 2, default);
        Assert.Equal([("pump-3", RemedyState.HeldDown), ("pump-2", RemedyState.Ticketed), ("pump-1", RemedyState.Ticketed)], first.Concat(second).Select(r => (r.Device, r.State)));
    }

    [Fact]
    public async Task A_device_whose_cause_is_the_mains_gets_no_playbook_of_another_cause_and_no_part()
    {
        await using var house = await House.OpenAsync();
        house.Add("pump-1");
        house.Alarms.Raise("pump-1", house.Now, "supply-undervoltage", FaultClass.ENV, 0.6, others: MemoryAlarms.Cause("strainer-clogged", FaultClass.HW, 0.4));
        await house.PassAsync(TimeSpan.FromSeconds(12));
        Assert.Empty(house.Commands.All);
        Assert.Empty((await house.OnlyTicketAsync()).Parts);
    }

    [Fact]
    public async Task A_shelved_alarm_is_left_alone_until_it_is_taken_up_again()
    {
        await using var house = await House.OpenAsync();
        house.Add("pump-1");
        var alarm = house.Alarms.Raise("pump-1", house.Now, "bearing-wear");
        await house.Alarms.ShelveAsync(House.Tenant, alarm.Id, "anna", "being repaired", house.Now.AddHours(1), default);
        await house.PassAsync(TimeSpan.FromSeconds(30));
        Assert.Empty(await house.Tickets.ListAsync(new TicketFilter(House.Tenant), default));

        await house.Alarms.UnshelveAsync(House.Tenant, alarm.Id, "anna", default);
        await house.BeatAsync();
        await house.OnlyTicketAsync();
    }

    private static async Task<Rules.Alarms.Alarm> RaiseAsync(House house, string device)
    {
        house.Clock.Advance(TimeSpan.FromSeconds(1));
        var alarm = house.Alarms.Raise(device, house.Now, "strainer-clogged");
        await house.BeatAsync();
        return alarm;
    }
}
