namespace Seamless.Storage.Log;

/// <summary>The newest committed batches of a partition, in memory as they were gathered: whoever keeps up decodes nothing. At most about 20 MB, and only under load.</summary>
internal sealed class Tail
{
    private const int MaxBatches = 512;
    private const int MaxRecords = 128 * 1024;

    private readonly Lock _lock = new();
    private readonly LogBatch?[] _batches = new LogBatch?[MaxBatches];   // a ring
    private int _oldest;
    private int _count;
    private int _records;

    /// <summary>Takes over one hold on <paramref name="batch"/>.</summary>
    public void Add(LogBatch batch)
    {
        lock (_lock)
        {
            if (_count == MaxBatches) DropOldest();
            At(_count++) = batch;
            _records += batch.Count;
            while (_count > 1 && _records > MaxRecords) DropOldest();
        }
    }

    private ref LogBatch? At(int place) => ref _batches[(_oldest + place) % MaxBatches];

    private void DropOldest()
    {
        ref var oldest = ref At(0);
        _records -= oldest!.Count;
        oldest.LetGo();
        oldest = null;
        _oldest = (_oldest + 1) % MaxBatches;
        _count--;
    }

    /// <summary>The batch that holds the record after <paramref name="afterSequence"/>, held for the caller; null when it is not here.</summary>
    public LogBatch? Take(long afterSequence)
    {
        lock (_lock)
        {
            // Whoever keeps up wants one of the newest.
            for (var place = _count - 1; place >= 0; place--)
            {
                var batch = At(place)!;
                if (batch.FirstSequence > afterSequence + 1) continue;
                if (batch.LastSequence <= afterSequence) return null;
                batch.Hold();
                return batch;
            }
        }
        return null;
    }
}
