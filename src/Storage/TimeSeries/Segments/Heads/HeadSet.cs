using System.Runtime.InteropServices;
using Seamless.Telemetry;
using Seamless.Telemetry.Rows;

namespace Seamless.Storage.TimeSeries.Segments.Heads;

/// <summary>Rows that are not in a segment yet, by device. One thread appends at a time; any number read.</summary>
/// <param name="before">The heads before these: a machine keeps its pace, so each begins with room for as many rows as the last time.</param>
internal sealed class HeadSet(HeadSet? before = null)
{
    private const int MostRowsAhead = 4096;
    private const int BytesPerNumber = 16;   // at most: arrays double when they are full
    private const int BytesPerHead = 1024;

    private readonly int[] _expected = before is null ? [] : [.. before._heads.Select(head => head?.Count ?? 0)];   // counts, not the heads: those are to go
    private DeviceRows?[] _heads = new DeviceRows?[256];
    private long _readings;
    private long _rows;
    private int _devices;

    public long Rows => Volatile.Read(ref _rows);

    /// <summary>Memory, about; rather more than less.</summary>
    public long Bytes => (Rows * 2 + Volatile.Read(ref _readings)) * BytesPerNumber + _devices * BytesPerHead;

    /// <summary>When the first row came, a timestamp of the clock that paces sealing.</summary>
    public long SinceTimestamp { get; set; }

    /// <summary>The ordinal of the last append.</summary>
    public long Ordinal { get; set; }

    public void Append(SampleRows rows)
    {
        var devices = rows.Devices;
        var times = rows.TimestampsMs;
        var sequences = rows.Sequences;
        var ends = rows.ReadingEnds;
        var metrics = rows.Metrics;
        var values = rows.Values;
        var states = rows.States;
        var qualities = rows.Qualities;
        var plain = !MemoryMarshal.AsBytes(qualities).ContainsAnyExcept((byte)Quality.Good);
        var first = 0;
        for (var row = 0; row < devices.Length; row++)
        {
            var length = ends[row] - first;
            HeadOf(devices[row]).Append(
                times[row], sequences[row], metrics.Slice(first, length), values.Slice(first, length), states.Slice(first, length), qualities.Slice(first, length), plain);
            first = ends[row];
        }
        _readings += values.Length;
        Volatile.Write(ref _rows, _rows + devices.Length);
    }

    public DeviceRows? Find(int device)
    {
        var heads = Volatile.Read(ref _heads);
        return device < heads.Length ? Volatile.Read(ref heads[device]) : null;
    }

    public IEnumerable<DeviceRows> All()
    {
        var heads = Volatile.Read(ref _heads);
        for (var i = 0; i < heads.Length; i++)
            if (Volatile.Read(ref heads[i]) is { } head) yield return head;
    }

    public long RowsBefore(long beforeMs)
    {
        var rows = 0L;
        foreach (var head in All())
        {
            if (head.MinMs >= beforeMs) continue;
            foreach (var time in head.Snapshot([]).Times)
                if (time < beforeMs) rows++;
        }
        return rows;
    }

    private DeviceRows HeadOf(int device) => device < _heads.Length && _heads[device] is { } known ? known : Create(device);

    private DeviceRows Create(int device)
    {
        if (device >= _heads.Length)
        {
            var larger = new DeviceRows?[Math.Max(_heads.Length * 2, device + 1)];
            _heads.CopyTo(larger, 0);
            Volatile.Write(ref _heads, larger);
        }
        var head = new DeviceRows(device, device < _expected.Length ? Math.Clamp(_expected[device] * 9 / 8, 16, MostRowsAhead) : 16);
        Volatile.Write(ref _heads[device], head);
        _devices++;
        return head;
    }
}
