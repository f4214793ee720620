using System.Buffers.Binary;
using System.IO.Hashing;
using Microsoft.Win32.SafeHandles;
using Seamless.Storage.TimeSeries.Segments.Blocks;
using Seamless.Storage.TimeSeries.Segments.Heads;
using Seamless.Storage.TimeSeries.Segments.Rollups;

namespace Seamless.Storage.TimeSeries.Segments.Files;

/// <summary>Writes one segment: blocks device by device, then the index. Format in docs/reference/segment-format.md.</summary>
internal sealed class SegmentWriter(SafeFileHandle file)
{
    public const int HeaderBytes = 8;
    public const int TrailerBytes = 16;   // length and XxHash3 of the index, then the mark
    public static ReadOnlySpan<byte> Magic => "SEAMSEG1"u8;
    public const uint EndMark = 0x474D4553;   // SEMG
    private const int ChunkBytes = 1 << 20;

    private readonly ByteWriter _output = Begin();
    private readonly List<SegmentDevice> _devices = [];
    private readonly List<StoredBlock> _blocks = [];
    private readonly List<StoredRollup> _rollups = [];
    private readonly List<StoredColumn> _columns = [];
    private long _written;

    private long Offset => _written + _output.Length;

    private static ByteWriter Begin()
    {
        var output = new ByteWriter(ChunkBytes * 2);
        output.Bytes(Magic);
        return output;
    }

    public bool IsEmpty => _devices.Count == 0;

    /// <summary>Adds ascending rows [<paramref name="from"/>, <paramref name="to"/>) of a device: all that this segment has of it.</summary>
    /// <param name="hoursOnly">The cells without the rows.</param>
    public void Add(DeviceRows rows, int from, int to, IEnumerable<Cells> rollups, bool hoursOnly = false)
    {
        for (var first = from; first < to && !hoursOnly; first += StoredBlock.MaxRows) AddBlock(rows, first, Math.Min(StoredBlock.MaxRows, to - first));
        foreach (var cells in rollups)
        {
            var (offset, start) = (Offset, _output.Length);
            cells.Encode(_output);
            _rollups.Add(new StoredRollup(offset, cells.Metric, cells.CellMs, cells.Count, Extent.Of(_output.From(start))));
        }
        if (_blocks.Count + _rollups.Count > 0) _devices.Add(new SegmentDevice(rows.Device, rows.Times[from], rows.Times[to - 1], [.. _blocks], [.. _rollups]));
        _blocks.Clear();
        _rollups.Clear();
        if (_output.Length >= ChunkBytes) Flush();
    }

    private void AddBlock(DeviceRows rows, int first, int count)
    {
        var (offset, start) = (Offset, _output.Length);
        var times = rows.Times.Slice(first, count);
        LongCodec.Encode(times, _output);
        var timeExtent = Extent.Of(_output.From(start));
        var sequences = rows.Sequences is { IsEmpty: false } all ? EncodeSequences(all.Slice(first, count)) : default;
        foreach (var column in rows.Columns)
        {
            var begin = _output.Length;
            if (ColumnCodec.Encode(column, first, count, _output)) _columns.Add(new StoredColumn(column.Metric, Extent.Of(_output.From(begin))));
        }
        _blocks.Add(new StoredBlock(offset, count, times[0], times[^1], timeExtent, sequences, [.. _columns]));
        _columns.Clear();
    }

    private Extent EncodeSequences(ReadOnlySpan<long> sequences)
    {
        if (!sequences.ContainsAnyExcept(Seamless.Telemetry.Rows.SampleRows.NoSequence)) return default;
        var start = _output.Length;
        LongCodec.Encode(sequences, _output);
        return Extent.Of(_output.From(start));
    }

    private void Flush()
    {
        RandomAccess.Write(file, _output.Written, _written);
        _written += _output.Length;
        _output.Truncate(0);
    }

    /// <summary>Writes the index. The caller makes the file durable.</summary>
    public void Finish()
    {
        var start = _output.Length;
        SegmentIndex.Write(_devices, _output);
        var index = _output.From(start);
        Span<byte> trailer = stackalloc byte[TrailerBytes];
        BinaryPrimitives.WriteInt32LittleEndian(trailer, index.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(trailer[4..], XxHash3.HashToUInt64(index));
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[12..], EndMark);
        _output.Bytes(trailer);
        Flush();
    }
}
