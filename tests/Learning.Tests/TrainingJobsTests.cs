using System.IO.Compression;
using Microsoft.Extensions.Logging.Abstractions;
using Seamless.Learning.Models;
using Seamless.Learning.Training;

namespace Seamless.Learning.Tests;

public sealed class TrainingJobsTests : IDisposable
{
    private const string Tenant = "default";
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;
    private readonly Folder _folder = new();
    private readonly LearningOptions _options;
    private readonly ModelDirectory _models;
    private readonly TrainingFiles _files;
    private readonly List<TrainingJobs> _opened = [];

    public TrainingJobsTests()
    {
        _options = new LearningOptions { Directory = _folder["models"], MaxFileBytes = 1 << 20 };
        _models = new ModelDirectory(_options, NullLogger<ModelDirectory>.Instance, TimeProvider.System);
        _files = new TrainingFiles(_options, TimeProvider.System);
    }

    [Fact]
    public async Task A_table_is_stored_once_with_its_columns_and_unpacked()
    {
        var text = string.Join('\n', Synthetic.Milling(40, seed: 1));
        var plain = await Stored("milling.csv", text);
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true)) await gzip.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text), Ct);
        packed.Position = 0;
        var again = (await _files.AddAsync(Tenant, "li", "C:\\data\\milling.csv.gz", packed, Ct)).Value!;

        Assert.Equal((plain.Id, 40, "milling.csv.gz"), (again.Id, again.Rows, again.Name));
        Assert.Equal(["failed", "power"], plain.Columns.Where(c => c.IsLabel).Select(c => c.Name).Take(2));
        Assert.False(plain.Columns.Single(c => c.Name == "kind").IsNumeric);
        Assert.Single(_files.List(Tenant));
        Assert.Null(_files.Find("another", plain.Id));
        Assert.Null(_files.Find(Tenant, "../../models"));
    }

    [Theory]
    [InlineData("a,b\n1,2\n1\n", "table.csv:3: 1 cells where the header has 2 columns")]
    [InlineData("a,a\n1,2\n", "every column needs a name of its own")]
    [InlineData("a,b\n", "there are no rows below the header")]
    [InlineData("", "the file is empty")]
    public async Task What_is_no_table_is_refused_with_line_and_reason_and_not_kept(string text, string reason)
    {
        var refused = await _files.AddAsync(Tenant, "li", "table.csv", new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)), Ct);
        Assert.Contains(reason, refused.Refusal?.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(_folder["training"], refused.Refusal?.Reason, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_folder["training"], "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_small_gzip_of_a_large_table_is_too_large()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true)) await gzip.WriteAsync(new byte[2 << 20], Ct);
        packed.Position = 0;
        var refused = await _files.AddAsync(Tenant, "li", "zeros.gz", packed, Ct);
        Assert.Equal("too-large", refused.Refusal?.Code);
        Assert.Contains("larger than 1 MB", refused.Refusal?.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_hears_that_a_training_is_done_finds_its_model_in_use_and_waits_for_no_watcher()
    {
        var jobs = Open();
        var (told, ended) = (new System.Collections.Concurrent.ConcurrentBag<int>(), 0);
        _models.Changed += () => told.Add(Environment.CurrentManagedThreadId);
        jobs.Ended += job => Volatile.Write(ref ended, job.State is TrainingState.Done && told.Contains(Environment.CurrentManagedThreadId) ? 1 : -1);
        jobs.Order(Tenant, "li", Life(await Stored("fleet.csv", Fleet(25))));

        await Until(() => Volatile.Read(ref ended) != 0);
        Assert.Equal(1, ended);
    }

    [Fact]
    public async Task A_model_is_trained_with_progress_that_only_goes_up()
    {
        var jobs = Open();
        var ordered = jobs.Order(Tenant, "li", Life(await Stored("fleet.csv", Fleet(25)))).Value!;
        Assert.Equal(TrainingState.Queued, ordered.State);
        var shares = new List<double>();
        var done = await EndOf(jobs, ordered.Id, job => { if (job.Progress is { } p) shares.Add(p.Share); });

        Assert.True(done.State is TrainingState.Done, done.Problem);
        Assert.Equal(shares.Order(), shares);
        Assert.True(shares.Distinct().Count() > 2);
        var model = _models.Find(done.Model!)!;
        Assert.Equal(("wear", "active"), (model.Name, model.Status));
        Assert.NotNull(_models.OpenScorer("wear"));
    }

    [Fact]
    public async Task One_trains_at_a_time_and_whoever_waits_or_runs_can_be_cancelled()
    {
        var jobs = Open();
        var file = await Stored("fleet.csv", Fleet(60));
        var first = jobs.Order(Tenant, "li", Life(file)).Value!;
        var second = jobs.Order(Tenant, "li", Life(file) with { Seed = 2 }).Value!;
        var third = jobs.Order(Tenant, "li", Life(file) with { Seed = 3 }).Value!;
        await Until(() => jobs.Find(Tenant, first.Id)!.State is TrainingState.Running);
        Assert.Equal(TrainingState.Queued, jobs.Find(Tenant, second.Id)!.State);
        Assert.Equal(2, jobs.Ahead(third));

        Assert.Equal(TrainingState.Cancelled, jobs.Cancel(Tenant, second.Id)!.State);
        Assert.Equal(TrainingState.Cancelled, jobs.Cancel(Tenant, first.Id)!.State);
        Assert.Null(jobs.Cancel("another", third.Id));
        var done = await EndOf(jobs, third.Id);

        Assert.True(done.State is TrainingState.Done, done.Problem);
        Assert.Equal(3, Assert.Single(_models.All()).Seed);
        Assert.Equal(TrainingState.Cancelled, jobs.Find(Tenant, first.Id)!.State);
    }

    [Fact]
    public async Task A_restart_says_what_it_interrupted_and_goes_on_with_what_was_queued()
    {
        var file = await Stored("fleet.csv", Fleet(60));
        var before = Open();
        var running = before.Order(Tenant, "li", Life(file)).Value!;
        var queued = before.Order(Tenant, "li", Life(await Stored("small.csv", Fleet(6)))).Value!;
        await Until(() => before.Find(Tenant, running.Id)!.State is TrainingState.Running);
        before.Dispose();

        var after = Open();
        var interrupted = after.Find(Tenant, running.Id)!;
        Assert.Equal(TrainingState.Failed, interrupted.State);
        Assert.Contains("the platform stopped while this was trained", interrupted.Problem, StringComparison.Ordinal);
        after.Resume();
        Assert.Equal(TrainingState.Done, (await EndOf(after, queued.Id)).State);
    }

    [Fact]
    public async Task Data_that_cannot_teach_it_is_refused_in_words_that_name_the_file_as_it_was_given()
    {
        var jobs = Open();
        var done = await EndOf(jobs, jobs.Order(Tenant, "li", Life(await Stored("two engines.csv", Fleet(2)))).Value!.Id);
        Assert.Equal(TrainingState.Refused, done.State);
        Assert.Equal("two engines.csv: column 'unit' names 2 units; at least 3 run to failure are needed", done.Problem);
    }

    [Fact]
    public async Task An_order_that_does_not_fit_its_file_is_refused_at_once()
    {
        var jobs = Open();
        var life = Life(await Stored("fleet.csv", Fleet(3)));
        foreach (var (wrong, reason) in ((TrainingOrder, string)[])
        [
            (life with { Kind = "magic" }, "it must be rul or failure"), (life with { Name = "../x" }, "cannot name a model"), (life with { Name = ".." }, "cannot name a model"),
            (life with { Unit = "engine" }, "has no column 'engine'"), (life with { Time = "unit" }, "two columns"), (life with { File = "0123456789abcdef" }, "there is no file"),
            (life with { Kind = "failure", Label = null }, "label: name a column"), (life with { Cap = double.NaN }, "must be above 0"),
        ])
            Assert.Contains(reason, jobs.Order(Tenant, "li", wrong).Refusal?.Reason, StringComparison.Ordinal);
        Assert.Empty(jobs.List(Tenant));
    }

    [Fact]
    public async Task The_same_again_is_another_version()
    {
        var jobs = Open();
        var order = Life(await Stored("fleet.csv", Fleet(4)));
        var first = await EndOf(jobs, jobs.Order(Tenant, "li", order).Value!.Id);
        var second = await EndOf(jobs, jobs.Order(Tenant, "li", order with { Cap = 60 }).Value!.Id);
        Assert.Equal(first.Model + "-2", second.Model);
        Assert.Equal(["active", "shadow"], _models.All().Select(m => m.Status));
    }

    private static TrainingOrder Life(TrainingFile file) => new("rul", file.Id, "wear") { Unit = "unit", Time = "cycle" };

    private static string Fleet(int units) => string.Join('\n', Synthetic.Fleet(units, seed: 1).Lines);

    private async Task<TrainingFile> Stored(string name, string text)
    {
        var added = await _files.AddAsync(Tenant, "li", name, new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)), Ct);
        return added.Succeeded ? added.Value : throw new InvalidOperationException(added.Refusal.Reason);
    }

    private TrainingJobs Open()
    {
        var jobs = new TrainingJobs(_options, _files, _models, TimeProvider.System, NullLogger<TrainingJobs>.Instance);
        _opened.Add(jobs);
        return jobs;
    }

    private static async Task<TrainingJob> EndOf(TrainingJobs jobs, string id, Action<TrainingJob>? seen = null)
    {
        await Until(() =>
        {
            var job = jobs.Find(Tenant, id)!;
            seen?.Invoke(job);
            return job.IsOver;
        });
        return jobs.Find(Tenant, id)!;
    }

    private static async Task Until(Func<bool> reached)
    {
        while (!reached()) await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Ct);
    }

    public void Dispose()
    {
        foreach (var jobs in _opened) jobs.Dispose();
        _models.Dispose();
        _folder.Dispose();
    }
}
