using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Seamless.Learning.Commands;
using Seamless.Learning.Live;
using Seamless.Learning.Models;

namespace Seamless.Learning.Tests;

public sealed class InputDriftTests : IDisposable
{
    private static readonly double[] Even = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100];
    private readonly Folder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly LearningOptions _options;

    public InputDriftTests() => _options = new LearningOptions { Directory = _folder["models"] };

    [Theory]
    [InlineData(0, 100, 0.0, 0.02)]    // as in training
    [InlineData(7, 107, 0.05, 0.25)]   // a little
    [InlineData(60, 160, 0.25, 99)]    // another population
    public void The_index_tells_the_same_population_from_another(double from, double to, double least, double most)
    {
        var drift = new InputDrift(_options, _time);
        var model = Of(Even);
        for (var i = 0; i < 1000; i++) drift.Count(model, new Dictionary<string, double> { ["heat"] = from + (to - from) * i / 1000 });
        var report = Assert.Single(drift.Judge());
        Assert.InRange(report.Psi["heat"], least, most);
        Assert.Equal(report.Psi["heat"] > 0.25, report.HasDrifted);
        Assert.Equal(1000, report.Rows);
    }

    [Fact]
    public void A_switch_whose_deciles_fall_together_is_compared_by_its_shares()
    {
        var drift = new InputDrift(_options, _time);
        var model = Of([0, 0, 0, 0, 0, 0, 0, 1, 1, 1]);   // 7 in 10 were off
        for (var i = 0; i < 1000; i++) drift.Count(model, new Dictionary<string, double> { ["heat"] = i % 10 < 7 ? 0 : 1 });
        Assert.True(drift.Judge()[0].Psi["heat"] < 0.01);
        for (var i = 0; i < 1000; i++) drift.Count(model, new Dictionary<string, double> { ["heat"] = 1 });
        Assert.True(drift.Judge()[0].HasDrifted);
    }

    [Fact]
    public void A_few_samples_are_not_compared_but_kept_and_the_last_comparison_survives_a_restart()
    {
        var drift = new InputDrift(_options, _time);
        var model = Of(Even);
        for (var i = 0; i < 150; i++) drift.Count(model, new Dictionary<string, double> { ["heat"] = 95 });
        Assert.Empty(drift.Judge());
        _time.Advance(TimeSpan.FromDays(1));
        for (var i = 0; i < 150; i++) drift.Count(model, new Dictionary<string, double> { ["heat"] = 95 });
        Assert.Equal(300, Assert.Single(drift.Judge()).Rows);
        Assert.True(new InputDrift(_options, _time).Of(model.Id)!.HasDrifted);
        Assert.Empty(drift.Judge());   // counted anew
    }

    [Fact]
    public async Task A_scorer_in_use_counts_its_inputs_and_what_it_said_last_is_known()
    {
        var ct = TestContext.Current.CancellationToken;
        var input = _folder.Write("fleet.csv", Synthetic.Fleet(12, seed: 1).Lines);
        await LearningCommands.TrainRulAsync(new(input, "unit", "cycle", _folder["models/wear"]), null, ct);
        var (verdicts, drift) = (new LatestVerdicts(), new InputDrift(_options, _time));
        using var models = new ModelDirectory(_options, NullLogger<ModelDirectory>.Instance, _time, verdicts, drift);
        var scorer = models.OpenScorer("wear")!;
        for (var i = 0; i < 250; i++) scorer.Observe("default/m1", i, new Dictionary<string, double> { ["heat"] = 40, ["hum"] = 0.5, ["noise"] = 0 });
        var said = Assert.Single(verdicts.Of("default/m1"));
        Assert.Equal((249L, "wear"), (said.AtMs, said.Model.Name));
        Assert.NotNull(said.Verdict.Doubt);
        Assert.True(Assert.Single(drift.Judge()).Psi["heat"] > 1);
        Assert.Empty(verdicts.Of("default/m2"));
    }

    private static ModelInfo Of(IReadOnlyList<double> deciles) =>
        new("wear@1", "rul", "wear", "1", "active", ["heat"], DateTimeOffset.UnixEpoch, 1, "0", "{}") { Deciles = new Dictionary<string, IReadOnlyList<double>> { ["heat"] = deciles } };

    public void Dispose() => _folder.Dispose();
}
