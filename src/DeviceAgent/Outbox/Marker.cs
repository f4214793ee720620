using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using Seamless.DeviceAgent.Disk;

namespace Seamless.DeviceAgent.Outbox;

/// <summary>How far the platform has acknowledged, in two slots written in turn: a crash while one is written leaves the other.</summary>
/// <remarks>Losing the newest slot is harmless: entries are sent again with the same numbers, and the platform knows them.</remarks>
internal sealed class Marker : IDisposable
{
    // acknowledged (i64), dropped (i64), version (u32), CRC-32C of these 20 bytes (u32)
    private const int SlotBytes = 24;

    private readonly SafeFileHandle _handle;
    private uint _version;

    public Marker(string path)
    {
        // The lock that keeps a second agent out of the same folder.
        _handle = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        Span<byte> slot = stackalloc byte[SlotBytes];
        for (var i = 0; i < 2; i++)
        {
            if (RandomAccess.Read(_handle, slot, i * SlotBytes) == SlotBytes) Load(slot);
        }
    }

    public long Acknowledged { get; private set; }
    public long Dropped { get; private set; }

    /// <summary>False for an outbox that has never been used: nothing was ever saved.</summary>
    public bool Exists => _version > 0;

    public void Save(long acknowledged, long dropped)
    {
        (Acknowledged, Dropped) = (acknowledged, dropped);
        _version++;
        Span<byte> slot = stackalloc byte[SlotBytes];
        BinaryPrimitives.WriteInt64LittleEndian(slot, acknowledged);
        BinaryPrimitives.WriteInt64LittleEndian(slot[8..], dropped);
        BinaryPrimitives.WriteUInt32LittleEndian(slot[16..], _version);
        BinaryPrimitives.WriteUInt32LittleEndian(slot[20..], FrameFile.Checksum(slot[..20]));
        RandomAccess.Write(_handle, slot, _version % 2 * SlotBytes);
    }

    public void Dispose() => _handle.Dispose();

    private void Load(ReadOnlySpan<byte> slot)
    {
        var version = BinaryPrimitives.ReadUInt32LittleEndian(slot[16..]);
        if (version <= _version || BinaryPrimitives.ReadUInt32LittleEndian(slot[20..]) != FrameFile.Checksum(slot[..20])) return;
        _version = version;
        Acknowledged = BinaryPrimitives.ReadInt64LittleEndian(slot);
        Dropped = BinaryPrimitives.ReadInt64LittleEndian(slot[8..]);
    }
}
