using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using Microsoft.Win32.SafeHandles;
using Seamless.Storage.TimeSeries.Segments.Blocks;
using Seamless.Storage.TimeSeries.Segments.Heads;
using Seamless.Storage.TimeSeries.Segments.Rollups;

namespace Seamless.Storage.TimeSeries.Segments.Files;

/// <summary>An immutable file of blocks, its index in memory. Closed once it has been let go of and nobody reads it any more.</summary>
internal sealed class Segment
{
    private readonly SafeFileHandle _file;
    private readonly Dictionary<int, SegmentDevice> _byDevice = [];
    private int _users = 1;
    private (long BeforeMs, long Rows) _below = (long.MinValue, 0);

    private Segment(SafeFileHandle file, string path, long day, SegmentName name, long bytes, SegmentDevice[] devices)
    {
        (_file, Path, Day, Name, Bytes, Devices) = (file, path, day, name, bytes, devices);
        (MinMs, MaxMs) = (long.MaxValue, long.MinValue);
        foreach (var device in devices)
        {
            _byDevice[device.Device] = device;
            (MinMs, MaxMs) = (Math.Min(MinMs, device.MinMs), Math.Max(MaxMs, device.MaxMs));
            foreach (var block in device.Blocks) Rows += block.Rows;
        }
    }

    public string Path { get; }
    public long Day { get; }
    public SegmentName Name { get; }
    public long Bytes { get; }
    public long Rows { get; }
    public long MinMs { get; }
    public long MaxMs { get; }
    public IReadOnlyList<SegmentDevice> Devices { get; }

    public SegmentDevice? Find(int device) => _byDevice.GetValueOrDefault(device);

    // Opening

    /// <returns>Null when the file is not a whole segment.</returns>
    public static Segment? Open(string path, long day, SegmentName name)
    {
        var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, FileOptions.RandomAccess);
        var length = RandomAccess.GetLength(file);
        if (ReadIndex(file, length) is { Length: > 0 } devices) return new Segment(file, path, day, name, length, devices);
        file.Dispose();
        return null;
    }

    private static SegmentDevice[]? ReadIndex(SafeFileHandle file, long length)
    {
        Span<byte> head = stackalloc byte[SegmentWriter.HeaderBytes];
        Span<byte> trailer = stackalloc byte[SegmentWriter.TrailerBytes];
        if (length < head.Length + trailer.Length || !ReadAll(file, head, 0) || !head.SequenceEqual(SegmentWriter.Magic)) return null;
        if (!ReadAll(file, trailer, length - trailer.Length) || BinaryPrimitives.ReadUInt32LittleEndian(trailer[12..]) != SegmentWriter.EndMark) return null;
        var bytes = BinaryPrimitives.ReadInt32LittleEndian(trailer);
        var start = length - trailer.Length - bytes;
        if (bytes < 0 || start < head.Length) return null;
        var index = new byte[bytes];
        if (!ReadAll(file, index, start) || XxHash3.HashToUInt64(index) != BinaryPrimitives.ReadUInt64LittleEndian(trailer[4..])) return null;
        return SegmentIndex.Read(index, head.Length, start);
    }

    private static bool ReadAll(SafeFileHandle file, Span<byte> bytes, long offset)
    {
        while (!bytes.IsEmpty)
        {
            var read = RandomAccess.Read(file, bytes, offset);
            if (read == 0) return false;
            bytes = bytes[read..];
            offset += read;
        }
        return true;
    }

    // Use

    /// <summary>Keeps the file open until <see cref="Release"/>; false when it is closed already.</summary>
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

    /// <summary>Ends a use, or the first of all, that of being open.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0) _file.Dispose();
    }

    // Reading

    /// <param name="metrics">Empty for all.</param>
    /// <returns>Null when the disk has damaged the block.</returns>
    public DeviceRows? Read(int device, StoredBlock block, ReadOnlySpan<int> metrics)
    {
        var whole = metrics.IsEmpty || block.Bytes <= 32 * 1024;
        var buffer = ArrayPool<byte>.Shared.Rent((int)(whole ? block.Bytes : Largest(block)));
        try
        {
            if (whole && !ReadAll(_file, buffer.AsSpan(0, (int)block.Bytes), block.Offset)) return null;
            return Decode(device, block, metrics, buffer, whole);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static int Largest(StoredBlock block) => Math.Max(Math.Max(block.Times.Length, block.Sequences.Length), block.Columns.Max(c => c.Extent.Length));

    private DeviceRows? Decode(int device, StoredBlock block, ReadOnlySpan<int> metrics, byte[] buffer, bool whole)
    {
        var times = Numbers(Chunk(block, 0, block.Times, buffer, whole), block.Times, block.Rows);
        var at = (long)block.Times.Length;
        var sequences = block.Sequences.Length > 0 && metrics.IsEmpty ? Numbers(Chunk(block, at, block.Sequences, buffer, whole), block.Sequences, block.Rows) : null;
        if (times is null || times[0] != block.MinMs || times[^1] != block.MaxMs || (sequences is null && block.Sequences.Length > 0 && metrics.IsEmpty)) return null;
        at += block.Sequences.Length;
        var rows = DeviceRows.Of(device, times, block.Rows, sequences);
        foreach (var stored in block.Columns)
        {
            if (metrics.IsEmpty || metrics.Contains(stored.Metric))
            {
                var bytes = Chunk(block, at, stored.Extent, buffer, whole);
                if (!stored.Extent.Fits(bytes) || ColumnCodec.Decode(bytes, stored.Metric, block.Rows) is not { } column) return null;
                rows.Take(column);
            }
            at += stored.Extent.Length;
        }
        return rows;
    }

    private ReadOnlySpan<byte> Chunk(StoredBlock block, long at, Extent extent, byte[] buffer, bool whole)
    {
        if (whole) return buffer.AsSpan((int)at, extent.Length);
        var bytes = buffer.AsSpan(0, extent.Length);
        return ReadAll(_file, bytes, block.Offset + at) ? bytes : default;
    }

    private static long[]? Numbers(ReadOnlySpan<byte> bytes, Extent extent, int count)
    {
        if (!extent.Fits(bytes)) return null;
        var input = new ByteReader(bytes);
        var numbers = new long[count];
        return LongCodec.Decode(ref input, numbers) && input.Left == 0 ? numbers : null;
    }

    /// <returns>Null when the disk has damaged them.</returns>
    public Cells? Read(StoredRollup rollup)
    {
        var bytes = new byte[rollup.Extent.Length];
        return ReadAll(_file, bytes, rollup.Offset) && rollup.Extent.Fits(bytes) ? Cells.Decode(bytes, rollup.Metric, rollup.CellMs, rollup.Cells) : null;
    }

    /// <summary>Rows before a time: nearly always none or all.</summary>
    public long RowsBefore(long beforeMs)
    {
        if (beforeMs <= MinMs) return 0;
        if (beforeMs > MaxMs) return Rows;
        lock (_byDevice)
        {
            if (_below.BeforeMs == beforeMs) return _below.Rows;
            var rows = 0L;
            foreach (var device in Devices)
                foreach (var block in device.Blocks)
                    rows += beforeMs <= block.MinMs ? 0 : beforeMs > block.MaxMs ? block.Rows : Read(device.Device, block, [NoMetric])?.RowAt(beforeMs) ?? 0;
            _below = (beforeMs, rows);
            return rows;
        }
    }

    private const int NoMetric = -1;
}
