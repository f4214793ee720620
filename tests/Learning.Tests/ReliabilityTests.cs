using Seamless.Learning.Commands;
using Seamless.Learning.RemainingLife;
using Seamless.Learning.Reports;

namespace Seamless.Learning.Tests;

public sealed class ReliabilityTests
{
    [Fact]
    public void What_was_said_stands_beside_what_was_seen()
    {
        var found = Reliability.Of([0.05, 0.05, 0.05, 0.05, 0.95, 0.95, 0.55, 1.0], [false, false, false, true, true, true, false, true]);
        Assert.Equal([(0.05, 0.25, 4), (0.55, 0.0, 1), (0.967, 1.0, 3)], found.Points.Select(p => (Math.Round(p.Said, 3), p.Seen, p.Rows)));
        Assert.Equal(0.25, found.FalseAlarmRate);
        Assert.Equal(0.75, found.RecallAtOnePercent);   // the fourth would cost the first false alarm, and 1 % of four is none
    }

    [Fact]
    public void Rows_of_one_probability_are_called_together()
    {
        var found = Reliability.Of([0.9, 0.9, 0.1], [true, false, false]);
        Assert.Equal(0, found.RecallAtOnePercent);
    }

    [Fact]
    public void Intervals_that_hold_what_they_promise_lie_on_the_diagonal()
    {
        var random = new Random(1);
        var held = Enumerable.Range(0, 20_000).Select(_ => 40 + 40 * random.NextDouble()).Select(said => (Predicted: said, True: said + 20 * (random.NextDouble() - 0.5))).ToArray();
        var bands = PredictiveBands.Fit(held[..10_000]);
        var honest = HeldOutIntervals.Of([.. held[10_000..].Select(h => (bands, h.Predicted, h.True))], horizon: 30);
        Assert.True(honest.Calibration < 0.01, $"{honest.Calibration}");
        Assert.All(honest.Points, p => Assert.Equal(p.Said, p.Seen, 0.02));
        var optimist = HeldOutIntervals.Of([.. held[10_000..].Select(h => (bands, h.Predicted, h.True - 5))], horizon: 30);
        Assert.True(optimist.Calibration > 0.15, $"{optimist.Calibration}");
        Assert.True(optimist.Points[4].Seen > 0.7, "lives end before the middle that was promised");
    }

    [Fact]
    public async Task Both_trainers_report_it()
    {
        using var folder = new Folder();
        var ct = TestContext.Current.CancellationToken;
        var failure = await LearningCommands.TrainFailureAsync(new(folder.Write("m.csv", Synthetic.Milling(800, seed: 1)), "failed", folder["f"], ["power", "heat"]), null, ct);
        using var report = System.Text.Json.JsonDocument.Parse(failure.Value!.ReportJson);
        var labels = report.RootElement.GetProperty("reliability");
        Assert.Equal(["failed", "power", "heat"], labels.EnumerateObject().Select(l => l.Name));
        Assert.Equal(800, labels.GetProperty("failed").GetProperty("points").EnumerateArray().Sum(p => p.GetProperty("rows").GetInt32()));
        Assert.True(labels.GetProperty("failed").GetProperty("recallAtOnePercent").GetDouble() > 0.5);

        var life = await LearningCommands.TrainRulAsync(new(folder.Write("r.csv", Synthetic.Fleet(25, seed: 1).Lines), "unit", "cycle", folder["r"]), null, ct);
        using var lives = System.Text.Json.JsonDocument.Parse(life.Value!.ReportJson);
        Assert.Equal(9, lives.RootElement.GetProperty("reliability").GetArrayLength());
        Assert.True(lives.RootElement.GetProperty("calibration").GetDouble() < 0.1);
        Assert.True(lives.RootElement.GetProperty("recall").GetDouble() > 0.8);
        Assert.True(lives.RootElement.GetProperty("falseAlarmRate").GetDouble() < 0.1);
    }
}
