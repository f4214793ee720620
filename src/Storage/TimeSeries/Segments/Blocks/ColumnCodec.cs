using System.Buffers;
using Seamless.Storage.TimeSeries.Segments.Heads;

namespace Seamless.Storage.TimeSeries.Segments.Blocks;

/// <summary>Times and columns of a block as bytes: flags, then the rows that have a value (when not all do), texts by number, qualities, numbers.</summary>
internal static class ColumnCodec
{
    [Flags]
    private enum Parts : byte { None = 0, Rows = 1, Texts = 2, Qualities = 4, Numbers = 8 }

    private const Parts All = Parts.Rows | Parts.Texts | Parts.Qualities | Parts.Numbers;

    // Writing

    /// <summary>The column's values of <paramref name="count"/> rows from <paramref name="first"/> on.</summary>
    /// <returns>False when it has none there.</returns>
    public static bool Encode(Column column, int first, int count, ByteWriter output)
    {
        var (from, to) = (column.At(first), column.At(first + count));
        if (from == to) return false;
        var range = from..to;
        var texts = column.HasTexts ? column.Texts[range] : default;
        var qualities = column.HasQualities ? column.Qualities[range] : default;
        var hasTexts = texts.ContainsAnyExcept((string?)null);
        var parts = (to - from < count ? Parts.Rows : 0) | (hasTexts ? Parts.Texts : 0) | (qualities.ContainsAnyExcept((byte)0) ? Parts.Qualities : 0)
            | (!hasTexts || texts.Contains(null) ? Parts.Numbers : 0);
        output.Byte((byte)parts);
        if (parts.HasFlag(Parts.Rows)) EncodeRows(column, range, first, output);
        if (parts.HasFlag(Parts.Texts)) EncodeTexts(texts, output);
        if (parts.HasFlag(Parts.Qualities)) EncodeQualities(qualities, output);
        if (parts.HasFlag(Parts.Numbers)) DoubleCodec.Encode(column.Values[range], output);
        return true;
    }

    private static void EncodeRows(Column column, Range range, int first, ByteWriter output)
    {
        var (from, length) = range.GetOffsetAndLength(column.Count);
        output.Varint((ulong)length);
        var rows = new long[length];
        for (var i = 0; i < length; i++) rows[i] = column.RowOf(from + i) - first;
        LongCodec.Encode(rows, output);
    }

    private static void EncodeTexts(ReadOnlySpan<string?> texts, ByteWriter output)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var codes = ArrayPool<long>.Shared.Rent(texts.Length);
        var (before, code) = (default(string), 0);   // 0: a number
        for (var i = 0; i < texts.Length; i++)
        {
            if (!ReferenceEquals(texts[i], before)) (before, code) = (texts[i], CodeOf(texts[i], numbers));   // a state lasts
            codes[i] = code;
        }
        output.Varint((ulong)numbers.Count);
        foreach (var text in numbers.Keys) output.Text(text);
        LongCodec.Encode(codes.AsSpan(0, texts.Length), output);
        ArrayPool<long>.Shared.Return(codes);
    }

    private static int CodeOf(string? text, Dictionary<string, int> numbers)
    {
        if (text is null) return 0;
        if (!numbers.TryGetValue(text, out var number)) numbers[text] = number = numbers.Count + 1;
        return number;
    }

    private static void EncodeQualities(ReadOnlySpan<byte> qualities, ByteWriter output)
    {
        var numbers = new long[qualities.Length];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = qualities[i];
        LongCodec.Encode(numbers, output);
    }

    // Reading

    /// <param name="rows">Rows of the block.</param>
    /// <returns>Null when the bytes cannot be right.</returns>
    public static Column? Decode(ReadOnlySpan<byte> bytes, int metric, int rows)
    {
        var input = new ByteReader(bytes);
        var parts = (Parts)input.Byte();
        if ((parts & ~All) != 0 || input.Failed) return null;
        var count = parts.HasFlag(Parts.Rows) ? input.Count(rows) : rows;
        if (count == 0) return null;
        var places = parts.HasFlag(Parts.Rows) ? DecodeRows(ref input, count, rows) : null;
        var texts = parts.HasFlag(Parts.Texts) ? DecodeTexts(ref input, count) : null;
        var qualities = parts.HasFlag(Parts.Qualities) ? DecodeQualities(ref input, count) : null;
        var values = new double[count];
        if (!parts.HasFlag(Parts.Numbers)) values.AsSpan().Fill(double.NaN);
        else if (!DoubleCodec.Decode(ref input, values)) return null;
        return input.Failed || input.Left != 0 ? null : Column.Of(metric, values, places, texts, qualities, count);
    }

    private static int[]? DecodeRows(ref ByteReader input, int count, int rows)
    {
        var numbers = Numbers(ref input, count);
        if (numbers is null) return null;
        var places = new int[count];
        var previous = -1L;
        for (var i = 0; i < count; i++)
        {
            if (numbers[i] <= previous || numbers[i] >= rows)
            {
                input.Fail();
                return null;
            }
            previous = numbers[i];
            places[i] = (int)previous;
        }
        return places;
    }

    private static string?[]? DecodeTexts(ref ByteReader input, int count)
    {
        var known = new string?[input.Count(count) + 1];
        for (var i = 1; i < known.Length && !input.Failed; i++) known[i] = input.Text();
        if (Numbers(ref input, count) is not { } codes) return null;
        var texts = new string?[count];
        for (var i = 0; i < count; i++)
        {
            if ((ulong)codes[i] >= (ulong)known.Length)
            {
                input.Fail();
                return null;
            }
            texts[i] = known[codes[i]];
        }
        return texts;
    }

    private static byte[]? DecodeQualities(ref ByteReader input, int count)
    {
        if (Numbers(ref input, count) is not { } numbers) return null;
        var qualities = new byte[count];
        for (var i = 0; i < count; i++) qualities[i] = (byte)Math.Clamp(numbers[i], 0, 255);
        return qualities;
    }

    private static long[]? Numbers(ref ByteReader input, int count)
    {
        if (input.Failed) return null;
        var numbers = new long[count];
        return LongCodec.Decode(ref input, numbers) ? numbers : null;
    }
}
