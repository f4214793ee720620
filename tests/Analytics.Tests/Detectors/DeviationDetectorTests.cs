using Seamless.Analytics.Detectors;

namespace Seamless.Analytics.Tests.Detectors;

public sealed class DeviationDetectorTests
{
    private const int Second = 1_000;
    private const int Minute = 60_000;
    private const int Hour = 3_600_000;
    private const int Day = 86_400_000;

    /// <summary>The score at which the packs' rules raise: 6.6 spreads.</summary>
    private const double Alarming = 0.99;

    [Theory]
    [InlineData("above-usual", 1, Minute)]
    [InlineData("below-usual", 2, Minute)]
    [InlineData("above-usual", 3, 5 * Minute)]
    [InlineData("below-usual", 4, 10 * Second)]
    public void Forty_quiet_days_with_a_daily_rhythm_raise_no_alarm(string name, int seed, int intervalMs)
    {
        foreach (var rhythm in (double[])[0, 1, 5, 20])
        {
            var detector = StreamingDetectors.Create(name);
            var signal = new Signal(seed, rhythm: rhythm);
            var highest = 0.0;
            for (long at = Signal.Start; at < Signal.Start + 40L * Day; at += intervalMs) highest = Math.Max(highest, detector.Observe(at, signal.At(at)));
            Assert.True(highest < Alarming, $"rhythm {rhythm}: a score of {highest}");
        }
    }

    [Theory]
    [InlineData("above-usual", 4, true)]
    [InlineData("above-usual", -4, false)]
    [InlineData("below-usual", -4, true)]
    [InlineData("below-usual", 4, false)]
    public void A_slow_wear_within_the_daily_range_is_seen_on_its_side(string name, double far, bool seen)
    {
        // The day goes up and down by 20; the wear by 4, in which noise is 1.
        var (detector, signal, now) = Learned(name, days: 16, rhythm: 20);
        var highest = 0.0;
        for (var i = 0; i < 20 * 60; i++) highest = Math.Max(highest, detector.Observe(now += Minute, signal.At(now) + far * i / (20 * 60)));
        Assert.Equal(seen, highest >= Alarming);
    }

    [Fact]
    public void What_is_mended_at_once_is_well_at_once()
    {
        var (detector, signal, now) = Learned("above-usual", days: 16, rhythm: 5);
        for (var i = 0; i < 60; i++) detector.Observe(now += Minute, signal.At(now) + 30);
        Assert.True(detector.Observe(now += Minute, signal.At(now) + 30) >= Alarming);
        for (var i = 0; i < 4; i++) detector.Observe(now += 10 * Second, signal.At(now));
        Assert.True(detector.Observe(now + 10 * Second, signal.At(now)) < Alarming);
    }

    [Fact]
    public void A_single_wrong_reading_is_nothing_neither_when_it_comes_nor_the_day_after()
    {
        var detector = StreamingDetectors.Create("below-usual");
        var signal = new Signal(seed: 5, rhythm: 2, noise: 0.1);
        for (long at = Signal.Start; at < Signal.Start + 10L * Day; at += 2 * Minute)
        {
            var wrong = (at - Signal.Start) / (2 * Minute) % 500 == 100;   // within the first days as well as later
            var score = detector.Observe(at, signal.At(at) + (wrong ? 40 : 0));
            Assert.True(score < Alarming, $"a score of {score} after {(at - Signal.Start) / (double)Day:F2} days");
        }
    }

    [Fact]
    public void A_level_that_lasts_is_the_usual_one_after_a_week()
    {
        var (detector, signal, now) = Learned("above-usual", days: 16, rhythm: 2);
        for (var i = 0; i < 6 * 24 * 60; i++) detector.Observe(now += Minute, signal.At(now) + 10);
        Assert.True(detector.Observe(now += Minute, signal.At(now) + 10) >= Alarming, "held for six days");
        for (var i = 0; i < 6 * 24 * 60; i++) detector.Observe(now += Minute, signal.At(now) + 10);
        Assert.True(detector.Observe(now + Minute, signal.At(now) + 10) < Alarming, "usual after twelve");
    }

    [Fact]
    public void A_first_day_that_was_not_usual_does_not_make_the_days_after_it_unusual()
    {
        var detector = StreamingDetectors.Create("below-usual");
        var signal = new Signal(seed: 7, rhythm: 2, noise: 0.5);
        for (long at = Signal.Start; at < Signal.Start + 14L * Day; at += 2 * Minute)
        {
            var hot = at - Signal.Start is > 10 * Hour and < 13 * Hour;
            var score = detector.Observe(at, signal.At(at) + (hot ? 20 : 0));
            Assert.True(score < Alarming, $"a score of {score} after {(at - Signal.Start) / (double)Day:F2} days");
        }
    }

    [Fact]
    public void It_says_what_it_expects_once_it_speaks()
    {
        var (detector, signal, now) = Learned("above-usual", days: 16, rhythm: 5);
        Assert.True(double.IsNaN(StreamingDetectors.Create("above-usual").Expected.Low));
        detector.Observe(now += Minute, signal.At(now));
        var (low, high) = detector.Expected;
        Assert.InRange(60 + 5 * Math.Sin(2 * Math.PI * now / Day), low, high);
        Assert.InRange(high - low, 0.5, 8);
    }

    [Fact]
    public void A_snapshot_at_any_point_gives_the_same_scores()
    {
        var (detector, signal, now) = Learned("below-usual", days: 16, rhythm: 5);
        using var memory = new MemoryStream();
        var writer = new BinaryWriter(memory);
        detector.Snapshot(writer);
        Assert.True(memory.Length < 1024, $"{memory.Length} bytes");
        memory.Position = 0;
        var other = StreamingDetectors.Create("below-usual");
        other.Restore(new BinaryReader(memory));
        for (var i = 0; i < 3 * 24 * 60; i++)
        {
            var value = signal.At(now += Minute) - (i > 2000 ? 5 : 0);
            Assert.Equal(detector.Observe(now, value), other.Observe(now, value));
            Assert.Equal(detector.Expected, other.Expected);
        }
    }

    [Fact]
    public void A_point_allocates_nothing()
    {
        var (detector, signal, now) = Learned("above-usual", days: 16, rhythm: 5);
        var values = Enumerable.Range(0, 5000).Select(i => signal.At(now + i * (long)Minute)).ToArray();
        detector.Observe(now, values[0]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var value in values) detector.Observe(now += Minute, value);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static (IStreamingDetector Detector, Signal Signal, long Now) Learned(string name, int days, double rhythm)
    {
        var (detector, signal) = (StreamingDetectors.Create(name), new Signal(seed: 9, rhythm: rhythm));
        var now = Signal.Start;
        for (; now < Signal.Start + days * (long)Day; now += Minute) detector.Observe(now, signal.At(now));
        return (detector, signal, now);
    }
}
