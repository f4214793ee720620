using Seamless.Fleet.Updates;

namespace Seamless.Fleet.Tests.Updates;

public sealed class EvidenceTests
{
    [Theory]
    [InlineData(0, 10, 0.2129)]     // z² / (n + z²), z = 1.6449
    [InlineData(0, 100, 0.0263)]
    [InlineData(10, 10, 1)]
    [InlineData(0, 0, 1)]
    public void Wilson_bound_is_the_textbooks(int failures, int trials, double upper) => Assert.Equal(upper, Evidence.WilsonUpper(failures, trials), 4);

    [Fact]
    public void Without_an_effect_about_as_many_are_called_worse_as_the_level_says_and_a_real_one_is_seen()
    {
        var (falseAlarms, burstsCalled, seen) = (0, 0, 0);
        const int Runs = 2000;
        for (var seed = 0; seed < Runs; seed++)
        {
            var random = new Random(seed);
            if (P(random, 1) < 0.01) falseAlarms++;
            if (P(random, 1, burst: 20) < 0.01) burstsCalled++;
            if (P(random, 4) < 0.01) seen++;
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"10 devices against 50 over 24 h at one alarm in 50 h, p < 0.01: called {falseAlarms / (double)Runs:0.0%} without effect, {burstsCalled / (double)Runs:0.0%} with one chattering device in twenty, {seen / (double)Runs:0.0%} at four times the rate");
        Assert.InRange(falseAlarms, 0, Runs * 0.01);
        Assert.InRange(burstsCalled, 0, Runs * 0.02);
        Assert.InRange(seen, Runs * 0.85, Runs);
    }

    /// <param name="burst">How many alarms of one device in twenty come instead of each one.</param>
    private static double P(Random random, double factor, int burst = 1)
    {
        return Evidence.MoreThanControls(Group(10, factor), Group(50, 1));

        List<(int, double)> Group(int devices, double times) =>
            [.. Enumerable.Range(0, devices).Select(_ => (Poisson(random, 0.02 * 24 * times) * (random.Next(20) == 0 ? burst : 1), 24.0))];
    }

    private static int Poisson(Random random, double mean)
    {
        var (product, count) = (1.0, 0);
        while ((product *= random.NextDouble()) > Math.Exp(-mean)) count++;
        return count;
    }

    [Fact]
    public void One_failure_in_a_small_wave_is_for_a_person_to_judge()
    {
        var wave = new Wave(0, "canary", 20, 0, 0, 19, 1, 0, 0);
        Assert.Equal(NextMove.Pause, WaveVerdict.AfterSoak(wave, [], CampaignRules.Default).Move);
        Assert.Equal(NextMove.Promote, WaveVerdict.AfterSoak(wave with { Succeeded = 20, Failed = 0 }, [], CampaignRules.Default).Move);
        Assert.Equal(NextMove.Abort, WaveVerdict.AfterSoak(wave with { Succeeded = 18, Failed = 2 }, [], CampaignRules.Default).Move);
    }

    [Theory]
    [InlineData(199, 1, NextMove.Promote)]
    [InlineData(196, 4, NextMove.Pause)]      // 98 %
    [InlineData(100, 1, NextMove.Promote)]    // bound 4.6 %
    public void A_large_wave_may_have_a_few(int succeeded, int failed, NextMove expected) =>
        Assert.Equal(expected, WaveVerdict.AfterSoak(new Wave(1, "5%", succeeded + failed, 0, 0, succeeded, failed, 0, 0), [], CampaignRules.Default).Move);
}
