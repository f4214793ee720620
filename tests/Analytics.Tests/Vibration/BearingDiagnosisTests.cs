using Seamless.Analytics.Vibration;

namespace Seamless.Analytics.Tests.Vibration;

public sealed class BearingDiagnosisTests
{
    private const double Rate = 12_000;
    private const double Shaft = 1797 / 60.0;
    private const int Window = 6000;

    private static readonly BearingGeometry Bearing = BearingTable.Find("6205-2RS")!;

    [Theory]
    [InlineData(BearingState.OuterRace)]
    [InlineData(BearingState.InnerRace)]
    [InlineData(BearingState.Ball)]
    public void Blows_are_named_after_the_part_whose_rhythm_they_have(BearingState part)
    {
        for (var seed = 1; seed <= 10; seed++)
        {
            var verdict = Judge(Blows(part, seed));
            Assert.Equal(part, verdict.State);
            Assert.Contains(part is BearingState.OuterRace ? "BPFO" : part is BearingState.InnerRace ? "BPFI" : "2·BSF", verdict.Explain(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Noise_and_the_lines_of_a_sound_machine_are_normal()
    {
        for (var seed = 1; seed <= 50; seed++)
        {
            Assert.Equal(BearingState.Normal, Judge(new Shaking(Rate, Shaft, seed).Noise(Window)).State);
            Assert.Equal(BearingState.Normal, Judge(new Shaking(Rate, Shaft, seed).Sound(Window)).State);
        }
    }

    [Fact]
    public void The_unit_does_not_matter()
    {
        var blows = Blows(BearingState.InnerRace, seed: 3);
        var (once, thousandfold) = (Judge(blows), Judge([.. blows.Select(value => 1000 * value)]));

        Assert.Equal(once.State, thousandfold.State);
        Assert.Equal(once.Probabilities.InnerRace, thousandfold.Probabilities.InnerRace, 6);
        Assert.Equal(once.InnerRace.Strength, thousandfold.InnerRace.Strength, 6);
        Assert.Equal(1000 * once.Shape.Rms, thousandfold.Shape.Rms, 6);
    }

    [Theory]
    [InlineData(0.99)]
    [InlineData(1.01)]
    public void A_speed_off_by_a_percent_is_found(double error)
    {
        foreach (var part in new[] { BearingState.OuterRace, BearingState.InnerRace, BearingState.Ball })
        {
            var verdict = Judge(Blows(part, seed: 5), Shaft * error);
            Assert.Equal(part, verdict.State);
            Assert.InRange(verdict.Shift, 1 / error - 1 - 0.005, 1 / error - 1 + 0.005);
        }
    }

    [Theory]
    [InlineData(25_600, 12_800, 24.8)]   // half a second
    [InlineData(12_000, 24_000, 29.95)]  // two seconds
    [InlineData(20_480, 20_480, 12.5)]   // a second of a slow shaft
    public void Windows_of_other_lengths_and_rates_say_the_same(double rate, int window, double shaft)
    {
        foreach (var (part, order, modulation) in Parts())
        {
            var diagnosis = new BearingDiagnosis(Bearing, new VibrationOptions(window, rate));
            Assert.Equal(part, diagnosis.Observe(new Shaking(rate, shaft, 7).Blows(window, order, 8, modulation: modulation), shaft).State);
        }
        Assert.Equal(BearingState.Normal, new BearingDiagnosis(Bearing, new VibrationOptions(window, rate)).Observe(new Shaking(rate, shaft, 7).Noise(window), shaft).State);
    }

    [Fact]
    public void Power_that_only_blows_bring_but_no_race_s_lines_is_a_ball()
    {
        // Blows without a rhythm: a ball that turns about changing axes.
        var verdict = Judge(new Shaking(Rate, Shaft, 11).Blows(Window, 4.1, 8, slip: 0.9));

        Assert.Equal(BearingState.Ball, verdict.State);
        Assert.Contains("above 2.5 kHz", verdict.Explain(), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_much_power_above_2500_Hz_is_normal_it_is_no_sign_of_damage()
    {
        var noisy = new Shaking(Rate, Shaft, 11).Blows(Window, 4.1, 8, slip: 0.9);
        var share = Judge(noisy).HighFrequencyShare;

        var diagnosis = new BearingDiagnosis(Bearing, new VibrationOptions(Window, Rate, NormalShare: share));

        Assert.Equal(BearingState.Normal, diagnosis.Observe(noisy, Shaft).State);
    }

    [Fact]
    public void Windows_before_help_and_later_ones_change_nothing()
    {
        var shaking = new Shaking(Rate, Shaft, 13).Blows(12 * Window, Bearing.OuterRace, 2.2);
        var (whole, cut) = (Verdicts(shaking, 12), Verdicts(shaking[..(5 * Window)], 5));

        Assert.Equal(cut, whole[..5]);
        Assert.Equal(BearingState.OuterRace, whole[^1].State);
    }

    [Fact]
    public void Another_speed_and_a_reset_begin_a_new_average()
    {
        var diagnosis = new BearingDiagnosis(Bearing, new VibrationOptions(Window, Rate));
        var fresh = Judge(new Shaking(Rate, Shaft, 2).Noise(Window));
        diagnosis.Observe(Blows(BearingState.OuterRace, 1), Shaft * 0.9);

        Assert.Equal(fresh, diagnosis.Observe(new Shaking(Rate, Shaft, 2).Noise(Window), Shaft));
        diagnosis.Reset();
        Assert.Equal(fresh, diagnosis.Observe(new Shaking(Rate, Shaft, 2).Noise(Window), Shaft));
    }

    [Fact]
    public void A_window_allocates_nothing_once_warm()
    {
        var diagnosis = new BearingDiagnosis(Bearing, new VibrationOptions(Window, Rate));
        var window = Blows(BearingState.OuterRace, 1);
        diagnosis.Observe(window, Shaft);
        diagnosis.Observe(window, Shaft);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 5; i++) diagnosis.Observe(window, Shaft);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Missing_samples_up_to_a_fifth_are_bridged()
    {
        var random = new Random(1);
        var holes = Blows(BearingState.InnerRace, 1).Select(value => random.NextDouble() < 0.05 ? double.NaN : value).ToArray();

        Assert.Equal(BearingState.InnerRace, Judge(holes).State);
    }

    [Fact]
    public void What_cannot_be_judged_is_said_and_leaves_the_average_alone()
    {
        var good = Blows(BearingState.OuterRace, 1);
        var diagnosis = new BearingDiagnosis(Bearing, new VibrationOptions(Window, Rate));
        diagnosis.Observe(good, Shaft);

        Says("the signal does not move, or is beyond all measure", diagnosis.Observe(new double[Window], Shaft));
        Says("the signal does not move, or is beyond all measure", diagnosis.Observe(Enumerable.Repeat(0.1, Window).ToArray(), Shaft));
        Says("more than a fifth of the samples is missing", diagnosis.Observe(Enumerable.Repeat(double.NaN, Window).ToArray(), Shaft));
        Says("the window is not of the configured length", diagnosis.Observe(good.AsSpan(0, 100), Shaft));
        Says("the shaft does not turn", diagnosis.Observe(good, 0));
        Says("the shaft does not turn", diagnosis.Observe(good, double.NaN));
        Says("the window holds less than eight turns of the shaft", diagnosis.Observe(good, 12));
        Says("the rate is too low for three harmonics of the bearing's lines", diagnosis.Observe(good, 500));

        var once = new BearingDiagnosis(Bearing, new VibrationOptions(Window, Rate));
        once.Observe(good, Shaft);
        Assert.Equal(once.Observe(good, Shaft), diagnosis.Observe(good, Shaft));
    }

    [Fact]
    public void No_numbers_at_all_can_make_it_throw_or_say_NaN()
    {
        var random = new Random(1);
        double[] odd = [0, 1e300, -1e300, 1e-300, double.MaxValue, double.NaN, double.PositiveInfinity, double.Epsilon, 3];
        for (var round = 0; round < 200; round++)
        {
            var window = new double[Window];
            var from = random.Next(odd.Length);
            for (var i = 0; i < Window; i++) window[i] = random.Next(4) == 0 ? odd[random.Next(from + 1)] : random.NextDouble() * Math.Pow(10, random.Next(-12, 12) * (round % 3));
            var verdict = Judge(window);
            var p = verdict.Probabilities;
            if (verdict.State is not BearingState.Unknown) Assert.Equal(1, p.Normal + p.InnerRace + p.Ball + p.OuterRace, 9);
            Assert.NotEmpty(verdict.Explain());
        }
    }

    [Theory]
    [InlineData(100, 12_000, 8)]
    [InlineData(6000, 0, 8)]
    [InlineData(6000, double.NaN, 8)]
    [InlineData(6000, 12_000, 0)]
    public void Options_that_cannot_be_are_refused(int window, double rate, int memory) =>
        Assert.Throws<ArgumentException>(() => new BearingDiagnosis(Bearing, new VibrationOptions(window, rate, memory)));

    private static void Says(string problem, in BearingVerdict verdict)
    {
        Assert.Equal(BearingState.Unknown, verdict.State);
        Assert.Equal(problem, verdict.Problem);
    }

    private static BearingVerdict[] Verdicts(double[] signal, int windows)
    {
        var diagnosis = new BearingDiagnosis(Bearing, new VibrationOptions(Window, Rate));
        return [.. Enumerable.Range(0, windows).Select(w => diagnosis.Observe(signal.AsSpan(w * Window, Window), Shaft))];
    }

    private static BearingVerdict Judge(double[] window, double shaft = Shaft) =>
        new BearingDiagnosis(Bearing, new VibrationOptions(window.Length, Rate)).Observe(window, shaft);

    private static double[] Blows(BearingState part, int seed)
    {
        var (_, order, modulation) = Parts().Single(p => p.Part == part);
        return new Shaking(Rate, Shaft, seed).Blows(Window, order, 8, modulation: modulation);
    }

    private static (BearingState Part, double Order, double Modulation)[] Parts() =>
    [
        (BearingState.OuterRace, Bearing.OuterRace, 0),
        (BearingState.InnerRace, Bearing.InnerRace, 1),
        (BearingState.Ball, 2 * Bearing.BallSpin, Bearing.Cage),
    ];
}
