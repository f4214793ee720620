using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Seamless.Learning.Commands;
using Seamless.Learning.Models;
using Seamless.Learning.Tables;
using Seamless.Telemetry;

namespace Seamless.Learning.Training;

/// <summary>Keeps what waits, what runs and the last that ended in <c>jobs.json</c>, so that a restart forgets none.</summary>
internal sealed partial class TrainingJobs : ITrainingJobs, IDisposable
{
    internal const int MostKept = 50;
    internal const int MostQueued = 20;

    /// <summary>Trees that are being grown end with their bag; a stop waits for that so long.</summary>
    private static readonly TimeSpan StopWait = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly List<TrainingJob> _jobs;   // oldest first
    private readonly LearningOptions _options;
    private readonly ITrainingFiles _files;
    private readonly IModelRegistry _models;
    private readonly ITrainingHistory? _history;
    private readonly TimeProvider _time;
    private readonly ILogger<TrainingJobs> _logger;
    private Thread? _worker;
    private CancellationTokenSource? _running;
    private bool _stopped;

    public TrainingJobs(LearningOptions options, ITrainingFiles files, IModelRegistry models, TimeProvider time, ILogger<TrainingJobs> logger, ITrainingHistory? history = null)
    {
        (_options, _files, _models, _time, _logger, _history) = (options, files, models, time, logger, history);
        _jobs = Load();
    }

    public event Action<TrainingJob>? Ended;

    private string JobsFile => Path.Combine(_options.TrainingFolder, "jobs.json");

    public Outcome<TrainingJob> Order(string tenant, string by, TrainingOrder order)
    {
        var source = SourceOf(tenant, order);
        if (!source.Succeeded) return source.Refusal;
        var id = $"tr-{Guid.CreateVersion7(_time.GetUtcNow()):N}";
        var job = new TrainingJob(id, tenant, by, order, source.Value, TrainingState.Queued, null, _time.GetUtcNow(), null, null, null, null);
        lock (_gate)
        {
            if (_stopped) return Refusal.Because("the platform is stopping");
            if (_jobs.Count(other => other.State is TrainingState.Queued) >= MostQueued) return Refusal.Because($"{MostQueued} trainings are queued already; wait, or cancel one");
            _jobs.Add(job);
            while (_jobs.Count > MostKept && _jobs.Find(other => other.IsOver) is { } oldest) _jobs.Remove(oldest);
            Save();
            Wake();
        }
        return job;
    }

    /// <summary>What the data of the order is called; refused when the order does not fit it.</summary>
    private Outcome<string> SourceOf(string tenant, TrainingOrder order)
    {
        if (order.History is { } history)
        {
            if (_history is null) return Refusal.Because("there is no history here to learn from");
            return (order.WhatIsWrong() ?? _history.WhatIsWrong(order)) is { } unfit ? unfit : string.Create(CultureInfo.InvariantCulture, $"{history.Type} {history.From.UtcDateTime:yyyy-MM-dd} … {history.To.UtcDateTime:yyyy-MM-dd}");
        }
        if (_files.Find(tenant, order.File) is not { } file) return Refusal.Invalid($"there is no file '{order.File}'; upload it first, or again: the newest {TrainingFiles.MostKept} are kept");
        return order.WhatIsWrong(file) is { } wrong ? wrong : file.Name;
    }

    public IReadOnlyList<TrainingJob> List(string tenant)
    {
        lock (_gate) return [.. _jobs.Where(job => job.Tenant == tenant).Reverse()];
    }

    public TrainingJob? Find(string tenant, string id)
    {
        lock (_gate) return _jobs.Find(job => job.Id == id && job.Tenant == tenant);
    }

    public int Ahead(TrainingJob job)
    {
        lock (_gate) return job.State is TrainingState.Queued ? _jobs.TakeWhile(other => other.Id != job.Id).Count(other => !other.IsOver) : 0;
    }

    public TrainingJob? Cancel(string tenant, string id)
    {
        TrainingJob? cancelled;
        lock (_gate)
        {
            if (Find(tenant, id) is not { } job) return null;
            if (job.IsOver) return job;
            if (job.State is TrainingState.Running) _running!.Cancel();   // it runs: there is a source
            cancelled = Put(job with { State = TrainingState.Cancelled, EndedAt = _time.GetUtcNow() });
            Save();
        }
        Ended?.Invoke(cancelled);
        return cancelled;
    }

    public void Resume()
    {
        lock (_gate) Wake();
    }

    /// <summary>A thread of its own, not of the pool: its priority is below that of whatever receives and judges samples.</summary>
    private void Wake()
    {
        if (_stopped || _worker is not null || !_jobs.Exists(job => job.State is TrainingState.Queued)) return;
        _worker = new Thread(RunAll) { IsBackground = true, Name = "training", Priority = ThreadPriority.BelowNormal };
        _worker.Start();
    }

    private void RunAll()
    {
        while (Next() is var (job, cancellation))
        {
            Run(job, cancellation.Token);
            lock (_gate) _running = null;
            cancellation.Dispose();
        }
    }

    /// <summary>Whoever finds nothing to do is no longer the worker.</summary>
    private (TrainingJob, CancellationTokenSource)? Next()
    {
        lock (_gate)
        {
            if (_stopped || _jobs.Find(job => job.State is TrainingState.Queued) is not { } next)
            {
                _worker = null;
                return null;
            }
            _running = new CancellationTokenSource();
            var started = Put(next with { State = TrainingState.Running, StartedAt = _time.GetUtcNow(), Progress = new(next.Order.History is null ? TrainingStage.Reading : TrainingStage.History, 0) });
            Save();
            return (started, _running);
        }
    }

    private void Run(TrainingJob job, CancellationToken ct)
    {
        try
        {
            var trained = Train(job, new Follower(this, job.Id), ct);
            if (trained.Succeeded) _models.Announce();
            if (trained.Succeeded) End(job.Id, TrainingState.Done, trained.Value.Id, null);
            else End(job.Id, TrainingState.Refused, null, trained.Refusal.Reason);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Who cancelled has said so; at a stop it is found running at the next start.
        }
#pragma warning disable CA1031 // the edge: nobody awaits the job, whoever looks at it is told
        catch (Exception failure)
#pragma warning restore CA1031
        {
            BrokeOff(failure, job.Order.Name, job.Id);
            End(job.Id, TrainingState.Failed, null, $"the training broke off: {failure.Message}");
        }
    }

    private Outcome<ModelInfo> Train(TrainingJob job, Follower progress, CancellationToken ct)
    {
        var order = job.Order;
        if (order.History is not null) return TrainFromHistory(job, progress, ct);
        if (_files.PathOf(job.Tenant, order.File) is not { } path) return Refusal.NotFound($"{job.FileName} is gone; upload it again");
        var version = VersionOf(order, order.File);
        var (folder, parent) = (FolderOf(order, version), ParentOf(order));
        var trained = order.Kind is ModelFolder.Rul
            ? LearningCommands.TrainRul(new(path, order.Unit!, order.Time!, folder, order.Name, order.Cap, order.Horizon, order.Seed, _time) { Version = version, Parent = parent }, progress, ct)
            : LearningCommands.TrainFailure(new(path, order.Label!, folder, order.Modes, order.Name, order.Seed, _time) { Version = version, Parent = parent }, progress, ct);
        return trained.Succeeded ? trained : new Refusal(trained.Refusal.Code, trained.Refusal.Reason.Replace(path, job.FileName, StringComparison.Ordinal));
    }

    /// <summary>The table is written for this training alone: it can be read from history again.</summary>
    private Outcome<ModelInfo> TrainFromHistory(TrainingJob job, Follower progress, CancellationToken ct)
    {
        var order = job.Order;
        var path = Path.Combine(_options.TrainingFolder, $"{job.Id}.csv");
        Directory.CreateDirectory(_options.TrainingFolder);
        try
        {
            // This thread is the training's own: it may wait.
            var read = _history!.WriteAsync(job.Tenant, order, path, progress, ct).GetAwaiter().GetResult();
            if (!read.Succeeded) return read.Refusal;
            var version = VersionOf(order, Table.HashOf(path));
            var (folder, parent, table) = (FolderOf(order, version), ParentOf(order), read.Value);
            var history = new ModelHistory(job.Tenant, order.History! with { Metrics = table.Metrics }, table) { Modes = order.Modes, IsRefit = order.IsRefit };
            var trained = order.Kind is ModelFolder.Rul
                ? LearningCommands.TrainRul(new(path, HistoryColumns.Unit, HistoryColumns.Time, folder, order.Name, order.Cap, order.Horizon, order.Seed, _time) { Version = version, Parent = parent, History = history }, progress, ct)
                : LearningCommands.TrainFailure(new(path, HistoryColumns.Failure, folder, [.. table.Failures.Keys], order.Name, order.Seed, _time) { Version = version, Parent = parent, Group = HistoryColumns.Group, History = history }, progress, ct);
            return trained.Succeeded ? trained : new Refusal(trained.Refusal.Code, trained.Refusal.Reason.Replace(path, job.FileName, StringComparison.Ordinal));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private string FolderOf(TrainingOrder order, string version) => Path.Combine(_options.Directory, order.Name, version);

    private string? ParentOf(TrainingOrder order) => _models.All().FirstOrDefault(model => model.Name == order.Name && model.Status is "active")?.Id;

    /// <summary>Data and seed, and a number when there is that version already.</summary>
    private string VersionOf(TrainingOrder order, string data)
    {
        var version = $"{data[..8]}-{order.Seed}";
        var taken = _models.All().Where(model => model.Name == order.Name).Select(model => model.Version).ToHashSet(StringComparer.Ordinal);
        if (!taken.Contains(version)) return version;
        for (var number = 2; ; number++)
            if (!taken.Contains($"{version}-{number}")) return $"{version}-{number}";
    }

    private void End(string id, TrainingState state, string? model, string? problem)
    {
        TrainingJob ended;
        lock (_gate)
        {
            if (_jobs.Find(job => job.Id == id) is not { State: TrainingState.Running } job) return;   // cancelled meanwhile
            ended = Put(job with { State = state, Progress = null, EndedAt = _time.GetUtcNow(), Model = model, Problem = problem });
            Save();
        }
        Ended?.Invoke(ended);
    }

    private TrainingJob Put(TrainingJob job)
    {
        var at = _jobs.FindIndex(other => other.Id == job.Id);
        return at < 0 ? job : _jobs[at] = job;
    }

    private void Save()
    {
        Directory.CreateDirectory(_options.TrainingFolder);
        File.WriteAllText(JobsFile + ".new", JsonSerializer.Serialize(_jobs, TrainingJson.Options));
        File.Move(JobsFile + ".new", JobsFile, overwrite: true);
    }

    private List<TrainingJob> Load()
    {
        if (!File.Exists(JobsFile)) return [];
        try
        {
            var jobs = JsonSerializer.Deserialize<List<TrainingJob>>(File.ReadAllText(JobsFile), TrainingJson.Options) ?? [];
            return [.. jobs.Select(job => job.State is TrainingState.Running ? Interrupted(job) : job)];
        }
        catch (JsonException broken)
        {
            Unreadable(broken, JobsFile);
            return [];
        }
    }

    private TrainingJob Interrupted(TrainingJob job) => job with
    {
        State = TrainingState.Failed, Progress = null, EndedAt = _time.GetUtcNow(), Problem = "the platform stopped while this was trained; order it again",
    };

    public void Dispose()
    {
        Thread? worker;
        lock (_gate)
        {
            _stopped = true;
            _running?.Cancel();
            worker = _worker;
        }
        worker?.Join(StopWait);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The training {Id} of {Name} broke off")]
    private partial void BrokeOff(Exception failure, string name, string id);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{File} is unreadable; the list of trainings begins anew")]
    private partial void Unreadable(Exception failure, string file);

    private sealed class Follower(TrainingJobs jobs, string id) : IProgress<TrainingProgress>, IProgress<(int Done, int All)>
    {
        public void Report((int Done, int All) value) => Report(new TrainingProgress(TrainingStage.History, 0, value.Done, value.All));

        public void Report(TrainingProgress value)
        {
            lock (jobs._gate)
                if (jobs._jobs.Find(job => job.Id == id) is { State: TrainingState.Running } job) jobs.Put(job with { Progress = value });
        }
    }
}
