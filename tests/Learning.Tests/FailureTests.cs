using System.Globalization;
using Seamless.Learning.Commands;
using Seamless.Learning.Failures;
using Seamless.Learning.Features;
using Seamless.Learning.Tables;

namespace Seamless.Learning.Tests;

public sealed class FailureTests(FailureTests.Trained trained) : IClassFixture<FailureTests.Trained>, IDisposable
{
    private readonly Folder _folder = new();

    /// <summary>Training takes seconds; the tests that only look at its result share it.</summary>
    public sealed class Trained : IDisposable
    {
        private readonly Folder _folder = new();

        public Trained() => (Model, Report) = FailureTrainer.Train(
            Table.Load(_folder.Write("train.csv", Synthetic.Milling(2000, seed: 1))), "failed", ["power", "heat"], seed: 1, null, CancellationToken.None);

        public FailureModel Model { get; }
        public FailureReport Report { get; }

        public void Dispose() => _folder.Dispose();
    }

    [Fact]
    public void Products_and_differences_that_decide_are_found_without_being_named()
    {
        var (model, report) = (trained.Model, trained.Report);
        Assert.Contains(Mode(model, "power").Features.Features, f => f.Kind is FeatureKind.Product && f.Name == "speed × torque");
        Assert.Contains(Mode(model, "heat").Features.Features, f => f.Kind is FeatureKind.Difference && f.Name == "inside − outside");
        Assert.True(report.Labels["power"].F1 > 0.9, $"power: {report.Labels["power"]}");
        Assert.True(report.Labels["heat"].F1 > 0.9, $"heat: {report.Labels["heat"]}");
        Assert.True(report.Labels["failed"].PrAuc > 0.95, $"failed: {report.Labels["failed"]}");
        Assert.InRange(report.Labels["failed"].Calibration, 0, 0.02);
    }

    [Fact]
    public void Ids_and_parts_of_the_label_are_no_features()
    {
        var table = Table.Load(_folder.Write("train.csv", Synthetic.Milling(300, seed: 1)));
        var (model, report) = FailureTrainer.Train(table, "failed", [], seed: 1, null, TestContext.Current.CancellationToken);
        Assert.Equal(["failed", "heat", "id", "power", "serial"], report.Excluded.Keys.Order(StringComparer.Ordinal));
        Assert.Empty(model.Failure.Features.Inputs.Intersect(report.Excluded.Keys));
    }

    [Fact]
    public async Task The_model_scores_rows_it_has_never_seen_the_same_from_file_and_live()
    {
        var ct = TestContext.Current.CancellationToken;
        var input = _folder.Write("train.csv", Synthetic.Milling(1500, seed: 1).Select(WithoutKind));
        var unseen = _folder.Write("unseen.csv", Synthetic.Milling(500, seed: 2).Select(WithoutKind));
        var model = await LearningCommands.TrainFailureAsync(new(input, "failed", _folder["models/milling"], ["power", "heat"]), null, ct);
        Assert.True(model.Succeeded, model.Refusal?.Reason);
        var scored = await LearningCommands.ScoreFailureAsync(new(_folder["models/milling"], unseen, _folder["p.csv"]), null, ct);
        Assert.True(scored.Succeeded, scored.Refusal?.Reason);

        var table = Table.Load(unseen);
        var output = Table.Load(_folder["p.csv"]);
        Assert.Equal(["id", "p_failure", "p_power", "p_heat", "p_unknown"], output.Header);
        Assert.True(BinaryFigures.Of(output.Numbers("p_failure"), table.Labels("failed")).F1 > 0.9);

        using var models = Directories.Of(_folder["models"]);
        var scorer = models.OpenScorer("milling");
        Assert.NotNull(scorer);
        for (var row = 0; row < 100; row++)
        {
            var readings = scorer.Model.Features.ToDictionary(c => c, c => table.Numbers(c)[row]);
            var verdict = scorer.Observe("m-1", 0, readings);
            Assert.Equal(output.Numbers("p_failure")[row], verdict!.Probability, 6);
            Assert.Equal(output.Numbers("p_heat")[row], verdict.Modes["heat"], 6);
            Assert.Equal(output.Numbers("p_unknown")[row], verdict.Unknown!.Value, 6);
        }
        Assert.Null(scorer.Observe("m-1", 0, new Dictionary<string, double> { ["speed"] = 100 }));
    }

    [Fact]
    public void A_failing_machine_is_explained_by_what_fails()
    {
        var readings = new Dictionary<string, double> { ["speed"] = 195, ["torque"] = 38, ["inside"] = 30, ["outside"] = 25, ["constant"] = 5 };
        var shares = Mode(trained.Model, "power").Explain(c => readings[c], _ => "a");
        Assert.Equal("speed × torque", shares.MaxBy(s => s.Value).Key);
    }

    [Fact]
    public void A_row_like_nothing_trained_is_unknown_and_normal_rows_are_not()
    {
        var model = trained.Model;
        double? Unknown(double speed, double torque, double inside, double outside)
        {
            var readings = new Dictionary<string, double> { ["speed"] = speed, ["torque"] = torque, ["inside"] = inside, ["outside"] = outside, ["constant"] = 5 };
            var modes = new double[2];
            model.Probability(c => readings[c], _ => "a", modes);
            return model.Unknown(c => readings[c], modes);
        }
        Assert.True(Unknown(150, 25, 45, 25) > 0.99, "the inside is far hotter than it has ever been");
        Assert.Equal(0, Unknown(195, 38, 30, 25));   // power, a trained mode
        var table = Table.Load(_folder.Write("new.csv", Synthetic.Milling(1000, seed: 7)));
        var failed = table.Labels("failed");
        var normal = Enumerable.Range(0, 1000).Where(row => !failed[row]).ToArray();
        var called = normal.Count(row => Unknown(table.Numbers("speed")[row], table.Numbers("torque")[row], table.Numbers("inside")[row], table.Numbers("outside")[row]) >= 0.99);
        Assert.InRange(called / (double)normal.Length, 0, 0.025);
    }

    [Fact]
    public async Task The_same_data_and_seed_give_the_same_model_byte_for_byte()
    {
        var input = _folder.Write("train.csv", Synthetic.Milling(300, seed: 1));
        foreach (var name in (string[])["one", "two"])
            await LearningCommands.TrainFailureAsync(new(input, "failed", _folder[name], []), null, TestContext.Current.CancellationToken);
        Assert.Equal(File.ReadAllBytes(_folder["one/model.bin"]), File.ReadAllBytes(_folder["two/model.bin"]));
    }

    [Theory]
    [InlineData("nonsense", "there is no column 'nonsense'; the columns are: id, serial")]
    [InlineData("speed", "train.csv:2: label 'speed' holds")]
    public async Task A_wrong_label_is_refused_with_what_would_be_right(string label, string expected)
    {
        var input = _folder.Write("train.csv", Synthetic.Milling(50, seed: 1));
        var outcome = await LearningCommands.TrainFailureAsync(new(input, label, _folder["m"], []), null, TestContext.Current.CancellationToken);
        Assert.Contains(expected, outcome.Refusal?.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cell_that_is_no_number_is_named_by_line_and_column()
    {
        var input = _folder.Write("train.csv", Synthetic.Milling(300, seed: 1).Select(WithoutKind));
        await LearningCommands.TrainFailureAsync(new(input, "failed", _folder["m"], []), null, TestContext.Current.CancellationToken);
        string[] rows = [.. Synthetic.Milling(2, seed: 1).Select(WithoutKind)];
        var bad = _folder.Write("bad.csv", [rows[0], rows[1], string.Join(',', rows[2].Split(',').Select((c, i) => i == 2 ? "fast" : c))]);
        var outcome = await LearningCommands.ScoreFailureAsync(new(_folder["m"], bad, _folder["p.csv"]), null, TestContext.Current.CancellationToken);
        Assert.Equal($"{bad}:3: column 'speed' holds 'fast' where a number was expected (such as 12.5)", outcome.Refusal?.Reason);
    }

    private static LabelModel Mode(FailureModel model, string label) => model.Modes.Single(m => m.Label == label);

    private static string WithoutKind(string line) => string.Join(',', line.Split(',').Where((_, i) => i != 2));

    public void Dispose() => _folder.Dispose();
}
