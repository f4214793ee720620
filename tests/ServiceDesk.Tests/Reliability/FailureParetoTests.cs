using Seamless.ServiceDesk.Reliability;

namespace Seamless.ServiceDesk.Tests.Reliability;

public sealed class FailureParetoTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    // Garwood's table (Biometrika 1936), as printed since: 0 → 3.69, 1 → 0.0253–5.57, 10 → 4.80–18.4, 100 → 81.4–121.6.
    [Theory]
    [InlineData(0, 0, 3.6889)]
    [InlineData(1, 0.0253, 5.5716)]
    [InlineData(10, 4.7954, 18.3904)]
    [InlineData(100, 81.3640, 121.6268)]
    public void The_interval_of_a_count_is_the_exact_one(int count, double low, double high)
    {
        var limits = PoissonLimits.Of(count);
        Assert.Equal(low, limits.Low, 3e-4);
        Assert.Equal(high, limits.High, 3e-4);
    }

    [Theory]
    [InlineData(0, 7, 0.3, 1)]
    [InlineData(7, 7, 0.5, 0.0078125)]
    [InlineData(3, 5, 0.5, 0.5)]
    public void The_tail_of_the_binomial_is_exact(int k, int n, double p, double tail) => Assert.Equal(tail, FailurePareto.AtLeast(k, n, p), 1e-9);

    [Fact]
    public void A_batch_that_fails_five_times_as_often_comes_first_and_ordinary_ones_are_seldom_accused()
    {
        var (found, accused) = (0, 0);
        foreach (var seed in Enumerable.Range(1, 100))
        {
            var bad = Fleet(new Random(seed), badBatchFactor: 5);
            if (bad[0] is { Group: "b0", Significant: true }) found++;
            if (Fleet(new Random(1000 + seed), badBatchFactor: 1).Any(line => line.Significant)) accused++;
        }
        Assert.InRange(found, 90, 100);
        Assert.InRange(accused, 0, 8);   // 5 % of looks at a fleet of good batches
    }

    [Fact]
    public void With_too_little_operating_time_there_is_no_verdict_and_the_line_says_so()
    {
        var failures = Enumerable.Range(0, 12).Select(i => Failure($"d{(i < 9 ? 0 : i)}", i < 9 ? "b0" : "b1", "VIB")).ToList();
        IReadOnlyList<Exposure> Fleet(double months) => [.. Enumerable.Range(0, 20).Select(i => new Exposure($"d{i}", "pump", null, i < 4 ? "b0" : "b1", months))];
        var early = FailurePareto.Of(failures, Fleet(0.0003), FailurePareto.ByBatch);
        Assert.All(early, line => Assert.False(line.Enough || line.Significant));
        Assert.True(early.Single(l => l.Group == "b0").PValue < 0.05);   // the number stays; nobody is accused by it
        var later = FailurePareto.Of(failures, Fleet(2.5), FailurePareto.ByBatch);
        Assert.Equal(("b0", true, true), (later[0].Group, later[0].Enough, later[0].Significant));   // 4 × 2.5 = 10 device-months
    }

    [Fact]
    public void Failures_are_shared_out_whole_and_what_the_machine_does_not_say_accuses_nobody()
    {
        var failures = Enumerable.Range(0, 30).Select(i => Failure($"d{i % 3}", null, i % 2 == 0 ? "VIB" : "LOO")).ToList();
        var lines = FailurePareto.Of(failures, [.. Enumerable.Range(0, 60).Select(i => new Exposure($"d{i}", "pump", null, i < 57 ? "b1" : null, 12))], FailurePareto.ByBatch);
        Assert.Equal(("-", 30, false), (lines.Single().Group, lines.Single().Failures, lines.Single().Significant));
        var modes = FailurePareto.Of(failures, [new Exposure("d1", "pump", null, null, 250)], "mode");
        Assert.Equal(1, modes.Sum(line => line.Share), 1e-9);
        Assert.Equal(60, modes[0].RatePer1000, 1e-9);   // 15 in 250 months
    }

    /// <summary>Eight batches of 40 pumps for a year, each fails 0.01 times a month.</summary>
    private static IReadOnlyList<ParetoLine> Fleet(Random random, double badBatchFactor)
    {
        var exposures = Enumerable.Range(0, 320).Select(i => new Exposure($"d{i}", "pump", null, $"b{i / 40}", 12)).ToList();
        var failures = exposures.SelectMany(e => Enumerable.Range(0, 12).Where(_ => random.NextDouble() < 0.01 * (e.Batch == "b0" ? badBatchFactor : 1)).Select(_ => Failure(e.Device, e.Batch, "VIB"))).ToList();
        return FailurePareto.Of(failures, exposures, FailurePareto.ByBatch);
    }

    private static FieldFailure Failure(string device, string? batch, string mode) => new("T-1", At, device, "pump", null, "s1", mode, "2.4 Wear", "Expected wear and tear", "bearing-wear", 100, null, batch);
}
