using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Seamless.Storage.Log;

/// <summary>Follows the log from the moment the doors are open until the host stops: a loop a partition, each batch handled in order.</summary>
/// <remarks>
/// The host opens its doors first and calls <see cref="StartedAsync"/> then: a backlog must not take the processor from a start that devices wait for.
/// A start that fails never gets there; a stop ends the wait.
/// A handler that throws is given the same batch again, after a pause that doubles up to half a minute: the position is never lost, and no
/// fault ends the process. Handlers must bear being given the same records twice. When to save the checkpoint is their choice.
/// </remarks>
public abstract class LogConsumer : BackgroundService, IHostedLifecycleService
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly TaskCompletionSource _begin = new(TaskCreationOptions.RunContinuationsAsynchronously);

    protected LogConsumer(ITelemetryLog log, string name, TimeProvider time, ILogger logger)
    {
        (Log, Name, _time, _logger) = (log, name, time, logger);
        log.Register(name);   // before anything is appended, so that nothing passes us
    }

    protected ITelemetryLog Log { get; }

    public string Name { get; }

    /// <summary>Handles the next records of a partition. Progress is reported by the caller; the checkpoint is not.</summary>
    /// <param name="batch">Valid until this returns. The first after a start may begin before the position.</param>
    protected abstract ValueTask HandleAsync(int partition, LogBatch batch, CancellationToken ct);

    /// <summary>Called about once a second, also while nothing arrives: the time to save what is due.</summary>
    /// <param name="now">Whatever can be saved is due: the log waits for the room that its consumers let go of.</param>
    protected virtual ValueTask SaveAsync(bool now, CancellationToken ct) => ValueTask.CompletedTask;

    /// <summary>Where to begin: the checkpoint, unless the consumer keeps its position with its own state.</summary>
    protected virtual ValueTask<long> StartAfterAsync(int partition, CancellationToken ct) => ValueTask.FromResult(Log.Checkpoint(Name, partition));

    /// <summary>Whether a handled batch counts as progress at once. A consumer that gathers says no and reports by itself.</summary>
    protected virtual bool ReportsProgressItself => false;

    /// <summary>Begins to read before the doors are open, for who must know first what lies in the log.</summary>
    protected void BeginNow() => _begin.TrySetResult();

    public virtual Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The doors are open: begins to read.</summary>
    public virtual Task StartedAsync(CancellationToken cancellationToken)
    {
        BeginNow();
        return Task.CompletedTask;
    }

    public virtual Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public virtual Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await _begin.Task.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (stoppingToken.IsCancellationRequested) return;
        await Task.WhenAll(Enumerable.Range(0, Log.PartitionCount).Select(partition => Task.Run(() => FollowAsync(partition, stoppingToken), stoppingToken)).Append(SaveNowAndThenAsync(stoppingToken)));
    }

    private async Task SaveNowAndThenAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(SaveEvery, TimeProvider.System);   // the machine's clock: this paces a disk
        try
        {
            while (await timer.WaitForNextTickAsync(ct)) await TrySaveAsync(ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // the host stops
        }
    }

    /// <summary>An old checkpoint costs a repetition, no more.</summary>
    protected async Task TrySaveAsync(CancellationToken ct)
    {
        try
        {
            await SaveAsync(Log.WantsRoom, ct);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogMessages.CheckpointNotSaved(_logger, e, Name);
        }
    }

    private async Task FollowAsync(int partition, CancellationToken ct)
    {
        long? handled = null;
        var pause = TimeSpan.FromSeconds(1);
        while (!ct.IsCancellationRequested)
        {
            try
            {
                handled ??= await StartAfterAsync(partition, ct);
                await foreach (var batch in Log.ReadAsync(partition, handled.Value, ct))
                {
                    await HandleAsync(partition, batch, ct);
                    handled = batch.LastSequence;
                    if (!ReportsProgressItself) Log.ReportProgress(Name, partition, handled.Value);
                    pause = TimeSpan.FromSeconds(1);
                }
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)   // the edge of this loop: whatever it was, the log still holds what comes next
            {
                LogMessages.ConsumerFailed(_logger, e, Name, handled ?? 0, partition, pause);
                await Task.Delay(pause, _time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }
}
