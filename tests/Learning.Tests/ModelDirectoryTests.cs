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
        Assert.True(models.Promote(second.Id));
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
        Assert.False(models.Promote("wear@1"));
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
