namespace Seamless.Storage.TimeSeries.Segments.Heads;

/// <summary>Blocks of memory for rows, used again by the next heads: a megabyte each is more than the garbage collector should have to move or clear.</summary>
internal sealed class RowPool
{
    /// <summary>Eight bytes each.</summary>
    public const int BlockWords = 1 << 17;

    private readonly Lock _lock = new();
    private readonly Stack<long[]> _idle = [];

    public long[] Rent()
    {
        lock (_lock)
            if (_idle.TryPop(out var block)) return block;
        return GC.AllocateUninitializedArray<long>(BlockWords);
    }

    /// <summary>Keeps as many as are handed back at once: what a busy hour needed is let go when a quiet one ends.</summary>
    public void Return(IReadOnlyCollection<long[]> blocks)
    {
        lock (_lock)
        {
            foreach (var block in blocks)
                if (block.Length == BlockWords) _idle.Push(block);
            while (_idle.Count > blocks.Count) _idle.Pop();
        }
    }
}
