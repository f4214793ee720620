using Seamless.Telemetry;
using Seamless.Telemetry.Rows;

namespace Seamless.Storage.TimeSeries.Segments.Heads;

/// <summary>Rows of one device by column: what a block holds and a query reads.</summary>
internal sealed class DeviceRows
{
    private readonly int[] _wanted;         // metrics; empty for all
    private readonly SortSpace? _space;     // whose arrays these are
    private long[] _times;
    private long[]? _sequences;   // null while no row has one
    private Column[] _columns = [];
    private int[] _metrics = [];  // of the columns
    private int _columnCount;
    private int _count;

    private RowShape? _shape;     // of the row before, and its columns
    private Column?[] _shapeColumns = [];

    public DeviceRows(int device, int capacity)
        : this(device, capacity, [])
    {
    }

    /// <param name="metrics">Of which values are taken; empty for all.</param>
    public DeviceRows(int device, int capacity, ReadOnlySpan<int> metrics) =>
        (Device, _times, _wanted) = (device, GC.AllocateUninitializedArray<long>(capacity), metrics.ToArray());

    /// <param name="capacity">As many rows will come at most.</param>
    public DeviceRows(int device, int capacity, SortSpace space) => (Device, _times, _wanted, _space) = (device, space.Gathered(capacity), [], space);

    public int Device { get; }
    public int Count => _count;
    public int ColumnCount => _columnCount;
    public long MinMs { get; private set; } = long.MaxValue;
    public long MaxMs { get; private set; } = long.MinValue;

    /// <summary>Whether every row is younger than the one before.</summary>
    public bool IsAscending { get; private set; } = true;

    public ReadOnlySpan<long> Times => _times.AsSpan(0, _count);
    public ReadOnlySpan<long> Sequences => _sequences is null ? default : _sequences.AsSpan(0, _count);
    public ReadOnlySpan<Column> Columns => _columns.AsSpan(0, _columnCount);

    public Column? Find(int metric)
    {
        var at = _metrics.AsSpan(0, _columnCount).IndexOf(metric);
        return at < 0 ? null : _columns[at];
    }

    /// <summary>The first row at or after the time; rows must be ascending.</summary>
    public int RowAt(long timeMs)
    {
        var found = Times.BinarySearch(timeMs);
        return found < 0 ? ~found : found;
    }

    // Appending

    /// <summary>A row like the one before costs no look-up and, but for growth, no allocation.</summary>
    public void Append(in RowLog.Row row)
    {
        var at = _count;
        if (at == _times.Length) Grow();
        _times[at] = row.TimeMs;
        if (row.Sequence != SampleRows.NoSequence || _sequences is not null) AddSequence(at, row.Sequence);
        var shape = row.Shape;
        if (!ReferenceEquals(shape, _shape)) Take(shape);
        var values = row.Values(shape.Length);
        var columns = _shapeColumns.AsSpan(0, values.Length);
        if (shape.IsPlain)
        {
            for (var i = 0; i < columns.Length; i++) columns[i]?.Add(at, values[i]);
        }
        else
        {
            for (var i = 0; i < columns.Length; i++)
            {
                if (columns[i] is not { } column) continue;
                if (shape.IsText(i)) column.Add(at, double.NaN, row.Text(values[i]), shape.QualityOf(i));
                else if (shape.IsPlainAt(i)) column.Add(at, values[i]);
                else column.Add(at, values[i], null, shape.QualityOf(i));
            }
        }
        NoteAppended(row.TimeMs);
    }

    private void Take(RowShape shape)
    {
        if (_shapeColumns.Length < shape.Length) _shapeColumns = new Column?[shape.Length];
        for (var i = 0; i < shape.Length; i++)
            _shapeColumns[i] = _wanted.Length == 0 || _wanted.Contains(shape.Metrics[i]) ? ColumnOf(shape.Metrics[i], _times.Length) : null;
        _shape = shape;
    }

    private void Note(long timeMs)
    {
        if (timeMs <= MaxMs && _count > 0) IsAscending = false;
        if (timeMs > MaxMs) MaxMs = timeMs;
        if (timeMs < MinMs) MinMs = timeMs;
    }

    private void AddSequence(int row, long sequence)
    {
        if (_sequences is null)
        {
            var sequences = new long[_times.Length];
            sequences.AsSpan(0, row).Fill(SampleRows.NoSequence);
            _sequences = sequences;
        }
        _sequences[row] = sequence;
    }

    private void Add(Column column)
    {
        if (_columnCount == _columns.Length)
        {
            var size = Math.Max(8, _columnCount * 2);
            Array.Resize(ref _metrics, size);
            Array.Resize(ref _columns, size);
        }
        _metrics[_columnCount] = column.Metric;
        _columns[_columnCount++] = column;
    }

    private void Grow()
    {
        var size = Math.Max(16, _times.Length * 2);
        if (_sequences is not null) _sequences = Column.Larger(_sequences, _count, size);
        _times = Column.Larger(_times, _count, size);
    }

    // Reading

    /// <summary>From what was read, in ascending order: the arrays are taken over.</summary>
    public static DeviceRows Of(int device, long[] times, int count, long[]? sequences) =>
        new(device, 0) { _times = times, _sequences = sequences, _count = count, MinMs = count == 0 ? long.MaxValue : times[0], MaxMs = count == 0 ? long.MinValue : times[count - 1] };

    public void Take(Column column) => Add(column);

    /// <summary>One behind the other; the order is that of writing.</summary>
    public static DeviceRows Concat(IReadOnlyList<DeviceRows> parts)
    {
        var all = new DeviceRows(parts[0].Device, parts.Sum(p => p.Count));
        foreach (var part in parts)
        {
            part.Times.CopyTo(all._times.AsSpan(all._count));
            if (part._sequences is not null || all._sequences is not null) all.AddSequences(part);
            foreach (var column in part.Columns) all.ColumnOf(column.Metric, all._times.Length).Add(column, all._count);
            foreach (var time in part.Times) all.NoteAppended(time);
        }
        return all;
    }

    private void AddSequences(DeviceRows part)
    {
        for (var row = 0; row < part._count; row++) AddSequence(_count + row, part._sequences?[row] ?? SampleRows.NoSequence);
    }

    private Column ColumnOf(int metric, int capacity)
    {
        if (Find(metric) is { } known) return known;
        var column = _space is null ? new Column(metric, capacity) : Column.Of(metric, _space.Gathered(_columnCount, capacity), null, null, null, 0);
        Add(column);
        return column;
    }

    private void NoteAppended(long timeMs)
    {
        Note(timeMs);
        _count++;
    }

    /// <summary>The same rows without the values that are older than their metric's mark; ascending.</summary>
    public DeviceRows Without(Func<int, long> markMs)
    {
        var kept = new DeviceRows(Device, 0) { _times = _times, _sequences = _sequences, _count = _count, MinMs = MinMs, MaxMs = MaxMs };
        foreach (var column in Columns)
        {
            var mark = markMs(column.Metric);
            if (mark <= MinMs) kept.Add(column);
            else if (mark <= MaxMs) kept.Add(column.Behind(RowAt(mark)));
        }
        return kept;
    }

    /// <summary>Ascending, one row an instant, of each metric the value written last.</summary>
    /// <param name="space">Where the result may live; null for arrays of its own.</param>
    public DeviceRows Sorted(SortSpace? space = null)
    {
        if (IsAscending) return this;
        space ??= new SortSpace();
        var places = Places(space, out var times, out var instants);
        var last = space.Last(instants);
        for (var row = 0; row < places.Length; row++) last[places[row]] = row;   // in order of writing: the last stands
        var sorted = Of(Device, times, instants, SortedSequences(last));
        for (var i = 0; i < _columnCount; i++)
            sorted.Add(_columns[i].IsDense && _columns[i].Count == _count ? _columns[i].Gathered(last, space.Values(i, instants)) : Sparse(_columns[i], places, instants));
        return sorted;
    }

    /// <summary>Where each row goes.</summary>
    private Span<int> Places(SortSpace space, out long[] times, out int instants)
    {
        var keys = space.Keys(_count);
        var order = space.Order(_count);
        var places = space.Places(_count);
        Times.CopyTo(keys);
        for (var i = 0; i < order.Length; i++) order[i] = i;
        if (!TryInsertionSort(keys, order)) keys.Sort(order);
        times = space.Times(_count);
        var instant = 0;
        for (var i = 0; i < keys.Length; i++)
        {
            if (i > 0 && keys[i] != keys[i - 1]) instant++;
            places[order[i]] = instant;
            times[instant] = keys[i];
        }
        instants = instant + 1;
        return places;
    }

    /// <summary>Rows come nearly in order; as long as they do, moving the few is quicker than sorting all.</summary>
    /// <returns>False when it gave up: the order is then any.</returns>
    private static bool TryInsertionSort(Span<long> keys, Span<int> order)
    {
        var moves = keys.Length * 4;
        for (var i = 1; i < keys.Length; i++)
        {
            var (key, row, at) = (keys[i], order[i], i);
            for (; at > 0 && keys[at - 1] > key; at--) (keys[at], order[at]) = (keys[at - 1], order[at - 1]);
            (keys[at], order[at]) = (key, row);
            if ((moves -= i - at) < 0) return false;
        }
        return true;
    }

    private static Column Sparse(Column column, ReadOnlySpan<int> places, int instants)
    {
        var from = new int[instants];
        from.AsSpan().Fill(-1);
        for (var k = 0; k < column.Count; k++) from[places[column.RowOf(k)]] = k;
        var target = new Column(column.Metric, column.Count);
        for (var row = 0; row < from.Length; row++)
            if (from[row] is var k and >= 0) target.Add(row, column.ValueOf(k), column.TextOf(k), column.QualityOf(k));
        return target;
    }

    private long[]? SortedSequences(ReadOnlySpan<int> last)
    {
        if (_sequences is null) return null;
        var sorted = new long[last.Length];
        for (var i = 0; i < sorted.Length; i++) sorted[i] = _sequences[last[i]];
        return sorted;
    }
}
