using Seamless.Learning.Commands;

namespace Seamless.Learning.Tests;

public sealed class ModelDirectoryTests : IDisposable
{
    private readonly Folder _folder = new();

    [Fact]
    public async Task The_first_version_is_active_and_the_next_waits_until_it_is_promoted()
    {
        await Train("models/wear-1", seed: 1, year: 2026);
        await Train("models/wear-2", seed: 2, year: 2027);
        using var models = Directories.Of(_folder["models"]);
        Assert.Equal(["active", "shadow"], models.All().Select(m => m.Status));
        var second = models.All()[1];
        Assert.Equal(1, models.OpenScorer("wear")!.Model.Seed);

        var changes = 0;
        models.Changed += () => Interlocked.Increment(ref changes);
        Assert.True(models.Promote(second.Id, "li").Succeeded);
        Assert.True(changes > 0);
        Assert.Equal(2, models.OpenScorer("wear")!.Model.Seed);
        Assert.Equal("active", models.Find(second.Id)!.Status);
        Assert.Equal(["shadow", "active"], models.All().Select(m => m.Status));

        using var reopened = Directories.Of(_folder["models"]);
        Assert.Equal(second.Id, reopened.OpenScorer("wear")!.Model.Id);
    }

    [Fact]
    public void What_is_not_there_is_not_found()
    {
        using var models = Directories.Of(_folder["models"]);
        Assert.Empty(models.All());
        Assert.Null(models.OpenScorer("wear"));
        Assert.Null(models.Find("wear@1"));
        Assert.Equal("not-found", models.Promote("wear@1", "li").Refusal?.Code);
    }

    [Fact]
    public void A_folder_that_holds_no_readable_model_is_passed_over()
    {
        Directory.CreateDirectory(_folder["models/broken"]);
        File.WriteAllText(_folder["models/broken/model.json"], "{");
        using var models = Directories.Of(_folder["models"]);
        Assert.Empty(models.All());
    }

    [Fact]
    public async Task A_card_says_what_the_model_was_made_of()
    {
        await Train("models/wear", seed: 1, year: 2026);
        using var models = Directories.Of(_folder["models"]);
        var model = Assert.Single(models.All());
        Assert.StartsWith("0.", model.CodeVersion, StringComparison.Ordinal);
        Assert.Equal(("unit", "cycle", "125"), (model.Settings["unit"], model.Settings["time"], model.Settings["cap"]));
        var rows = File.ReadLines(_folder["fleet.csv"]).Count() - 1;
        Assert.Equal((rows, 5, 12), (model.Data!.Rows, model.Data.Columns, model.Data.Machines));
        Assert.InRange(model.Data.ShortestLife!.Value, 80, model.Data.LongestLife!.Value);
        Assert.Equal(10, model.Deciles["heat"].Count);
        Assert.Equal(model.Deciles["heat"].Order(), model.Deciles["heat"]);
    }

    [Fact]
    public async Task The_gate_refuses_worse_figures_with_them_unless_forced_with_a_reason_and_the_promotion_can_be_taken_back()
    {
        await Train("models/wear-1", seed: 1, year: 2026);
        await Train("models/wear-2", seed: 2, year: 2027);
        Figures("models/wear-1", falseAlarmRate: 0.01, calibration: 0.02);
        Figures("models/wear-2", falseAlarmRate: 0.08, calibration: 0.021);
        using var models = Directories.Of(_folder["models"]);
        var (first, second) = (models.All()[0].Id, models.All()[1].Id);

        Assert.Equal([("falseAlarmRate", false), ("calibration", true)], models.Compare(second).Select(f => (f.Code, f.Passes)));
        var refused = models.Promote(second, "li");
        Assert.Equal("refused", refused.Refusal?.Code);
        Assert.Contains("false-alarm rate 0.08, at most 0.0126 where the active has 0.01", refused.Refusal?.Reason, StringComparison.Ordinal);
        Assert.Equal("invalid", models.Promote(second, "li", " ", force: true).Refusal?.Code);
        Assert.Equal(first, models.OpenScorer("wear")!.Model.Id);

        Assert.True(models.Promote(second, "li", "the old one is for other machines", force: true).Succeeded);
        Assert.Equal(second, models.OpenScorer("wear")!.Model.Id);
        Assert.True(models.Return(second, "wang", "it cried wolf").Succeeded);
        Assert.Equal(first, models.OpenScorer("wear")!.Model.Id);
        Assert.Equal([("returned", first, "wang", false), ("promoted", second, "li", true)], models.History("wear").Select(c => (c.What, c.Id, c.By, c.Forced)));
    }

    [Fact]
    public async Task A_version_that_is_better_or_alike_passes_and_one_that_was_not_measured_does_not()
    {
        await Train("models/wear-1", seed: 1, year: 2026);
        await Train("models/wear-2", seed: 2, year: 2027);
        Figures("models/wear-1", falseAlarmRate: 0.01, calibration: 0.02);
        Figures("models/wear-2", falseAlarmRate: null, calibration: 0.02);
        using var models = Directories.Of(_folder["models"]);
        var second = models.All()[1].Id;
        Assert.Contains("has no false-alarm rate", models.Promote(second, "li").Refusal?.Reason, StringComparison.Ordinal);
        Figures("models/wear-2", falseAlarmRate: 0.0105, calibration: 0.024);
        Assert.True(models.Promote(second, "li").Succeeded);
    }

    [Fact]
    public async Task A_retired_version_is_used_no_more_and_may_come_back()
    {
        await Train("models/wear-1", seed: 1, year: 2026);
        await Train("models/wear-2", seed: 2, year: 2027);
        using var models = Directories.Of(_folder["models"]);
        var (first, second) = (models.All()[0].Id, models.All()[1].Id);
        Assert.Equal("retired", models.Retire(second, "li").Value!.Status);
        Assert.Equal("active", models.Find(first)!.Status);
        Assert.Equal("retired", models.Retire(first, "li", "sold").Value!.Status);
        Assert.Null(models.OpenScorer("wear"));
        Assert.Equal("active", models.Promote(second, "li").Value!.Status);
        Assert.Equal(["active", "retired"], models.All().OrderBy(m => m.Status).Select(m => m.Status));
    }

    /// <summary>Writes figures into a model's report, as a training on other data might have found them; null takes one out.</summary>
    private void Figures(string folder, double? falseAlarmRate, double calibration)
    {
        var path = Path.Combine(_folder[folder], "model.json");
        var card = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(path))!;
        var report = card["report"]!.AsObject();
        report.Remove("falseAlarmRate");
        if (falseAlarmRate is { } rate) report["falseAlarmRate"] = rate;
        (report["calibration"], report["rows"]) = (calibration, 1500);
        File.WriteAllText(path, card.ToJsonString());
    }

    [Fact]
    public async Task A_model_of_the_other_kind_is_refused_by_name()
    {
        await Train("models/wear", seed: 1, year: 2026);
        var input = _folder.Write("rows.csv", Synthetic.Milling(10, seed: 1));
        var outcome = await LearningCommands.ScoreFailureAsync(new(_folder["models/wear"], input, _folder["p.csv"]), null, TestContext.Current.CancellationToken);
        Assert.Contains("of kind 'rul' where 'failure' was expected", outcome.Refusal?.Reason, StringComparison.Ordinal);
    }

    private async Task Train(string folder, int seed, int year)
    {
        var input = _folder.Write("fleet.csv", Synthetic.Fleet(12, seed: 1).Lines);
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(new DateTimeOffset(year, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var trained = await LearningCommands.TrainRulAsync(
            new(input, "unit", "cycle", _folder[folder], Name: "wear", Seed: seed, Clock: clock), null, TestContext.Current.CancellationToken);
        Assert.True(trained.Succeeded, trained.Refusal?.Reason);
    }

    public void Dispose() => _folder.Dispose();
}
