using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Seamless.Fleet.Registry;
using Seamless.Learning;
using Seamless.Rules.Alarms;
using Seamless.Rules.Engine;
using Seamless.Storage.Log;
using Seamless.Telemetry;
using Seamless.Telemetry.Rows;

namespace Seamless.Rules.Versions;

/// <summary>
/// Follows the log as the consumer <c>rules-shadow</c> while a version is tried out, and judges each device by the rules that the engine does not judge it by:
/// the version's, or on a canary's devices those in force. What that raises is kept in the ledger, and nobody is called.
/// </summary>
/// <remarks>It begins at the log's end with nothing known. State and position are written together, never ahead of the ledger; what is judged again after a crash makes the same changes.</remarks>
internal sealed class StageJudge : LogConsumer
{
    public const string ConsumerName = "rules-shadow";

    private static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(10);

    private readonly IDeviceRegistry _registry;
    private readonly IModels _models;
    private readonly RuleStages _stages;
    private readonly StageLedger _ledger;
    private readonly Judgement _judgement;
    private readonly ScorerBank _scorers;
    private readonly EngineSnapshot _snapshot;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly List<TelemetryChange> _unwritten = [];
    private readonly List<JudgedDevice>[] _devices;
    private readonly long[] _positions;
    private readonly long[] _lastTicksMs;
    private readonly ConcurrentQueue<DeviceKey> _changedDevices = new();
    private volatile bool _stagesChanged;
    private long _lastSaved = Stopwatch.GetTimestamp();   // how long the disk rests is a matter of this machine
    private bool _restored;

    /// <param name="statePath">Where its state lies between two starts.</param>
    public StageJudge(ITelemetryLog log, IDeviceRegistry registry, IModels models, RuleStages stages, StageLedger ledger, RulesOptions options, string statePath, TimeProvider time, ILogger logger)
        : base(log, ConsumerName, time, logger)
    {
        (_registry, _models, _stages, _ledger) = (registry, models, stages, ledger);
        _scorers = new ScorerBank(models);
        _judgement = new Judgement(stages.Beside, _scorers.For, options, _ => null, key => registry.FindCached(key));
        _snapshot = new EngineSnapshot(statePath);
        _devices = [.. Enumerable.Range(0, log.PartitionCount).Select(_ => new List<JudgedDevice>())];
        (_positions, _lastTicksMs) = (new long[log.PartitionCount], new long[log.PartitionCount]);
        for (var i = 0; i < _positions.Length; i++) _positions[i] = log.End(i);
        registry.Changed += _changedDevices.Enqueue;
        models.Changed += _scorers.Renew;
        stages.Changed += NoteStages;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await InTurnAsync(async () =>
        {
            if (_restored && _unwritten.Count == 0) await WriteAsync(cancellationToken);
        }, cancellationToken);
    }

    public override void Dispose()
    {
        _registry.Changed -= _changedDevices.Enqueue;
        _models.Changed -= _scorers.Renew;
        _stages.Changed -= NoteStages;
        _turn.Dispose();
        base.Dispose();
    }

    protected override async ValueTask<long> StartAfterAsync(int partition, CancellationToken ct)
    {
        await InTurnAsync(async () =>
        {
            if (!_restored) await RestoreAsync(ct);
        }, ct);
        return _positions[partition];
    }

    protected override async ValueTask SaveAsync(bool now, CancellationToken ct) => await InTurnAsync(async () =>
    {
        if (_restored && _unwritten.Count == 0 && (now || Stopwatch.GetElapsedTime(_lastSaved) >= SaveEvery)) await WriteAsync(ct);
    }, ct);

    protected override async ValueTask HandleAsync(int partition, LogBatch batch, CancellationToken ct) => await InTurnAsync(async () =>
    {
        await TakeNewsAsync(ct);
        foreach (var record in batch)
        {
            if (record.Sequence <= _positions[partition]) continue;
            if (record.Row >= 0) await JudgeAsync(batch.Rows, record.Row, ct);
            else await JudgeAsync(partition, record.Entry, ct);
            _positions[partition] = record.Sequence;
        }
        _judgement.Conclude(_unwritten);
        if (_unwritten.Count > 0) await _ledger.ApplyAsync(_unwritten, _stages.Of, ct);
        _unwritten.Clear();
    }, ct);

    private async Task JudgeAsync(SampleRows rows, int row, CancellationToken ct)
    {
        var number = rows.Devices[row];
        if (!_judgement.Knows(number)) await AdmitAsync(Numbers.Devices[number], ct);
        _judgement.Observe(rows, row);
    }

    private async Task JudgeAsync(int partition, LogEntry entry, CancellationToken ct)
    {
        if (entry.Kind is LogRecordKind.Event)
        {
            if (!_judgement.Knows(entry.Event!.Device)) await AdmitAsync(entry.Event.Device, ct);
            _judgement.Observe(entry.Event);
        }
        else if (entry.Kind is LogRecordKind.Tick)
        {
            var stepMs = entry.ArrivalMs - _lastTicksMs[partition];
            _lastTicksMs[partition] = entry.ArrivalMs;
            if (stepMs <= Analytics.Conditions.MissingCondition.LongestTickGapMs) _judgement.Tick(stepMs, _devices[partition]);
        }
    }

    private async Task AdmitAsync(DeviceKey key, CancellationToken ct)
    {
        _judgement.Conclude(_unwritten);   // what was observed belongs to the device as it was
        var before = _judgement.Find(key);
        var after = _judgement.Admit(key, await _registry.FindAsync(key, ct), _unwritten);
        if (before == after) return;
        var partition = _devices[Log.PartitionOf(key)];
        if (before is not null) partition.Remove(before);
        if (after is not null) partition.Add(after);
    }

    private async Task TakeNewsAsync(CancellationToken ct)
    {
        _scorers.Refresh();
        if (_stagesChanged)
        {
            _stagesChanged = false;
            foreach (var key in _judgement.Known) _changedDevices.Enqueue(key);   // also those that nothing was tried out on until now
        }
        while (_changedDevices.TryDequeue(out var key))
            if (_judgement.Knows(key)) await AdmitAsync(key, ct);
    }

    private async Task RestoreAsync(CancellationToken ct)
    {
        await _stages.LoadAsync(ct);
        if (_snapshot.Read(_judgement, _scorers, _unwritten) is { } found && found.Positions.Length == _positions.Length)
            for (var i = 0; i < _positions.Length; i++) (_positions[i], _lastTicksMs[i]) = (Math.Min(found.Positions[i], Log.End(i)), found.LastTicksMs[i]);
        foreach (var device in _judgement.Devices) _devices[Log.PartitionOf(device.Key)].Add(device);
        _restored = true;
        await WriteAsync(ct);   // where it began is known even if it ends at once
    }

    private async Task WriteAsync(CancellationToken ct)
    {
        await _snapshot.WriteAsync(_positions, _lastTicksMs, _judgement, _scorers, ct);
        for (var i = 0; i < _positions.Length; i++) Log.SaveCheckpoint(Name, i, _positions[i]);
        _lastSaved = Stopwatch.GetTimestamp();
    }

    private void NoteStages(string type) => _stagesChanged = true;

    private async Task InTurnAsync(Func<Task> act, CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            await act();
        }
        finally
        {
            _turn.Release();
        }
    }
}
