using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Seamless.Storage.TimeSeries.Segments.Blocks;

/// <summary>Numbers of the same width, bit after bit, low bits first.</summary>
internal static class BitPacking
{
    public static int BytesFor(int count, int width) => (count * width + 7) >> 3;

    /// <param name="width">0 to 64; no value may need more.</param>
    /// <param name="output">At least <see cref="BytesFor"/> and 8 bytes more.</param>
    public static void Pack(ReadOnlySpan<ulong> values, int width, Span<byte> output)
    {
        if (width == 0) return;
        var (gathered, bits, at) = (0UL, 0, 0);
        foreach (var value in values)
        {
            gathered |= value << bits;
            bits += width;
            if (bits < 64) continue;
            BinaryPrimitives.WriteUInt64LittleEndian(output[at..], gathered);
            at += 8;
            bits -= 64;
            gathered = bits == 0 ? 0 : value >> (width - bits);
        }
        if (bits > 0) BinaryPrimitives.WriteUInt64LittleEndian(output[at..], gathered);
    }

    /// <param name="input">Exactly <see cref="BytesFor"/>.</param>
    public static void Unpack(ReadOnlySpan<byte> input, int width, Span<ulong> values)
    {
        if (width == 0)
        {
            values.Clear();
            return;
        }
        var mask = ulong.MaxValue >> (64 - width);
        // A load of eight bytes holds a whole number when it is no wider than 57 bits; the last few would load from behind the end.
        var quick = width > 57 || input.Length < 8 ? 0 : Math.Min(values.Length, ((input.Length - 8) * 8 + 7) / width + 1);
        var bit = 0;
        for (var i = 0; i < quick; i++, bit += width)
            values[i] = (MemoryMarshal.Read<ulong>(input.Slice(bit >> 3, 8)) >> (bit & 7)) & mask;
        for (var i = quick; i < values.Length; i++, bit += width) values[i] = Careful(input, bit, width) & mask;
    }

    private static ulong Careful(ReadOnlySpan<byte> input, int bit, int width)
    {
        var (at, shift) = (bit >> 3, bit & 7);
        var value = 0UL;
        for (var i = 0; i < 8 && at + i < input.Length; i++) value |= (ulong)input[at + i] << (8 * i);
        value >>= shift;
        if (shift + width > 64) value |= (ulong)input[at + 8] << (64 - shift);
        return value;
    }
}
