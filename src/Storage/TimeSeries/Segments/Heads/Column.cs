using Seamless.Telemetry;

namespace Seamless.Storage.TimeSeries.Segments.Heads;

/// <summary>One metric of one device: a value for some of the rows, in their order.</summary>
internal sealed class Column(int metric, int capacity)
{
    private double[] _values = GC.AllocateUninitializedArray<double>(capacity);
    private int[]? _rows;           // null while value k is that of row k
    private string?[]? _texts;      // null while there is none
    private byte[]? _qualities;     // null while all are good
    private int _count;

    public int Metric { get; } = metric;
    public int Count => _count;

    public ReadOnlySpan<double> Values => _values.AsSpan(0, _count);
    public ReadOnlySpan<byte> Qualities => _qualities is null ? default : _qualities.AsSpan(0, _count);
    public ReadOnlySpan<string?> Texts => _texts is null ? default : _texts.AsSpan(0, _count);
    public ReadOnlySpan<int> Rows => _rows is null ? default : _rows.AsSpan(0, _count);

    /// <summary>Whether value k is that of row k.</summary>
    public bool IsDense => _rows is null;
    public bool HasTexts => _texts is not null;
    public bool HasQualities => _qualities is not null;

    public int RowOf(int k) => _rows is null ? k : _rows[k];
    public double ValueOf(int k) => _values[k];
    public string? TextOf(int k) => _texts?[k];
    public Quality QualityOf(int k) => _qualities is null ? Quality.Good : (Quality)_qualities[k];

    /// <summary>The first value of a row at or behind <paramref name="row"/>; <see cref="Count"/> when there is none.</summary>
    public int At(int row)
    {
        if (_rows is null) return Math.Min(row, _count);
        var found = _rows.AsSpan(0, _count).BinarySearch(row);
        return found < 0 ? ~found : found;
    }

    /// <summary>A good number.</summary>
    public void Add(int row, double value)
    {
        var k = _count;
        if (k == _values.Length) Grow();
        if (_rows is not null || row != k) Place(k, row);
        _values[k] = value;   // beside it stand no text and a zero for good, as the arrays were made
        _count = k + 1;
    }

    /// <summary>Any reading. A second one of the same row takes the place of the first.</summary>
    public void Add(int row, double value, string? text, Quality quality)
    {
        var k = _count;
        if (k > 0 && RowOf(k - 1) == row) k--;
        else
        {
            if (k == _values.Length) Grow();
            if (_rows is not null || row != k) Place(k, row);
        }
        _values[k] = value;
        if (text is not null || _texts is not null) (_texts ??= new string?[_values.Length])[k] = text;
        if (quality != Quality.Good || _qualities is not null) (_qualities ??= new byte[_values.Length])[k] = (byte)quality;
        _count = k + 1;
    }

    /// <summary>All values of <paramref name="other"/>, whose row 0 is our row <paramref name="firstRow"/>.</summary>
    public void Add(Column other, int firstRow)
    {
        if (other._texts is null && other._qualities is null && other._rows is null && _rows is null && _texts is null && _qualities is null && firstRow == _count)
        {
            if (_values.Length < _count + other._count) Array.Resize(ref _values, Math.Max(_count + other._count, _values.Length * 2));
            other.Values.CopyTo(_values.AsSpan(_count));
            _count += other._count;
            return;
        }
        for (var k = 0; k < other._count; k++) Add(firstRow + other.RowOf(k), other._values[k], other.TextOf(k), other.QualityOf(k));
    }

    /// <summary>A copy without what stands before a row.</summary>
    public Column Behind(int row)
    {
        var kept = new Column(Metric, Math.Max(1, _count - At(row)));
        for (var k = At(row); k < _count; k++) kept.Add(RowOf(k), _values[k], TextOf(k), QualityOf(k));
        return kept;
    }

    /// <summary>The values at <paramref name="places"/>, one a row; this must be dense.</summary>
    /// <param name="values">Room for them.</param>
    public Column Gathered(ReadOnlySpan<int> places, double[] values)
    {
        for (var i = 0; i < places.Length; i++) values[i] = _values[places[i]];
        return new Column(Metric, 0) { _values = values, _texts = At(_texts, places), _qualities = At(_qualities, places), _count = places.Length };
    }

    private static T[]? At<T>(T[]? array, ReadOnlySpan<int> places)
    {
        if (array is null) return null;
        var taken = new T[places.Length];
        for (var i = 0; i < taken.Length; i++) taken[i] = array[places[i]];
        return taken;
    }

    /// <summary>From what was read: the arrays are taken over.</summary>
    public static Column Of(int metric, double[] values, int[]? rows, string?[]? texts, byte[]? qualities, int count) =>
        new(metric, 0) { _values = values, _rows = rows, _texts = texts, _qualities = qualities, _count = count };

    private void Place(int k, int row)
    {
        if (_rows is null)
        {
            var rows = new int[_values.Length];
            for (var i = 0; i < k; i++) rows[i] = i;
            rows[k] = row;
            _rows = rows;
        }
        _rows[k] = row;
    }

    private void Grow()
    {
        var size = Math.Max(16, _values.Length * 2);
        if (_texts is not null) Array.Resize(ref _texts, size);
        if (_qualities is not null) Array.Resize(ref _qualities, size);
        if (_rows is not null) _rows = Larger(_rows, _count, size);
        _values = Larger(_values, _count, size);
    }

    /// <summary>A longer array with the same beginning. What is behind it is anything: nobody reads it before it is written.</summary>
    public static T[] Larger<T>(T[] array, int count, int size)
        where T : unmanaged
    {
        var larger = GC.AllocateUninitializedArray<T>(size);
        array.AsSpan(0, count).CopyTo(larger);
        return larger;
    }
}
