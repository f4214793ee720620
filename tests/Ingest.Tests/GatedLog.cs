using System.Collections.Concurrent;
using Seamless.Storage.Log;
using Seamless.Telemetry;

namespace Seamless.Ingest.Tests;

/// <summary>The real log behind a gate that a test can shut, as a full disk would; remembers what became durable.</summary>
internal sealed class GatedLog(FileTelemetryLog log) : ITelemetryLog
{
    private TaskCompletionSource _gate = Opened();

    public ConcurrentQueue<LogEntry> Durable { get; } = new();
    public IEnumerable<Sample> Samples => Durable.Where(entry => entry.Sample is not null).Select(entry => entry.Sample!);
    public int Waiting;
    public Exception? Failure { get; set; }

    public void Shut() => _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    public void Open() => _gate.TrySetResult();

    public async ValueTask AppendAsync(IReadOnlyList<LogEntry> entries, CancellationToken ct)
    {
        Interlocked.Increment(ref Waiting);
        await _gate.Task.WaitAsync(ct);
        Interlocked.Decrement(ref Waiting);
        if (Failure is { } failure) throw failure;
        await log.AppendAsync(entries, ct);
        foreach (var entry in entries) Durable.Enqueue(entry);
    }

    public int PartitionCount => log.PartitionCount;
    public int PartitionOf(in DeviceKey device) => log.PartitionOf(device);
    public long End(int partition) => log.End(partition);
    public IAsyncEnumerable<LogBatch> ReadAsync(int partition, long afterSequence, CancellationToken ct) => log.ReadAsync(partition, afterSequence, ct);
    public void Register(string consumer) => log.Register(consumer);
    public long Checkpoint(string consumer, int partition) => log.Checkpoint(consumer, partition);
    public void SaveCheckpoint(string consumer, int partition, long sequence) => log.SaveCheckpoint(consumer, partition, sequence);
    public void ReportProgress(string consumer, int partition, long sequence) => log.ReportProgress(consumer, partition, sequence);
    public Task WaitForAsync(string consumer, CancellationToken ct) => log.WaitForAsync(consumer, ct);
    public IReadOnlyDictionary<string, long> Lag() => log.Lag();

    private static TaskCompletionSource Opened()
    {
        var gate = new TaskCompletionSource();
        gate.SetResult();
        return gate;
    }
}
