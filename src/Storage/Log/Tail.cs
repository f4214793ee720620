namespace Seamless.Storage.Log;

/// <summary>The newest committed batches of a partition, in memory as they were gathered: whoever keeps up decodes nothing. At most about 20 MB, and only under load.</summary>
internal sealed class Tail
{
    private const int MaxBatches = 512;
    private const int MaxRecords = 128 * 1024;

    private readonly Lock _lock = new();
    private readonly Queue<LogBatch> _batches = new(MaxBatches);
    private int _records;

    /// <summary>Takes over one hold on <paramref name="batch"/>.</summary>
    public void Add(LogBatch batch)
    {
        lock (_lock)
        {
            _batches.Enqueue(batch);
            _records += batch.Count;
            while (_batches.Count > 1 && (_batches.Count > MaxBatches || _records > MaxRecords))
            {
                var oldest = _batches.Dequeue();
                _records -= oldest.Count;
                oldest.LetGo();
            }
        }
    }

    /// <summary>The batch that holds the record after <paramref name="afterSequence"/>, held for the caller; null when it is not here.</summary>
    public LogBatch? Take(long afterSequence)
    {
        lock (_lock)
        {
            foreach (var batch in _batches)
            {
                if (batch.LastSequence <= afterSequence) continue;
                if (batch.FirstSequence > afterSequence + 1) return null;
                batch.Hold();
                return batch;
            }
        }
        return null;
    }
}
