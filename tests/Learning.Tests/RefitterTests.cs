using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Seamless.Learning.Failures;
using Seamless.Learning.Models;
using Seamless.Learning.Tables;
using Seamless.Learning.Training;
using Seamless.Telemetry;

namespace Seamless.Learning.Tests;

public sealed class RefitterTests : IDisposable
{
    private const string Tenant = "default";
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;
    private readonly Folder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly SomeHistory _history = new();
    private readonly ModelDirectory _models;
    private readonly TrainingJobs _jobs;
    private readonly Refitter _refitter;

    public RefitterTests()
    {
        var options = new LearningOptions { Directory = _folder["models"] };
        _models = new ModelDirectory(options, NullLogger<ModelDirectory>.Instance, _time);
        _jobs = new TrainingJobs(options, new TrainingFiles(options, _time), _models, _time, NullLogger<TrainingJobs>.Instance, _history);
        _refitter = new Refitter(new RefitBook(options), _models, _jobs, _time, _history);
    }

    [Fact]
    public async Task A_model_is_trained_again_when_enough_came_and_tried_beside_the_active_version()
    {
        var first = await TrainAsync(new TrainingHistory("pump", _time.GetUtcNow().AddDays(-30), _time.GetUtcNow()));
        Assert.Equal(("active", 4, 600), (first.Status, first.History!.Table.Confirmed, first.History.Table.Settled));
        Assert.True(_refitter.Switch(first.Id, true, Tenant, "li").Succeeded);

        _time.Advance(TimeSpan.FromDays(1));
        await _refitter.RunAsync(Ct);
        var skipped = _refitter.Of("wear")!;
        Assert.Equal((_time.GetUtcNow(), null), (skipped.LookedAt!.Value, skipped.RefitAt));
        Assert.Contains("no new confirmed failure", skipped.Skipped, StringComparison.Ordinal);

        _history.Failures = 5;
        await _refitter.RunAsync(Ct);
        var job = await EndAsync();
        Assert.Equal((Refitter.Actor, true, _time.GetUtcNow(), 7), (job.By, job.Order.IsRefit, job.Order.History!.To, job.Order.Seed));
        Assert.True(_refitter.Take(job)!.Value.Succeeded);
        var second = _models.Find(job.Model!)!;
        Assert.Equal(("shadow", true, first.Id), (second.Status, second.IsChallenger, second.Parent));
        Assert.Equal((job.Model, null), (_refitter.Of("wear")!.Model, _refitter.Of("wear")!.Skipped));

        _time.Advance(TimeSpan.FromDays(1));
        await _refitter.RunAsync(Ct);   // nothing more since the second, which is still tried
        Assert.Contains(second.Id, _refitter.Of("wear")!.Skipped, StringComparison.Ordinal);
        _history.Rows = 700;
        await _refitter.RunAsync(Ct);
        Assert.Null(_refitter.Of("wear")!.Skipped);
        Assert.Equal(first.Id, _models.All().Single(model => model.Status is "active").Id);
    }

    [Fact]
    public async Task A_trial_that_a_person_began_comes_first_and_too_little_is_said()
    {
        var order = new TrainingHistory("pump", _time.GetUtcNow().AddDays(-30), _time.GetUtcNow());
        var first = await TrainAsync(order);
        var second = await TrainAsync(order, seed: 8);
        Assert.True(_models.Shadow(second.Id, "li").Succeeded);
        _refitter.Switch(first.Id, true, Tenant, "li");
        _history.Failures = 9;
        await _refitter.RunAsync(Ct);
        Assert.Contains("its trial comes first", _refitter.Of("wear")!.Skipped, StringComparison.Ordinal);
        _models.Retire(second.Id, "li");
        _history.Refusal = Refusal.Invalid("too few confirmed failures");
        await _refitter.RunAsync(Ct);
        Assert.Equal("too few confirmed failures", _refitter.Of("wear")!.Skipped);
        Assert.True(_refitter.Switch(first.Id, false, Tenant, "wang").Succeeded);
        _history.Refusal = null;
        await _refitter.RunAsync(Ct);
        Assert.Equal(2, _jobs.List(Tenant).Count);
    }

    [Fact]
    public void What_was_trained_from_a_file_or_by_another_tenant_has_nothing_to_refit()
    {
        var folder = Directory.CreateDirectory(_folder["models/old/1"]).FullName;
        File.WriteAllText(Path.Combine(folder, "model.json"), """{"kind":"failure","name":"old","version":"1","features":["heat"],"trainedAt":"2026-05-01T00:00:00Z","seed":1,"dataHash":"00","columns":{},"report":{}}""");
        Assert.Contains("there is nothing to refit", _refitter.Switch("old@1", true, Tenant, "li").Refusal?.Reason, StringComparison.Ordinal);
        Assert.Equal("not-found", _refitter.Switch("none@1", true, Tenant, "li").Refusal?.Code);
    }

    [Fact]
    public void Rows_of_one_failure_are_never_both_learned_from_and_judged()
    {
        // Whether a group fails is chance, but its rows are nearly the same: who has seen one of them knows the others.
        var random = new Random(3);
        var lines = new List<string> { "row,heat,hum,failure,group" };
        for (var group = 0; group < 60; group++)
        {
            var (heat, hum, fails) = (random.NextDouble(), random.NextDouble(), random.Next(3) == 0);
            for (var row = 0; row < 10; row++) lines.Add(string.Create(CultureInfo.InvariantCulture, $"{group}-{row},{heat + random.NextDouble() * 1e-4},{hum},{(fails ? 1 : 0)},g{group}"));
        }
        var table = Table.Load(_folder.Write("groups.csv", lines));
        var (model, apart) = FailureTrainer.Train(table, "failure", [], 1, null, Ct, HistoryColumns.Group);
        var (_, mixed) = FailureTrainer.Train(table, "failure", [], 1, null, Ct);
        Assert.True(mixed.Labels["failure"].PrAuc > 0.95, $"mixed: {mixed.Labels["failure"]}");
        Assert.True(apart.Labels["failure"].PrAuc < 0.6, $"apart: {apart.Labels["failure"]}");
        Assert.DoesNotContain("group", model.Failure.Features.Inputs);
    }

    private async Task<ModelInfo> TrainAsync(TrainingHistory history, int seed = 7)
    {
        var ordered = _jobs.Order(Tenant, "li", new TrainingOrder("failure", "", "wear") { History = history, Seed = seed });
        Assert.True(ordered.Succeeded, ordered.Refusal?.Reason);
        var job = await EndAsync();
        Assert.True(job.State is TrainingState.Done, job.Problem);
        _time.Advance(TimeSpan.FromMinutes(1));
        return _models.Find(job.Model!)!;
    }

    private async Task<TrainingJob> EndAsync()
    {
        while (_jobs.List(Tenant)[0] is { IsOver: false }) await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Ct);
        return _jobs.List(Tenant)[0];
    }

    public void Dispose()
    {
        _jobs.Dispose();
        _models.Dispose();
        _folder.Dispose();
    }

    /// <summary>As many rows and failures as a test says; hot ones fail.</summary>
    private sealed class SomeHistory : ITrainingHistory
    {
        public int Rows { get; set; } = 600;
        public int Failures { get; set; } = 4;
        public Refusal? Refusal { get; set; }

        public Refusal? WhatIsWrong(TrainingOrder order) => null;

        public async Task<Outcome<HistoryTable>> WriteAsync(string tenant, TrainingOrder order, string? path, IProgress<(int Done, int All)>? progress, CancellationToken ct)
        {
            if (Refusal is { } refusal) return refusal;
            var random = new Random(1);
            var lines = Enumerable.Range(0, Rows).Select(row =>
            {
                var fails = row % 60 < Failures;
                return string.Create(CultureInfo.InvariantCulture, $"r{row},{(fails ? 90 : 50) + random.NextDouble() * 20},{random.NextDouble()},{(fails ? 1 : 0)},{(fails ? 1 : 0)},g{row / 20}");
            });
            if (path is not null) await File.WriteAllLinesAsync(path, lines.Prepend("row,heat,hum,failure,bearing-wear,group"), ct);
            return new HistoryTable(["heat", "hum"], 3, Rows, Rows, Rows, 1, new Dictionary<string, int> { ["bearing-wear"] = Failures }, new Dictionary<string, int>());
        }
    }
}
