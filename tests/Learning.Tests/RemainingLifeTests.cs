using System.Globalization;
using System.Text.Json;
using Seamless.Learning.Commands;
using Seamless.Learning.Tables;

namespace Seamless.Learning.Tests;

public sealed class RemainingLifeTests(RemainingLifeTests.Trained trained) : IClassFixture<RemainingLifeTests.Trained>, IDisposable
{
    private readonly Folder _folder = new();

    /// <summary>Training takes seconds; the tests share it.</summary>
    public sealed class Trained : IAsyncLifetime
    {
        private readonly Folder _folder = new();

        public string Models => _folder["models"];
        public string Wear => _folder["models/wear"];
        public ModelInfo Info { get; private set; } = null!;   // set before any test runs

        public async ValueTask InitializeAsync()
        {
            var input = _folder.Write("fleet.csv", Synthetic.Fleet(40, seed: 1).Lines);
            var model = await LearningCommands.TrainRulAsync(new(input, "unit", "cycle", Wear), null, CancellationToken.None);
            Assert.True(model.Succeeded, model.Refusal?.Reason);
            Info = model.Value;
        }

        public ValueTask DisposeAsync()
        {
            _folder.Dispose();
            return ValueTask.CompletedTask;
        }
    }

    [Fact]
    public async Task Remaining_life_is_near_the_truth_and_its_interval_holds_it()
    {
        var (lines, left) = Synthetic.Fleet(60, seed: 2, cutAt: 0.5);
        var scored = await LearningCommands.ScoreRulAsync(
            new(trained.Wear, _folder.Write("test.csv", lines), _folder["rul.csv"]), null, TestContext.Current.CancellationToken);
        Assert.True(scored.Succeeded, scored.Refusal?.Reason);
        var output = Table.Load(_folder["rul.csv"]);
        Assert.Equal(["unit", "rul_pred", "rul_lo", "rul_hi", "doubt"], output.Header);
        var errors = output.Numbers("rul_pred").Zip(left, (p, t) => p - t).ToArray();
        var rmse = Math.Sqrt(errors.Average(e => e * e));
        Assert.True(rmse < 15, $"RMSE {rmse:F1}");
        var inside = Enumerable.Range(0, left.Count).Count(i => output.Numbers("rul_lo")[i] <= left[i] && left[i] <= output.Numbers("rul_hi")[i]);
        Assert.InRange(inside, 46, 60);
    }

    [Fact]
    public async Task A_machine_followed_live_gets_the_same_figure_and_a_rising_probability()
    {
        var (lines, _) = Synthetic.Fleet(1, seed: 5);
        var input = _folder.Write("one.csv", lines);
        await LearningCommands.ScoreRulAsync(new(trained.Wear, input, _folder["rul.csv"]), null, TestContext.Current.CancellationToken);
        var table = Table.Load(input);
        using var models = Directories.Of(trained.Models);
        var (scorer, restored) = (models.OpenScorer("wear")!, models.OpenScorer("wear")!);
        var probabilities = new List<double>();
        for (var row = 0; row < table.Rows; row++)
        {
            if (row == 40) restored.Restore(scorer.Snapshot());
            var readings = scorer.Model.Features.ToDictionary(c => c, c => table.Numbers(c)[row]);
            var verdict = scorer.Observe("m-1", row, readings)!;
            probabilities.Add(verdict.Probability);
            Assert.True(verdict.RemainingLife!.Value.P10 <= verdict.RemainingLife.Value.P50 && verdict.RemainingLife.Value.P50 <= verdict.RemainingLife.Value.P90);
            if (row >= 40) Assert.Equal(verdict.Probability, restored.Observe("m-1", row, readings)!.Probability);
        }
        Assert.True(probabilities[20] < 0.1 && probabilities[^1] > 0.95, $"{probabilities[20]:F2} → {probabilities[^1]:F2}");
        Assert.Equal(scorer.Snapshot(), restored.Snapshot());
    }

    [Fact]
    public void The_report_says_how_it_was_measured()
    {
        using var report = JsonDocument.Parse(trained.Info.ReportJson);
        Assert.Contains("whole units", report.RootElement.GetProperty("protocol").GetString(), StringComparison.Ordinal);
        Assert.InRange(report.RootElement.GetProperty("coverage90").GetDouble(), 0.85, 0.95);
        Assert.Equal(["heat", "hum", "noise"], trained.Info.Features);
    }

    [Fact]
    public async Task Too_few_units_are_refused()
    {
        var input = _folder.Write("few.csv", Synthetic.Fleet(2, seed: 1).Lines);
        var outcome = await LearningCommands.TrainRulAsync(new(input, "unit", "cycle", _folder["m"]), null, TestContext.Current.CancellationToken);
        Assert.Contains("column 'unit' names 2 units; at least 3", outcome.Refusal?.Reason, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
