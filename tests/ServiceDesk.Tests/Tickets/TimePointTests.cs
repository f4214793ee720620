using Seamless.ServiceDesk.Kpis;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Tests.Tickets;

/// <summary>Time-points of a repair are to be entered when they happen; who was offline is believed, who was late is seen.</summary>
public sealed class TimePointTests
{
    [Theory]
    [InlineData(14, false)]
    [InlineData(15, false)]
    [InlineData(16, true)]
    public async Task An_entry_is_flagged_when_it_comes_later_than_the_limit(int minutes, bool late)
    {
        var (house, ticket) = await OpenedAsync();
        await using var _ = house;
        var happened = house.Now.AddMinutes(3);
        house.Clock.Advance(TimeSpan.FromMinutes(3 + minutes));
        var answered = await house.ActAsync(ticket.Number, "acknowledge", ("at", $"{happened:O}"));
        var entry = answered.Timeline.Single(e => e.Kind == "acknowledged");
        Assert.Equal((happened, late, house.Now), (entry.OccurredAt, entry.Late, entry.At));
        Assert.Equal(happened, answered.Sla.RespondedAt);
        Assert.Equal(late ? 0 : 1, await house.KpiAsync("timePointsOnTime"));
    }

    [Fact]
    public async Task A_wrong_clock_is_corrected_by_the_time_of_sending_and_flagged_when_it_is_far_out()
    {
        var (house, ticket) = await OpenedAsync();
        await using var _ = house;
        house.Clock.Advance(TimeSpan.FromMinutes(20));
        // The device's clock is nine minutes ahead: it says the answer was eight minutes ago, and so it was by ours.
        var ahead = house.Now.AddMinutes(9);
        var answered = await house.ActAsync(ticket.Number, "acknowledge", ("at", $"{ahead.AddMinutes(-8):O}"), ("sentAt", $"{ahead:O}"));
        Assert.Equal((house.Now.AddMinutes(-8), false), (answered.Sla.RespondedAt!.Value, answered.Timeline.Single(e => e.Kind == "acknowledged").Late));

        var far = house.Now.AddDays(1);
        var gone = await house.ActAsync(ticket.Number, "depart", ("at", $"{far.AddMinutes(-1):O}"), ("sentAt", $"{far:O}"));
        Assert.Equal((house.Now.AddMinutes(-1), true), (gone.Timeline.Single(e => e.Kind == "en-route").OccurredAt!.Value, gone.Timeline.Single(e => e.Kind == "en-route").Late));
    }

    [Fact]
    public async Task Nothing_happens_in_the_future_before_the_ticket_or_before_the_step_before()
    {
        var (house, ticket) = await OpenedAsync();
        await using var _ = house;
        Assert.Contains("has not come yet", (await house.RefusedAsync(ticket.Number, "acknowledge", ("at", $"{house.Now.AddMinutes(3):O}"))).Reason, StringComparison.Ordinal);
        Assert.Contains("was opened", (await house.RefusedAsync(ticket.Number, "acknowledge", ("at", $"{house.Now.AddMinutes(-3):O}"))).Reason, StringComparison.Ordinal);
        Assert.Contains("RFC 3339", (await house.RefusedAsync(ticket.Number, "acknowledge", ("at", "yesterday"))).Reason, StringComparison.Ordinal);
        Assert.Contains("degrees", (await house.RefusedAsync(ticket.Number, "acknowledge", ("latitude", "91"), ("longitude", "0"))).Reason, StringComparison.Ordinal);
        house.Clock.Advance(TimeSpan.FromMinutes(10));
        await house.ActAsync(ticket.Number, "acknowledge");
        Assert.Contains("the step before it", (await house.RefusedAsync(ticket.Number, "depart", ("at", $"{house.Now.AddMinutes(-5):O}"))).Reason, StringComparison.Ordinal);
        var gone = await house.ActAsync(ticket.Number, "depart", ("latitude", "52.5"), ("longitude", "13.4"));
        Assert.Equal((52.5, 13.4), (gone.Timeline[^1].Place!.Latitude, gone.Timeline[^1].Place!.Longitude));
    }

    [Fact]
    public async Task A_breach_that_only_the_entry_was_late_for_is_taken_back()
    {
        var (house, ticket) = await OpenedAsync();
        await using var _ = house;
        await house.ActAsync(ticket.Number, "acknowledge");
        var arrived = ticket.Sla.ArriveBy.AddMinutes(-1);
        await house.PassAsync(TimeSpan.FromHours(3), TimeSpan.FromMinutes(10));   // offline all the while
        Assert.False((await house.OnlyTicketAsync()).Sla.ArriveMet);
        var there = await house.ActAsync(ticket.Number, "arrive", ("at", $"{arrived:O}"));
        Assert.True(there.Sla.ArriveMet);
        Assert.Equal(1, there.Timeline.Count(e => e.Kind == "sla-corrected"));
        Assert.Equal(1, await house.KpiAsync("arriveMet"));
        var stages = await house.Kpis.TurnaroundAsync(House.Tenant, Turnaround.ByTechnician, House.Start, house.Now.AddDays(1), default);
        Assert.Equal((arrived - ticket.OpenedAt).TotalMinutes, stages.Single(s => s.Stage == Turnaround.Travel).MedianMinutes);
    }

    private static async Task<(House House, Ticket Ticket)> OpenedAsync()
    {
        var house = await House.OpenAsync();
        house.Add("pump-1");
        house.Alarms.Raise("pump-1", house.Now, "bearing-wear");
        await house.BeatAsync();
        return (house, await house.OnlyTicketAsync());
    }
}
