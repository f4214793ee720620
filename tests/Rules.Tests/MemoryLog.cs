using System.Runtime.CompilerServices;
using Seamless.Storage.Log;
using Seamless.Telemetry;

namespace Seamless.Rules.Tests;

/// <summary>The log in memory, with its real promises: order, positions from 1, checkpoints, waiting readers.</summary>
internal sealed class MemoryLog(int partitions = 1) : ITelemetryLog
{
    private readonly Lock _lock = new();
    private readonly List<LogRecord>[] _records = [.. Enumerable.Range(0, partitions).Select(_ => new List<LogRecord>())];
    private readonly Dictionary<(string, int), long> _checkpoints = [];
    private readonly Dictionary<(string, int), long> _progress = [];
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int PartitionCount => partitions;

    public int PartitionOf(in DeviceKey device) => (int)(StableHash.Of(device) % (ulong)partitions);

    public ValueTask AppendAsync(IReadOnlyList<LogEntry> entries, CancellationToken ct)
    {
        lock (_lock)
        {
            foreach (var entry in entries)
            {
                if (entry.Kind is LogRecordKind.Tick) foreach (var list in _records) list.Add(new LogRecord(list.Count + 1, entry));
                else Add(PartitionOf(entry.Sample?.Device ?? entry.Event?.Device ?? entry.State!.Device), entry);
            }
        }
        Move();
        return ValueTask.CompletedTask;
    }

    private void Add(int partition, LogEntry entry) => _records[partition].Add(new LogRecord(_records[partition].Count + 1, entry));

    public long End(int partition)
    {
        lock (_lock) return _records[partition].Count;
    }

    public async IAsyncEnumerable<LogBatch> ReadAsync(int partition, long afterSequence, [EnumeratorCancellation] CancellationToken ct)
    {
        for (var position = afterSequence; ;)
        {
            LogRecord[] batch;
            Task moved;
            lock (_lock)
            {
                batch = [.. _records[partition].Skip((int)position).Take(500)];
                moved = _moved.Task;
            }
            if (batch.Length == 0)
            {
                await moved.WaitAsync(ct);
                continue;
            }
            position = batch[^1].Sequence;
            yield return LogBatch.Of(batch[0].Sequence, batch.Select(record => record.Entry));
        }
    }

    public void Register(string consumer)
    {
    }

    /// <summary>Whom the log was told to forget.</summary>
    public List<string> Released { get; } = [];

    public void Release(string consumer)
    {
        lock (_lock)
        {
            Released.Add(consumer);
            for (var i = 0; i < partitions; i++)
            {
                _checkpoints.Remove((consumer, i));
                _progress.Remove((consumer, i));
            }
        }
    }

    public long Checkpoint(string consumer, int partition)
    {
        lock (_lock) return _checkpoints.GetValueOrDefault((consumer, partition));
    }

    public void SaveCheckpoint(string consumer, int partition, long sequence)
    {
        lock (_lock) _checkpoints[(consumer, partition)] = sequence;
    }

    public void ReportProgress(string consumer, int partition, long sequence)
    {
        lock (_lock) _progress[(consumer, partition)] = sequence;
        Move();
    }

    public async Task WaitForAsync(string consumer, CancellationToken ct)
    {
        while (true)
        {
            Task moved;
            lock (_lock)
            {
                if (Enumerable.Range(0, partitions).All(p => _progress.GetValueOrDefault((consumer, p)) >= _records[p].Count)) return;
                moved = _moved.Task;
            }
            await moved.WaitAsync(ct);
        }
    }

    public IReadOnlyDictionary<string, long> Lag() => new Dictionary<string, long>();

    private void Move()
    {
        TaskCompletionSource moved;
        lock (_lock) (moved, _moved) = (_moved, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        moved.SetResult();
    }
}
