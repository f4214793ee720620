namespace Seamless.Ingest.Ledger;

/// <summary>The last numbers of a device whose samples carry no time of their own, and what they said. Any number of threads.</summary>
internal sealed class RecentNumbers
{
    /// <summary>More than a client has in flight: only what was never acknowledged is sent again.</summary>
    public const int MaxKept = 128;

    private readonly Lock _gate = new();
    private long[] _numbers = new long[8];
    private ulong[] _contents = new ulong[8];
    private int _next;

    public int Count { get; private set; }

    /// <summary>Whether the number was seen with the same content. With another content it is a counter that began anew.</summary>
    public bool Contains(long number, ulong content)
    {
        lock (_gate) return Find(number, content);
    }

    public void Add(long number, ulong content)
    {
        lock (_gate)
        {
            if (Find(number, content)) return;
            if (Count == _numbers.Length && Count < MaxKept) Grow();
            _numbers[_next] = number;
            _contents[_next] = content;
            _next = (_next + 1) % _numbers.Length;
            Count = Math.Min(Count + 1, _numbers.Length);
        }
    }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<(long Number, ulong Content)> ToList()
    {
        lock (_gate)
        {
            var oldest = Count < _numbers.Length ? 0 : _next;
            return [.. Enumerable.Range(0, Count).Select(i => (oldest + i) % _numbers.Length).Select(at => (_numbers[at], _contents[at]))];
        }
    }

    private bool Find(long number, ulong content)
    {
        for (var from = 0; ; from++)
        {
            var at = _numbers.AsSpan(from, Math.Max(0, Count - from)).IndexOf(number);
            if (at < 0) return false;
            from += at;
            if (_contents[from] == content) return true;
        }
    }

    // Only called when full, and before the first wrap: the order in the arrays is the order of coming.
    private void Grow()
    {
        _next = Count;
        Array.Resize(ref _numbers, Count * 2);
        Array.Resize(ref _contents, Count * 2);
    }
}
