using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Seamless.Fleet.Registry;
using Seamless.Learning;
using Seamless.Storage.Log;
using Seamless.Storage.Operations;

namespace Seamless.Rules.Versions;

/// <summary>Has a <see cref="StageJudge"/> follow the log as long as a version is tried out. Otherwise nobody does, and the log keeps nothing for it.</summary>
/// <remarks>Begins once the doors are open, as every follower of the log.</remarks>
internal sealed class StageWatch : BackgroundService, IHostedLifecycleService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly ITelemetryLog _log;
    private readonly TimeProvider _time;
    private readonly RuleStages _stages;
    private readonly string _statePath;
    private readonly Func<StageJudge> _newJudge;
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ILogger<StageWatch> _logger;
    private readonly TaskCompletionSource _begin = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile StageJudge? _judge;

    public StageWatch(
        ITelemetryLog log, IDeviceRegistry registry, IModels models, RuleStages stages, StageLedger ledger, OperationsDatabase database,
        IOptions<RulesOptions> options, TimeProvider time, ILogger<StageWatch> logger)
    {
        (_log, _stages, _time, _logger) = (log, stages, time, logger);
        _statePath = Path.Combine(database.DataDirectory, "rules", "shadow.state");
        _newJudge = () => new StageJudge(log, registry, models, stages, ledger, options.Value, _statePath, time, logger);
        stages.Changed += Note;
    }

    /// <summary>Everything that comes into the log from now on is judged by what is tried out.</summary>
    public bool IsFollowing => _judge is not null;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _begin.TrySetResult();
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await _begin.Task.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (stoppingToken.IsCancellationRequested) return;
        Note("");   // also when nothing changed: what was tried out when the platform stopped goes on
        try
        {
            await _stages.LoadAsync(stoppingToken);
            await foreach (var _ in _changes.Reader.ReadAllAsync(stoppingToken)) await TryFollowStagesAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // the host stops
        }
    }

    private async Task TryFollowStagesAsync(CancellationToken ct)
    {
        try
        {
            await FollowStagesAsync(ct);
        }
        catch (Exception e) when (e is not OperationCanceledException)   // the edge of this loop: what is in force is judged all the same
        {
            _logger.LogError(e, "What is tried out cannot be followed now; once more in {Pause}", Pause);
            await Task.Delay(Pause, _time, ct);
            Note("");
        }
    }

    private async Task FollowStagesAsync(CancellationToken ct)
    {
        var wanted = _stages.All.Any();
        if (wanted && _judge is null)
        {
            var judge = _newJudge();
            await judge.StartAsync(ct);
            await judge.StartedAsync(ct);
            _judge = judge;
        }
        else if (!wanted)
        {
            await EndAsync(ct);
            _log.Release(StageJudge.ConsumerName);   // also what a stop left behind
            if (File.Exists(_statePath)) File.Delete(_statePath);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await EndAsync(cancellationToken);
    }

    private async Task EndAsync(CancellationToken ct)
    {
        if (_judge is not { } judge) return;
        _judge = null;
        try
        {
            await judge.StopAsync(ct);
        }
        catch (IOException e)
        {
            _logger.LogWarning(e, "The state of the rules that are tried out could not be written; what came since the last time is judged again");
        }
        judge.Dispose();
    }

    private void Note(string type) => _changes.Writer.TryWrite(true);

    public override void Dispose()
    {
        _stages.Changed -= Note;
        _judge?.Dispose();
        base.Dispose();
    }
}
