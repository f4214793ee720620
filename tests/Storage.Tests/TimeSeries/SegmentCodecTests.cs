using CsCheck;
using Seamless.Storage.TimeSeries.Segments.Blocks;
using Seamless.Storage.TimeSeries.Segments.Heads;
using Seamless.Telemetry;
using Seamless.Telemetry.Rows;

namespace Seamless.Storage.Tests.TimeSeries;

public sealed class SegmentCodecTests
{
    private static readonly Gen<long> Longs = Gen.OneOf(Gen.Long, Gen.Long[-5, 5], Gen.Long[29_990, 30_010], Some.Of(0L, long.MinValue, long.MaxValue, 1L, -1L));

    private static readonly Gen<long[]> LongRuns = Gen.OneOf(
        Longs.Array[0, 700],
        Gen.Select(Longs, Gen.Long[-9, 9].Array[0, 700], Sum),                                    // a walk
        Gen.Select(Longs, Gen.Long[-9, 9].Array[0, 400], Gen.Long[-9_999_999, 9_999_999].Array[100, 400], (first, calm, wild) => Sum(first, [.. calm, .. wild, .. calm])),
        Gen.Select(Longs, Gen.Int[1, 200].Array[0, 9], (v, lengths) => lengths.SelectMany((n, i) => Enumerable.Repeat(unchecked(v + i), n)).ToArray()),
        Gen.Select(Longs, Gen.Int[0, 700], Longs, (first, n, step) => Enumerable.Range(0, n).Select(i => unchecked(first + i * step)).ToArray()));

    private static readonly Gen<double> Doubles = Gen.OneOf(
        Gen.Double, Gen.Long.Select(BitConverter.Int64BitsToDouble), Gen.Int[-99_999, 99_999].Select(i => i / 100.0), Gen.Float.Select(f => (double)f),
        Some.Of(0.0, -0.0, double.NaN, BitConverter.Int64BitsToDouble(0x7FF8_0000_0000_1234), double.Epsilon, double.MaxValue, double.NegativeInfinity, 1e22, 0.1 + 0.2));

    private static readonly Gen<double[]> DoubleRuns = Gen.OneOf(
        Doubles.Array[0, 500],
        Gen.Int[-99_999, 99_999].Select(i => i / 1000.0).Array[0, 500],
        Gen.Select(Gen.Int[-99_999, 99_999].Select(i => i / 10.0).Array[1, 500], Doubles, Gen.Int[0, 499], (a, odd, at) => { a[at % a.Length] = odd; return a; }),
        Gen.Float[-9, 9].Select(f => (double)f).Array[0, 500],
        Gen.Select(Doubles, Gen.Int[0, 300], (v, n) => Enumerable.Repeat(v, n).ToArray()));

    private static long[] Sum(long first, long[] steps)
    {
        for (var i = 0; i < steps.Length; i++) steps[i] = first = unchecked(first + steps[i]);
        return steps;
    }

    [Fact]
    public void Any_whole_numbers_come_back() => LongRuns.Sample(values =>
    {
        var output = new ByteWriter(16);
        output.Byte(77);   // what stands before is left alone
        LongCodec.Encode(values, output);
        var input = new ByteReader(output.From(1));
        var read = new long[values.Length];
        return LongCodec.Decode(ref input, read) && input.Left == 0 && read.AsSpan().SequenceEqual(values) && output.Written[0] == 77;
    }, iter: 3000);

    [Fact]
    public void Numbers_in_groups_as_earlier_versions_wrote_them_come_back() => LongRuns.Where(v => v.Length > 0).Sample(values =>
    {
        var output = new ByteWriter(16);
        EarlierGroups.Encode(values, output);
        var input = new ByteReader(output.Written);
        var read = new long[values.Length];
        return LongCodec.Decode(ref input, read) && input.Left == 0 && read.AsSpan().SequenceEqual(values);
    }, iter: 2000);

    [Fact]
    public void Numbers_below_any_limit_come_out_of_their_words() =>
        Gen.Select(Gen.ULong[1, 1 << 22], Gen.Int[1, WordPacking.MaxPerWord], Gen.ULong.Array[1, 300]).Sample((range, perWord, numbers) =>
        {
            if (!WordPacking.Fits(range, perWord)) return true;
            var packing = new WordPacking(range, perWord);
            for (var i = 0; i < numbers.Length; i++) numbers[i] = i % 3 == 0 ? range : numbers[i] % (range + 1);
            var copy = numbers.ToArray();
            var words = packing.Fold(copy);
            if (words.ContainsAnyExceptInRange(0UL, ulong.MaxValue >> (64 - packing.Width))) return false;
            packing.Unfold(copy);
            return copy.AsSpan().SequenceEqual(numbers);
        }, iter: 3000);

    [Theory]
    [InlineData(ulong.MaxValue, 8, false)]
    [InlineData(ulong.MaxValue, 2, false)]
    [InlineData(ulong.MaxValue, 1, true)]
    [InlineData(99UL, 3, true)]
    public void Bytes_that_put_more_into_a_word_than_it_holds_are_refused(ulong range, int perWord, bool holds)
    {
        var output = new ByteWriter();
        output.Bytes([3, 0, 0, (byte)(perWord - 1), 0]);   // sections; first and step; the section's header
        output.Varint(range);
        output.Signed(0);
        output.Bytes(new byte[2000]);
        var input = new ByteReader(output.Written);
        Assert.Equal(holds, LongCodec.Decode(ref input, new long[100]));
    }

    [Theory]
    [InlineData(1, 1.0)]
    [InlineData(10, 3.5)]    // 11 numbers: two in 7 bits
    [InlineData(99, 6.67)]   // three in 20
    [InlineData(399, 8.67)]  // three in 26
    [InlineData(65_535, 16)]
    [InlineData(long.MaxValue, 63)]
    public void Numbers_share_words_where_that_saves_bits(long range, double most)
    {
        var packing = WordPacking.For((ulong)range);
        Assert.InRange((double)packing.Width / packing.PerWord, Math.Log2(range + 1.0), most);
    }

    [Fact]
    public void Any_doubles_come_back_bit_for_bit() => DoubleRuns.Sample(values =>
    {
        var output = new ByteWriter(16);
        DoubleCodec.Encode(values, output);
        var input = new ByteReader(output.Written);
        var read = new double[values.Length];
        return DoubleCodec.Decode(ref input, read) && input.Left == 0
            && read.Select(BitConverter.DoubleToInt64Bits).SequenceEqual(values.Select(BitConverter.DoubleToInt64Bits));
    }, iter: 3000);

    [Fact]
    public void Any_bytes_are_read_without_an_exception_and_in_bounds() => Gen.Select(Gen.Byte.Array[0, 400], Gen.Int[0, 3000]).Sample((bytes, count) =>
    {
        var (numbers, longs) = (new double[count], new long[count]);
        var a = new ByteReader(bytes);
        var b = new ByteReader(bytes);
        _ = DoubleCodec.Decode(ref a, numbers);
        _ = LongCodec.Decode(ref b, longs);
        _ = ColumnCodec.Decode(bytes, 1, count);
    }, iter: 20_000);

    [Fact]
    public void A_column_with_one_bit_changed_is_read_without_an_exception() => Gen.Select(Columns, Gen.Int[0, 100_000]).Sample((column, bit) =>
    {
        var output = new ByteWriter(16);
        if (!ColumnCodec.Encode(column, 0, 400, output)) return;
        var bytes = output.Written.ToArray();
        bytes[bit / 8 % bytes.Length] ^= (byte)(1 << (bit % 8));
        _ = ColumnCodec.Decode(bytes, 1, 400);
    }, iter: 5000);

    private static readonly Gen<Column> Columns = Gen.Select(Gen.Bool.Array[400], Doubles.Array[400], Some.Of<string?>(null, null, "auto", "off", "").Array[400], Gen.Enum<Quality>().Array[400], Gen.Int[0, 3])
        .Select((there, values, texts, qualities, kind) =>
        {
            var column = new Column(1, 4);
            for (var row = 0; row < 400; row++)
                if (there[row] || kind == 0) column.Add(row, texts[row] is null || kind < 2 ? values[row] : double.NaN, kind < 2 ? null : texts[row], kind is 1 or 3 ? qualities[row] : Quality.Good);
            return column;
        });

    [Fact]
    public void A_slice_of_a_column_comes_back_with_its_gaps_texts_and_qualities() => Gen.Select(Columns, Gen.Int[0, 399], Gen.Int[1, 400]).Sample((column, first, count) =>
    {
        count = Math.Min(count, 400 - first);
        var output = new ByteWriter(16);
        var expected = Values(column).Where(v => v.Row >= first && v.Row < first + count).Select(v => v with { Row = v.Row - first }).ToArray();
        if (!ColumnCodec.Encode(column, first, count, output)) return expected.Length == 0;
        return ColumnCodec.Decode(output.Written, 1, count) is { } read && Values(read).SequenceEqual(expected);
    }, iter: 2000);

    private static IEnumerable<(int Row, long Bits, string? Text, Quality Quality)> Values(Column column)
    {
        for (var k = 0; k < column.Count; k++)
            yield return (column.RowOf(k), BitConverter.DoubleToInt64Bits(column.TextOf(k) is null ? column.ValueOf(k) : double.NaN), column.TextOf(k), column.QualityOf(k));
    }

    [Fact]
    public void A_regular_clock_costs_nothing_and_decimals_little()
    {
        var output = new ByteWriter();
        LongCodec.Encode([.. Enumerable.Range(0, 2880).Select(i => 1_764_000_000_000 + i * 30_000L)], output);
        Assert.True(output.Length < 16, $"{output.Length} bytes for a clock");
        output.Truncate(0);
        var random = new Random(1);
        var level = 5000;
        DoubleCodec.Encode([.. Enumerable.Range(0, 2880).Select(_ => (level += random.Next(-10, 11)) / 100.0)], output);
        Assert.InRange(output.Length, 1, 2880 * 4.5 / 8);   // 21 steps are 4.39 bits
        output.Truncate(0);
        DoubleCodec.Encode([.. Enumerable.Range(0, 2880).Select(_ => (1000 + random.Next(100)) / 100.0)], output);
        Assert.InRange(output.Length, 1, 2880 * 6.7 / 8);   // 100 values are 6.64 bits
        output.Truncate(0);
        DoubleCodec.Encode([.. Enumerable.Range(0, 2880).Select(i => i / 1000 % 2.0)], output);
        Assert.True(output.Length < 24, $"{output.Length} bytes for a switch");
    }

    [Fact]
    public void Numbers_with_all_their_digits_cost_no_more_than_raw_and_smooth_ones_less_than_xor()
    {
        var random = new Random(1);
        Assert.InRange(Size([.. Enumerable.Range(0, 2880).Select(_ => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)))]), 1, 8.2);
        Assert.InRange(Size([.. Enumerable.Range(0, 2880).Select(_ => 50 + 10 * random.NextDouble())]), 1, 6.8);
        double[] smooth = [.. Enumerable.Range(0, 2880).Select(i => 50 + 10 * Math.Sin(i / 300.0))];
        Assert.True(Size(smooth) < XorBytes(smooth), $"{Size(smooth)} bytes a value, xor {XorBytes(smooth)}");
        Assert.InRange(Size([.. Enumerable.Range(0, 2880).Select(_ => (double)(float)(50 + random.NextDouble()))]), 1, 3);
    }

    private static double Size(double[] values)
    {
        var output = new ByteWriter();
        DoubleCodec.Encode(values, output);
        return (double)output.Length / values.Length;
    }

    /// <summary>Bytes a value of Gorilla's scheme (Pelkonen et al., VLDB 2015, §4.1.2): counted, not written.</summary>
    private static double XorBytes(double[] values)
    {
        var (bits, lead, trail) = (64L, -1, 0);
        for (var i = 1; i < values.Length; i++)
        {
            var xor = (ulong)(BitConverter.DoubleToInt64Bits(values[i]) ^ BitConverter.DoubleToInt64Bits(values[i - 1]));
            bits++;
            if (xor == 0) continue;
            var (l, t) = (Math.Min(31, System.Numerics.BitOperations.LeadingZeroCount(xor)), System.Numerics.BitOperations.TrailingZeroCount(xor));
            bits++;
            if (lead >= 0 && l >= lead && t >= trail) bits += 64 - lead - trail;
            else
            {
                (lead, trail) = (l, t);
                bits += 11 + 64 - l - t;
            }
        }
        return bits / 8.0 / values.Length;
    }

    [Fact]
    public void Rows_like_those_before_allocate_nothing()
    {
        var batch = new SampleRows(100);
        var heads = new HeadSet(new RowPool());
        void Write(int from)
        {
            batch.Clear();
            for (var i = from; i < from + 100; i++)
            {
                batch.Begin(Numbers.Devices.Of(new DeviceKey("default", $"d{i % 10}")), i, i, SampleRows.NoSequence);
                for (var m = 0; m < 5; m++) batch.Add(Numbers.Metrics.Of($"m{m}"), m);
                batch.AddState(Numbers.Metrics.Of("mode"), "auto");
                batch.End();
            }
        }
        Write(0);
        heads.Append(batch);
        Write(100);
        var least = long.MaxValue;
        for (var round = 0; round < 3; round++)   // the runtime may compile a method anew in one of them
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 50; i++) heads.Append(batch);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.Equal(0, least);
        Assert.Equal(15_100, heads.Rows);
    }
}
