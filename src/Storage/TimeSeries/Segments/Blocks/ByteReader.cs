using System.Buffers.Binary;
using System.Text;
using Seamless.Storage.Log;

namespace Seamless.Storage.TimeSeries.Segments.Blocks;

/// <summary>Reads what <see cref="ByteWriter"/> wrote. Bytes that cannot be right set <see cref="Failed"/>; nothing throws, and every loop over what is read is bounded.</summary>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _left = bytes;

    public bool Failed { get; private set; }

    public readonly int Left => _left.Length;

    public bool Fail()
    {
        Failed = true;
        _left = default;
        return false;
    }

    public byte Byte()
    {
        if (_left.IsEmpty)
        {
            Fail();
            return 0;
        }
        var value = _left[0];
        _left = _left[1..];
        return value;
    }

    public ulong Varint()
    {
        var value = 0UL;
        for (var i = 0; i < 10 && i < _left.Length; i++)
        {
            var next = _left[i];
            value |= (ulong)(next & 0x7F) << (7 * i);
            if ((next & 0x80) != 0) continue;
            _left = _left[(i + 1)..];
            return value;
        }
        Fail();
        return 0;
    }

    public long Signed() => Log.Varint.UnZigZag(Varint());

    /// <summary>A number of things, at most <paramref name="most"/>.</summary>
    public int Count(int most)
    {
        var value = Varint();
        if (value <= (ulong)most) return (int)value;
        Fail();
        return 0;
    }

    public uint Fixed32() => Take(4) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : 0;

    public ulong Fixed64() => Take(8) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : 0;

    public double Double() => BitConverter.UInt64BitsToDouble(Fixed64());

    public string Text() => Encoding.UTF8.GetString(Take(Count(_left.Length)));

    /// <summary>The next bytes; empty and failed when there are fewer.</summary>
    public ReadOnlySpan<byte> Take(int length)
    {
        if (length < 0 || length > _left.Length)
        {
            Fail();
            return default;
        }
        var taken = _left[..length];
        _left = _left[length..];
        return taken;
    }
}
