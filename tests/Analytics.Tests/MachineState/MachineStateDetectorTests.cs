using Seamless.Analytics.MachineState;

namespace Seamless.Analytics.Tests.MachineState;

public sealed class MachineStateDetectorTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void A_quiet_machine_that_warms_up_is_never_abnormal(int seed) =>
        Assert.DoesNotContain(true, Run(Machine.Rows(6000, seed)).Abnormal);

    [Theory]
    [InlineData(Machine.Vibration, 0.3)]
    [InlineData(Machine.Vibration, -0.3)]
    [InlineData(Machine.Current, 1)]
    [InlineData(Machine.Flow, -2)]
    public void A_signal_that_moves_is_seen_named_with_its_direction_and_its_return_is_seen(int signal, double by)
    {
        var detector = new MachineStateDetector(Machine.Signals);
        var (scores, abnormal) = Run(Machine.Rows(2000).Moved(signal, by, from: 1000, length: 400), detector, stopAt: 1300);
        Assert.DoesNotContain(true, abnormal[..1000]);
        Assert.InRange(Array.IndexOf(abnormal, true), 1000, 1040);
        Assert.All(abnormal[1050..1300], Assert.True);
        Assert.All(scores[1050..1300], score => Assert.InRange(score, MachineStateDetector.Threshold, 1));
        Assert.Equal(Math.Sign(by), Math.Sign(detector.Contributions[signal]));
        Assert.InRange(Math.Abs(detector.Contributions[signal]), 0.6, 1);
        Assert.Equal(1, Shares(detector), 1e-9);

        (_, abnormal) = Run(Machine.Rows(2000).Moved(signal, by, from: 1000, length: 400));
        Assert.InRange(Array.LastIndexOf(abnormal, true), 1390, 1460);
    }

    [Fact]
    public void Several_small_deviations_that_would_not_do_alone_are_an_anomaly_together()
    {
        double[][] Rows() => Machine.Rows(1600);
        Assert.DoesNotContain(true, Run(Rows().Moved(Machine.Vibration, 0.065, 1000, 500)).Abnormal);
        Assert.DoesNotContain(true, Run(Rows().Moved(Machine.Current, 0.35, 1000, 500)).Abnormal);
        Assert.DoesNotContain(true, Run(Rows().Moved(Machine.Flow, 0.45, 1000, 500)).Abnormal);
        var together = Rows().Moved(Machine.Vibration, 0.065, 1000, 500).Moved(Machine.Current, 0.35, 1000, 500).Moved(Machine.Flow, 0.45, 1000, 500);
        Assert.Contains(true, Run(together).Abnormal[1000..1100]);
    }

    [Fact]
    public void No_row_is_scored_with_the_help_of_a_later_one()
    {
        var whole = Run(Anomalous());
        foreach (var length in (int[])[300, 400, 401, 1010, 1200, 1450])
            Assert.Equal(whole.Scores[..length], Run(Anomalous()[..length]).Scores);
    }

    [Theory]
    [InlineData(1000, 0)]
    [InlineData(0.001, 0)]
    [InlineData(1, 5000)]
    [InlineData(1.8, 32)]
    public void Another_unit_gives_the_same_flags(double factor, double offset)
    {
        var rows = Anomalous().Select(row => row.Select(value => factor * value + offset).ToArray()).ToArray();
        Assert.Equal(Run(Anomalous()).Abnormal, Run(rows).Abnormal);
    }

    [Theory]
    [InlineData(200)]    // while it learns
    [InlineData(900)]
    [InlineData(1100)]   // in the middle of an event
    [InlineData(1470)]   // settling after a return
    public void The_same_bytes_give_the_same_scores(int at)
    {
        var rows = Anomalous();
        var detector = new MachineStateDetector(Machine.Signals);
        Run(rows, detector, at);
        var restored = new MachineStateDetector(Machine.Signals);
        using (var reader = new BinaryReader(new MemoryStream(StateOf(detector)))) restored.Restore(reader);
        Assert.Equal(detector.Expected, restored.Expected);
        Assert.Equal(detector.Contributions, restored.Contributions);
        foreach (var row in rows[at..]) Assert.Equal(detector.Observe(row), restored.Observe(row));
        Assert.Equal(StateOf(detector), StateOf(restored));
    }

    [Fact]
    public void The_state_is_small_once_the_machine_is_learned()
    {
        var detector = new MachineStateDetector(8);
        Assert.InRange(StateOf(detector).Length, 1, 27_000);
        for (var i = 0; i < MachineStateDetector.LearningRows; i++) detector.Observe([i % 2, i % 3, i % 5, i % 7, i, 1, 2, 3]);
        Assert.InRange(StateOf(detector).Length, 1, 600);
    }

    [Fact]
    public void A_row_allocates_nothing()
    {
        var rows = Anomalous();
        var detector = new MachineStateDetector(Machine.Signals);
        Run(rows, detector, stopAt: 500);
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var row in rows.AsSpan(500)) detector.Observe(row);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Missing_values_change_neither_onset_nor_return_by_much()
    {
        var random = new Random(3);
        var rows = Anomalous();
        foreach (var row in rows)
            for (var i = 0; i < row.Length; i++)
                if (random.Next(20) == 0) row[i] = i == 0 ? double.PositiveInfinity : double.NaN;
        var abnormal = Run(rows).Abnormal;
        Assert.InRange(Array.IndexOf(abnormal, true), 1000, 1040);
        Assert.InRange(Array.LastIndexOf(abnormal, true), 1390, 1460);
    }

    [Fact]
    public void A_sensor_that_falls_silent_is_left_out_and_the_others_are_still_watched()
    {
        var rows = Machine.Rows(1500).Moved(Machine.Vibration, 0.3, 1200, 200);
        foreach (var row in rows.AsSpan(700)) row[Machine.Flow] = double.NaN;
        var abnormal = Run(rows).Abnormal;
        Assert.DoesNotContain(true, abnormal[..1200]);
        Assert.Contains(true, abnormal[1200..1230]);
    }

    [Fact]
    public void A_row_without_any_value_changes_nothing()
    {
        var detector = new MachineStateDetector(Machine.Signals);
        var score = Run(Anomalous(), detector, stopAt: 1100).Scores[1099];
        var before = StateOf(detector);
        Assert.Equal(score, detector.Observe([double.NaN, double.NaN, double.NaN, double.NaN, double.NaN]));
        Assert.Equal(before, StateOf(detector));
    }

    [Fact]
    public void One_wild_value_is_no_anomaly()
    {
        var rows = Machine.Rows(1500);
        rows[800][Machine.Vibration] = 1e6;
        rows[1000][Machine.Flow] = -1e6;
        Assert.DoesNotContain(true, Run(rows).Abnormal);
    }

    [Fact]
    public void The_expected_value_is_the_learned_level_and_is_not_drawn_along_by_an_anomaly()
    {
        var detector = new MachineStateDetector(Machine.Signals);
        Run(Machine.Rows(2000).Moved(Machine.Current, 5, from: 600, length: 1400), detector);
        Assert.InRange(detector.Expected[Machine.Current], 10.7, 11.3);
        Assert.True(double.IsNaN(detector.Expected[Machine.Constant]));
    }

    [Fact]
    public void A_slow_change_of_the_normal_level_is_followed()
    {
        var rows = Machine.Rows(20_000);
        for (var i = 500; i < rows.Length; i++) rows[i][Machine.Vibration] += 0.5 * (i - 500) / rows.Length;   // five spreads in all
        Assert.DoesNotContain(true, Run(rows).Abnormal);
    }

    [Fact]
    public void A_state_that_never_ends_is_learned_as_the_new_normal()
    {
        var length = MachineStateDetector.LongestEvent + 3000;
        var abnormal = Run(Machine.Rows(1000 + length).Moved(Machine.Vibration, 1, from: 1000, length)).Abnormal;
        Assert.True(abnormal[1000 + MachineStateDetector.LongestEvent - 10]);
        Assert.DoesNotContain(true, abnormal[(1100 + MachineStateDetector.LongestEvent)..]);
    }

    [Fact]
    public void Another_number_of_values_is_refused() =>
        Assert.Throws<ArgumentException>(() => new MachineStateDetector(3).Observe([1, 2]));

    private static double[][] Anomalous() => Machine.Rows(1600).Moved(Machine.Current, 2, from: 1000, length: 400);

    private static double Shares(MachineStateDetector detector)
    {
        var sum = 0.0;
        foreach (var share in detector.Contributions) sum += Math.Abs(share);
        return sum;
    }

    private static (double[] Scores, bool[] Abnormal) Run(double[][] rows, MachineStateDetector? detector = null, int stopAt = int.MaxValue)
    {
        detector ??= new MachineStateDetector(rows[0].Length);
        var scores = new double[Math.Min(stopAt, rows.Length)];
        var abnormal = new bool[scores.Length];
        for (var i = 0; i < scores.Length; i++) (scores[i], abnormal[i]) = (detector.Observe(rows[i]), detector.IsAbnormal);
        return (scores, abnormal);
    }

    private static byte[] StateOf(MachineStateDetector detector)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream)) detector.Snapshot(writer);
        return stream.ToArray();
    }
}
