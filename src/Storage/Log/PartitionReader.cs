using Microsoft.Extensions.Logging;

namespace Seamless.Storage.Log;

/// <summary>Follows one partition from a position on.</summary>
internal sealed class PartitionReader(LogPartition partition, long afterSequence, ILogger logger) : IDisposable
{
    private const int EnoughRecords = 4096;

    private readonly NamePool _names = new();
    private readonly List<LogRecord> _records = new(EnoughRecords);
    private Segment _segment = partition.SegmentFor(afterSequence);
    private FrameReader? _frames;
    private long _last = afterSequence;

    /// <summary>The next records, none when we have caught up. Valid until the next call.</summary>
    public IReadOnlyList<LogRecord> Read()
    {
        _records.Clear();
        var end = partition.End;
        while (_last < end && _records.Count < EnoughRecords)
            if (!TryFrame(end)) break;
        return _records;
    }

    private bool TryFrame(long end)
    {
        // The successor must be asked for first: once it exists, this segment has its final length.
        var next = partition.After(_segment);
        var limit = _segment.CommittedBytes;
        _frames ??= new FrameReader(_segment.File, 0);
        if (_frames.Next(limit, out var frame) is { } header)
        {
            Take(header, frame);
            return true;
        }
        if (IsDamage(limit, next, end) && _frames.TryResync(limit)) return true;
        if (next is null) return false;
        Enter(next);
        return true;
    }

    private void Take(BatchHeader header, ReadOnlySpan<byte> frame)
    {
        var lastOfBatch = header.FirstSequence + header.Count - 1;
        if (lastOfBatch <= _last) return;
        if (header.FirstSequence > _last + 1) LogMessages.Hole(logger, _segment.Path, _last + 1, header.FirstSequence - 1);
        var before = _records.Count;
        BatchDecoder.Decode(frame[BatchHeader.Size..], header.FirstSequence, header.Count, _names, _records);
        var known = (int)Math.Max(0, _last + 1 - header.FirstSequence);
        if (known > 0) _records.RemoveRange(before, known);
        _last = lastOfBatch;
    }

    /// <summary>Not a whole batch here, yet records are missing before the next segment, or before the end: the disk has changed what it was given.</summary>
    private bool IsDamage(long limit, Segment? next, long end) =>
        _frames!.Offset < limit && _last < (next is null ? end : next.FirstSequence - 1);

    private void Enter(Segment next)
    {
        _frames?.Dispose();
        _frames = null;
        _segment = next;
    }

    public void Dispose() => _frames?.Dispose();
}
