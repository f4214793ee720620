using Seamless.Storage.TimeSeries.Segments.Heads;
using Seamless.Telemetry.Rows;

namespace Seamless.Storage.TimeSeries.Segments;

/// <summary>Takes rows into memory, one thread at a time, and makes its callers wait when the disk has refused for so long that memory runs short.</summary>
/// <param name="pool">Of the memory of heads.</param>
/// <param name="pace">The machine's clock.</param>
/// <param name="askToSeal">Called when there are rows enough for a seal.</param>
internal sealed class Intake(StoreState state, RowPool pool, TimeSeriesOptions options, TimeProvider pace, Action askToSeal)
{
    private readonly Lock _appending = new();
    private volatile TaskCompletionSource _room = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _appended;
    private long _durable;
    private bool _ended;

    public long Appended => Volatile.Read(ref _appended);

    public long Durable => Volatile.Read(ref _durable);

    public ValueTask<long> AppendAsync(SampleRows rows, CancellationToken ct) => IsFull ? AppendLaterAsync(rows, ct) : ValueTask.FromResult(Append(rows));

    /// <summary>Twice what asks for a seal: the disk does not take it, or not fast enough.</summary>
    private bool IsFull
    {
        get
        {
            var view = state.View;
            return view.Active.Rows + (view.Sealing?.Rows ?? 0) >= 2L * options.SealRows || view.Active.Bytes + (view.Sealing?.Bytes ?? 0) >= 2L * MaxBytes;
        }
    }

    private long MaxBytes => (long)options.SealMegabytes << 20;

    private async ValueTask<long> AppendLaterAsync(SampleRows rows, CancellationToken ct)
    {
        for (var room = _room.Task; IsFull; room = _room.Task) await room.WaitAsync(ct);
        return Append(rows);
    }

    private long Append(SampleRows rows)
    {
        long ordinal;
        HeadSet heads;
        lock (_appending)
        {
            ObjectDisposedException.ThrowIf(_ended, typeof(SegmentTimeSeriesStore));
            heads = state.View.Active;
            if (heads.Rows == 0) heads.SinceTimestamp = pace.GetTimestamp();
            heads.Append(rows);
            heads.Ordinal = ordinal = ++_appended;
            // Without rows there is nothing to lose; a log of ticks alone would otherwise be kept for ever.
            if (heads.Rows == 0 && _durable == ordinal - 1) Volatile.Write(ref _durable, ordinal);
        }
        if (HasEnough(heads)) askToSeal();
        return ordinal;
    }

    /// <summary>Whether there are rows enough for a seal.</summary>
    public bool HasEnough(HeadSet active) => active.Rows >= options.SealRows || active.Bytes >= MaxBytes;

    /// <summary>From now on rows go into new heads.</summary>
    /// <returns>What is to be sealed.</returns>
    public HeadSet Swap()
    {
        lock (_appending)
        {
            var full = state.View.Active;
            full.Ordinal = _appended;   // also of appends without rows
            state.Show(view => view with { Sealing = full, Active = new HeadSet(pool) });
            return full;
        }
    }

    /// <summary>What was appended up to <paramref name="ordinal"/> is in segments and no longer in memory.</summary>
    public void Sealed(long ordinal)
    {
        Volatile.Write(ref _durable, ordinal);
        Interlocked.Exchange(ref _room, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    /// <summary>Takes nothing any more.</summary>
    /// <returns>False when it did not before.</returns>
    public bool TryEnd()
    {
        lock (_appending)
        {
            if (_ended) return false;
            return _ended = true;
        }
    }
}
