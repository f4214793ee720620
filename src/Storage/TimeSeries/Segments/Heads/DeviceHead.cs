namespace Seamless.Storage.TimeSeries.Segments.Heads;

/// <summary>What is known of one device's rows in a <see cref="HeadSet"/>.</summary>
/// <remarks>One thread writes. Readers look at <see cref="Last"/> and <see cref="Newest"/>, each of which names rows that are whole.</remarks>
internal struct DeviceHead
{
    /// <summary>The newest written row's number and one; 0 while there is none.</summary>
    public int Last;

    /// <summary>Rows.</summary>
    public int Count;

    /// <summary>Where its part of all rows ends, once they have been put in order.</summary>
    public int End;

    private int _newest;   // of the rows of the present shape the one with the latest time, and one; 0 while there is none
    private long _newestMs;
    private Others? _others;

    public long MinMs;
    public long MaxMs;

    /// <summary>Of the row before.</summary>
    public RowShape? Shape;

    /// <summary>The newest row of each shape that is not the present one.</summary>
    private sealed class Others
    {
        private readonly Dictionary<int, int> _places = [];   // the appending thread's own
        private int[] _newest = new int[4];
        private int _count;

        public ref int Of(int shape)
        {
            if (!_places.TryGetValue(shape, out var place))
            {
                _places[shape] = place = _count;
                if (place == _newest.Length) Volatile.Write(ref _newest, Larger(_newest));
                Volatile.Write(ref _count, place + 1);
            }
            return ref _newest[place];
        }

        private static int[] Larger(int[] array)
        {
            var larger = new int[array.Length * 2];
            array.CopyTo(larger, 0);
            return larger;
        }

        public ReadOnlySpan<int> Newest
        {
            get
            {
                var count = Volatile.Read(ref _count);
                return Volatile.Read(ref _newest).AsSpan(0, count);
            }
        }
    }

    /// <summary>The row that was just written.</summary>
    public void Note(int number, long timeMs)
    {
        if (Count++ == 0) (MinMs, MaxMs) = (timeMs, timeMs);
        else if (timeMs > MaxMs) MaxMs = timeMs;
        else if (timeMs < MinMs) MinMs = timeMs;
        if (_newest == 0 || timeMs >= _newestMs)
        {
            _newestMs = timeMs;
            Volatile.Write(ref _newest, number + 1);
        }
        Volatile.Write(ref Last, number + 1);
    }

    /// <summary>The next row has another shape.</summary>
    public void Change(RowShape shape, RowLog log)
    {
        if (Shape is not null)
        {
            // Kept there before it is replaced here: a reader sees it twice rather than not at all.
            _others ??= new Others();
            Volatile.Write(ref _others.Of(Shape.Number), _newest);
            var before = _others.Of(shape.Number);
            if (before != 0) _newestMs = log[before - 1].TimeMs;
            Volatile.Write(ref _newest, before);
        }
        Shape = shape;
    }

    /// <summary>For each shape the row with the latest time; one may come twice.</summary>
    public readonly int[] Newest()
    {
        // The present one first: while it moves to the others it is seen here or there.
        var present = Volatile.Read(in _newest);
        var others = Volatile.Read(in _others) is { } kept ? kept.Newest : [];
        var rows = new List<int>(others.Length + 1);
        if (present != 0) rows.Add(present - 1);
        foreach (var row in others)
            if (row != 0) rows.Add(row - 1);
        return [.. rows];
    }
}
