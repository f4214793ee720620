using Microsoft.Extensions.Logging.Abstractions;
using Seamless.Rules.Backtests;
using Seamless.Telemetry;

namespace Seamless.Rules.Tests.Backtests;

public sealed class BacktestRunsTests
{
    private static readonly BacktestRequest Request = new("default", "pump", "rules: []", Judged.At(0), Judged.At(60), null);

    /// <summary>A rule book whose backtests end when a test says so.</summary>
    private sealed class Book : IRuleBook
    {
        public List<(TaskCompletionSource<Outcome<BacktestReport>> Work, IProgress<BacktestProgress> Progress)> Asked { get; } = [];
        public Refusal? Wrong { get; set; }

        public Task<Outcome<BacktestReport>> BacktestAsync(BacktestRequest request, IProgress<BacktestProgress>? progress, CancellationToken ct)
        {
            if (Wrong is not null) return Task.FromResult<Outcome<BacktestReport>>(Wrong);
            var work = new TaskCompletionSource<Outcome<BacktestReport>>(TaskCreationOptions.RunContinuationsAsynchronously);
            ct.Register(() => work.TrySetCanceled(ct));
            Asked.Add((work, progress!));
            return work.Task;
        }

        public IReadOnlyList<RuleFile> All() => [];
        public IReadOnlyList<RuleProblem> Validate(string type, string yaml) => [];
        public Task<Outcome<RuleFile>> PutAsync(string type, string name, string yaml, string actor, CancellationToken ct) => throw new NotSupportedException();
    }

    private readonly Book _book = new();

    private BacktestRuns Open() => new(_book, TimeProvider.System, NullLogger<BacktestRuns>.Instance);

    private static BacktestReport Report { get; } = new(
        1, 1, [], 0, Judged.At(0), Judged.At(60), new BacktestComparison("in-force", 0, 0, 0, [], []), new BacktestLoad(1, 6, new(0, 0, null, 0), new(0, 0, null, 0)), null, []);

    private static async Task<BacktestRun> EndedAsync(BacktestRuns runs, string id)
    {
        using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (runs.Find("default", id) is { State: BacktestState.Running }) await Task.Delay(5, enough.Token);
        return runs.Find("default", id)!;
    }

    [Fact]
    public async Task A_run_tells_how_far_it_is_and_keeps_its_report()
    {
        await using var runs = Open();
        var run = (await runs.StartAsync(Request)).Value!;
        Assert.Equal(BacktestState.Running, run.State);
        _book.Asked[0].Progress.Report(new BacktestProgress(3, 10));
        _book.Asked[0].Progress.Report(new BacktestProgress(2, 10));   // devices end in any order
        Assert.Equal(new BacktestProgress(3, 10), runs.Find("default", run.Id)!.Progress);
        Assert.Null(runs.Find("acme", run.Id));
        Assert.Null(runs.Cancel("acme", run.Id));
        _book.Asked[0].Work.SetResult(Report);
        var ended = await EndedAsync(runs, run.Id);
        Assert.Equal((BacktestState.Finished, Report), (ended.State, ended.Report));
        Assert.Equal(BacktestState.Finished, runs.Cancel("default", run.Id)!.State);
    }

    [Fact]
    public async Task A_run_is_cancelled_and_one_that_breaks_says_why()
    {
        await using var runs = Open();
        var (first, second) = ((await runs.StartAsync(Request)).Value!, (await runs.StartAsync(Request)).Value!);
        Assert.Contains("2 backtests run already", (await runs.StartAsync(Request)).Refusal!.Reason, StringComparison.Ordinal);
        Assert.Equal(BacktestState.Cancelled, runs.Cancel("default", first.Id)!.State);
        Assert.Equal(BacktestState.Cancelled, (await EndedAsync(runs, first.Id)).State);
        _book.Asked[1].Work.SetException(new IOException("the disk is gone"));
        var broken = await EndedAsync(runs, second.Id);
        Assert.Equal(BacktestState.Failed, broken.State);
        Assert.Contains("the disk is gone", broken.Refusal!.Reason, StringComparison.Ordinal);
        Assert.True((await runs.StartAsync(Request)).Succeeded);
    }

    [Fact]
    public async Task A_wrong_request_has_failed_at_once_and_takes_nobodys_place()
    {
        await using var runs = Open();
        _book.Wrong = Refusal.Invalid("line 1, column 1: no rules");
        var failed = (await runs.StartAsync(Request)).Value!;
        Assert.Equal((BacktestState.Failed, _book.Wrong, Request), (failed.State, failed.Refusal, failed.Request));
        _book.Wrong = null;
        for (var i = 0; i < BacktestRuns.MostRunning; i++) Assert.True((await runs.StartAsync(Request)).Succeeded);
    }

    [Fact]
    public async Task Only_the_last_results_are_kept_and_stopping_cancels_what_runs()
    {
        var runs = Open();
        var ids = new List<string>();
        for (var i = 0; i < BacktestRuns.MostKept + 1; i++)
        {
            var run = (await runs.StartAsync(Request)).Value!;
            ids.Add(run.Id);
            _book.Asked[^1].Work.SetResult(Report);
            await EndedAsync(runs, run.Id);
        }
        Assert.Null(runs.Find("default", ids[0]));
        Assert.NotNull(runs.Find("default", ids[1]));
        await runs.StartAsync(Request);
        await runs.DisposeAsync();
        Assert.True(_book.Asked[^1].Work.Task.IsCanceled);
        Assert.False((await runs.StartAsync(Request)).Succeeded);
    }
}
