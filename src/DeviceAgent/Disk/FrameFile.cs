using System.Buffers.Binary;
using System.Numerics;
using Microsoft.Win32.SafeHandles;

namespace Seamless.DeviceAgent.Disk;

/// <summary>An append-only file of checksummed frames: length (u32), CRC-32C of the payload (u32), payload; little-endian.</summary>
/// <remarks>A frame is written in one call. What a crash leaves half-written at the end fails its checksum and is cut when the file is opened.</remarks>
internal sealed class FrameFile : IDisposable
{
    public const int HeaderBytes = 8;
    public const int MaxPayloadBytes = 1 << 24;

    private readonly SafeFileHandle _handle;
    private byte[] _scratch = new byte[1024];

    private FrameFile(string path, SafeFileHandle handle)
    {
        Path = path;
        _handle = handle;
    }

    public string Path { get; }

    /// <summary>Bytes of whole frames; the next one goes here.</summary>
    public long Length { get; private set; }

    /// <summary>Opens or creates the file, shows every whole frame to <paramref name="seen"/> (offset after it, payload) and cuts a torn tail.</summary>
    public static FrameFile Open(string path, Action<long, ReadOnlySpan<byte>> seen)
    {
        var file = new FrameFile(path, File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read));
        while (file.TryRead(file.Length, out var payload))
        {
            file.Length += HeaderBytes + payload.Length;
            seen(file.Length, payload.Span);
        }
        if (RandomAccess.GetLength(file._handle) > file.Length) RandomAccess.SetLength(file._handle, file.Length);
        return file;
    }

    /// <summary>The frame at <paramref name="offset"/>; false at the end, and where the bytes are not a whole frame.</summary>
    public bool TryRead(long offset, out ReadOnlyMemory<byte> payload)
    {
        payload = default;
        Span<byte> header = stackalloc byte[HeaderBytes];
        if (RandomAccess.Read(_handle, header, offset) < HeaderBytes) return false;
        var length = BinaryPrimitives.ReadInt32LittleEndian(header);
        if (length is < 1 or > MaxPayloadBytes) return false;
        var bytes = new byte[length];
        if (RandomAccess.Read(_handle, bytes, offset + HeaderBytes) < length) return false;
        if (Checksum(bytes) != BinaryPrimitives.ReadUInt32LittleEndian(header[4..])) return false;
        payload = bytes;
        return true;
    }

    /// <returns>The offset after the frame.</returns>
    public long Append(ReadOnlySpan<byte> payload)
    {
        var size = HeaderBytes + payload.Length;
        if (_scratch.Length < size) _scratch = new byte[size * 2];
        var frame = _scratch.AsSpan(0, size);
        BinaryPrimitives.WriteInt32LittleEndian(frame, payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[4..], Checksum(payload));
        payload.CopyTo(frame[HeaderBytes..]);
        RandomAccess.Write(_handle, frame, Length);
        return Length += size;
    }

    public void FlushToDisk() => RandomAccess.FlushToDisk(_handle);

    public void Dispose() => _handle.Dispose();

    public void Delete()
    {
        _handle.Dispose();
        File.Delete(Path);
    }

    /// <summary>CRC-32C (Castagnoli), one instruction per eight bytes on current processors.</summary>
    public static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }
        foreach (var b in bytes) crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }
}
