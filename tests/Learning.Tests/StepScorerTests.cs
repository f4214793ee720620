using Seamless.Learning.Live;

namespace Seamless.Learning.Tests;

public sealed class StepScorerTests
{
    private const long Minute = 60_000;

    [Fact]
    public void A_model_of_steps_is_asked_once_a_step_about_its_means()
    {
        var inner = new Echo();
        var scorer = new StepScorer(inner, TimeSpan.FromMinutes(10));
        Assert.Null(scorer.Observe("a", 0, Heat(1)));
        Assert.Null(scorer.Observe("a", 9 * Minute, Heat(3)));
        Assert.Null(scorer.Observe("b", 9 * Minute, Heat(50)));
        Assert.Equal(2, scorer.Observe("a", 10 * Minute, Heat(100))!.Probability);
        Assert.Null(scorer.Observe("a", 9 * Minute, Heat(7)));   // too late for its step
        Assert.Null(scorer.Observe("a", 19 * Minute, Heat(200)));
        Assert.Equal(150, scorer.Observe("a", 41 * Minute, Heat(1))!.Probability);
        Assert.Equal([10 * Minute - 1, 20 * Minute - 1], inner.AskedAt);
    }

    [Fact]
    public void A_step_goes_on_after_a_restart()
    {
        var before = new StepScorer(new Echo(), TimeSpan.FromMinutes(10));
        before.Observe("a", 0, Heat(1));
        var after = new StepScorer(new Echo(), TimeSpan.FromMinutes(10));
        after.Restore(before.Snapshot());
        after.Observe("a", Minute, Heat(4));
        Assert.Equal(2.5, after.Observe("a", 10 * Minute, Heat(0))!.Probability);
    }

    private static Dictionary<string, double> Heat(double value) => new() { ["heat"] = value, ["other"] = double.NaN };

    private sealed class Echo : IScorer
    {
        public List<long> AskedAt { get; } = [];
        public ModelInfo Model { get; } = new("echo@1", "failure", "echo", "1", "active", ["heat", "other"], DateTimeOffset.UnixEpoch, 1, "", "{}");

        public Verdict? Observe(string device, long timestampMs, IReadOnlyDictionary<string, double> readings)
        {
            AskedAt.Add(timestampMs);
            return new Verdict(readings["heat"], null, new Dictionary<string, double>(), new Dictionary<string, double>());
        }

        public byte[] Snapshot() => [];
        public void Restore(ReadOnlySpan<byte> snapshot) { }
    }
}
