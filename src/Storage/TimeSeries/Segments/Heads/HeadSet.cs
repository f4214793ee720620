using System.Runtime.InteropServices;
using Seamless.Telemetry;
using Seamless.Telemetry.Rows;

namespace Seamless.Storage.TimeSeries.Segments.Heads;

/// <summary>Rows that are not in a segment yet. One thread appends at a time; any number read, between <see cref="TryUse"/> and <see cref="Release"/>.</summary>
internal sealed class HeadSet(RowPool pool)
{
    private const int BytesPerDevice = 64;

    private readonly RowLog _log = new(pool);
    private DeviceHead[] _heads = new DeviceHead[64];   // by device
    private long _rows;
    private int _users = 1;

    public long Rows => Volatile.Read(ref _rows);

    /// <summary>Memory, about.</summary>
    public long Bytes => _log.Bytes + (long)_heads.Length * BytesPerDevice;

    /// <summary>When the first row came, a timestamp of the clock that paces sealing.</summary>
    public long SinceTimestamp { get; set; }

    /// <summary>The ordinal of the last append.</summary>
    public long Ordinal { get; set; }

    // Sharing: the memory is used again when nobody reads it any more

    /// <summary>Keeps the rows until <see cref="Release"/>; false when they are gone, since they are in a segment by now.</summary>
    public bool TryUse()
    {
        for (var users = Volatile.Read(ref _users); users > 0;)
        {
            var seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users) return true;
            users = seen;
        }
        return false;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0) _log.LetGo();
    }

    // Appending

    public void Append(SampleRows rows)
    {
        var devices = rows.Devices;
        var times = rows.TimestampsMs;
        var sequences = rows.Sequences;
        var ends = rows.ReadingEnds;
        var first = 0;
        for (var row = 0; row < devices.Length; row++)
        {
            var length = ends[row] - first;
            var states = rows.States.Slice(first, length);
            ref var head = ref HeadOf(devices[row]);
            var shape = ShapeOf(ref head, rows.Metrics.Slice(first, length), states, rows.Qualities.Slice(first, length));
            var number = _log.Append(devices[row], times[row], sequences[row], head.Last - 1, shape, rows.Values.Slice(first, length), states);
            head.Note(number, times[row]);
            first = ends[row];
        }
        Volatile.Write(ref _rows, _rows + devices.Length);
    }

    private RowShape ShapeOf(ref DeviceHead head, ReadOnlySpan<int> metrics, ReadOnlySpan<string?> states, ReadOnlySpan<Quality> qualities)
    {
        if (head.Shape is { } like && like.Fits(metrics, states, qualities)) return like;
        var shape = _log.ShapeOf(metrics, states, qualities);
        head.Change(shape, _log);
        return shape;
    }

    private ref DeviceHead HeadOf(int device)
    {
        if (device >= _heads.Length)
        {
            var larger = new DeviceHead[Math.Max(_heads.Length * 2, device + 1)];
            _heads.CopyTo(larger, 0);
            Volatile.Write(ref _heads, larger);
        }
        return ref _heads[device];
    }

    // Reading

    /// <summary>Devices with rows.</summary>
    public IEnumerable<int> Devices()
    {
        var heads = Volatile.Read(ref _heads);
        for (var device = 0; device < heads.Length; device++)
            if (Volatile.Read(ref heads[device].Last) != 0) yield return device;
    }

    /// <summary>The first and last time of a device's rows.</summary>
    public (long MinMs, long MaxMs) Extent(int device) => (_heads[device].MinMs, _heads[device].MaxMs);

    /// <summary>The rows of a device in some time, in the order of writing; null when there is none.</summary>
    /// <param name="metrics">Empty for all.</param>
    public DeviceRows? RowsOf(int device, long fromMs, long toMs, ReadOnlySpan<int> metrics)
    {
        var heads = Volatile.Read(ref _heads);
        if (device >= heads.Length) return null;
        var number = Volatile.Read(ref heads[device].Last) - 1;
        if (number < 0 || heads[device].MaxMs < fromMs || heads[device].MinMs >= toMs) return null;
        var numbers = new List<int>(Math.Min(heads[device].Count, 4096));
        while (number != RowLog.None)
        {
            var row = _log[number];
            if (row.TimeMs >= fromMs && row.TimeMs < toMs) numbers.Add(number);
            number = row.Previous;
        }
        if (numbers.Count == 0) return null;
        numbers.Reverse();
        return Gather(CollectionsMarshal.AsSpan(numbers), new DeviceRows(device, numbers.Count, metrics));
    }

    private DeviceRows Gather(ReadOnlySpan<int> numbers, DeviceRows rows)
    {
        foreach (var number in numbers) rows.Append(_log[number]);
        return rows;
    }

    /// <summary>The newest value of each metric of a device: by event time, then by order of writing; bad ones do not count.</summary>
    public IReadOnlyCollection<LatestValue> LatestOf(int device)
    {
        var heads = Volatile.Read(ref _heads);
        if (device >= heads.Length || Volatile.Read(ref heads[device].Last) == 0) return [];
        var newest = new Dictionary<int, (int Number, LatestValue Value)>();
        foreach (var number in heads[device].Newest()) AddLatest(number, newest);
        return [.. newest.Values.Select(n => n.Value)];
    }

    private void AddLatest(int number, Dictionary<int, (int Number, LatestValue Value)> newest)
    {
        var row = _log[number];
        var (shape, timeMs) = (row.Shape, row.TimeMs);
        var values = row.Values(shape.Length);
        for (var i = 0; i < values.Length; i++)
        {
            if (shape.QualityOf(i) is Quality.Bad) continue;
            var metric = shape.Metrics[i];
            if (newest.TryGetValue(metric, out var known) && (known.Value.TimestampMs > timeMs || (known.Value.TimestampMs == timeMs && known.Number > number))) continue;
            var text = shape.IsText(i) ? row.Text(values[i]) : null;
            newest[metric] = (number, new LatestValue(Numbers.Metrics[metric], timeMs, text is null ? values[i] : double.NaN, text));
        }
    }

    public long RowsBefore(long beforeMs)
    {
        var rows = 0L;
        foreach (var number in _log.Numbers())
            if (_log[number].TimeMs < beforeMs) rows++;
        return rows;
    }

    /// <summary>All times, in the order of writing.</summary>
    public IEnumerable<long> Times()
    {
        foreach (var number in _log.Numbers()) yield return _log[number].TimeMs;
    }

    // All of it, by device: nobody appends any more

    /// <summary>Every row's number, device after device.</summary>
    public int[] Order()
    {
        var next = new int[_heads.Length];
        for (var device = 1; device < next.Length; device++) next[device] = next[device - 1] + _heads[device - 1].Count;
        var order = new int[_rows];
        _log.Order(order, next);
        for (var device = 0; device < next.Length; device++) _heads[device].End = next[device];
        return order;
    }

    /// <summary>The rows of a device in some time, in memory that the next call uses again.</summary>
    /// <param name="order">From <see cref="Order"/>.</param>
    /// <param name="lastMs">Inclusive.</param>
    public DeviceRows Gather(int device, int[] order, long firstMs, long lastMs, SortSpace space)
    {
        var part = order.AsSpan(_heads[device].End - _heads[device].Count, _heads[device].Count);
        var rows = new DeviceRows(device, part.Length, space);
        foreach (var number in part)
        {
            var row = _log[number];
            if (row.TimeMs >= firstMs && row.TimeMs <= lastMs) rows.Append(row);
        }
        return rows;
    }
}
