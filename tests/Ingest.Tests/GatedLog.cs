using System.Collections.Concurrent;
using Seamless.Storage.Log;
using Seamless.Telemetry;
using Seamless.Telemetry.Rows;

namespace Seamless.Ingest.Tests;

/// <summary>The real log behind a gate that a test can shut, as a full disk would; remembers what became durable.</summary>
internal sealed class GatedLog(FileTelemetryLog log) : IRowLog
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

    // The fast lane: what it writes becomes durable at once, but nobody is told before the gate opens.

    private readonly List<int> _before = [];

    public bool IsFull => log.IsFull;
    public Task WaitForRoomAsync() => log.WaitForRoomAsync();
    public long Generation => log.Generation;

    public void Enter()
    {
        if (Failure is { } failure) throw new IOException("failed", failure);
        log.Enter();
        _before.Clear();
        for (var p = 0; p < log.PartitionCount; p++) _before.Add(log.RowsOf(p).Count);
    }

    public SampleRows RowsOf(int partition) => log.RowsOf(partition);
    public void Added(int rows) => log.Added(rows);

    public void Promise(ICommitListener listener, bool urgent) => log.Promise(new Gate(this, listener), urgent);

    public void Leave()
    {
        var written = new List<LogEntry>();
        for (var p = 0; p < log.PartitionCount; p++)
        {
            var rows = log.RowsOf(p);
            for (var row = _before[p]; row < rows.Count; row++) written.Add(LogEntry.Of(rows.ToSample(row), rows.ArrivalsMs[row]));
        }
        log.Leave();
        foreach (var entry in written) Durable.Enqueue(entry);
    }

    private sealed class Gate(GatedLog owner, ICommitListener listener) : ICommitListener
    {
        public void Settled(Exception? failure)
        {
            if (owner._gate.Task.IsCompletedSuccessfully) listener.Settled(failure);
            else _ = SettleLaterAsync(failure);
        }

        private async Task SettleLaterAsync(Exception? failure)
        {
            Interlocked.Increment(ref owner.Waiting);
            await owner._gate.Task;
            Interlocked.Decrement(ref owner.Waiting);
            listener.Settled(failure);
        }
    }

    public int PartitionCount => log.PartitionCount;
    public int PartitionOf(in DeviceKey device) => log.PartitionOf(device);
    public long End(int partition) => log.End(partition);
    public IAsyncEnumerable<LogBatch> ReadAsync(int partition, long afterSequence, CancellationToken ct) => log.ReadAsync(partition, afterSequence, ct);
    public void Release(string consumer) => log.Release(consumer);
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
