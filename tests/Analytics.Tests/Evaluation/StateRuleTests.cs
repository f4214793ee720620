using Seamless.Analytics.Conditions;
using Seamless.Analytics.Evaluation;
using Seamless.Analytics.MachineState;
using Seamless.Analytics.Tests.MachineState;

namespace Seamless.Analytics.Tests.Evaluation;

/// <summary>The state of a machine as a rule: rows made of what a device says, in event time.</summary>
public sealed class StateRuleTests
{
    private const int Step = 10;
    private const int Running = Machine.Signals;
    private const int Mode = Machine.Signals + 1;
    private const int Learned = MachineStateDetector.LearningRows;

    private static readonly MetricSpec[] Metrics = [.. Enumerable.Range(0, Machine.Signals).Select(i => new MetricSpec($"m{i}")), new("running"), new("stage")];

    private static Bench New(int mode = -1, int when = -1, bool resets = true) => new([.. Metrics], [], new RuleSpec("state", RuleKind.State, -1, when, Condition.Above(MachineStateDetector.Threshold))
    {
        State = new StateSpec([.. Enumerable.Range(0, Machine.Signals)], Step * 1000, mode, resets),
    });

    private static double[] With(double[] row, double running = 1, double stage = 0) => [.. row, running, stage];

    /// <summary>Begins and ends by row; the verdict on a row comes with the sample after it.</summary>
    private static List<(int Row, char What)> Run(Bench bench, double[][] rows, int from = 0)
    {
        var said = new List<(int, char)>();
        for (var i = from; i < rows.Length; i++)
            foreach (var verdict in bench.Row(i * Step, rows[i].Length == Machine.Signals ? With(rows[i]) : rows[i])) said.Add((i, verdict));
        return said;
    }

    [Fact]
    public void Learning_raises_nothing_and_a_departure_is_raised_and_ends()
    {
        var bench = New();
        Assert.Empty(Run(bench, Machine.Rows(Learned).Moved(Machine.Vibration, 5, 300, 20)));   // whatever happens while it learns
        Assert.False(bench.State.IsJudged(0));
        bench = New();
        var said = Run(bench, Machine.Rows(1200).Moved(Machine.Flow, -6, 800, 200));
        Assert.Equal("RC", string.Concat(said.Select(s => s.What)));
        Assert.InRange(said[0].Row, 801, 830);
        Assert.InRange(said[1].Row, 1001, 1060);
        Assert.True(bench.State.IsJudged(0));
    }

    [Fact]
    public void What_raised_it_is_told_with_share_direction_and_expected_value()
    {
        var (bench, rows) = (New(), Machine.Rows(1000).Moved(Machine.Flow, -6, 800, 200));
        Run(bench, rows);
        var watch = bench.State.WatchOf(0)!;
        Assert.True(watch.Contributions[Machine.Flow] < -0.8);
        Assert.InRange(watch.Expected[Machine.Flow], 31, 33);
        Assert.Equal(rows[998][Machine.Flow], watch.Row[Machine.Flow]);   // the last is not complete
    }

    [Fact]
    public void A_row_is_the_newest_of_its_step_and_a_metric_that_said_nothing_is_missing()
    {
        var bench = New();
        bench.Row(1, 1, 2);
        bench.Row(9, 3, double.NaN);
        Assert.Equal(0, bench.State.WatchOf(0)!.Learned);
        bench.Row(10, 7, 8);
        Assert.Equal([3, 2, double.NaN, double.NaN, double.NaN], bench.State.WatchOf(0)!.Row.ToArray());
        bench.Row(45, 7, 8);
        Assert.Equal(2, bench.State.WatchOf(0)!.Learned);   // steps without a word are no rows
    }

    [Fact]
    public void While_the_machine_is_off_nothing_is_judged_or_learned()
    {
        var bench = New(when: Running);
        var rows = Machine.Rows(900);
        Run(bench, [.. rows[..300].Select(row => With(row))]);
        Run(bench, [.. rows[..600].Select((row, i) => With(i < 300 ? row : [0, 0, 0, 0, 0], running: i < 300 ? 1 : 0))], from: 300);
        Assert.Equal(299, bench.State.WatchOf(0)!.Learned);
        Assert.Empty(Run(bench, [.. rows[..899].Select(row => With(row))], from: 600));
        Assert.True(bench.State.WatchOf(0)!.IsJudging);   // of the three hundred before and those since
    }

    [Fact]
    public void Each_mode_has_a_normal_of_its_own_and_a_change_is_settled_first()
    {
        var rows = Machine.Rows(2600);
        double[] Of(int i) => With([.. rows[i].Select((v, s) => i / 100 % 2 == 1 && s != Machine.Constant ? 1.5 * v : v)], stage: i / 100 % 2);
        var bench = New(mode: Mode);
        Assert.Empty(Run(bench, [.. Enumerable.Range(0, 2400).Select(Of)]));
        Assert.True(bench.State.WatchOf(0)!.IsJudging);
        var one = New();
        Assert.NotEmpty(Run(one, [.. Enumerable.Range(0, 2400).Select(i => i < Learned ? With(rows[i]) : Of(i))]));   // without modes the second is a departure
        bench.Row(24_001, With(rows[0], stage: 7));
        Assert.True(bench.State.WatchOf(0)!.IsSettling);
    }

    [Fact]
    public void More_modes_than_eight_are_not_judged()
    {
        var bench = New(mode: Mode);
        var rows = Machine.Rows(400);
        Run(bench, [.. rows.Select((row, i) => With(row, stage: i / 20))]);
        Assert.Equal(0, bench.State.WatchOf(0)!.Learned);   // the twentieth
        bench.Row(4001, With(rows[0], stage: 0));
        Assert.Equal(20, bench.State.WatchOf(0)!.Learned);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Work_on_the_machine_ends_what_was_seen_and_has_it_learned_anew(bool resets)
    {
        var bench = New(resets: resets);
        Run(bench, Machine.Rows(900).Moved(Machine.Flow, -6, 800, 100));
        Assert.True(bench.State.IsActive(0));
        var verdicts = new List<RuleVerdict>();
        RowJudge.Occur(bench.State, StateSpec.Maintained, 9_000_000, verdicts);
        RowJudge.Occur(bench.State, StateSpec.Maintained, 9_000_000, verdicts);
        Assert.Equal(resets, !bench.State.IsActive(0));
        Assert.Equal(resets ? 0 : Learned, bench.State.WatchOf(0)!.Learned);
        if (!resets) return;
        var verdict = Assert.Single(verdicts);
        Assert.Equal((VerdictKind.Ends, 9_000_000), (verdict.Kind, verdict.AtMs));
        RowJudge.ForgetStates(bench.State, 8_999_999, 9_100_000, verdicts);   // work from before it began to learn
        Assert.Equal(9_000_000, bench.State.WatchOf(0)!.BegunAtMs);
    }

    [Fact]
    public void A_state_written_and_read_back_at_any_row_goes_on_bit_for_bit()
    {
        for (var seed = 1; seed <= 40; seed++)
        {
            var random = new Random(seed);
            var rows = Machine.Rows(1100, seed).Moved(random.Next(4), random.Next(2, 9), random.Next(420, 900), 150);
            double[] Of(int i) => With([.. rows[i].Select(v => random.Next(15) == 0 ? double.NaN : v)], running: random.Next(50) == 0 ? 0 : 1, stage: i / 500 % 2);
            var said = Enumerable.Range(0, rows.Length).Select(Of).ToArray();
            var (whole, cut, at) = (New(Mode, Running), New(Mode, Running), random.Next(rows.Length));
            var ordered = Run(whole, said);
            var before = Run(cut, said[..at]);
            var restored = New(Mode, Running);
            restored.State.Restore(cut.State.Bytes);
            using (var reader = new BinaryReader(new MemoryStream(DetectorsOf(cut)))) restored.State.ReadDetectors(reader);
            Assert.Equal(ordered, [.. before, .. Run(restored, said, from: at)]);
            Assert.Equal(DetectorsOf(whole), DetectorsOf(restored));
            Assert.Equal(whole.State.Bytes.ToArray(), restored.State.Bytes.ToArray());
        }
    }

    private static byte[] DetectorsOf(Bench bench)
    {
        using var memory = new MemoryStream();
        using (var writer = new BinaryWriter(memory)) bench.State.WriteDetectors(writer);
        return memory.ToArray();
    }

    [Fact]
    public void A_row_allocates_nothing_once_the_modes_are_known()
    {
        var rows = Machine.Rows(1500).Select(row => With(row)).ToArray();
        var bench = New(Mode, Running);
        var (judge, verdicts) = (new RowJudge(), new List<RuleVerdict>());
        for (var i = 0; i < 500; i++) Judge(i);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 500; i < rows.Length; i++) Judge(i);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Judge(int i)
        {
            judge.Begin(bench.State);
            for (var metric = 0; metric < rows[i].Length; metric++) judge.Take(bench.State, i * Step * 1000, metric, rows[i][metric], verdicts);
            judge.Judge(bench.State, i * Step * 1000, verdicts);
            judge.Conclude(bench.State, i * Step * 1000, verdicts);
        }
    }

    [Fact]
    public void The_highest_score_of_a_span_is_told_when_it_ends_of_a_state_and_of_a_model()
    {
        var bench = New();
        var rows = Machine.Rows(1200).Moved(Machine.Flow, -3, 800, 200).Moved(Machine.Flow, -6, 900, 50);
        var (raised, highest, ended) = (0.0, 0.0, 0.0);
        for (var i = 0; i < rows.Length; i++)
        {
            bench.Row(i * Step, With(rows[i]));
            foreach (var verdict in bench.Verdicts)
                if (verdict.Kind is VerdictKind.Begins) raised = verdict.Score;
                else ended = verdict.Score;
            if (bench.State.IsActive(0)) highest = Math.Max(highest, bench.State.Spans[0].Extreme);
        }
        Assert.True(highest > raised && raised >= MachineStateDetector.Threshold, $"raised at {raised}, highest {highest}");
        Assert.Equal(highest, ended);

        var model = new Bench([new MetricSpec("a")], [], new RuleSpec("model", RuleKind.Score, -1, -1, Condition.Above(0.5)));
        var verdicts = new List<RuleVerdict>();
        foreach (var (at, score) in new[] { (1, 0.6), (2, 0.93), (3, 0.7), (4, 0.1) }) RowJudge.Feed(model.State, 0, at, score, verdicts);
        Assert.Equal([(VerdictKind.Begins, 0.6, 0.6), (VerdictKind.Ends, 0.1, 0.93)], verdicts.Select(v => (v.Kind, v.Value, v.Score)));
    }

    [Fact]
    public void The_highest_score_of_a_streaming_detector_is_told_when_its_span_ends()
    {
        var bench = new Bench([new MetricSpec("a")], [], new RuleSpec("novel", RuleKind.Detector, 0, -1, Condition.Above(0.5), Detector: "novelty"));
        var (random, highest, told) = (new Random(2), 0.0, new List<RuleVerdict>());
        for (var i = 0; i < 1500; i++)
        {
            bench.Row(i * 60, 10 + random.NextDouble() + (i is >= 700 and < 720 ? i - 690 : 0));
            told.AddRange(bench.Verdicts);
            if (told.Count == 1) highest = Math.Max(highest, bench.State.Spans[0].Extreme);
        }
        Assert.True(told.Count > 1);
        Assert.Equal((VerdictKind.Begins, VerdictKind.Ends), (told[0].Kind, told[1].Kind));
        Assert.Equal(highest, told[1].Score);
        Assert.True(told[1].Score >= told[0].Score);
    }
}
