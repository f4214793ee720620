using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Seamless.Fleet.Registry;
using Seamless.Learning;
using Seamless.Rules.Alarms;
using Seamless.Rules.Packs;
using Seamless.Rules.Versions;
using Seamless.Storage.Log;
using Seamless.Storage.Operations;
using Seamless.Telemetry;
using Seamless.Telemetry.Rows;

namespace Seamless.Rules.Engine;

/// <summary>Follows the log as the consumer <c>rules</c>: judges every record and writes what it did to the alarms, a batch in one transaction.</summary>
/// <remarks>
/// Partitions take turns: a site's devices may lie in several. With more than one, what a site's fault gathers depends on those turns; the default is one.
/// Its own state is written now and then, never before the alarms' changes it led to;
/// after a crash the records since are judged again and make the same changes, which the alarm book knows already.
/// </remarks>
public sealed partial class RuleEngine : LogConsumer
{
    /// <summary>The consumer's name in the log.</summary>
    public const string ConsumerName = "rules";

    private static readonly Meter Meter = new("Seamless.Rules");
    private static readonly Counter<long> Judged = Meter.CreateCounter<long>("seamless.rules.records", description: "Log records judged");
    private static readonly Counter<long> TooLate = Meter.CreateCounter<long>("seamless.rules.too_late", description: "Samples and events that came too late to be judged in their order");

    private readonly IDeviceRegistry _registry;
    private readonly RuleStages _stages;
    private readonly PackDirectory _packs;
    private readonly IModels _models;
    private readonly AlarmBook _book;
    private readonly RulesOptions _options;
    private readonly ILogger<RuleEngine> _logger;
    private readonly Judgement _judgement;
    private readonly ScorerBank _scorers;
    private readonly EngineSnapshot _snapshot;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly List<TelemetryChange> _unwritten = [];
    private readonly List<JudgedDevice>[] _devices;
    private readonly long[] _positions;
    private long _tooLate;
    private readonly long[] _lastTicksMs;
    private readonly ConcurrentQueue<DeviceKey> _changedDevices = new();
    private readonly ConcurrentQueue<string> _changedTypes = new();
    private long _recordsSinceSnapshot;
    private long _lastSnapshot = Stopwatch.GetTimestamp();   // how long the disk rests is a matter of this machine, not of event or platform time
    private bool _restored;

    internal RuleEngine(
        ITelemetryLog log, IDeviceRegistry registry, PackDirectory packs, RuleStages stages, IModels models, AlarmBook book, OperationsDatabase database,
        IOptions<RulesOptions> options, TimeProvider time, ILogger<RuleEngine> logger)
        : base(log, ConsumerName, time, logger)
    {
        (_registry, _packs, _stages, _models, _book, _options, _logger) = (registry, packs, stages, models, book, options.Value, logger);
        _scorers = new ScorerBank(models);
        _judgement = new Judgement(stages.Judging, _scorers.For, _options, book.ClosedAt, key => registry.FindCached(key));
        _snapshot = new EngineSnapshot(Path.Combine(database.DataDirectory, "rules", "engine.state"));
        _devices = [.. Enumerable.Range(0, log.PartitionCount).Select(_ => new List<JudgedDevice>())];
        (_positions, _lastTicksMs) = (new long[log.PartitionCount], new long[log.PartitionCount]);
        registry.Changed += _changedDevices.Enqueue;
        packs.Changed += _changedTypes.Enqueue;
        stages.Changed += _changedTypes.Enqueue;
        models.Changed += _scorers.Renew;
    }

    /// <summary>What is open is known before the doors are: who asks for a device's health gets it, however far there is to catch up.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await _book.LoadAsync(cancellationToken);
        await _stages.LoadAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Writes the state now, so that a stop costs no judging again.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_restored && _unwritten.Count == 0) await WriteSnapshotAsync(cancellationToken);   // never ahead of the journal
        }
        catch (IOException e)
        {
            NotSaved(e);   // what came since the last one is judged again
        }
        finally
        {
            _turn.Release();
        }
    }

    protected override async ValueTask SaveAsync(bool now, CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            if (_recordsSinceSnapshot > 0 && _unwritten.Count == 0 && (now || SnapshotIsDue())) await WriteSnapshotAsync(ct);
        }
        finally
        {
            _turn.Release();
        }
    }

    public override void Dispose()
    {
        _registry.Changed -= _changedDevices.Enqueue;
        _packs.Changed -= _changedTypes.Enqueue;
        _stages.Changed -= _changedTypes.Enqueue;
        _models.Changed -= _scorers.Renew;
        _turn.Dispose();
        base.Dispose();
    }

    protected override async ValueTask<long> StartAfterAsync(int partition, CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            await RestoreAsync(ct);
            return _positions[partition];
        }
        finally
        {
            _turn.Release();
        }
    }

    protected override async ValueTask HandleAsync(int partition, LogBatch batch, CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            await TakeNewsAsync(ct);
            foreach (var record in batch)
            {
                if (record.Sequence <= _positions[partition]) continue;   // judged before, but the changes could not be written then
                if (record.Row >= 0)
                {
                    var number = batch.Rows.Devices[record.Row];
                    if (!_judgement.Knows(number)) await AdmitAsync(Numbers.Devices[number], ct);
                    _judgement.Observe(batch.Rows, record.Row);
                }
                else
                {
                    if (record.Entry.Event?.Device is { } sender && !_judgement.Knows(sender)) await AdmitAsync(sender, ct);
                    Judge(partition, record.Entry);
                }
                _positions[partition] = record.Sequence;
            }
            _judgement.Conclude(_unwritten);
            if (_unwritten.Count > 0) await _book.ApplyAsync(_unwritten, ct);
            _unwritten.Clear();
            Judged.Add(batch.Count);
            if (_judgement.TooLate > _tooLate) TooLate.Add(_judgement.TooLate - _tooLate);
            _tooLate = _judgement.TooLate;
            _recordsSinceSnapshot += batch.Count;
            if (SnapshotIsDue()) await WriteSnapshotAsync(ct);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async ValueTask AdmitAsync(DeviceKey key, CancellationToken ct) => Admit(key, await _registry.FindAsync(key, ct));

    private void Judge(int partition, in LogEntry entry)
    {
        switch (entry.Kind)
        {
            case LogRecordKind.Event:
                _judgement.Observe(entry.Event!);
                break;
            case LogRecordKind.Tick:
                Tick(partition, entry.ArrivalMs);
                break;
        }
    }

    private void Tick(int partition, long nowMs)
    {
        var stepMs = nowMs - _lastTicksMs[partition];
        _lastTicksMs[partition] = nowMs;
        if (stepMs > Analytics.Conditions.MissingCondition.LongestTickGapMs) return;
        _judgement.Tick(stepMs, _devices[partition]);
    }

    private void Admit(DeviceKey key, Device? device)
    {
        _judgement.Conclude(_unwritten);   // what was observed belongs to the device as it was
        var before = _judgement.Find(key);
        var after = _judgement.Admit(key, device, _unwritten);
        if (before == after) return;
        var partition = _devices[Log.PartitionOf(key)];
        if (before is not null) partition.Remove(before);
        if (after is not null) partition.Add(after);
    }

    /// <summary>What changed around us since the last batch: devices, packs, models.</summary>
    private async Task TakeNewsAsync(CancellationToken ct)
    {
        _scorers.Refresh();
        while (_changedTypes.TryDequeue(out var type))
            foreach (var device in _judgement.Devices.Where(d => d.Pack.Pack.Type == type).ToList()) _changedDevices.Enqueue(device.Key);
        while (_changedDevices.TryDequeue(out var key))
            if (_judgement.Knows(key)) Admit(key, await _registry.FindAsync(key, ct));
    }

    private async Task RestoreAsync(CancellationToken ct)
    {
        if (_restored) return;
        await _book.LoadAsync(ct);
        if (_snapshot.Read(_judgement, _scorers, _unwritten) is { } found && found.Positions.Length == _positions.Length)
        {
            for (var i = 0; i < _positions.Length; i++) (_positions[i], _lastTicksMs[i]) = (Math.Min(found.Positions[i], Log.End(i)), found.LastTicksMs[i]);
        }
        else
        {
            for (var i = 0; i < _positions.Length; i++) _positions[i] = Log.Checkpoint(Name, i);
        }
        foreach (var device in _judgement.Devices) _devices[Log.PartitionOf(device.Key)].Add(device);
        _restored = true;
        _logger.LogInformation("The rules know {Devices} devices and {Packs} packs", _judgement.Devices.Count(), _packs.All.Count);
    }

    private bool SnapshotIsDue() =>
        _recordsSinceSnapshot >= _options.RecordsBetweenSnapshots
        || Stopwatch.GetElapsedTime(_lastSnapshot) >= _options.TimeBetweenSnapshots;

    private async Task WriteSnapshotAsync(CancellationToken ct)
    {
        await _snapshot.WriteAsync(_positions, _lastTicksMs, _judgement, _scorers, ct);
        for (var i = 0; i < _positions.Length; i++) Log.SaveCheckpoint(Name, i, _positions[i]);
        (_recordsSinceSnapshot, _lastSnapshot) = (0, Stopwatch.GetTimestamp());
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The rules' state could not be written; what came since the last time is judged again")]
    private partial void NotSaved(Exception failure);
}
