using System.Buffers;
using System.Runtime.InteropServices;

namespace Seamless.Storage.TimeSeries.Segments.Blocks;

/// <summary>Whole numbers in sections, each in the fewest bits of three ways to see it: the values themselves, their differences, the differences of those.</summary>
/// <remarks>A section grows by 128 as long as that costs fewer bits than a new one. What is subtracted wraps around, so any numbers come back.</remarks>
internal static class SectionCodec
{
    private const int Step = 128;            // by which a section grows
    private const double HeaderBits = 40;    // about

    // Writing

    /// <param name="step">The difference that is taken to come before the first number.</param>
    public static void Encode(ReadOnlySpan<long> values, long step, ByteWriter output)
    {
        var packed = ArrayPool<ulong>.Shared.Rent(values.Length);
        var (before, start) = (new Before(unchecked(values[0] - step), step), 0);
        var section = Spread.Of(values[..Math.Min(Step, values.Length)], before);
        for (var i = Step; i < values.Length; i += Step)
        {
            var next = Spread.Of(values.Slice(i, Math.Min(Step, values.Length - i)), Before.In(values, i));
            var both = section.And(next);
            if (both.Bits <= section.Bits + next.Bits + HeaderBits)
            {
                section = both;
                continue;
            }
            Write(values[start..i], before, section, packed, output);
            (section, start, before) = (next, i, Before.In(values, i));
        }
        Write(values[start..], before, section, packed, output);
        ArrayPool<ulong>.Shared.Return(packed);
    }

    private static void Write(ReadOnlySpan<long> values, Before before, in Spread spread, Span<ulong> packed, ByteWriter output)
    {
        var numbers = packed[..values.Length];
        var (differencing, lowest, range) = spread.Narrowest;
        Subtract(values, differencing, lowest, before, numbers);
        var packing = WordPacking.For(range);
        output.Byte((byte)((int)differencing * WordPacking.MaxPerWord + packing.PerWord - 1));
        output.Varint((ulong)((values.Length - 1) / Step));
        output.Varint(range);
        output.Signed(differencing == Differencing.None ? unchecked(lowest - before.Value) : lowest);
        var bytes = packing.Bytes(values.Length);
        BitPacking.Pack(packing.Fold(numbers), packing.Width, output.Room(bytes + 8));
        output.Advance(bytes);
    }

    private static void Subtract(ReadOnlySpan<long> values, Differencing differencing, long lowest, Before before, Span<ulong> numbers)
    {
        var (previous, slope) = (before.Value, before.Step);
        switch (differencing)
        {
            case Differencing.None:
                for (var i = 0; i < values.Length; i++) numbers[i] = unchecked((ulong)(values[i] - lowest));
                break;
            case Differencing.Once:
                for (var i = 0; i < values.Length; i++)
                {
                    numbers[i] = unchecked((ulong)(values[i] - previous - lowest));
                    previous = values[i];
                }
                break;
            default:
                for (var i = 0; i < values.Length; i++)
                {
                    var step = unchecked(values[i] - previous);
                    numbers[i] = unchecked((ulong)(step - slope - lowest));
                    (previous, slope) = (values[i], step);
                }
                break;
        }
    }

    // Reading

    public static bool Decode(ref ByteReader input, long first, long step, Span<long> values)
    {
        var before = new Before(unchecked(first - step), step);
        for (var start = 0; start < values.Length;)
        {
            var header = input.Byte();
            var (differencing, perWord) = ((Differencing)(header / WordPacking.MaxPerWord), header % WordPacking.MaxPerWord + 1);
            var more = input.Count((values.Length - start - 1) / Step);
            var section = values.Slice(start, Math.Min((more + 1) * Step, values.Length - start));
            var (packing, lowest) = (new WordPacking(input.Varint(), perWord), input.Signed());
            if (input.Failed || differencing > Differencing.Twice || !WordPacking.Fits(packing.Range, perWord)) return input.Fail();
            var bytes = input.Take(packing.Bytes(section.Length));
            if (input.Failed) return false;
            var numbers = MemoryMarshal.Cast<long, ulong>(section);
            BitPacking.Unpack(bytes, packing.Width, numbers[..packing.Words(section.Length)]);
            packing.Unfold(numbers);
            Restore(differencing, lowest, before, section);
            start += section.Length;
            before = Before.In(values, start);
        }
        return true;
    }

    /// <summary>Adds in place what <see cref="Subtract"/> took away.</summary>
    public static void Restore(Differencing differencing, long lowest, Before before, Span<long> numbers)
    {
        var (previous, slope) = (before.Value, before.Step);
        switch (differencing)
        {
            case Differencing.None:
                var low = unchecked(previous + lowest);
                for (var i = 0; i < numbers.Length; i++) numbers[i] = unchecked(low + numbers[i]);
                break;
            case Differencing.Once:
                for (var i = 0; i < numbers.Length; i++) numbers[i] = previous = unchecked(previous + lowest + numbers[i]);
                break;
            default:
                for (var i = 0; i < numbers.Length; i++)
                {
                    slope = unchecked(slope + lowest + numbers[i]);
                    numbers[i] = previous = unchecked(previous + slope);
                }
                break;
        }
    }
}

/// <summary>As what numbers are stored: as they are, as their differences, or as the differences of those.</summary>
internal enum Differencing { None, Once, Twice }

/// <summary>The number before, and how far it was from its own predecessor.</summary>
internal readonly record struct Before(long Value, long Step)
{
    public static Before In(ReadOnlySpan<long> values, int at) => new(values[at - 1], at > 1 ? unchecked(values[at - 1] - values[at - 2]) : 0);
}
