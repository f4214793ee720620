using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Seamless.Storage.Space;
using Seamless.Telemetry;
using Seamless.Telemetry.Rows;

namespace Seamless.Storage.Log;

/// <summary>The log as segment files under one directory; format in docs/reference/log-format.md.</summary>
/// <remarks>
/// One committer thread takes whoever waits, writes one batch a partition, flushes, and lets them go: with many senders one flush serves
/// hundreds. Everything a reader sees is durable. (A log that is not to be durable needs no such thread; whoever appends commits.)
/// </remarks>
public sealed class FileTelemetryLog : IRowLog, ILogHealth, IDisposable
{
    private const int MaxBatchBytes = 1024 * 1024;
    private const int FullRecords = 32 * 1024;   // gathered while a commit is under way; about 2 MB on the disk
    private const int MaxSpare = 64;
    private static readonly TimeSpan FullDiskPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(5);

    private readonly string _directory;
    private readonly LogOptions _options;
    private readonly ILogger _logger;
    private readonly Func<string, long> _freeBytes;
    private readonly FileStream _ownership;
    private readonly LogPartition[] _partitions;
    private readonly ConcurrentDictionary<string, ConsumerFile> _consumers = new(StringComparer.Ordinal);
    private readonly Lock _consumersLock = new();
    private readonly Gathering _gathering;
    private readonly Answers _answers;
    private readonly ConcurrentBag<LogBatch> _spare = [];
    private readonly BatchEncoder[] _encoders;
    private readonly List<(int Partition, long FirstSequence, ArraySegment<byte> Frame)> _frames = [];
    private readonly Thread? _committer;
    private readonly Lock _committing = new();
    private readonly int _maxEntries;
    private readonly LogMetrics _metrics;
    private int _waiting;   // for followers, under _consumersLock; _awaited is complete while there are any
    private TaskCompletionSource _awaited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _progressed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Exception? _failure;
    private volatile bool _waitsForDisk;

    public FileTelemetryLog(string directory, LogOptions options, ILogger<FileTelemetryLog> logger, IMeterFactory? meters = null)
        : this(directory, options, logger, meters, Disk.FreeBytes)
    {
    }

    internal FileTelemetryLog(string directory, LogOptions options, ILogger logger, IMeterFactory? meters, Func<string, long> freeBytes)
    {
        (_directory, _options, _logger, _freeBytes) = (Path.GetFullPath(directory), options, logger, freeBytes);
        Directory.CreateDirectory(_directory);
        _ownership = Own();
        CheckPartitions();
        Levels = DiskLevels.Of(Disk.TotalBytes(_directory), options.MinFreeBytes, options.WarnFreeBytes);
        _partitions = [.. Enumerable.Range(0, options.Partitions).Select(p => new LogPartition(Path.Combine(_directory, $"p{p}"), Levels.SegmentBytes(options.SegmentBytes), options.Durable, logger))];
        _encoders = [.. _partitions.Select(_ => new BatchEncoder())];
        var consumers = Path.Combine(_directory, "consumers");
        Directory.CreateDirectory(consumers);
        foreach (var path in Directory.GetFiles(consumers, "*.checkpoint")) Register(Path.GetFileNameWithoutExtension(path));
        _gathering = new Gathering(options.Partitions, FullRecords, RentBatch);
        _answers = new Answers(Tell);
        _metrics = new LogMetrics(meters, this);
        _maxEntries = Math.Max(1, options.CommitBytes / 64);
        if (!options.Durable) return;
        _committer = new Thread(Run) { Name = "log committer", IsBackground = true };
        _committer.Start();
    }

    public int PartitionCount => _partitions.Length;

    public int PartitionOf(in DeviceKey device) => (int)(StableHash.Of(device) % (ulong)_partitions.Length);

    public long End(int partition) => _partitions[partition].End;

    // Health

    public DiskLevels Levels { get; }
    public event Action? SpaceChanged;
    public bool WaitsForDisk => _waitsForDisk;
    public bool WantsRoom { get; private set; }
    public Exception? Failure => _failure;
    public long Queued => _gathering.Depth;
    public long Bytes => _partitions.Sum(p => p.Bytes);

    // Opening

    /// <summary>Two processes appending to one log would destroy it; the second one is turned away.</summary>
    private FileStream Own()
    {
        try
        {
            return new FileStream(Path.Combine(_directory, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new IOException($"The log at {_directory} is open in another process; stop that one first, or use another data directory", e);
        }
    }

    private void CheckPartitions()
    {
        var path = Path.Combine(_directory, "partitions");
        if (!File.Exists(path)) File.WriteAllText(path, _options.Partitions.ToString(CultureInfo.InvariantCulture));
        var created = int.Parse(File.ReadAllText(path), CultureInfo.InvariantCulture);
        if (created == _options.Partitions) return;
        _ownership.Dispose();
        throw new InvalidOperationException($"The log at {_directory} was created with {created} partitions and cannot be opened with {_options.Partitions}");
    }

    // Appending

    public async ValueTask AppendAsync(IReadOnlyList<LogEntry> entries, CancellationToken ct)
    {
        if (entries.Count == 0) return;
        ct.ThrowIfCancellationRequested();
        if (_gathering.IsFull) await _gathering.WaitForRoomAsync().WaitAsync(ct);
        var request = new AppendRequest();
        Enter();
        try
        {
            foreach (var entry in entries) Gather(entry);
            _gathering.Promise(request, urgent: true);
        }
        finally
        {
            _gathering.Leave();
        }
        if (_committer is null) CommitWaiting();
        await (ct.CanBeCanceled ? request.Done.WaitAsync(ct) : request.Done);
    }

    private void Gather(in LogEntry entry)
    {
        if (entry.Kind == LogRecordKind.Tick)
        {
            for (var p = 0; p < _partitions.Length; p++) _gathering.Add(p, entry);
            return;
        }
        var device = entry.Sample?.Device ?? entry.Event?.Device ?? entry.State?.Device ?? throw new ArgumentException($"a {entry.Kind} entry without its payload");
        _gathering.Add(PartitionOf(device), entry);
    }

    // Rows straight into the batch that is being gathered

    public bool IsFull => _gathering.IsFull;

    public Task WaitForRoomAsync() => _gathering.WaitForRoomAsync();

    public void Enter()
    {
        if (_failure is { } failure) throw new IOException("The log cannot be written any more", failure);
        ObjectDisposedException.ThrowIf(!_gathering.TryEnter(), this);
    }

    public SampleRows RowsOf(int partition) => _gathering.RowsOf(partition);

    public long Generation => _gathering.Generation;

    public void Added(int rows) => _gathering.Added(rows);

    public void Promise(ICommitListener listener, bool urgent) => _gathering.Promise(listener, urgent);

    public void Leave()
    {
        _gathering.Leave();
        if (_committer is null) CommitWaiting();
    }

    // Committing

    /// <summary>Where no disk is waited for, whoever appends commits: handing over to a thread and back would cost more than the writing.</summary>
    private void CommitWaiting()
    {
        lock (_committing)
        {
            while (_gathering.TryTake() is { } gathered) Tell(gathered, TryCommit(gathered));
        }
    }

    private void Run()
    {
        var company = 0;
        while (_gathering.Take(_maxEntries, company, _options.CommitDelay) is { } gathered)
        {
            company = gathered.Urgent;
            _answers.Post(gathered, TryCommit(gathered));
        }
    }

    /// <returns>Why nothing of it may be acknowledged; null when all of it may.</returns>
    private IOException? TryCommit(Gathered gathered)
    {
        Exception? failure = _failure;
        try
        {
            if (failure is null) Commit(gathered);
        }
        catch (Exception e)   // the edge of this loop: whoever waits is told, and nothing is acknowledged any more
        {
            _failure = failure = e;
            LogMessages.Failed(_logger, e, _directory);
        }
        return failure is null ? null : new IOException("The log cannot be written", failure);
    }

    private void Tell(Gathered gathered, Exception? failure)
    {
        foreach (var listener in gathered.Listeners) listener.Settled(failure);
        _gathering.Return(gathered);
    }

    private void Commit(Gathered gathered)
    {
        for (var p = 0; p < _partitions.Length; p++)
            if (gathered.Batches[p] is { Count: > 0 } batch) Encode(p, batch);
        WriteDurably();
        for (var p = 0; p < _partitions.Length; p++)
        {
            if (gathered.Batches[p] is { } batch) _partitions[p].Publish(batch);
        }
        _metrics.Committed(gathered.Listeners.Count, gathered.Records, _frames.Sum(f => f.Frame.Count));
        foreach (var (_, _, frame) in _frames) ArrayPool<byte>.Shared.Return(frame.Array!);
        _frames.Clear();
    }

    private void Encode(int partition, LogBatch batch)
    {
        batch.FirstSequence = _partitions[partition].NextSequence;
        var encoder = _encoders[partition];
        foreach (var record in batch)
        {
            if (record.Row >= 0) encoder.Add(batch.Rows, record.Row);
            else encoder.Add(record.Entry);
            if (encoder.ApproximateBytes >= MaxBatchBytes) FinishFrame(partition);
        }
        FinishFrame(partition);
    }

    private void FinishFrame(int partition)
    {
        var encoder = _encoders[partition];
        if (encoder.Count == 0) return;
        var first = _partitions[partition].NextSequence;
        _partitions[partition].NextSequence += encoder.Count;
        _frames.Add((partition, first, encoder.Finish(first)));
        encoder.Clear();
    }

    private LogBatch RentBatch()
    {
        if (!_spare.TryTake(out var batch)) batch = new LogBatch();
        batch.Lend(TakeBack);
        return batch;
    }

    private void TakeBack(LogBatch batch)
    {
        batch.Clear();
        if (_spare.Count < MaxSpare) _spare.Add(batch);
    }

    /// <summary>Writes and flushes the batches; waits, as long as it takes, while the disk is full.</summary>
    private void WriteDurably()
    {
        while (true)
        {
            var grows = WaitForRoom();
            foreach (var partition in _partitions) partition.Mark();
            try
            {
                foreach (var (partition, first, frame) in _frames) _partitions[partition].Write(frame, first);
                foreach (var partition in _partitions) partition.Flush();
                if (grows) SpaceChanged?.Invoke();
                return;
            }
            catch (IOException e) when (Disk.IsFull(e))
            {
                foreach (var partition in _partitions) partition.Rollback();
                Waits(true, _freeBytes(_directory));
                if (!_gathering.Pause(FullDiskPause)) throw;
            }
        }
    }

    /// <returns>Whether the commit will begin a segment. The reserve stays whole even then.</returns>
    private bool WaitForRoom()
    {
        var grows = 0L;
        for (var p = 0; p < _partitions.Length; p++) grows += _partitions[p].Grows(BytesFor(p));
        long free;
        while ((free = _freeBytes(_directory) - grows) < (_waitsForDisk ? Levels.ResumeBytes : Levels.ReserveBytes))
        {
            Waits(true, free);
            if (!_gathering.Pause(FullDiskPause)) throw new IOException("closed while waiting for room on the disk");
        }
        Waits(false, free);
        WantsRoom = free < Math.Min(Levels.WarnBytes, 2 * Levels.ReserveBytes);
        return grows > 0;
    }

    private long BytesFor(int partition)
    {
        var bytes = 0L;
        foreach (var (of, _, frame) in _frames)
            if (of == partition) bytes += frame.Count;
        return bytes;
    }

    private void Waits(bool wait, long free)
    {
        if (_waitsForDisk == wait) return;
        _waitsForDisk = wait;
        if (wait) WantsRoom = true;
        if (wait) LogMessages.DiskFull(_logger, _directory, free, Levels.ReserveBytes);
        else LogMessages.DiskHasRoom(_logger, _directory);
        SpaceChanged?.Invoke();
    }

    // Reading

    public async IAsyncEnumerable<LogBatch> ReadAsync(int partition, long afterSequence, [EnumeratorCancellation] CancellationToken ct)
    {
        using var reader = new PartitionReader(_partitions[partition], afterSequence, _logger);
        var woken = 0L;
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            var moved = _partitions[partition].Moved;
            if (reader.Read() is { } batch) yield return batch;
            else
            {
                await moved.WaitAsync(ct);
                if (Stopwatch.GetElapsedTime(woken) < Rest) await RestAsync(ct);
                woken = Stopwatch.GetTimestamp();
            }
        }
    }

    /// <summary>When commits come thick and fast, waking every follower for each would cost more than what they do; unless somebody waits for them.</summary>
    private Task RestAsync(CancellationToken ct)
    {
        Task awaited;
        lock (_consumersLock) awaited = _awaited.Task;
        return awaited.IsCompleted ? awaited : Task.WhenAny(Task.Delay(Rest, TimeProvider.System, ct), awaited);   // by the machine's clock: this paces a processor
    }

    // Consumers

    public void Register(string consumer)
    {
        if (!DeviceKey.IsValidName(consumer)) throw new ArgumentException($"'{consumer}' cannot name a consumer", nameof(consumer));
        lock (_consumersLock)
        {
            if (_consumers.ContainsKey(consumer)) return;
            var path = Path.Combine(_directory, "consumers", consumer + ".checkpoint");
            _consumers[consumer] = new ConsumerFile(path, _partitions.Length, _options.Durable);
        }
    }

    public void Release(string consumer)
    {
        lock (_consumersLock)
        {
            if (!_consumers.TryRemove(consumer, out var known)) return;
            known.Delete();
        }
    }

    public long Checkpoint(string consumer, int partition) => Math.Min(Known(consumer).Checkpoint(partition), End(partition));

    public void SaveCheckpoint(string consumer, int partition, long sequence)
    {
        lock (_consumersLock)
        {
            Known(consumer).Save(partition, sequence);
            var passed = _consumers.Values.Min(c => c.Checkpoint(partition));
            var deleted = _partitions[partition].DeleteThrough(passed);
            if (deleted > 0) LogMessages.SegmentsDeleted(_logger, deleted, partition);
        }
        ReportProgress(consumer, partition, sequence);
    }

    public void ReportProgress(string consumer, int partition, long sequence)
    {
        Known(consumer).ReportProgress(partition, sequence);
        Interlocked.Exchange(ref _progressed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    public async Task WaitForAsync(string consumer, CancellationToken ct)
    {
        var known = Known(consumer);
        var targets = _partitions.Select(p => p.End).ToArray();
        Hurry();
        try
        {
            while (true)
            {
                var progressed = Volatile.Read(ref _progressed).Task;
                if (targets.Index().All(t => known.Progress(t.Index) >= t.Item)) return;
                await progressed.WaitAsync(ct);
            }
        }
        finally
        {
            lock (_consumersLock)
                if (--_waiting == 0) _awaited = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private void Hurry()
    {
        lock (_consumersLock)
        {
            _waiting++;
            _awaited.TrySetResult();
        }
    }

    public IReadOnlyDictionary<string, long> Lag() => _consumers.ToDictionary(
        c => c.Key, c => _partitions.Index().Sum(p => Math.Max(0, p.Item.End - c.Value.Progress(p.Index))), StringComparer.Ordinal);

    private ConsumerFile Known(string consumer) =>
        _consumers.TryGetValue(consumer, out var known) ? known : throw new InvalidOperationException($"Consumer '{consumer}' is not registered");

    /// <summary>Commits what waits, then closes.</summary>
    public void Dispose()
    {
        _gathering.Close();
        if (_committer is null) CommitWaiting();
        else if (_committer != Thread.CurrentThread) _committer.Join();
        _answers.Close();
        _metrics.Dispose();
        foreach (var partition in _partitions) partition.Dispose();
        foreach (var consumer in _consumers.Values) consumer.Dispose();
        _ownership.Dispose();
    }
}
