using Seamless.Analytics.Detectors;

namespace Seamless.Analytics.Tests.Detectors;

public sealed class NoveltyDetectorTests
{
    private const int Second = 1_000;
    private const int Minute = 60_000;
    private const int Day = 86_400_000;

    /// <summary>The score at which the packs' rules raise.</summary>
    private const double Alarming = 0.99;

    [Theory]
    [InlineData(1, Minute)]
    [InlineData(2, Minute)]
    [InlineData(3, Minute)]
    [InlineData(4, 5 * Minute)]
    [InlineData(5, 10 * Second)]
    [InlineData(6, 2 * Second)]
    public void Thirty_quiet_days_with_a_daily_rhythm_raise_no_alarm(int seed, int intervalMs)
    {
        foreach (var rhythm in (double[])[0, 1, 5, 20])
        {
            var detector = StreamingDetectors.Create("novelty");
            var signal = new Signal(seed, rhythm: rhythm);
            var highest = 0.0;
            for (long at = 0; at < 30L * Day; at += intervalMs)
                highest = Math.Max(highest, detector.Observe(Signal.Start + at, signal.At(Signal.Start + at)));
            Assert.True(highest < Alarming, $"rhythm {rhythm}: a score of {highest}");
        }
    }

    [Fact]
    public void A_machine_switched_down_every_night_raises_no_alarm_once_it_has_seen_two_days()
    {
        var detector = StreamingDetectors.Create("novelty");
        var signal = new Signal(seed: 1, rhythm: 0);
        for (long at = 0; at < 30L * Day; at += 10 * Second)
        {
            var night = at % Day < 8 * 3600 * 1000L;
            var score = detector.Observe(Signal.Start + at, signal.At(at) - (night ? 30 : 0));
            if (at > 2L * Day) Assert.True(score < Alarming, $"a score of {score} after {at / (double)Day:F2} days");
        }
    }

    [Theory]
    [InlineData(20)]
    [InlineData(-20)]
    public void A_jump_is_seen_at_once_and_held_while_it_lasts(double jump)
    {
        var (detector, signal, now) = Learned(days: 3);
        for (var i = 0; i < 60; i++)
            Assert.True(detector.Observe(now += Minute, signal.At(now) + jump) > Alarming, $"point {i} of the jump");
        Assert.True(detector.Observe(now + Minute, signal.At(now)) < Alarming, "back to normal");
    }

    [Fact]
    public void A_lasting_new_level_becomes_the_normal_one()
    {
        var (detector, signal, now) = Learned(days: 3);
        for (var i = 0; i < 3000; i++) detector.Observe(now += Minute, signal.At(now) + 40);
        for (var i = 0; i < 500; i++) Assert.True(detector.Observe(now += Minute, signal.At(now) + 40) < Alarming);
    }

    [Fact]
    public void A_slow_drift_is_found_though_no_step_of_it_is_large()
    {
        var (detector, signal, now) = Learned(days: 10, rhythm: 0);
        var highest = 0.0;
        for (var i = 0; i < Day / Minute; i++)
            highest = Math.Max(highest, detector.Observe(now += Minute, signal.At(now) + 8.0 * i / (Day / Minute)));
        Assert.True(highest > Alarming, $"only {highest}");
    }

    [Fact]
    public void It_is_silent_and_expects_nothing_while_it_learns()
    {
        var detector = StreamingDetectors.Create("novelty");
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(0, detector.Observe(Signal.Start + i * Second, i % 7 == 0 ? 1000 : i));
            Assert.True(double.IsNaN(detector.Expected.Low) && double.IsNaN(detector.Expected.High));
        }
    }

    [Fact]
    public void The_expected_band_holds_nearly_every_quiet_point_and_is_narrower_than_the_range()
    {
        var (detector, signal, now) = Learned(days: 10, rhythm: 20);
        var inside = 0;
        var width = 0.0;
        for (var i = 0; i < 1440; i++)
        {
            now += Minute;
            var value = signal.At(now);
            detector.Observe(now, value);
            if (value >= detector.Expected.Low && value <= detector.Expected.High) inside++;
            width += (detector.Expected.High - detector.Expected.Low) / 1440;
        }
        Assert.InRange(inside, 1430, 1440);
        Assert.InRange(width, 1, 35);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_value_that_is_no_number_scores_nothing_and_changes_nothing(double value)
    {
        var (detector, _, now) = Learned(days: 1);
        var before = StateOf(detector);
        Assert.Equal(0, detector.Observe(now + Minute, value));
        Assert.Equal(before, StateOf(detector));
    }

    [Fact]
    public void The_state_is_small_and_the_same_bytes_give_the_same_scores()
    {
        var (detector, signal, now) = Learned(days: 4);
        detector.Observe(now += Minute, 200);   // restored in the middle of a held event
        var state = StateOf(detector);
        Assert.True(state.Length < 4096, $"{state.Length} bytes");

        var restored = StreamingDetectors.Create("novelty");
        using (var reader = new BinaryReader(new MemoryStream(state))) restored.Restore(reader);
        Assert.Equal(detector.Expected, restored.Expected);
        for (var i = 0; i < 3000; i++)
        {
            now += Minute;
            var value = i % 500 == 0 ? 300 : signal.At(now);
            Assert.Equal(detector.Observe(now, value), restored.Observe(now, value));
        }
        Assert.Equal(StateOf(detector), StateOf(restored));
    }

    [Fact]
    public void A_point_allocates_nothing()
    {
        var (detector, _, now) = Learned(days: 2);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++) detector.Observe(now += Minute, i % 1000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void An_unknown_detector_is_refused_with_the_names_there_are()
    {
        var refusal = Assert.Throws<ArgumentException>(() => StreamingDetectors.Create("novelti"));
        Assert.Contains("novelty", refusal.Message, StringComparison.Ordinal);
    }

    private static (IStreamingDetector Detector, Signal Signal, long Now) Learned(int days, double rhythm = 5)
    {
        var detector = StreamingDetectors.Create("novelty");
        var signal = new Signal(seed: 7, rhythm: rhythm);
        var now = Signal.Start;
        for (; now < Signal.Start + (long)days * Day; now += Minute) detector.Observe(now, signal.At(now));
        return (detector, signal, now);
    }

    private static byte[] StateOf(IStreamingDetector detector)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        detector.Snapshot(writer);
        writer.Flush();
        return stream.ToArray();
    }
}
