using System.Buffers;
using System.Numerics;

namespace Seamless.Storage.TimeSeries.Segments.Blocks;

/// <summary>Doubles, bit for bit, as whole numbers: what sensors send has a few decimals and is a whole number of hundredths; the rest is seen as its bits.</summary>
/// <remarks>
/// A value with few decimals is the double nearest to n / 10^e, and a division is rounded correctly: dividing brings it back exactly. Those that it does
/// not bring back (NaN, −0, more digits) are kept beside. The idea is that of ALP (Afroozeh, Kuffó, Boncz, SIGMOD 2023), simplified.
/// Bits are ordered as the values are, and lose the zeros that all of them end in (a float in a double has 29).
/// </remarks>
internal static class DoubleCodec
{
    private const int MaxExponent = 14;
    private const int Tried = 24;
    private const double MaxWhole = 1L << 53;
    private static readonly double[] Powers = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14];

    private enum Kind : byte { Constant, Decimals, Bits }

    // Writing

    public static void Encode(ReadOnlySpan<double> values, ByteWriter output)
    {
        if (values.IsEmpty) return;
        if (IsConstant(values))
        {
            output.Byte((byte)Kind.Constant);
            output.Double(values[0]);
            return;
        }
        var whole = ArrayPool<long>.Shared.Rent(values.Length);
        var start = output.Length;
        var numbers = whole.AsSpan(0, values.Length);
        if (!TryEncodeDecimals(values, numbers, output))
        {
            output.Truncate(start);
            EncodeBits(values, numbers, output);
        }
        else if (output.Length - start > values.Length * 4)
        {
            // Many digits: the bits may be as short.
            var other = output.Length;
            EncodeBits(values, numbers, output);
            if (output.Length - other < other - start) output.Close(start, other);
            else output.Truncate(other);
        }
        ArrayPool<long>.Shared.Return(whole);
    }

    private static bool IsConstant(ReadOnlySpan<double> values)
    {
        var first = BitConverter.DoubleToInt64Bits(values[0]);
        foreach (var value in values)
            if (BitConverter.DoubleToInt64Bits(value) != first) return false;
        return true;
    }

    private static bool TryEncodeDecimals(ReadOnlySpan<double> values, Span<long> whole, ByteWriter output)
    {
        var exponent = ExponentOf(values);
        if (exponent < 0) return false;
        var odd = ToWhole(values, exponent, whole);
        if (odd > values.Length / 8) return false;
        output.Byte((byte)Kind.Decimals);
        output.Byte((byte)exponent);
        output.Varint((ulong)odd);
        if (odd > 0) EncodeOdd(values, exponent, output);
        LongCodec.Encode(whole, output);
        return true;
    }

    /// <summary>The decimals that most values need, −1 when most have too many.</summary>
    private static int ExponentOf(ReadOnlySpan<double> values)
    {
        var step = Math.Max(1, values.Length / Tried);
        var (tried, fit, exponent) = (0, 0, 0);
        for (var i = 0; i < values.Length; i += step, tried++)
        {
            var own = exponent;   // more decimals than a value needs do no harm
            while (own <= MaxExponent && !Fits(values[i], Powers[own], out _)) own++;
            if (own > MaxExponent) continue;
            exponent = own;
            fit++;
        }
        return fit * 2 >= tried ? exponent : -1;
    }

    private static bool Fits(double value, double power, out long whole)
    {
        var scaled = Math.Round(value * power);
        whole = 0;
        if (!(Math.Abs(scaled) < MaxWhole)) return false;
        whole = (long)scaled;
        return BitConverter.DoubleToInt64Bits(whole / power) == BitConverter.DoubleToInt64Bits(value);
    }

    /// <returns>How many do not fit; in their places stands the number before.</returns>
    private static int ToWhole(ReadOnlySpan<double> values, int exponent, Span<long> whole)
    {
        var power = Powers[exponent];
        var (odd, previous) = (0, 0L);
        for (var i = 0; i < values.Length; i++)
        {
            if (Fits(values[i], power, out var number)) previous = number;
            else odd++;
            whole[i] = previous;
        }
        return odd;
    }

    private static void EncodeOdd(ReadOnlySpan<double> values, int exponent, ByteWriter output)
    {
        var last = 0;
        for (var i = 0; i < values.Length; i++)
        {
            if (Fits(values[i], Powers[exponent], out _)) continue;
            output.Varint((ulong)(i - last));
            output.Double(values[i]);
            last = i;
        }
    }

    private static void EncodeBits(ReadOnlySpan<double> values, Span<long> whole, ByteWriter output)
    {
        var all = 0L;
        foreach (var value in values) all |= BitConverter.DoubleToInt64Bits(value);
        var zeros = Math.Min(62, BitOperations.TrailingZeroCount(all & long.MaxValue));
        for (var i = 0; i < values.Length; i++)
        {
            var bits = BitConverter.DoubleToInt64Bits(values[i]);
            var size = (bits & long.MaxValue) >> zeros;
            whole[i] = bits < 0 ? ~size : size;
        }
        output.Byte((byte)Kind.Bits);
        output.Byte((byte)zeros);
        LongCodec.Encode(whole, output);
    }

    // Reading

    public static bool Decode(ref ByteReader input, Span<double> values)
    {
        if (values.IsEmpty) return true;
        switch ((Kind)input.Byte())
        {
            case Kind.Constant:
                values.Fill(input.Double());
                return !input.Failed;
            case Kind.Decimals:
                return DecodeDecimals(ref input, values);
            case Kind.Bits:
                return DecodeBits(ref input, values);
            default:
                return input.Fail();
        }
    }

    private static bool DecodeDecimals(ref ByteReader input, Span<double> values)
    {
        var exponent = input.Byte();
        var odd = input.Count(values.Length);
        var beside = input;
        for (var i = 0; i < odd && !input.Failed; i++)
        {
            input.Varint();
            input.Fixed64();
        }
        if (input.Failed || exponent > MaxExponent) return input.Fail();
        var whole = ArrayPool<long>.Shared.Rent(values.Length);
        var numbers = whole.AsSpan(0, values.Length);
        var read = LongCodec.Decode(ref input, numbers);
        var power = Powers[exponent];
        for (var i = 0; read && i < values.Length; i++) values[i] = numbers[i] / power;
        ArrayPool<long>.Shared.Return(whole);
        return read && Patch(beside, odd, values) || input.Fail();
    }

    private static bool Patch(ByteReader beside, int odd, Span<double> values)
    {
        var at = 0;
        for (var i = 0; i < odd; i++)
        {
            at += beside.Count(values.Length);
            if (at >= values.Length) return false;
            values[at] = beside.Double();
        }
        return true;
    }

    private static bool DecodeBits(ref ByteReader input, Span<double> values)
    {
        var zeros = input.Byte();
        if (input.Failed || zeros > 62) return input.Fail();
        var whole = ArrayPool<long>.Shared.Rent(values.Length);
        var numbers = whole.AsSpan(0, values.Length);
        var read = LongCodec.Decode(ref input, numbers);
        for (var i = 0; read && i < values.Length; i++)
        {
            var number = numbers[i];
            values[i] = BitConverter.Int64BitsToDouble(number < 0 ? (~number << zeros) | long.MinValue : number << zeros);
        }
        ArrayPool<long>.Shared.Return(whole);
        return read;
    }
}
