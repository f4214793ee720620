using System.Text;
using CsCheck;
using Seamless.Telemetry.Payloads;

namespace Seamless.Telemetry.Tests.Payloads;

public sealed class JsonSampleDecoderTests
{
    private const long Arrival = 1_764_000_000_000;
    private static readonly DeviceKey Pump = new("default", "pump-1");

    [Theory]
    [InlineData("""{"ts":1763999999000,"seq":42,"values":{"temperature":71.2,"running":true,"mode":"auto"}}""", "1763999999000 #42 temperature=71.2 running=1 mode='auto'")]
    [InlineData("""{"temperature": 71.2}""", "1764000000000 temperature=71.2")]
    [InlineData("""{"ts":1763999999000,"temperature":-0.5,"seq":7}""", "1763999999000 #7 temperature=-0.5")]
    [InlineData("""{"ts":"2025-11-24T16:00:00.250Z","a":1}""", "1764000000250 a=1")]
    [InlineData("""{"ts":"2025-11-24t18:00:00+02:00","a":1}""", "1764000000000 a=1")]
    [InlineData("""{"ts":1763999999000.9,"a":1}""", "1763999999000 a=1")]
    [InlineData("""[{"ts":1763999999000,"a":1},{"ts":1763999999001,"a":2}]""", "1763999999000 a=1; 1763999999001 a=2")]
    [InlineData("""[]""", "")]
    [InlineData(""" {"a":1,"a":2} """, "1764000000000 a=2")]
    [InlineData("""{"x":5,"values":{"a":1},"firmware":"1.2"}""", "1764000000000 a=1")]
    [InlineData("""{"\u0061":1e3,"b":"\ud83d\ude00\n"}""", "1764000000000 a=1000 b='😀\n'")]
    [InlineData("\uFEFF{\"a\":1}", "1764000000000 a=1")]
    [InlineData("""{"a":1.7976931348623157e308,"b":123456789012345678,"c":0.1,"d":5e-324}""", "1764000000000 a=1.7976931348623157E+308 b=1.2345678901234568E+17 c=0.1 d=5E-324")]
    public void Reads_what_the_contract_allows(string payload, string expected)
    {
        var (samples, rejects) = Decode(payload);
        Assert.Empty(rejects);
        Assert.Equal(expected, string.Join("; ", samples.Select(Some.Text)));
    }

    [Theory]
    [InlineData("""{"a":NaN,"b":2}""", "1764000000000 b=2", "NotANumber@5 a")]
    [InlineData("""{"ts":1763999999000,"values":{"a":NaN,"b":2}}""", "1763999999000 b=2", "NotANumber@34 a")]
    [InlineData("""{"a":-Infinity,"b":Infinity,"c":null,"d":4}""", "1764000000000 d=4", "NotANumber@5 a, NotANumber@19 b, NotANumber@32 c")]
    [InlineData("""{"a":1e999,"b":2}""", "1764000000000 b=2", "NotANumber@5 a")]
    [InlineData("""{"a":{"x":[1,2]},"b":2}""", "1764000000000 b=2", "UnsupportedValue@5 a")]
    [InlineData("""{"a":[1],"b":2}""", "1764000000000 b=2", "UnsupportedValue@5 a")]
    [InlineData("""{"":1,"b":2}""", "1764000000000 b=2", "BadMetricName@4 ")]
    [InlineData("""{"seq":"x","values":{"b":2}}""", "1764000000000 b=2", "WrongShape@7 seq")]
    [InlineData("""{"ts":null,"a":1}""", "", "BadTimestamp@6 -")]
    [InlineData("""{"ts":"yesterday","a":1}""", "", "BadTimestamp@6 -")]
    [InlineData("""{"ts":"2025-11-24T16:00:00","a":1}""", "", "BadTimestamp@6 -")]
    [InlineData("""{"ts":"2025-02-29T16:00:00Z","a":1}""", "", "BadTimestamp@6 -")]
    [InlineData("""{"ts":1e300,"a":1}""", "", "BadTimestamp@6 -")]
    [InlineData("""{"ts":1764000000,"a":1}""", "", "TimestampTooOld@0 -")]
    [InlineData("""{"ts":946684799999,"a":1}""", "", "TimestampTooOld@0 -")]
    [InlineData("""{"ts":946684800000,"a":1}""", "946684800000 a=1", "")]
    [InlineData("""{"ts":1764000600000,"a":1}""", "1764000600000 a=1", "")]
    [InlineData("""{"ts":1764000600001,"a":1}""", "", "TimestampInFuture@0 -")]
    [InlineData("""[{"a":1},{"ts":5,"a":2},{"a":3}]""", "1764000000000 a=1; 1764000000000 a=3", "TimestampTooOld@9 -")]
    [InlineData("""[{"a":1},7,[{"a":2}],{"a":3}]""", "1764000000000 a=1; 1764000000000 a=3", "WrongShape@9 -, WrongShape@11 -")]
    [InlineData("""{}""", "", "WrongShape@0 -")]
    [InlineData("""{"ts":1763999999000}""", "", "WrongShape@0 -")]
    [InlineData("""{"values":{}}""", "", "WrongShape@0 -")]
    [InlineData("""{"values":5}""", "", "WrongShape@10 -")]
    [InlineData("""7""", "", "WrongShape@0 -")]
    [InlineData("\"text\"", "", "WrongShape@0 -")]
    public void Refuses_the_smallest_part_that_cannot_be_used_and_says_where(string payload, string kept, string refused)
    {
        var (samples, rejects) = Decode(payload);
        Assert.Equal(kept, string.Join("; ", samples.Select(Some.Text)));
        Assert.Equal(refused, string.Join(", ", rejects.Select(r => $"{r.Reason}@{r.Position} {r.Metric ?? "-"}")));
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("   ", 3)]
    [InlineData("{", 1)]
    [InlineData("""{"a":1""", 6)]
    [InlineData("""{"a":1,}""", 7)]
    [InlineData("""{"a" 1}""", 5)]
    [InlineData("""{"a":01}""", 6)]
    [InlineData("""{"a":+1}""", 5)]
    [InlineData("""{"a":1.}""", 7)]
    [InlineData("""{"a":.5}""", 5)]
    [InlineData("""{"a":Nah}""", 5)]
    [InlineData("""{"a":truth}""", 5)]
    [InlineData("""{'a':1}""", 1)]
    [InlineData("""{"a":"\x"}""", 6)]
    [InlineData("""{"a":"\ud800"}""", 6)]
    [InlineData("""{"a":1}{"a":2}""", 7)]
    [InlineData("""[{"a":1},{"a":2}""", 16)]
    [InlineData("temperature=5", 0)]
    public void Text_that_is_not_JSON_is_refused_whole_with_the_byte_where_it_breaks(string payload, int position)
    {
        var (samples, rejects) = Decode(payload);
        Assert.Empty(samples);
        var reject = Assert.Single(rejects);
        Assert.Equal((RejectReason.Malformed, position), (reject.Reason, (int)reject.Position));
    }

    [Fact]
    public void Nesting_deeper_than_any_sensor_means_is_refused_and_not_followed()
    {
        var (samples, rejects) = Decode("""{"a":""" + new string('[', 100_000) + new string(']', 100_000) + "}");
        Assert.Empty(samples);
        Assert.Equal(RejectReason.Malformed, Assert.Single(rejects).Reason);
    }

    [Fact]
    public void A_string_that_is_not_UTF_8_is_malformed()
    {
        var rejects = new List<Reject>();
        new JsonSampleDecoder(new DecoderOptions()).Decode(Pump, [(byte)'{', (byte)'"', 0xC3, 0x28, (byte)'"', (byte)':', (byte)'1', (byte)'}'], Arrival, [], rejects);
        Assert.Equal(RejectReason.Malformed, Assert.Single(rejects).Reason);
    }

    [Fact]
    public void Names_and_texts_have_a_longest_length()
    {
        var (samples, rejects) = Decode($$"""{"{{new string('n', 129)}}":1,"{{new string('n', 128)}}":1,"s":"{{new string('x', 4097)}}"}""");
        Assert.Equal([RejectReason.BadMetricName, RejectReason.TooLarge], rejects.Select(r => r.Reason));
        Assert.Equal(new string('n', 128), Assert.Single(Assert.Single(samples).Readings).Metric);
    }

    [Fact]
    public void Many_metrics_keep_their_order_and_the_last_of_equals_wins()
    {
        var payload = "{" + string.Join(",", Enumerable.Range(0, 100).Select(i => $"\"m{i}\":{i}")) + ",\"m3\":-3,\"m77\":-77}";
        var sample = Assert.Single(Decode(payload).Samples);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => new Reading($"m{i}", i is 3 or 77 ? -i : i)), sample.Readings);
    }

    [Fact]
    public void What_the_writer_writes_the_decoder_reads_back() =>
        Some.SampleGen.List[0, 5].Sample(samples =>
        {
            var (read, rejects) = Decode(SampleWriter.Write(samples));
            return rejects.Count == 0 && Some.Same(samples, read);
        });

    [Fact]
    public void One_sample_is_written_as_an_object_and_read_back() =>
        Some.SampleGen.Sample(sample => Some.Same([sample], Decode(SampleWriter.Write(sample)).Samples));

    [Fact]
    public void Every_double_survives() =>
        Gen.Double.Where(double.IsFinite).Sample(value =>
            BitConverter.DoubleToInt64Bits(Decode($$"""{"a":{{value:R}}}""").Samples[0].Readings[0].Value) == BitConverter.DoubleToInt64Bits(value));

    [Fact]
    public void Short_decimals_read_as_the_framework_reads_them() =>
        Gen.Select(Gen.Long[-999_999_999_999, 999_999_999_999], Gen.Int[0, 9]).Sample((mantissa, scale) =>
        {
            var text = ((decimal)mantissa / (decimal)Math.Pow(10, scale)).ToString(System.Globalization.CultureInfo.InvariantCulture);
            return Decode($$"""{"a":{{text}}}""").Samples[0].Readings[0].Value == double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
        });

    [Fact]
    public void A_payload_cut_anywhere_is_malformed_and_gives_nothing() =>
        Gen.Select(Some.SampleGen.List[1, 3], Gen.Double[0, 1]).Sample((samples, where) =>
        {
            var whole = SampleWriter.Write(samples);
            var (read, rejects) = Decode(whole.AsSpan(0, (int)(whole.Length * where * 0.9999)));
            return read.Count == 0 && rejects is [{ Reason: RejectReason.Malformed }];
        });

    [Fact]
    public void Bytes_of_any_kind_never_throw_and_are_never_passed_over_in_silence() =>
        Gen.OneOf(Gen.Byte.Array[0, 60], Mutated).Sample(bytes =>
        {
            var (samples, rejects) = Decode(bytes);
            return samples.Count + rejects.Count > 0 || Encoding.UTF8.GetString(bytes).Trim('\uFEFF', ' ', '\n', '\r', '\t') is ['[', .., ']'];
        });

    private static readonly Gen<byte[]> Mutated =
        Gen.Select(Some.SampleGen.List[0, 3], Gen.Select(Gen.Int[0, 400], Some.Of("{}[]\",:eE+-.0\\uNI \0"u8.ToArray())).Array[1, 4], (samples, changes) =>
        {
            var bytes = SampleWriter.Write(samples);
            foreach (var (at, value) in changes) bytes[at % bytes.Length] = value;
            return bytes;
        });

    private static (List<Sample> Samples, List<Reject> Rejects) Decode(string payload) => Decode(Encoding.UTF8.GetBytes(payload));

    private static (List<Sample> Samples, List<Reject> Rejects) Decode(ReadOnlySpan<byte> payload)
    {
        var (samples, rejects) = (new List<Sample>(), new List<Reject>());
        new JsonSampleDecoder(new DecoderOptions()).Decode(Pump, payload, Arrival, samples, rejects);
        return (samples, rejects);
    }
}
