using System.Collections.Immutable;
using Seamless.Analytics.Conditions;
using Seamless.Analytics.Evaluation;

namespace Seamless.Analytics.Tests.Evaluation;

public sealed class RowJudgeTests
{
    private static readonly ImmutableArray<MetricSpec> Two = [new("a"), new("b")];
    private static readonly RuleSpec AHigh = Bench.Limit("a-high", 0, Condition.Above(10));
    private static readonly RuleSpec BHigh = Bench.Limit("b-high", 1, Condition.Above(10));

    // A row a second: a and b, each low (0) or high (1). The verdicts that concern the composite, rule 2.
    [Theory]
    [InlineData(Combination.AtLeast, 2, "00 10 11 01 11", "..RCR")]    // all
    [InlineData(Combination.AtLeast, 1, "00 10 11 01 00", ".R..C")]    // any
    [InlineData(Combination.None, 1, "00 10 00 11", "RCRC")]
    public void A_composite_follows_its_parts(Combination combination, int least, string rows, string verdicts) =>
        Assert.Equal(verdicts, Composite(new Composite(combination, [0, 1], least), rows));

    // Within two seconds, a before b.
    [Theory]
    [InlineData("00 10 11", "..R")]
    [InlineData("00 10 00 01", "...R")]        // a need not last
    [InlineData("00 10 00 00 01", ".....")]    // too late
    [InlineData("00 01 11", "...")]            // the wrong way round
    [InlineData("00 11", ".R")]                // at once is in order
    [InlineData("00 10 11 10", "..RC")]        // it lasts as long as the last of them
    public void A_sequence_wants_its_order_and_its_time(string rows, string verdicts) =>
        Assert.Equal(verdicts, Composite(new Composite(Combination.Sequence, [0, 1], WithinMs: 2000), rows));

    [Fact]
    public void A_composite_waits_until_its_parts_have_judged_something()
    {
        var bench = new Bench(Two, [], AHigh, BHigh, new RuleSpec("none", RuleKind.Composite, -1, -1, Condition.Above(1), Composite: new Composite(Combination.None, [0, 1])));
        Assert.Equal("", bench.Row(0, 5));                 // b was never reported
        Assert.Equal("R", bench.Row(1, 5, 5));
    }

    [Fact]
    public void Severity_grows_with_time_and_with_distance_and_never_falls_back_within_a_span()
    {
        var rule = AHigh with { Escalations = [new Escalation(60_000, double.NaN, 2), new Escalation(-1, 20, 1)] };
        var bench = new Bench(Two, [], rule);
        Assert.Equal("R", bench.Row(0, 12));
        Assert.Equal("", bench.Row(59, 12));
        Assert.Equal("E", bench.Row(60, 12));
        Assert.Equal((byte)2, bench.Verdicts[0].Level);
        Assert.Equal("E", bench.Row(61, 20));
        Assert.Equal(((byte)1, 20.0), (bench.Verdicts[0].Level, bench.Verdicts[0].Limit));
        Assert.Equal("", bench.Row(62, 12));
        Assert.Equal("C", bench.Row(63, 5));
        Assert.Equal("R", bench.Row(64, 12));              // a new span begins with the rule's own severity
    }

    [Fact]
    public void Setpoints_follow_the_mode_and_an_unknown_mode_takes_the_rules_own()
    {
        ImmutableArray<MetricSpec> metrics = [new("a"), new("mode", Words: ["boost", "eco"])];
        var modes = new ModeSetpoints(1, [double.NegativeInfinity, double.NegativeInfinity], [90, 70]);
        var bench = new Bench(metrics, [], AHigh with { Condition = Condition.Above(80), ByMode = modes });
        Assert.Equal("", bench.Row(0, 85));                // the mode is not known yet
        Assert.Equal("", bench.Row(1, 85, 0));             // boost: 90
        Assert.Equal("R", bench.Row(2, 85, 1));            // eco: 70
        Assert.Equal("", bench.Row(3, 75, double.NaN));    // still eco
        Assert.Equal("C", bench.Row(4, 75, MetricSpec.OtherWord));   // another mode: 80
    }

    [Fact]
    public void A_rule_out_of_its_hours_forgets_a_beginning_and_keeps_what_is_active()
    {
        var hours = new Schedule(0x7F, TimeSpan.FromHours(8), TimeSpan.FromHours(9), "UTC");
        var bench = new Bench(Two, [], AHigh with { Condition = Condition.Above(10, onDelayMs: 60_000), Schedule = hours });
        const int EightMinusOne = 8 * 3600 - 60, Nine = 9 * 3600;
        Assert.Equal("", bench.Row(EightMinusOne, 12));
        Assert.Equal("", bench.Row(EightMinusOne + 60, 12));       // the delay begins with the hours
        Assert.Equal("R", bench.Row(EightMinusOne + 120, 12));
        Assert.Equal("", bench.Row(Nine, 5));                      // out of hours: neither judged nor ended
        Assert.Equal("C", bench.Row(Nine + 23 * 3600, 5));
    }

    [Fact]
    public void An_expression_is_judged_when_any_of_its_inputs_is_new_and_not_before_all_are_known()
    {
        var difference = new Signal(SignalKind.Expression, -1, Code: new ExpressionCode([new(StepKind.Signal, Slot: 0), new(StepKind.Signal, Slot: 1), new(StepKind.Subtract)]));
        var bench = new Bench(Two, [difference], Bench.Limit("apart", 2, Condition.Above(10)));
        Assert.Equal("", bench.Row(0, 50));
        Assert.Equal("R", bench.Row(1, double.NaN, 30));
        Assert.Equal("C", bench.Row(2, 35, double.NaN));
    }

    [Fact]
    public void Judging_allocates_nothing_with_windows_expressions_and_composites()
    {
        Signal[] signals =
        [
            new(SignalKind.Mean, 0, 60_000), new(SignalKind.Deviation, 0, 60_000), new(SignalKind.Percentile, 1, 60_000, 95), new(SignalKind.Slope, 1, 60_000),
            new(SignalKind.Expression, -1, Code: new ExpressionCode([new(StepKind.Signal, Slot: 2), new(StepKind.Number, 3), new(StepKind.Greater)])),
        ];
        var bench = new Bench(Two, [.. signals], AHigh, BHigh, Bench.Limit("m", 2, Condition.Above(10)), Bench.Limit("e", 6, Condition.Above(1)),
            new RuleSpec("all", RuleKind.Composite, -1, -1, Condition.Above(1), Composite: new Composite(Combination.AtLeast, [0, 1], 2)));
        var judge = new RowJudge();
        var verdicts = new List<RuleVerdict>();
        for (var i = 0; i < 500; i++) Judge(i);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 500; i < 5000; i++) Judge(i);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Judge(int i)
        {
            judge.Begin(bench.State);
            judge.Take(bench.State, i * 1000L, 0, 5 + i % 7 * 0.1, verdicts);
            judge.Take(bench.State, i * 1000L, 1, 5, verdicts);
            judge.Judge(bench.State, i * 1000L, verdicts);
            judge.Conclude(bench.State, i * 1000L, verdicts);
        }
    }

    [Fact]
    public void A_state_set_back_goes_on_as_the_original_did()
    {
        var bench = new Bench(Two, [new Signal(SignalKind.Mean, 0, 12_000)], AHigh, Bench.Limit("mean", 2, Condition.Above(8, onDelayMs: 2000)));
        for (var i = 0; i < 20; i++) bench.Row(i, i % 12);
        var kept = bench.State.Bytes.ToArray();
        var first = string.Join(' ', Enumerable.Range(20, 40).Select(i => bench.Row(i, i % 17)));
        bench.State.Restore(kept);
        Assert.Equal(first, string.Join(' ', Enumerable.Range(20, 40).Select(i => bench.Row(i, i % 17))));
    }

    private static string Composite(Composite composite, string rows)
    {
        var bench = new Bench(Two, [], AHigh, BHigh, new RuleSpec("both", RuleKind.Composite, -1, -1, Condition.Above(1), Composite: composite));
        var letters = "";
        foreach (var (i, row) in rows.Split(' ').Index())
        {
            bench.Row(i, row[0] == '1' ? 20 : 0, row[1] == '1' ? 20 : 0);
            var verdict = bench.Verdicts.Where(v => v.Rule == 2).Select(v => v.Kind is VerdictKind.Begins ? 'R' : 'C').ToArray();
            letters += verdict.Length == 0 ? "." : new string(verdict);
        }
        return letters;
    }
}
