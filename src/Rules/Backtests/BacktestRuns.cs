using Microsoft.Extensions.Logging;
using Seamless.Telemetry;

namespace Seamless.Rules.Backtests;

/// <summary>Keeps what runs and the last results. Whatever still runs when the platform stops is cancelled and awaited.</summary>
public sealed partial class BacktestRuns(IRuleBook book, TimeProvider time, ILogger<BacktestRuns> logger) : IBacktestRuns, IAsyncDisposable
{
    /// <summary>Each takes all the processor it gets: more at once would make all of them, and what comes in, late.</summary>
    internal const int MostRunning = 2;
    internal const int MostKept = 16;

    private readonly Lock _lock = new();
    private readonly List<Job> _jobs = [];   // oldest first
    private bool _stopped;

    public async Task<Outcome<BacktestRun>> StartAsync(BacktestRequest request)
    {
        var job = new Job(Guid.CreateVersion7(time.GetUtcNow()).ToString("N"), request);
        if (Take(job) is { } full) return full;
        var work = RunAsync(job);
        if (work.IsCompleted) await work;   // what is wrong with a request is known before its first wait
        return job.Now;
    }

    private Refusal? Take(Job job)
    {
        lock (_lock)
        {
            if (_stopped) return Refusal.Because("the platform is stopping");
            if (_jobs.Count(other => other.IsRunning) >= MostRunning) return Refusal.Because($"{MostRunning} backtests run already; wait until one of them has ended, or cancel it");
            _jobs.Add(job);
            while (_jobs.Count > MostKept && _jobs.Find(other => !other.IsRunning) is { } oldest)
            {
                _jobs.Remove(oldest);
                oldest.Dispose();
            }
            return null;
        }
    }

    public BacktestRun? Find(string tenant, string id)
    {
        lock (_lock) return _jobs.Find(job => job.Id == id && job.Request.Tenant == tenant)?.Now;
    }

    public BacktestRun? Cancel(string tenant, string id)
    {
        Job? job;
        lock (_lock) job = _jobs.Find(job => job.Id == id && job.Request.Tenant == tenant);
        if (job?.TryCancel() is true) return job.Now with { State = BacktestState.Cancelled };
        return job?.Now;
    }

    private async Task RunAsync(Job job)
    {
        try
        {
            var outcome = await book.BacktestAsync(job.Request, job, job.Cancellation.Token);
            job.End(outcome.Succeeded ? BacktestState.Finished : BacktestState.Failed, outcome.Value, outcome.Refusal);
        }
        catch (OperationCanceledException) when (job.Cancellation.IsCancellationRequested)
        {
            job.End(BacktestState.Cancelled, null, null);
        }
#pragma warning disable CA1031 // the edge: nobody awaits the run, whoever looks at it is told
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Failed(failure, job.Request.Type, job.Id);
            job.End(BacktestState.Failed, null, Refusal.Because($"the backtest broke off: {failure.Message}"));
        }
    }

    public async ValueTask DisposeAsync()
    {
        Job[] jobs;
        lock (_lock) (_stopped, jobs) = (true, [.. _jobs]);
        foreach (var job in jobs) job.TryCancel();   // all before the first is awaited
        foreach (var job in jobs)
        {
            await job.Ended;
            job.Dispose();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The backtest {Id} of {Type} rules broke off")]
    private partial void Failed(Exception failure, string type, string id);

    private sealed class Job(string id, BacktestRequest request) : IProgress<BacktestProgress>, IDisposable
    {
        private readonly Lock _lock = new();
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private BacktestRun _now = new(id, request, BacktestState.Running, default, null, null);

        public string Id => id;
        public BacktestRequest Request => request;
        public CancellationTokenSource Cancellation { get; } = new();
        public Task Ended => _ended.Task;
        public bool IsRunning => Now.State is BacktestState.Running;

        public BacktestRun Now
        {
            get
            {
                lock (_lock) return _now;
            }
        }

        /// <summary>Devices end in any order, and are told so: the most counts.</summary>
        public void Report(BacktestProgress value)
        {
            lock (_lock)
                if (value.Done >= _now.Progress.Done) _now = _now with { Progress = value };
        }

        public void End(BacktestState state, BacktestReport? report, Refusal? refusal)
        {
            lock (_lock) _now = _now with { State = state, Report = report, Refusal = refusal };
            _ended.SetResult();
        }

        public bool TryCancel()
        {
            lock (_lock)
            {
                if (_now.State is not BacktestState.Running) return false;
                Cancellation.Cancel();
                return true;
            }
        }

        public void Dispose() => Cancellation.Dispose();
    }
}
