using Microsoft.Extensions.Logging;

namespace Seamless.Storage.Log;

/// <summary>Follows one partition from a position on: in memory while it keeps up, from the disk when it has fallen behind.</summary>
internal sealed class PartitionReader(LogPartition partition, long afterSequence, ILogger logger) : IDisposable
{
    private const int EnoughRecords = 4096;

    private readonly BatchDecoder.NameScratch _names = new();
    private readonly LogBatch _own = new();
    private Segment _segment = partition.SegmentFor(afterSequence);
    private FrameReader? _frames;
    private LogBatch? _held;
    private long _start;   // where in the segment to begin
    private long _last = afterSequence;

    /// <summary>The next batch, null when we have caught up. It may begin before the position asked for. Valid until the next call.</summary>
    public LogBatch? Read()
    {
        LetGo();
        if (partition.Tail.Take(_last) is { } fresh) return Hold(fresh);
        _own.Clear();
        var end = partition.End;
        while (_last < end && _own.Count < EnoughRecords)
            if (!TryFrame(end)) break;
        return _own.Count > 0 ? _own : null;
    }

    private LogBatch Hold(LogBatch batch)
    {
        _held = batch;
        _last = batch.LastSequence;
        Enter(batch.End.Segment, batch.End.Offset);   // where to go on, should we fall behind
        return batch;
    }

    private void LetGo()
    {
        _held?.LetGo();
        _held = null;
    }

    private bool TryFrame(long end)
    {
        if (_segment.IsGone) Enter(partition.SegmentFor(_last), 0);
        // The successor must be asked for first: once it exists, this segment has its final length.
        var next = partition.After(_segment);
        var limit = _segment.CommittedBytes;
        _frames ??= new FrameReader(_segment.File, _start);
        if (_frames.Next(limit, out var frame) is { } header) return TryTake(header, frame);
        if (IsDamage(limit, next, end) && _frames.TryResync(limit)) return true;
        if (next is null) return false;
        Enter(next, 0);
        return true;
    }

    /// <returns>False when a hole begins here and there is something to hand out before it: a batch has no gaps.</returns>
    private bool TryTake(BatchHeader header, ReadOnlySpan<byte> frame)
    {
        var lastOfBatch = header.FirstSequence + header.Count - 1;
        if (lastOfBatch <= _last) return true;
        if (_own.Count == 0) _own.FirstSequence = header.FirstSequence;
        else if (header.FirstSequence != _own.LastSequence + 1)
        {
            _frames!.Back(frame.Length);
            return false;
        }
        if (header.FirstSequence > _last + 1) LogMessages.Hole(logger, _segment.Path, _last + 1, header.FirstSequence - 1);
        BatchDecoder.Decode(frame[BatchHeader.Size..], header.Count, _names, _own);
        _last = lastOfBatch;
        return true;
    }

    /// <summary>Not a whole batch here, yet records are missing before the next segment, or before the end: the disk has changed what it was given.</summary>
    private bool IsDamage(long limit, Segment? next, long end) =>
        _frames!.Offset < limit && _last < (next is null ? end : next.FirstSequence - 1);

    private void Enter(Segment next, long start)
    {
        _frames?.Dispose();
        _frames = null;
        (_segment, _start) = (next, start);
    }

    public void Dispose()
    {
        LetGo();
        _frames?.Dispose();
    }
}
