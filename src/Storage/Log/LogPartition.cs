using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace Seamless.Storage.Log;

/// <summary>A file of batches. Grows only at its end; everything below <see cref="CommittedBytes"/> is durable and never changes.</summary>
internal sealed class Segment(string path, long firstSequence, SafeFileHandle file, long capacity) : IDisposable
{
    private long _committedBytes;
    private volatile bool _isGone;

    /// <summary>Taken back before anything in it was committed; another may have its name by now.</summary>
    public bool IsGone => _isGone;

    public void Withdraw()
    {
        _isGone = true;
        File.Dispose();
    }

    public string Path { get; } = path;
    public long FirstSequence { get; } = firstSequence;
    public SafeFileHandle File { get; } = file;
    public long Capacity { get; private set; } = capacity;

    /// <summary>Written, though perhaps not durable. Only the committer looks at it.</summary>
    public long WrittenBytes { get; set; }

    public long CommittedBytes
    {
        get => Volatile.Read(ref _committedBytes);
        set => Volatile.Write(ref _committedBytes, value);
    }

    /// <summary>Makes room for at least <paramref name="capacity"/> bytes.</summary>
    public void Grow(long capacity)
    {
        if (capacity <= Capacity) return;
        RandomAccess.SetLength(File, capacity);
        Capacity = capacity;
    }

    public static string NameOf(long firstSequence) => firstSequence.ToString("D19", CultureInfo.InvariantCulture) + ".log";

    public void Dispose() => File.Dispose();
}

/// <summary>The segments of one partition. One committer writes; any number of readers follow.</summary>
internal sealed class LogPartition : IDisposable
{
    private readonly string _directory;
    private readonly int _segmentBytes;
    private readonly bool _durable;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private readonly List<Segment> _segments = [];   // under _lock; oldest first; the last one is being written
    private readonly List<Segment> _unflushed = [];  // the committer's own
    private int _segmentsAtMark;
    private long _end;
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public LogPartition(string directory, int segmentBytes, bool durable, ILogger logger)
    {
        (_directory, _segmentBytes, _durable, _logger) = (directory, segmentBytes, durable, logger);
        Directory.CreateDirectory(directory);
        foreach (var path in Directory.GetFiles(directory, "*.log").Order(StringComparer.Ordinal)) _segments.Add(Open(path));
        if (_segments.Count == 0) _segments.Add(Create(1, 0));
        Recover();
    }

    public Tail Tail { get; } = new();

    /// <summary>The last durable sequence.</summary>
    public long End => Volatile.Read(ref _end);

    /// <summary>The sequence that the next batch will begin with. The committer's own.</summary>
    public long NextSequence { get; set; }

    /// <summary>Completes at the next commit. Take it before looking at <see cref="End"/>.</summary>
    public Task Moved
    {
        get { lock (_lock) return _moved.Task; }
    }

    public long Bytes
    {
        get { lock (_lock) return _segments.Sum(s => s.Capacity); }
    }

    // Opening

    private static Segment Open(string path)
    {
        var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        var length = RandomAccess.GetLength(file);
        var first = long.Parse(Path.GetFileNameWithoutExtension(path), CultureInfo.InvariantCulture);
        // An older segment ends where its batches end; a reader finds that out by itself.
        return new Segment(path, first, file, length) { CommittedBytes = length, WrittenBytes = length };
    }

    private Segment Create(long firstSequence, long atLeastBytes)
    {
        var path = Path.Combine(_directory, Segment.NameOf(firstSequence));
        var capacity = Math.Max(_segmentBytes, atLeastBytes);
        var file = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, FileOptions.None, capacity);
        try
        {
            RandomAccess.SetLength(file, capacity);   // the size is settled now, so that a commit need not write it
            if (_durable)
            {
                Disk.Flush(file);
                Disk.FlushDirectory(_directory);
            }
            return new Segment(path, firstSequence, file, capacity);
        }
        catch
        {
            file.Dispose();
            File.Delete(path);
            throw;
        }
    }

    /// <summary>Finds the end of the last segment and cuts off what a crash left half-written there.</summary>
    /// <remarks>
    /// A batch is written only when the one before it is durable, so a torn batch can only be the last thing in the file. When a whole batch
    /// follows a bad one, the disk has damaged something that was acknowledged: nothing is cut, readers pass over the damage and say so.
    /// </remarks>
    private void Recover()
    {
        var segment = _segments[^1];
        using var reader = new FrameReader(segment.File, 0);
        var last = segment.FirstSequence - 1;
        var end = 0L;
        do
        {
            while (reader.Next(segment.Capacity, out _) is { } header)
            {
                last = header.FirstSequence + header.Count - 1;
                end = reader.Offset;
            }
        } while (reader.TryResync(segment.Capacity));
        CutTail(segment, end);
        segment.Grow(_segmentBytes);
        segment.WrittenBytes = segment.CommittedBytes = end;
        NextSequence = last + 1;
        Volatile.Write(ref _end, last);
    }

    private void CutTail(Segment segment, long end)
    {
        if (IsZero(segment, end)) return;
        LogMessages.TailCut(_logger, segment.Path, end);
        RandomAccess.SetLength(segment.File, end);
        RandomAccess.SetLength(segment.File, segment.Capacity);
        if (_durable) RandomAccess.FlushToDisk(segment.File);
    }

    private static bool IsZero(Segment segment, long from)
    {
        var buffer = new byte[64 * 1024];
        for (var at = from; at < segment.Capacity;)
        {
            var read = RandomAccess.Read(segment.File, buffer, at);
            if (read == 0) return true;
            if (buffer.AsSpan(0, read).ContainsAnyExcept((byte)0)) return false;
            at += read;
        }
        return true;
    }

    // Writing: the committer only

    /// <summary>Notes where we stand, for <see cref="Rollback"/>.</summary>
    public void Mark() => _segmentsAtMark = _segments.Count;

    /// <summary>Disk space that writing so many bytes will take beyond what is preallocated.</summary>
    public long Grows(long bytes)
    {
        var segment = _segments[^1];
        if (segment.WrittenBytes + bytes <= segment.Capacity) return 0;
        return segment.WrittenBytes == 0 ? bytes : Math.Max(_segmentBytes, bytes);
    }

    /// <param name="firstSequence">Sequence of the batch's first record.</param>
    public void Write(ReadOnlySpan<byte> frame, long firstSequence)
    {
        var segment = _segments[^1];
        if (segment.WrittenBytes == 0) segment.Grow(frame.Length);
        if (segment.WrittenBytes + frame.Length > segment.Capacity)
        {
            segment = Create(firstSequence, frame.Length);
            lock (_lock) _segments.Add(segment);
        }
        RandomAccess.Write(segment.File, frame, segment.WrittenBytes);
        segment.WrittenBytes += frame.Length;
        if (!_unflushed.Contains(segment)) _unflushed.Add(segment);
    }

    /// <summary>Takes back what was written since <see cref="Mark"/>: the disk is full and the same batches will be written again.</summary>
    public void Rollback()
    {
        lock (_lock)
        {
            foreach (var segment in _segments.Skip(_segmentsAtMark))
            {
                segment.Withdraw();
                File.Delete(segment.Path);
            }
            _segments.RemoveRange(_segmentsAtMark, _segments.Count - _segmentsAtMark);
        }
        _segments[^1].WrittenBytes = _segments[^1].CommittedBytes;
        _unflushed.Clear();
    }

    public void Flush()
    {
        if (!_durable) return;
        foreach (var segment in _unflushed) Disk.Flush(segment.File);
    }

    /// <summary>Shows readers what has become durable.</summary>
    /// <param name="batch">The same in memory; this takes over the hold on it.</param>
    public void Publish(LogBatch batch)
    {
        foreach (var segment in _unflushed) segment.CommittedBytes = segment.WrittenBytes;
        _unflushed.Clear();
        batch.End = (_segments[^1], _segments[^1].WrittenBytes);
        Tail.Add(batch);
        Volatile.Write(ref _end, NextSequence - 1);
        TaskCompletionSource moved;
        lock (_lock)
        {
            moved = _moved;
            if (moved.Task.IsCompleted) return;
            _moved = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        moved.TrySetResult();
    }

    /// <summary>Deletes segments whose records all have a sequence up to <paramref name="sequence"/>. The last one stays.</summary>
    public int DeleteThrough(long sequence)
    {
        var deleted = 0;
        lock (_lock)
        {
            while (_segments.Count > 1 && _segments[1].FirstSequence - 1 <= sequence)
            {
                File.Delete(_segments[0].Path);   // its handle stays open for whoever still reads; collected with it
                _segments.RemoveAt(0);
                deleted++;
            }
        }
        return deleted;
    }

    // Reading

    /// <summary>The segment that holds the record after <paramref name="afterSequence"/>, or the oldest if that is gone.</summary>
    public Segment SegmentFor(long afterSequence)
    {
        lock (_lock)
        {
            var at = _segments.FindLastIndex(s => s.FirstSequence <= afterSequence + 1);
            return _segments[Math.Max(at, 0)];
        }
    }

    /// <summary>The segment after <paramref name="segment"/>; null when it is the last.</summary>
    public Segment? After(Segment segment)
    {
        lock (_lock)
        {
            var at = _segments.FindIndex(s => s.FirstSequence > segment.FirstSequence);
            return at < 0 ? null : _segments[at];
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var segment in _segments) segment.Dispose();
            _segments.Clear();
        }
    }
}
