using System.Text.Json;
using Seamless.Learning.Commands;
using Seamless.Learning.Tables;

namespace Seamless.Learning.Tests;

/// <summary>Several operating conditions, few machines, machines unlike the others, and models of another version.</summary>
public sealed class RemainingLifeConditionsTests : IDisposable
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;
    private readonly Folder _folder = new();

    [Fact]
    public async Task Six_conditions_are_found_by_themselves_and_each_is_compared_with_itself()
    {
        using var report = await Train(Synthetic.FleetAtSixConditions(30, seed: 1).Lines);
        Assert.Equal(6, report.RootElement.GetProperty("conditions").GetInt32());
        // The throttle hidden in noise: the same wear, and nothing to tell the conditions by.
        using var without = await Train(Synthetic.FleetAtSixConditions(30, seed: 1, sameThrottle: true).Lines);
        Assert.Equal(1, without.RootElement.GetProperty("conditions").GetInt32());
        var (with6, with1) = (report.RootElement.GetProperty("rmse").GetDouble(), without.RootElement.GetProperty("rmse").GetDouble());
        Assert.True(with6 < 0.7 * with1, $"{with6:F1} with, {with1:F1} without");
    }

    [Fact]
    public async Task A_condition_that_nobody_trained_on_is_doubted_by_name()
    {
        var (lines, _) = Synthetic.FleetAtSixConditions(20, seed: 1);
        using var report = await Train(lines);
        var cut = lines.Take(60).Append("1,60,3.1,75.0,-2.2");
        var output = await Score(cut);
        Assert.Contains("operating condition", output.Text("doubt")[0], StringComparison.Ordinal);
        Assert.Equal(0, output.Numbers("rul_lo")[0]);
    }

    [Theory]
    [InlineData("wear in steps", true)]
    [InlineData("a shift that changes nothing", false)]
    public async Task Clusters_that_are_wear_or_change_nothing_are_no_conditions(string what, bool steps)
    {
        var random = new Random(1);
        var lines = new List<string> { "unit,cycle,level,heat,hum" };
        for (var unit = 1; unit <= 6; unit++)
            for (var i = 0; i < 90; i++)
            {
                var level = steps ? i / 30 : random.Next(3);
                var wear = steps ? level : i / 90.0;
                lines.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture,
                    $"{unit},{i},{level},{2 * wear + 0.1 * random.NextDouble():F3},{3 * wear + 0.1 * random.NextDouble():F3}"));
            }
        using var report = await Train(lines);
        Assert.True(report.RootElement.GetProperty("conditions").GetInt32() == 1, what);
    }

    [Fact]
    public async Task Few_machines_get_a_trend_with_wide_bounds()
    {
        using var report = await Train(Synthetic.Fleet(6, seed: 1).Lines);
        Assert.Equal("trend", report.RootElement.GetProperty("method").GetString());
        var (lines, left) = Synthetic.Fleet(60, seed: 2, cutAt: 0.7);
        var output = await Score(lines);
        var rmse = Math.Sqrt(output.Numbers("rul_pred").Zip(left, (p, t) => (p - t) * (p - t)).Average());
        Assert.True(rmse < 30, $"RMSE {rmse:F1}");
        var inside = Enumerable.Range(0, left.Count).Count(i => output.Numbers("rul_lo")[i] <= left[i] && left[i] <= output.Numbers("rul_hi")[i]);
        Assert.True(inside >= 52, $"{inside} of 60 inside");
    }

    [Fact]
    public async Task A_machine_unlike_the_others_gets_a_wide_answer_and_the_reason()
    {
        using var report = await Train(Synthetic.Fleet(25, seed: 1).Lines);
        var (lines, _) = Synthetic.Fleet(2, seed: 3, cutAt: 0.5);
        string[] strange = [.. lines.Select(line => line.StartsWith("2,", StringComparison.Ordinal) ? line.Replace(line.Split(',')[3], "3.0", StringComparison.Ordinal) : line)];
        var output = await Score(strange);
        Assert.Equal("", output.Text("doubt")[0]);
        Assert.Contains("unlike all machines trained on", output.Text("doubt")[1], StringComparison.Ordinal);
        Assert.Contains("hum", output.Text("doubt")[1], StringComparison.Ordinal);
        Assert.Equal(0, output.Numbers("rul_lo")[1]);
        Assert.True(output.Numbers("rul_hi")[1] > 120);

        using var models = Directories.Of(_folder["."]);
        var verdict = models.OpenScorer("m")!;
        Verdict? last = null;
        for (var row = 0; row < 30; row++) last = verdict.Observe("odd", row, new Dictionary<string, double> { ["heat"] = 0.5, ["hum"] = 3, ["noise"] = 0 });
        Assert.Contains("hum", last!.Doubt, StringComparison.Ordinal);
        Assert.True(last.Probability < 0.5);
    }

    [Fact]
    public async Task The_same_data_and_seed_make_the_same_bytes()
    {
        using var first = await Train(Synthetic.Fleet(21, seed: 1).Lines, "a");
        using var second = await Train(Synthetic.Fleet(21, seed: 1).Lines, "b");
        Assert.Equal(File.ReadAllBytes(_folder["a/model.bin"]), File.ReadAllBytes(_folder["b/model.bin"]));
    }

    [Fact]
    public async Task A_model_of_an_older_version_is_refused_and_says_to_train_again()
    {
        using var report = await Train(Synthetic.Fleet(6, seed: 1).Lines);
        var bytes = File.ReadAllBytes(_folder["m/model.bin"]);
        bytes[0] = 1;   // the format stands first
        File.WriteAllBytes(_folder["m/model.bin"], bytes);
        var input = _folder.Write("now.csv", Synthetic.Fleet(1, seed: 2, cutAt: 0.5).Lines);
        var refused = await LearningCommands.ScoreRulAsync(new(_folder["m"], input, _folder["rul.csv"]), null, Ct);
        Assert.Contains("train it again", refused.Refusal?.Reason, StringComparison.Ordinal);
        using var models = Directories.Of(_folder["."]);
        Assert.Null(models.OpenScorer("m"));
    }

    private async Task<JsonDocument> Train(IEnumerable<string> lines, string folder = "m")
    {
        var trained = await LearningCommands.TrainRulAsync(new(_folder.Write("fleet.csv", lines), "unit", "cycle", _folder[folder]), null, Ct);
        Assert.True(trained.Succeeded, trained.Refusal?.Reason);
        return JsonDocument.Parse(trained.Value.ReportJson);
    }

    private async Task<Table> Score(IEnumerable<string> lines)
    {
        var scored = await LearningCommands.ScoreRulAsync(new(_folder["m"], _folder.Write("now.csv", lines), _folder["rul.csv"]), null, Ct);
        Assert.True(scored.Succeeded, scored.Refusal?.Reason);
        return Table.Load(_folder["rul.csv"]);
    }

    public void Dispose() => _folder.Dispose();
}
