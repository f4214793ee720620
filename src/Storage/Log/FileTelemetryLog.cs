using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Seamless.Telemetry;

namespace Seamless.Storage.Log;

/// <summary>The log as segment files under one directory; format in docs/reference/log-format.md.</summary>
/// <remarks>
/// One committer thread takes whoever waits, writes one batch a partition, flushes, and lets them go: with many senders one flush serves
/// hundreds. Everything a reader sees is durable. (A log that is not to be durable needs no such thread; whoever appends commits.)
/// </remarks>
public sealed class FileTelemetryLog : ITelemetryLog, ILogHealth, IDisposable
{
    private const int MaxBatchBytes = 1024 * 1024;
    private static readonly TimeSpan FullDiskPause = TimeSpan.FromMilliseconds(500);

    private readonly string _directory;
    private readonly LogOptions _options;
    private readonly ILogger _logger;
    private readonly Func<string, long> _freeBytes;
    private readonly FileStream _ownership;
    private readonly LogPartition[] _partitions;
    private readonly ConcurrentDictionary<string, ConsumerFile> _consumers = new(StringComparer.Ordinal);
    private readonly Lock _consumersLock = new();
    private readonly CommitQueue _queue = new();
    private readonly BatchEncoder[] _encoders;
    private readonly List<(int Partition, long FirstSequence, ArraySegment<byte> Frame)> _frames = [];
    private readonly Thread? _committer;
    private readonly Lock _committing = new();
    private readonly List<AppendRequest> _requests = [];
    private readonly int _maxEntries;
    private readonly LogMetrics _metrics;
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
        _partitions = [.. Enumerable.Range(0, options.Partitions).Select(p => new LogPartition(Path.Combine(_directory, $"p{p}"), options, logger))];
        _encoders = [.. _partitions.Select(_ => new BatchEncoder())];
        var consumers = Path.Combine(_directory, "consumers");
        Directory.CreateDirectory(consumers);
        foreach (var path in Directory.GetFiles(consumers, "*.checkpoint")) Register(Path.GetFileNameWithoutExtension(path));
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

    public bool WaitsForDisk => _waitsForDisk;
    public Exception? Failure => _failure;
    public long Queued => _queue.Depth;
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

    public ValueTask AppendAsync(IReadOnlyList<LogEntry> entries, CancellationToken ct)
    {
        if (entries.Count == 0) return ValueTask.CompletedTask;
        if (_failure is { } failure) return ValueTask.FromException(new IOException("The log cannot be written any more", failure));
        ct.ThrowIfCancellationRequested();
        var request = new AppendRequest(entries);
        if (!_queue.TryAdd(request)) return ValueTask.FromException(new ObjectDisposedException(nameof(FileTelemetryLog)));
        if (_committer is null) CommitWaiting();
        return new ValueTask(ct.CanBeCanceled ? request.Done.WaitAsync(ct) : request.Done);
    }

    /// <summary>Where no disk is waited for, whoever appends commits: handing over to a thread and back would cost more than the writing.</summary>
    private void CommitWaiting()
    {
        lock (_committing)
        {
            while (_queue.TryTake(_requests, _maxEntries)) Settle(_requests);
        }
    }

    private void Run()
    {
        var company = 0;
        while (_queue.Take(_requests, _maxEntries, company, _options.CommitDelay))
        {
            company = _requests.Count;
            Settle(_requests);
        }
    }

    /// <summary>Commits the requests and lets them go, or tells them why not.</summary>
    private void Settle(List<AppendRequest> requests)
    {
        Exception? failure = _failure;
        try
        {
            if (failure is null) Commit(requests);
        }
        catch (Exception e)   // the edge of this loop: whoever waits is told, and nothing is acknowledged any more
        {
            _failure = failure = e;
            LogMessages.Failed(_logger, e, _directory);
        }
        foreach (var request in requests)
        {
            if (failure is null) request.Complete();
            else request.Fail(new IOException("The log cannot be written", failure));
        }
        requests.Clear();
    }

    private void Commit(List<AppendRequest> requests)
    {
        var records = 0;
        foreach (var request in requests)
        {
            for (var i = 0; i < request.Entries.Count; i++) Encode(request.Entries[i]);
            records += request.Entries.Count;
        }
        for (var p = 0; p < _partitions.Length; p++) FinishBatch(p);
        WriteDurably();
        foreach (var partition in _partitions) partition.Publish();
        _metrics.Committed(requests.Count, records, _frames.Sum(f => f.Frame.Count));
        foreach (var (_, _, frame) in _frames) ArrayPool<byte>.Shared.Return(frame.Array!);
        _frames.Clear();
    }

    private void Encode(in LogEntry entry)
    {
        if (entry.Kind == LogRecordKind.Tick)
        {
            for (var p = 0; p < _partitions.Length; p++) Encode(entry, p);
            return;
        }
        var device = entry.Sample?.Device ?? entry.Event?.Device ?? entry.State?.Device ?? throw new ArgumentException($"a {entry.Kind} entry without its payload");
        Encode(entry, PartitionOf(device));
    }

    private void Encode(in LogEntry entry, int partition)
    {
        _encoders[partition].Add(entry);
        if (_encoders[partition].ApproximateBytes >= MaxBatchBytes) FinishBatch(partition);
    }

    private void FinishBatch(int partition)
    {
        var encoder = _encoders[partition];
        if (encoder.Count == 0) return;
        var first = _partitions[partition].NextSequence;
        _partitions[partition].NextSequence += encoder.Count;
        _frames.Add((partition, first, encoder.Finish(first)));
        encoder.Clear();
    }

    /// <summary>Writes and flushes the batches; waits, as long as it takes, while the disk is full.</summary>
    private void WriteDurably()
    {
        while (true)
        {
            WaitForRoom();
            foreach (var partition in _partitions) partition.Mark();
            try
            {
                foreach (var (partition, first, frame) in _frames) _partitions[partition].Write(frame, first);
                foreach (var partition in _partitions) partition.Flush();
                return;
            }
            catch (IOException e) when (Disk.IsFull(e))
            {
                foreach (var partition in _partitions) partition.Rollback();
                if (!_queue.Pause(FullDiskPause)) throw;
            }
        }
    }

    private void WaitForRoom()
    {
        long free;
        while ((free = _freeBytes(_directory)) < _options.MinFreeBytes)
        {
            if (!_waitsForDisk) LogMessages.DiskFull(_logger, _directory, free, _options.MinFreeBytes);
            _waitsForDisk = true;
            if (!_queue.Pause(FullDiskPause)) throw new IOException("closed while waiting for room on the disk");
        }
        if (_waitsForDisk) LogMessages.DiskHasRoom(_logger, _directory);
        _waitsForDisk = false;
    }

    // Reading

    public async IAsyncEnumerable<IReadOnlyList<LogRecord>> ReadAsync(int partition, long afterSequence, [EnumeratorCancellation] CancellationToken ct)
    {
        using var reader = new PartitionReader(_partitions[partition], afterSequence, _logger);
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            var moved = _partitions[partition].Moved;
            var records = reader.Read();
            if (records.Count > 0) yield return records;
            else await moved.WaitAsync(ct);
        }
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
        while (true)
        {
            var progressed = Volatile.Read(ref _progressed).Task;
            if (targets.Index().All(t => known.Progress(t.Index) >= t.Item)) return;
            await progressed.WaitAsync(ct);
        }
    }

    public IReadOnlyDictionary<string, long> Lag() => _consumers.ToDictionary(
        c => c.Key, c => _partitions.Index().Sum(p => Math.Max(0, p.Item.End - c.Value.Progress(p.Index))), StringComparer.Ordinal);

    private ConsumerFile Known(string consumer) =>
        _consumers.TryGetValue(consumer, out var known) ? known : throw new InvalidOperationException($"Consumer '{consumer}' is not registered");

    /// <summary>Commits what waits, then closes.</summary>
    public void Dispose()
    {
        _queue.Close();
        if (_committer is null) CommitWaiting();
        else if (_committer != Thread.CurrentThread) _committer.Join();
        _metrics.Dispose();
        foreach (var partition in _partitions) partition.Dispose();
        foreach (var consumer in _consumers.Values) consumer.Dispose();
        _ownership.Dispose();
    }
}
