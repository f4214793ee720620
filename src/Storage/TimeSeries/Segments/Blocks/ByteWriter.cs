using System.Buffers.Binary;
using System.Text;
using Seamless.Storage.Log;

namespace Seamless.Storage.TimeSeries.Segments.Blocks;

/// <summary>Bytes being put together; grows, and is used again after <see cref="Truncate"/>.</summary>
internal sealed class ByteWriter(int capacity = 64 * 1024)
{
    private byte[] _bytes = new byte[capacity];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public ReadOnlySpan<byte> From(int start) => _bytes.AsSpan(start, Length - start);

    public void Truncate(int length) => Length = length;

    /// <summary>Keeps what begins at <paramref name="start"/> and forgets the bytes between <paramref name="at"/> and it.</summary>
    public void Close(int at, int start)
    {
        From(start).CopyTo(_bytes.AsSpan(at));
        Length -= start - at;
    }

    public void Byte(byte value)
    {
        Room(1)[0] = value;
        Length++;
    }

    public void Varint(ulong value) => Length += Log.Varint.Write(Room(10), value);

    public void Signed(long value) => Varint(Log.Varint.ZigZag(value));

    public void Fixed32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(Room(4), value);
        Length += 4;
    }

    public void Fixed64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(Room(8), value);
        Length += 8;
    }

    public void Double(double value) => Fixed64(BitConverter.DoubleToUInt64Bits(value));

    public void Text(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        Varint((ulong)length);
        Length += Encoding.UTF8.GetBytes(text, Room(length));
    }

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        Length += bytes.Length;
    }

    /// <summary>Room to write into; <see cref="Advance"/> says how much was used.</summary>
    public Span<byte> Room(int bytes)
    {
        if (_bytes.Length - Length < bytes) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + bytes));
        return _bytes.AsSpan(Length);
    }

    public void Advance(int bytes) => Length += bytes;
}
