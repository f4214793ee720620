using Seamless.Machines.Fleet;

namespace Seamless.Machines.Tests.Fleet;

public sealed class SimulatedClockTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);
    private readonly SimulatedClock _clock = new(Start);

    [Fact]
    public void Timers_fire_in_the_order_of_their_times_after_the_jump()
    {
        var fired = new List<(string, double)>();
        using var late = _clock.CreateTimer(_ => Note("late"), null, TimeSpan.FromSeconds(30), Timeout.InfiniteTimeSpan);
        using var early = _clock.CreateTimer(_ => Note("early"), null, TimeSpan.FromSeconds(10), Timeout.InfiniteTimeSpan);
        _clock.AdvanceTo(Start.AddMinutes(1));

        Assert.Equal([("early", 60), ("late", 60)], fired);
        void Note(string name) => fired.Add((name, (_clock.GetUtcNow() - Start).TotalSeconds));
    }

    [Fact]
    public void A_periodic_timer_fires_once_a_jump_until_it_is_changed_or_disposed()
    {
        var count = 0;
        var timer = _clock.CreateTimer(_ => count++, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        _clock.AdvanceTo(Start.AddSeconds(5));
        Assert.Equal(1, count);
        _clock.AdvanceTo(Start.AddSeconds(6));
        Assert.Equal(2, count);
        timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _clock.AdvanceTo(Start.AddSeconds(10));
        Assert.Equal(2, count);
        timer.Change(TimeSpan.FromSeconds(2), Timeout.InfiniteTimeSpan);
        timer.Dispose();
        _clock.AdvanceTo(Start.AddSeconds(20));
        Assert.Equal(2, count);
    }

    [Fact]
    public async Task A_delay_ends_when_its_time_has_come_and_not_before()
    {
        var delay = Task.Delay(TimeSpan.FromHours(1), _clock, TestContext.Current.CancellationToken);
        _clock.AdvanceTo(Start.AddMinutes(59));
        Assert.False(delay.IsCompleted);
        _clock.AdvanceTo(Start.AddMinutes(60));
        await delay;
        Assert.Equal(TimeSpan.FromHours(1), _clock.GetElapsedTime(Start.UtcTicks));
    }

    [Fact]
    public void The_clock_never_goes_back()
    {
        _clock.AdvanceTo(Start.AddMinutes(1));
        _clock.AdvanceTo(Start);

        Assert.Equal(Start.AddMinutes(1), _clock.GetUtcNow());
    }

    [Fact]
    public void A_timer_set_by_a_timer_waits_for_the_next_jump()
    {
        var second = false;
        ITimer? follow = null;
        using var first = _clock.CreateTimer(
            _ => follow = _clock.CreateTimer(_ => second = true, null, TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan), null, TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan);
        _clock.AdvanceTo(Start.AddHours(1));
        Assert.False(second);
        _clock.AdvanceTo(Start.AddHours(1).AddSeconds(5));
        follow?.Dispose();

        Assert.True(second);
    }
}
