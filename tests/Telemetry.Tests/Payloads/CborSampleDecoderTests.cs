using System.Formats.Cbor;
using CsCheck;
using Seamless.Telemetry.Payloads;

namespace Seamless.Telemetry.Tests.Payloads;

public sealed class CborSampleDecoderTests
{
    private const long Arrival = 1_764_000_000_000;

    [Fact]
    public void Reads_one_sample_with_values_of_every_kind()
    {
        var (samples, rejects) = Decode(Write(w =>
        {
            w.WriteStartMap(null);
            w.WriteTextString("ts");
            w.WriteInt64(1_763_999_999_000);
            w.WriteTextString("seq");
            w.WriteInt64(42);
            w.WriteTextString("values");
            w.WriteStartMap(5);
            w.WriteTextString("half");
            w.WriteHalf((Half)1.5);
            w.WriteTextString("int");
            w.WriteInt32(-7);
            w.WriteTextString("running");
            w.WriteBoolean(true);
            w.WriteTextString("mode");
            w.WriteTextString("auto");
            w.WriteTextString("nan");
            w.WriteDouble(double.NaN);
            w.WriteEndMap();
            w.WriteEndMap();
        }));
        Assert.Equal("1763999999000 #42 half=1.5 int=-7 running=1 mode='auto'", Some.Text(Assert.Single(samples)));
        Assert.Equal((RejectReason.NotANumber, "nan"), (Assert.Single(rejects).Reason, rejects[0].Metric));
    }

    [Fact]
    public void Understands_the_tags_for_time()
    {
        var (samples, rejects) = Decode(Write(w =>
        {
            w.WriteStartArray(2);
            Flat(w, () => w.WriteUnixTimeSeconds(1_763_999_999.5));
            Flat(w, () => w.WriteDateTimeOffset(DateTimeOffset.FromUnixTimeMilliseconds(1_763_999_998_000)));
            w.WriteEndArray();
        }));
        Assert.Empty(rejects);
        Assert.Equal([1_763_999_999_500, 1_763_999_998_000], samples.Select(s => s.TimestampMs));

        static void Flat(CborWriter w, Action ts)
        {
            w.WriteStartMap(2);
            w.WriteTextString("ts");
            ts();
            w.WriteTextString("a");
            w.WriteInt32(1);
            w.WriteEndMap();
        }
    }

    [Fact]
    public void A_bad_sample_in_an_array_costs_only_itself()
    {
        var (samples, rejects) = Decode(Write(w =>
        {
            w.WriteStartArray(3);
            w.WriteInt32(5);
            w.WriteStartMap(1);
            w.WriteTextString("bytes");
            w.WriteByteString([1, 2]);
            w.WriteEndMap();
            w.WriteStartMap(1);
            w.WriteTextString("a");
            w.WriteInt32(1);
            w.WriteEndMap();
            w.WriteEndArray();
        }));
        Assert.Equal("1764000000000 a=1", Some.Text(Assert.Single(samples)));
        Assert.Equal([RejectReason.WrongShape, RejectReason.UnsupportedValue], rejects.Select(r => r.Reason));
    }

    [Fact]
    public void Reads_what_was_written_and_refuses_it_cut_anywhere() =>
        Gen.Select(Some.SampleGen.List[1, 3], Gen.Double[0, 1]).Sample((samples, where) =>
        {
            var whole = Write(w => WriteSamples(w, samples));
            var cut = Decode(whole.AsSpan(0, (int)(whole.Length * where * 0.9999)));
            return Some.Same(samples, Decode(whole).Samples) && cut.Samples.Count == 0 && cut.Rejects is [{ Reason: RejectReason.Malformed }];
        });

    [Fact]
    public void Bytes_of_any_kind_never_throw() =>
        Gen.OneOf(
            Gen.Byte.Array[0, 60],
            Gen.Select(Some.SampleGen.List[1, 2], Gen.Select(Gen.Int[0, 300], Gen.Byte).Array[1, 4], (samples, changes) =>
            {
                var bytes = Write(w => WriteSamples(w, samples));
                foreach (var (at, value) in changes) bytes[at % bytes.Length] = value;
                return bytes;
            })).Sample(bytes => { Decode(bytes); });

    [Theory]
    [InlineData("9B7FFFFFFFFFFFFFFF01")]                    // an array of 9 · 10^18 elements, of which one is here
    [InlineData("BB0000000100000000616101")]                // a map of 4 · 10^9 pairs
    [InlineData("A1617B7FFFFFFFFFFFFFFF")]                  // a text longer than all memory
    [InlineData("7F6161")]                                  // a text in pieces that does not end
    [InlineData("BF6161")]                                  // a map in pieces with half a pair
    [InlineData("A161619F9F9F9F")]                          // arrays that do not end
    [InlineData("FF")]                                      // a break alone
    [InlineData("C1C1C1C1C1C1C1")]                          // tags of nothing
    public void Hostile_lengths_are_malformed(string bytes)
    {
        var (samples, rejects) = Decode(Convert.FromHexString(bytes));
        Assert.Empty(samples);
        Assert.Equal(RejectReason.Malformed, Assert.Single(rejects).Reason);
    }

    [Fact]
    public void Nesting_ends_at_64_levels()
    {
        byte[] deep = [0xA1, 0x61, (byte)'a', .. Enumerable.Repeat((byte)0x9F, 100_000)];
        Assert.Equal("nested too deeply", Assert.Single(Decode(deep).Rejects).Detail);
    }

    [Fact]
    public void Of_a_key_given_twice_the_last_stands()
    {
        var (samples, rejects) = Decode(Convert.FromHexString("A2616101616102"));
        Assert.Empty(rejects);
        Assert.Equal("1764000000000 a=2", Some.Text(Assert.Single(samples)));
    }

    [Fact]
    public void A_million_faults_are_counted_and_not_listed()
    {
        byte[] ones = [0x9F, .. Enumerable.Repeat((byte)1, 1_000_000), 0xFF];
        var rejects = Decode(ones).Rejects;
        Assert.Equal(1001, rejects.Count);
        Assert.Equal(RejectReason.TooLarge, rejects[^1].Reason);
    }

    private static void WriteSamples(CborWriter w, IReadOnlyList<Sample> samples)
    {
        w.WriteStartArray(samples.Count);
        foreach (var sample in samples)
        {
            w.WriteStartMap(null);
            w.WriteTextString("ts");
            w.WriteInt64(sample.TimestampMs);
            if (sample.Sequence is { } sequence)
            {
                w.WriteTextString("seq");
                w.WriteInt64(sequence);
            }
            w.WriteTextString("values");
            w.WriteStartMap(sample.Readings.Count);
            foreach (var reading in sample.Readings)
            {
                w.WriteTextString(reading.Metric);
                if (reading.State is { } state) w.WriteTextString(state);
                else w.WriteDouble(reading.Value);
            }
            w.WriteEndMap();
            w.WriteEndMap();
        }
        w.WriteEndArray();
    }

    private static byte[] Write(Action<CborWriter> write)
    {
        var writer = new CborWriter(CborConformanceMode.Lax);
        write(writer);
        return writer.Encode();
    }

    private static (List<Sample> Samples, List<Reject> Rejects) Decode(ReadOnlySpan<byte> payload)
    {
        var (samples, rejects) = (new List<Sample>(), new List<Reject>());
        new CborSampleDecoder(new DecoderOptions()).Decode(Some.Pump, payload, Arrival, samples, rejects);
        return (samples, rejects);
    }
}
