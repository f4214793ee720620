using CsCheck;
using Seamless.Analytics.Conditions;

namespace Seamless.Analytics.Tests.Conditions;

public sealed class ConditionTests
{
    private static readonly Condition High = new(ConditionShape.High, Setpoint: 80, Deadband: 5, OnDelayMs: 3000, OffDelayMs: 0);
    private static readonly Condition Low = new(ConditionShape.Low, Setpoint: 20, Deadband: 5, OnDelayMs: 2000, OffDelayMs: 0);
    private static readonly Condition Patient = new(ConditionShape.High, Setpoint: 80, Deadband: 0, OnDelayMs: 0, OffDelayMs: 2000);
    private static readonly Condition Rate = new(ConditionShape.RateOfChange, Setpoint: 10, Deadband: 0, OnDelayMs: 0, OffDelayMs: 0);

    // One reading a second; the verdict after each: '.' nothing, 'R' raise, 'C' clear. Setpoint 80, deadband 5, on-delay 3 s.
    [Theory]
    [InlineData("80 80 80 80 80", "...R.")]         // raised after the on-delay, once
    [InlineData("85 85 85 85 74", "...RC")]         // below the deadband: cleared
    [InlineData("85 85 85 85 75 74", "...R.C")]     // at the deadband's edge it still holds
    [InlineData("85 85 79 85 85 85 85", "......R")] // an interruption starts the on-delay again
    [InlineData("60 60 60 60 60", ".....")]         // steady is not stuck
    [InlineData("85 85 85 85 78 79 85", "...R...")] // trembling within the deadband does not chatter
    public void A_high_limit_follows_setpoint_deadband_and_on_delay(string readings, string verdicts) =>
        Assert.Equal(verdicts, Judge(High, readings));

    // Setpoint 20, deadband 5, on-delay 2 s.
    [Theory]
    [InlineData("20 20 20", "..R")]
    [InlineData("10 10 10 25 26", "..R.C")]
    [InlineData("10 30 10 10 10", "....R")]
    public void A_low_limit_mirrors_it(string readings, string verdicts) => Assert.Equal(verdicts, Judge(Low, readings));

    // Setpoint 80, off-delay 2 s.
    [Theory]
    [InlineData("80 79 79 79", "R..C")]
    [InlineData("80 79 80 79 79 79", "R....C")]     // back within the off-delay: never ended
    public void An_alarm_ends_only_after_the_off_delay(string readings, string verdicts) => Assert.Equal(verdicts, Judge(Patient, readings));

    // 10 units a second.
    [Theory]
    [InlineData("0 5 15 16", "..RC")]
    [InlineData("50 30 30", ".RC")]                 // falling counts like rising
    [InlineData("90", ".")]                         // one point has no rate
    public void A_rate_of_change_is_taken_between_two_points(string readings, string verdicts) => Assert.Equal(verdicts, Judge(Rate, readings));

    [Fact]
    public void The_onset_is_the_first_point_of_the_span_and_the_extreme_its_worst()
    {
        var state = default(ConditionState);
        foreach (var (at, value) in new[] { (1000L, 81.0), (2000L, 97.0), (4000L, 85.0) }) High.Observe(ref state, at, value);
        Assert.True(state.IsActive);
        Assert.Equal(1000, state.OnsetMs);
        Assert.Equal(97.0, state.Extreme);
    }

    [Fact]
    public void A_pause_forgets_a_beginning_but_keeps_what_is_active()
    {
        var state = default(ConditionState);
        High.Observe(ref state, 0, 85);
        Condition.Pause(ref state);
        Assert.Equal(Transition.None, High.Observe(ref state, 4000, 85));
        Assert.Equal(Transition.Raise, High.Observe(ref state, 7000, 85));
        Condition.Pause(ref state);
        Assert.True(state.IsActive);
    }

    [Fact]
    public void Raise_and_clear_alternate_whatever_comes() =>
        Gen.Double[0, 160].List[1, 200].Sample(values =>
        {
            var state = default(ConditionState);
            var expected = Transition.Raise;
            for (var i = 0; i < values.Count; i++)
            {
                var transition = High.Observe(ref state, i * 1000L, values[i]);
                if (transition is Transition.None) continue;
                if (transition != expected) return false;
                expected = expected is Transition.Raise ? Transition.Clear : Transition.Raise;
            }
            return true;
        });

    [Fact]
    public void A_restored_state_goes_on_as_the_original_would() =>
        Gen.Select(Gen.Double[60, 100].List[2, 60], Gen.Int[0, 59]).Sample((values, at) =>
        {
            var cut = at % values.Count;
            var (original, restored) = (default(ConditionState), default(ConditionState));
            for (var i = 0; i < values.Count; i++)
            {
                if (i == cut) restored = Copy(original);
                var verdict = High.Observe(ref original, i * 1000L, values[i]);
                if (i >= cut && verdict != High.Observe(ref restored, i * 1000L, values[i])) return false;
            }
            return true;
        });

    [Fact]
    public void Observing_allocates_nothing()
    {
        var state = default(ConditionState);
        High.Observe(ref state, 0, 85);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 1; i < 10_000; i++) High.Observe(ref state, i * 1000L, i % 100);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static string Judge(Condition condition, string readings)
    {
        var state = default(ConditionState);
        var values = readings.Split(' ').Select(text => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        return string.Concat(values.Select((value, i) => Letter(condition.Observe(ref state, i * 1000L, value))));
    }

    private static char Letter(Transition transition) => transition switch { Transition.Raise => 'R', Transition.Clear => 'C', _ => '.' };

    private static ConditionState Copy(in ConditionState state)
    {
        using var memory = new MemoryStream();
        using (var writer = new BinaryWriter(memory, System.Text.Encoding.UTF8, leaveOpen: true)) state.Snapshot(writer);
        memory.Position = 0;
        using var reader = new BinaryReader(memory);
        return ConditionState.Restore(reader);
    }
}

public sealed class MissingConditionTests
{
    private static readonly MissingCondition FiveSeconds = new(5000);

    [Fact]
    public void Silence_raises_after_the_timeout_and_ends_with_the_next_reading()
    {
        var state = default(SilenceState);
        MissingCondition.Hear(ref state, 100);
        Assert.Equal("....R.", Ticks(ref state, 1000, 6));
        Assert.Equal(Transition.Clear, MissingCondition.Hear(ref state, 9000));
    }

    [Fact]
    public void A_device_that_never_spoke_is_not_missed()
    {
        var state = default(SilenceState);
        Assert.Equal("..........", Ticks(ref state, 1000, 10));
    }

    [Fact]
    public void Our_own_downtime_is_not_the_devices_silence()
    {
        var state = default(SilenceState);
        MissingCondition.Hear(ref state, 100);
        Assert.Equal("....", Ticks(ref state, 1000, 4));
        Assert.Equal(Transition.None, FiveSeconds.Tick(ref state, 0));
        Assert.Equal("R", Ticks(ref state, 1000, 1));
    }

    [Fact]
    public void An_event_speaks_for_its_hold_time_and_a_repeat_renews_it()
    {
        var condition = new EventCondition(3000);
        var state = default(ConditionState);
        Assert.Equal(Transition.Raise, EventCondition.Occur(ref state, 0));
        Assert.Equal(Transition.None, condition.Elapse(ref state, 2000));
        Assert.Equal(Transition.None, EventCondition.Occur(ref state, 2500));
        Assert.Equal(Transition.None, condition.Elapse(ref state, 5000));
        Assert.Equal(Transition.Clear, condition.Elapse(ref state, 5500));
    }

    private static string Ticks(ref SilenceState state, long stepMs, int count)
    {
        var letters = "";
        for (var i = 0; i < count; i++) letters += FiveSeconds.Tick(ref state, stepMs) is Transition.Raise ? 'R' : '.';
        return letters;
    }
}
