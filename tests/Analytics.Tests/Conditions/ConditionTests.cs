using CsCheck;
using Seamless.Analytics.Conditions;

namespace Seamless.Analytics.Tests.Conditions;

public sealed class ConditionTests
{
    private static readonly Condition High = Condition.Above(80, deadband: 5, onDelayMs: 3000);
    private static readonly Condition Low = Condition.Below(20, deadband: 5, onDelayMs: 2000);
    private static readonly Condition Patient = Condition.Above(80, offDelayMs: 2000);
    private static readonly Condition Band = new(Low: 20, High: 80, Deadband: 5, OnDelayMs: 0, OffDelayMs: 0);

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

    // 20 to 80, deadband 5.
    [Theory]
    [InlineData("50 80 76 74", ".R.C")]
    [InlineData("50 20 24 26", ".R.C")]
    [InlineData("80 20 50", "R.C")]                 // from one side to the other is one span
    public void A_band_is_left_on_either_side(string readings, string verdicts) => Assert.Equal(verdicts, Judge(Band, readings));

    [Fact]
    public void The_onset_is_the_first_point_of_the_span_and_the_extreme_its_worst()
    {
        var (phase, span) = (ConditionPhase.Normal, default(ConditionSpan));
        foreach (var (at, value) in new[] { (1000L, 81.0), (2000L, 97.0), (4000L, 85.0) }) High.Observe(ref phase, ref span, at, value);
        Assert.Equal(ConditionPhase.Active, phase);
        Assert.Equal(1000, span.OnsetMs);
        Assert.Equal(97.0, span.Extreme);
    }

    [Fact]
    public void A_pause_forgets_a_beginning_but_keeps_what_is_active()
    {
        var (phase, span) = (ConditionPhase.Normal, default(ConditionSpan));
        High.Observe(ref phase, ref span, 0, 85);
        Condition.Pause(ref phase);
        Assert.Equal(Transition.None, High.Observe(ref phase, ref span, 4000, 85));
        Assert.Equal(Transition.Raise, High.Observe(ref phase, ref span, 7000, 85));
        Condition.Pause(ref phase);
        Assert.Equal(ConditionPhase.Active, phase);
    }

    [Fact]
    public void Raise_and_clear_alternate_whatever_comes() =>
        Gen.Double[0, 160].List[1, 200].Sample(values =>
        {
            var (phase, span) = (ConditionPhase.Normal, default(ConditionSpan));
            var expected = Transition.Raise;
            for (var i = 0; i < values.Count; i++)
            {
                var transition = High.Observe(ref phase, ref span, i * 1000L, values[i]);
                if (transition is Transition.None) continue;
                if (transition != expected) return false;
                expected = expected is Transition.Raise ? Transition.Clear : Transition.Raise;
            }
            return true;
        });

    [Fact]
    public void Observing_allocates_nothing()
    {
        var (phase, span) = (ConditionPhase.Normal, default(ConditionSpan));
        High.Observe(ref phase, ref span, 0, 85);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 1; i < 10_000; i++) High.Observe(ref phase, ref span, i * 1000L, i % 100);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static string Judge(Condition condition, string readings)
    {
        var (phase, span) = (ConditionPhase.Normal, default(ConditionSpan));
        var values = readings.Split(' ').Select(text => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        return string.Concat(values.Select((value, i) => Letter(condition.Observe(ref phase, ref span, i * 1000L, value))));
    }

    private static char Letter(Transition transition) => transition switch { Transition.Raise => 'R', Transition.Clear => 'C', _ => '.' };

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
        var (phase, span) = (ConditionPhase.Normal, default(ConditionSpan));
        Assert.Equal(Transition.Raise, EventCondition.Occur(ref phase, ref span, 0));
        Assert.Equal(Transition.None, condition.Elapse(ref phase, span, 2000));
        Assert.Equal(Transition.None, EventCondition.Occur(ref phase, ref span, 2500));
        Assert.Equal(Transition.None, condition.Elapse(ref phase, span, 5000));
        Assert.Equal(Transition.Clear, condition.Elapse(ref phase, span, 5500));
    }

    private static string Ticks(ref SilenceState state, long stepMs, int count)
    {
        var letters = "";
        for (var i = 0; i < count; i++) letters += FiveSeconds.Tick(ref state, stepMs) is Transition.Raise ? 'R' : '.';
        return letters;
    }
}
