using System.Globalization;
using Seamless.Learning.Classes;
using Seamless.Learning.Commands;
using Seamless.Learning.Tables;

namespace Seamless.Learning.Tests;

public sealed class ConditionTests : IDisposable
{
    private readonly Folder _folder = new();

    [Fact]
    public async Task Classes_are_told_on_runs_never_seen_and_what_cannot_be_observed_is_unknown()
    {
        var ct = TestContext.Current.CancellationToken;
        var trained = await TrainAsync(Rig(runs: 48, seed: 1), "cooler,pump,valve", ct);
        Assert.True(trained.Succeeded, trained.Refusal?.Reason);
        var unseen = Rig(runs: 24, seed: 2);
        var scored = await ConditionCommands.ScoreAsync(new(_folder["m"], [Write("new1.csv", unseen.First), Write("new2.csv", unseen.Second)], _folder["p.csv"]), null, ct);
        Assert.True(scored.Succeeded, scored.Refusal?.Reason);

        var output = Table.Load(_folder["p.csv"]);
        var truth = Table.Load(Write("truth.csv", unseen.Labels));
        Assert.True(ClassFigures.Of(truth.Text("cooler"), output.Text("cooler")).MacroF1 > 0.95);
        Assert.True(ClassFigures.Of(truth.Text("pump"), output.Text("pump")).MacroF1 > 0.9);
        Assert.All(output.Text("valve"), said => Assert.Equal("unknown", said));
        Assert.All(output.Text("p_valve"), said => Assert.Equal("", said));
        Assert.All(output.Numbers("p_cooler"), p => Assert.InRange(p, 1 / 3.0, 1));
    }

    [Fact]
    public void Files_are_joined_by_id_and_numbered_columns_are_one_curve()
    {
        var one = Write("A.csv", ["cycle," + string.Join(',', Enumerable.Range(0, 10).Select(i => $"s{i}")), "1,0,1,2,3,4,5,6,7,8,9", "2,0,0,0,0,0,0,0,0,0,9"]);
        var two = Write("B.csv", ["cycle,speed,T1,T2", "3,1,1,1", "2,7,8,9"]);
        var signals = Signals.Load([one, two]);
        Assert.Equal(["A", "B.speed", "B.T1", "B.T2"], signals.Names);
        Assert.Equal(["2"], signals.Ids);
        Assert.Equal(9, signals.Of(0, 0)[9]);
        Assert.Equal(7, signals.Of(1, 0)[0]);
    }

    [Fact]
    public void Files_of_other_names_are_taken_in_order_and_too_few_are_refused()
    {
        var rig = Rig(runs: 2, seed: 1);
        var signals = Signals.Load([Write("x.csv", rig.First), Write("y.csv", rig.Second)]);
        Assert.Equal(["x", "y"], signals.Like(["hot", "cold"]).Names);
        Assert.Equal(["y", "x"], signals.Like(["y", "x"]).Names);
        Assert.Contains("trained on 3 signals", Assert.Throws<TableException>(() => signals.Like(["a", "b", "c"])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cooler,nonsense", "there is no column 'nonsense'")]
    [InlineData("only", "holds one class only")]
    public async Task Labels_that_cannot_be_learned_are_refused(string labels, string expected)
    {
        var outcome = await TrainAsync(Rig(runs: 12, seed: 1), labels, TestContext.Current.CancellationToken);
        Assert.Contains(expected, outcome.Refusal?.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Few_groups_and_cycles_without_labels_are_refused()
    {
        var ct = TestContext.Current.CancellationToken;
        Assert.Contains("5 groups; at least 8", (await TrainAsync(Rig(runs: 5, seed: 1), "cooler", ct)).Refusal?.Reason, StringComparison.Ordinal);
        var rig = Rig(runs: 12, seed: 1);
        var outcome = await TrainAsync((rig.First, rig.Second, [.. rig.Labels.SkipLast(1)]), "cooler", ct);
        Assert.Contains("each row of the input needs its labels", outcome.Refusal?.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void No_group_is_in_two_folds()
    {
        string[] groups = [.. Enumerable.Range(0, 200).Select(i => $"g{i / 7}")];
        foreach (var folds in (int[][])[GroupFolds.Shuffled(groups, 1), GroupFolds.Blocks(groups)])
            Assert.All(groups.Zip(folds).GroupBy(p => p.First), g => Assert.Single(g.Select(p => p.Second).Distinct()));
    }

    [Fact]
    public async Task Hydraulic_conditions_are_told_by_run_and_the_valve_is_not_observable()
    {
        string[] inputs = [.. Enumerable.Range(1, 4).Select(i => PublicData.File($"hydraulic/TS{i}.csv.gz"))];
        var outcome = await ConditionCommands.TrainAsync(
            new(inputs, PublicData.File("hydraulic/profile.csv"), ["cooler", "valve", "pump", "accumulator"], "run", _folder["m"]), null, TestContext.Current.CancellationToken);
        Assert.True(outcome.Succeeded, outcome.Refusal?.Reason);
        using var report = System.Text.Json.JsonDocument.Parse(outcome.Value.ReportJson);
        var labels = report.RootElement.GetProperty("labels");
        Assert.True(labels.GetProperty("cooler").GetProperty("leftOut").GetProperty("macroF1").GetDouble() > 0.98);
        Assert.True(labels.GetProperty("pump").GetProperty("leftOut").GetProperty("macroF1").GetDouble() > 0.6);
        Assert.False(labels.GetProperty("valve").GetProperty("observable").GetBoolean());
    }

    private Task<Telemetry.Outcome<ModelInfo>> TrainAsync((string[] First, string[] Second, string[] Labels) rig, string labels, CancellationToken ct) =>
        ConditionCommands.TrainAsync(
            new([Write("one.csv", rig.First), Write("two.csv", rig.Second)], Write("labels.csv", rig.Labels), labels.Split(','), "run", _folder["m"]), null, ct);

    private string Write(string name, string[] lines) => _folder.Write(name, lines);

    /// <summary>Two curves: the cooler decides the level, the pump a small difference between them, the valve nothing; the room drifts.</summary>
    private static (string[] First, string[] Second, string[] Labels) Rig(int runs, int seed)
    {
        var random = new Random(seed);
        var header = "cycle," + string.Join(',', Enumerable.Range(0, 12).Select(i => $"s{i}"));
        var (first, second, labels) = (new List<string> { header }, new List<string> { header }, new List<string> { "cycle,run,cooler,pump,valve,only" });
        var cycle = 0;
        for (var run = 0; run < runs; run++)
        {
            var (cooler, pump, valve) = (run % 3, random.Next(2), random.Next(4));
            var room = 2 * random.NextDouble();
            for (var i = 0; i < 6; i++)
            {
                cycle++;
                string Curve(double level) => cycle + "," + string.Join(',', Enumerable.Range(0, 12).Select(s => (level + 0.02 * s + 0.1 * random.NextDouble()).ToString("F3", CultureInfo.InvariantCulture)));
                first.Add(Curve(30 + 10 * cooler + room));
                second.Add(Curve(26 + 10 * cooler + room - 0.2 * pump));
                labels.Add($"{cycle},{run},{cooler},{(pump == 0 ? "tight" : "leaks")},{valve},x");
            }
        }
        return ([.. first], [.. second], [.. labels]);
    }

    public void Dispose() => _folder.Dispose();
}
