using System.IO.Hashing;
using Seamless.Storage.TimeSeries.Segments.Blocks;
using Seamless.Telemetry;
using Seamless.Telemetry.Rows;

namespace Seamless.Storage.TimeSeries.Segments.Files;

/// <summary>Some bytes of the file, and the first half of their XxHash3.</summary>
internal readonly record struct Extent(int Length, uint Hash)
{
    public static Extent Of(ReadOnlySpan<byte> bytes) => new(bytes.Length, (uint)XxHash3.HashToUInt64(bytes));

    public bool Fits(ReadOnlySpan<byte> bytes) => bytes.Length == Length && (uint)XxHash3.HashToUInt64(bytes) == Hash;
}

internal readonly record struct StoredColumn(int Metric, Extent Extent);

/// <summary>Up to <see cref="MaxRows"/> ascending rows of a device: times, sequences when there are any, then the columns.</summary>
internal sealed record StoredBlock(long Offset, int Rows, long MinMs, long MaxMs, Extent Times, Extent Sequences, StoredColumn[] Columns)
{
    public const int MaxRows = 2880;   // a day at 30 s

    public long Bytes => Times.Length + Sequences.Length + Columns.Sum(c => (long)c.Extent.Length);
}

/// <summary>Minutes or hours of one metric of a device.</summary>
internal sealed record StoredRollup(long Offset, int Metric, long CellMs, int Cells, Extent Extent);

/// <param name="MinMs">Of its rows, also of those of which only the hours are kept.</param>
internal sealed record SegmentDevice(int Device, long MinMs, long MaxMs, StoredBlock[] Blocks, StoredRollup[] Rollups);

/// <summary>What lies where in a segment. On disk devices and metrics are names; here they are this process's numbers.</summary>
internal static class SegmentIndex
{
    private const int MaxBlockBytes = 1 << 28;
    private const int MaxDevices = 1 << 24;

    public static void Write(IReadOnlyList<SegmentDevice> devices, ByteWriter output)
    {
        var metrics = new Dictionary<int, int>();
        foreach (var device in devices)
        {
            foreach (var block in device.Blocks)
                foreach (var column in block.Columns) metrics.TryAdd(column.Metric, metrics.Count);
            foreach (var rollup in device.Rollups) metrics.TryAdd(rollup.Metric, metrics.Count);
        }
        output.Varint((ulong)metrics.Count);
        foreach (var metric in metrics.Keys) output.Text(Numbers.Metrics[metric]);
        output.Varint((ulong)devices.Count);
        foreach (var device in devices) Write(device, metrics, output);
    }

    private static void Write(SegmentDevice device, Dictionary<int, int> metrics, ByteWriter output)
    {
        var key = Numbers.Devices[device.Device];
        output.Text(key.Tenant);
        output.Text(key.Device);
        output.Signed(device.MinMs);
        output.Varint(unchecked((ulong)(device.MaxMs - device.MinMs)));
        output.Varint((ulong)device.Blocks.Length);
        foreach (var block in device.Blocks)
        {
            output.Varint((ulong)block.Rows);
            output.Signed(block.MinMs);
            output.Varint(unchecked((ulong)(block.MaxMs - block.MinMs)));
            Write(block.Times, output);
            Write(block.Sequences, output);
            output.Varint((ulong)block.Columns.Length);
            foreach (var column in block.Columns)
            {
                output.Varint((ulong)metrics[column.Metric]);
                Write(column.Extent, output);
            }
        }
        output.Varint((ulong)device.Rollups.Length);
        foreach (var rollup in device.Rollups)
        {
            output.Varint((ulong)metrics[rollup.Metric]);
            output.Varint((ulong)rollup.CellMs);
            output.Varint((ulong)rollup.Cells);
            Write(rollup.Extent, output);
        }
    }

    private static void Write(Extent extent, ByteWriter output)
    {
        output.Varint((ulong)extent.Length);
        if (extent.Length > 0) output.Fixed32(extent.Hash);
    }

    /// <param name="from">Where the first block begins.</param>
    /// <param name="to">Where the last must end.</param>
    /// <returns>Null when the bytes cannot be right.</returns>
    public static SegmentDevice[]? Read(ReadOnlySpan<byte> bytes, long from, long to)
    {
        var input = new ByteReader(bytes);
        var metrics = new int[input.Count(input.Left)];
        for (var i = 0; i < metrics.Length && !input.Failed; i++) metrics[i] = Numbers.Metrics.Of(input.Text());
        var count = input.Count(Math.Min(MaxDevices, input.Left));
        var devices = new SegmentDevice[count];
        for (var i = 0; i < count; i++)
        {
            if (ReadDevice(ref input, metrics, ref from) is not { } device || from > to) return null;
            devices[i] = device;
        }
        return input.Failed || input.Left != 0 || from != to ? null : devices;
    }

    private static SegmentDevice? ReadDevice(ref ByteReader input, int[] metrics, ref long offset)
    {
        var key = new DeviceKey(input.Text(), input.Text());
        var min = input.Signed();
        var max = unchecked(min + (long)input.Varint());
        var blocks = new StoredBlock[input.Count(input.Left)];
        for (var i = 0; i < blocks.Length; i++)
        {
            if (ReadBlock(ref input, metrics, ref offset) is not { } block) return null;
            blocks[i] = block;
        }
        var rollups = new StoredRollup[input.Count(input.Left)];
        for (var i = 0; i < rollups.Length; i++)
        {
            var (metric, cellMs, cells, extent) = (MetricOf(ref input, metrics), (long)input.Varint(), input.Count(1 << 20), ReadExtent(ref input));
            if (input.Failed || cellMs <= 0) return null;
            rollups[i] = new StoredRollup(offset, metric, cellMs, cells, extent);
            offset += extent.Length;
        }
        return input.Failed || blocks.Length + rollups.Length == 0 ? null : new SegmentDevice(Numbers.Devices.Of(key), min, max, blocks, rollups);
    }

    private static StoredBlock? ReadBlock(ref ByteReader input, int[] metrics, ref long offset)
    {
        var (rows, min) = (input.Count(StoredBlock.MaxRows), input.Signed());
        var max = unchecked(min + (long)input.Varint());
        var (times, sequences) = (ReadExtent(ref input), ReadExtent(ref input));
        var columns = new StoredColumn[input.Count(input.Left)];
        for (var i = 0; i < columns.Length && !input.Failed; i++)
        {
            columns[i] = new StoredColumn(MetricOf(ref input, metrics), ReadExtent(ref input));
        }
        if (input.Failed || rows == 0 || max < min || times.Length == 0) return null;
        var block = new StoredBlock(offset, rows, min, max, times, sequences, columns);
        offset += block.Bytes;
        return block;
    }

    private static int MetricOf(ref ByteReader input, int[] metrics)
    {
        var at = input.Count(int.MaxValue);
        return at < metrics.Length ? metrics[at] : input.Fail() ? 0 : -1;
    }

    private static Extent ReadExtent(ref ByteReader input)
    {
        var length = input.Count(MaxBlockBytes);
        return new Extent(length, length > 0 ? input.Fixed32() : 0);
    }
}
