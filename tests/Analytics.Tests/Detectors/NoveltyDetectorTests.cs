using Seamless.Analytics.Detectors;

namespace Seamless.Analytics.Tests.Detectors;

public sealed class NoveltyDetectorTests
{
    private const int Second = 1_000;
    private const int Minute = 60_000;
    private const int Hour = 3_600_000;
    private const int Day = 86_400_000;

    /// <summary>The score at which the packs' rules raise.</summary>
    private const double Alarming = 0.99;

    /// <summary>The score from which a point is worth a look.</summary>
    private const double Look = 0.5;

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
        Restore(restored, state);
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
        Learned(days: 1);   // the compiler's turn
        var (detector, signal) = (StreamingDetectors.Create("novelty"), new Signal(3));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 20_000; i++) detector.Observe(Signal.Start + (long)i * Minute, signal.At(i) + (i % 3000 > 2900 ? 50 : 0));
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_detector_is_less_than_four_kilobytes_of_memory()
    {
        StreamingDetectors.Create("novelty");
        var before = GC.GetAllocatedBytesForCurrentThread();
        StreamingDetectors.Create("novelty");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 4096);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_copy_made_at_any_point_scores_as_the_original(int seed)
    {
        var points = Restless(seed, 6000);
        var next = new Random(seed);
        var at = next.Next(100);
        var (detector, copy) = (StreamingDetectors.Create("novelty"), StreamingDetectors.Create("novelty"));
        foreach (var value in Restless(seed + 100, 700)) copy.Observe(0, value);   // what it knew before is gone
        for (var i = 0; i < points.Length; i++)
        {
            if (i == at)
            {
                Restore(copy, StateOf(detector));
                at += next.Next(1, 100);   // in the middle of events and of rests too
            }
            var score = detector.Observe(Signal.Start + (long)i * 5 * Minute, points[i]);
            var again = copy.Observe(Signal.Start + (long)i * 5 * Minute, points[i]);
            if (i >= 100) Assert.Equal(score, again);
        }
        Assert.Equal(StateOf(detector), StateOf(copy));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public void What_comes_later_changes_no_score(int seed)
    {
        var points = Restless(seed, 4000);
        var cut = new Random(seed).Next(500, points.Length);
        var whole = Scores(points);
        Assert.Equal(whole.Take(cut), Scores(points[..cut]));
        var other = points.Select((value, i) => i < cut ? value : -1000 * value).ToArray();
        Assert.Equal(whole.Take(cut), Scores(other).Take(cut));
    }

    [Fact]
    public void A_state_of_another_layout_is_not_misread_but_learned_anew()
    {
        var (detector, signal, now) = Learned(days: 2);
        var older = StateOf(detector).AsSpan(4).ToArray();   // as it was before the layout had a mark
        Restore(detector, older);
        for (var i = 0; i < 200; i++) Assert.Equal(0, detector.Observe(now += Minute, i % 10 == 0 ? 500 : signal.At(now)));
        detector.Observe(now + Minute, 60);
        Assert.InRange(detector.Expected.High, 499, 500);
    }

    [Fact]
    public void A_second_smaller_event_is_worth_a_look_too()
    {
        var (detector, signal, now) = Learned(days: 3);
        Assert.True(detector.Observe(now += Minute, 200) >= Look, "the first");
        for (var i = 0; i < 600; i++) detector.Observe(now += Minute, signal.At(now));
        Assert.True(detector.Observe(now += Minute, 130) >= Look, "the second, half as far out");
    }

    [Fact]
    public void A_jolt_in_a_calm_stretch_is_worth_a_look_though_rough_times_reached_further()
    {
        var (detector, random, now) = (StreamingDetectors.Create("novelty"), new Random(1), Signal.Start);
        for (var i = 1; i <= 20_000; i++)
        {
            var noise = 21 - 19 * Math.Cos(2 * Math.PI * i / 2000);   // calm at the end
            detector.Observe(now += Minute, 100 + noise * (random.NextDouble() - 0.5));
        }
        Assert.True(detector.Observe(now += Minute, 112) is >= Look and < Alarming);
    }

    [Fact]
    public void A_job_that_runs_every_day_is_no_drift()
    {
        var (detector, signal) = (StreamingDetectors.Create("novelty"), new Signal(seed: 2, rhythm: 0));
        for (var i = 0; i < 30 * 288; i++)
        {
            var score = detector.Observe(Signal.Start + (long)i * 5 * Minute, signal.At(i) + (i % 288 is >= 100 and < 104 ? 20 : 0));
            if (i > 5 * 288) Assert.True(score < Alarming, $"a score of {score} on day {i / 288}");
        }
    }

    [Fact]
    public void A_clock_that_trembles_does_not_spoil_the_daily_rhythm()
    {
        Assert.InRange(BandWidth(jitterMs: 29_999) / BandWidth(jitterMs: 0), 0.9, 1.1);

        static double BandWidth(int jitterMs)
        {
            var (detector, signal, random, width) = (StreamingDetectors.Create("novelty"), new Signal(4, rhythm: 30), new Random(4), 0.0);
            for (var hour = 0; hour < 60 * 24; hour++)
            {
                var at = (Signal.Start / Hour + hour) * Hour;
                detector.Observe(at + random.Next(-jitterMs, jitterMs + 1), signal.At(at));
                if (hour >= 50 * 24) width += detector.Expected.High - detector.Expected.Low;
            }
            return width;
        }
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

    /// <summary>A rhythm with noise, spikes and steps.</summary>
    private static double[] Restless(int seed, int count)
    {
        var (random, signal, step) = (new Random(seed), new Signal(seed), 0.0);
        var points = new double[count];
        for (var i = 0; i < count; i++)
        {
            if (random.Next(800) == 0) step = 40 * (random.NextDouble() - 0.5);
            points[i] = signal.At(Signal.Start + (long)i * 5 * Minute) + step + (random.Next(300) == 0 ? 60 : 0);
        }
        return points;
    }

    private static double[] Scores(double[] points)
    {
        var detector = StreamingDetectors.Create("novelty");
        return [.. points.Select((value, i) => detector.Observe(Signal.Start + (long)i * 5 * Minute, value))];
    }

    private static void Restore(IStreamingDetector detector, byte[] state)
    {
        using var reader = new BinaryReader(new MemoryStream(state));
        detector.Restore(reader);
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
