using System.Buffers.Binary;

namespace Seamless.Telemetry.Payloads.Sparkplug;

/// <summary>Walks a protobuf message field by field over its bytes. Never throws, allocates nothing, never reads beyond the end.</summary>
/// <remarks>Wire format: varint, 64-bit, length-delimited, 32-bit. Groups went out of use before Sparkplug began and are refused.</remarks>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    public const int Varint = 0, Fixed64 = 1, Delimited = 2, Fixed32 = 5;
    private const int MaxVarintBytes = 10;

    private readonly ReadOnlySpan<byte> _message = message;

    public int Position { get; private set; }

    public readonly bool AtEnd => Position == _message.Length;

    public bool TryTag(out int field, out int wire)
    {
        var read = TryVarint(out var tag);
        (field, wire) = ((int)Math.Min(tag >> 3, int.MaxValue), (int)(tag & 7));
        return read && field > 0 && tag <= uint.MaxValue;
    }

    public bool TryVarint(out ulong value)
    {
        value = 0;
        if (Position < _message.Length && _message[Position] < 0x80)
        {
            value = _message[Position++];
            return true;
        }
        for (var i = 0; i < MaxVarintBytes; i++)
        {
            if (Position == _message.Length) return false;
            var next = _message[Position++];
            if (i == MaxVarintBytes - 1 && next > 1) return false;   // the tenth byte holds the 64th bit alone
            value |= (ulong)(next & 0x7F) << (7 * i);
            if (next < 0x80) return true;
        }
        return false;
    }

    public bool TryFixed32(out uint value)
    {
        var read = BinaryPrimitives.TryReadUInt32LittleEndian(_message[Position..], out value);
        if (read) Position += sizeof(uint);
        return read;
    }

    public bool TryFixed64(out ulong value)
    {
        var read = BinaryPrimitives.TryReadUInt64LittleEndian(_message[Position..], out value);
        if (read) Position += sizeof(ulong);
        return read;
    }

    public bool TryBytes(out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (!TryVarint(out var length) || length > (ulong)(_message.Length - Position)) return false;
        bytes = _message.Slice(Position, (int)length);
        Position += (int)length;
        return true;
    }

    public bool TrySkip(int wire) => wire switch
    {
        Varint => TryVarint(out _),
        Fixed64 => TryFixed64(out _),
        Delimited => TryBytes(out _),
        Fixed32 => TryFixed32(out _),
        _ => false,
    };
}
