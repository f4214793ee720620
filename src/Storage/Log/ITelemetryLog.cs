using Seamless.Telemetry;
using Seamless.Telemetry.Rows;

namespace Seamless.Storage.Log;

public enum LogRecordKind : byte { Sample = 1, Event = 2, State = 3, Tick = 4 }

/// <summary>What is written: exactly one of the three payloads, or none for a tick.</summary>
/// <param name="ArrivalMs">Our clock when it came in, Unix ms.</param>
public readonly record struct LogEntry(LogRecordKind Kind, long ArrivalMs, Sample? Sample = null, DeviceEvent? Event = null, DeviceState? State = null)
{
    public static LogEntry Of(Sample sample, long arrivalMs) => new(LogRecordKind.Sample, arrivalMs, Sample: sample);
    public static LogEntry Of(DeviceEvent deviceEvent, long arrivalMs) => new(LogRecordKind.Event, arrivalMs, Event: deviceEvent);
    public static LogEntry Of(DeviceState state, long arrivalMs) => new(LogRecordKind.State, arrivalMs, State: state);

    /// <summary>The platform's own heartbeat, so that what depends on the passing of time (missing data) is a function of the log alone.</summary>
    public static LogEntry Tick(long arrivalMs) => new(LogRecordKind.Tick, arrivalMs);
}

/// <param name="Sequence">Position in the partition, from 1 without gaps.</param>
public readonly record struct LogRecord(long Sequence, LogEntry Entry);

/// <summary>The spine: append-only, partitioned by device, fsynced by group commit before anything is acknowledged.</summary>
/// <remarks>Consumers follow at their own pace, each with a durable checkpoint; segments go when every registered consumer has passed.</remarks>
public interface ITelemetryLog
{
    int PartitionCount { get; }

    /// <summary>The partition that <paramref name="device"/> belongs to: StableHash mod P.</summary>
    int PartitionOf(in DeviceKey device);

    /// <summary>Completes when all entries are durable. Waits (back-pressure) while the commit queue or the disk is full.</summary>
    /// <remarks>Entries keep their order within a partition. A tick goes to every partition.</remarks>
    ValueTask AppendAsync(IReadOnlyList<LogEntry> entries, CancellationToken ct);

    /// <summary>The sequence of the last durable record, 0 when empty.</summary>
    long End(int partition);

    /// <summary>Reads from just after <paramref name="afterSequence"/>, in batches, for ever; waits at the end for more. A batch is valid until the next step.</summary>
    /// <remarks>The first batch may begin before the position: whoever must not see a record twice passes over what it had.</remarks>
    IAsyncEnumerable<LogBatch> ReadAsync(int partition, long afterSequence, CancellationToken ct);

    /// <summary>Makes <paramref name="consumer"/> known, so that segments it has not passed are kept. Idempotent.</summary>
    void Register(string consumer);

    /// <summary>Forgets <paramref name="consumer"/> and its checkpoint: nothing is kept for it any more. It must not be following. Idempotent.</summary>
    void Release(string consumer);

    /// <summary>The last sequence <paramref name="consumer"/> has finished with, 0 at first.</summary>
    long Checkpoint(string consumer, int partition);

    /// <summary>Durably notes that everything up to <paramref name="sequence"/> has had its effect.</summary>
    void SaveCheckpoint(string consumer, int partition, long sequence);

    /// <summary>Notes progress that is not durable yet: for lag metrics and for those who wait.</summary>
    void ReportProgress(string consumer, int partition, long sequence);

    /// <summary>Completes when <paramref name="consumer"/> has handled everything that was durable when this was called.</summary>
    Task WaitForAsync(string consumer, CancellationToken ct);

    /// <summary>The disk is so full that consumers should save now: the log can then let go of what they have passed.</summary>
    bool WantsRoom => false;

    /// <summary>Records behind the end, for each registered consumer.</summary>
    IReadOnlyDictionary<string, long> Lag();
}

/// <summary>The log as the fast lane sees it: rows are decoded straight into the batch that is being gathered, and one promise covers many of them.</summary>
/// <remarks>
/// <see cref="Enter"/>, then rows into <see cref="RowsOf"/>, counted by <see cref="Added"/>, then <see cref="Promise"/>, then <see cref="Leave"/>. Others wait
/// meanwhile: nothing between the two may block. Who finds <see cref="IsFull"/> waits for room before it takes more from its sender.
/// </remarks>
public interface IRowLog : ITelemetryLog
{
    bool IsFull { get; }

    /// <summary>Completes when there is room.</summary>
    Task WaitForRoomAsync();

    /// <exception cref="IOException">The log cannot be written any more.</exception>
    void Enter();

    /// <summary>The rows being gathered for a partition.</summary>
    SampleRows RowsOf(int partition);

    void Added(int rows);

    /// <summary>Rises with each commit: what is written under the same number becomes durable together.</summary>
    long Generation { get; }

    /// <summary>Has <paramref name="listener"/> told once everything written up to now is durable. Once a listener and commit is enough.</summary>
    /// <param name="urgent">Somebody waits for the answer; otherwise the commit may linger.</param>
    void Promise(ICommitListener listener, bool urgent);

    void Leave();
}
