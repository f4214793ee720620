using System.Globalization;
using System.Text;
using CsCheck;
using Seamless.Telemetry.Payloads;
using Seamless.Telemetry.Rows;

namespace Seamless.Telemetry.Tests.Payloads;

/// <summary>The quick reader takes a part of what the decoder takes, and takes it alike.</summary>
public sealed class JsonRowReaderTests
{
    private const long Arrival = 1_764_000_000_000;
    private const string Usual = """{"ts":1763999999000,"seq":42,"values":{"temperature":71.2,"vibration":0.61,"running":true,"mode":"auto"}}""";
    private static readonly DeviceKey Pump = new("default", "pump-1");
    private static readonly string[] Names = ["temperature", "vibration", "running", "mode", "a", "b"];
    private static readonly JsonSampleDecoder Decoder = new(new DecoderOptions());
    private static readonly JsonRowReader Reader = new(new DecoderOptions());

    static JsonRowReaderTests()
    {
        foreach (var name in Names) Numbers.Metrics.Of(name);
        _usualShape = ShapeOf(Usual);
    }

    [Theory]
    [InlineData(Usual)]
    [InlineData("""{"temperature": 71.2}""")]
    [InlineData(" [ {\"a\":1} ,\n{\"ts\":1763999999001,\"a\":-0.0,\"b\":false} ] ")]
    [InlineData("""{"ts":1763999999000,"a":123456789012345,"b":0.00000000000001,"mode":""}""")]
    public void Takes_what_sensors_usually_send(string payload) => AssertAlike(payload, taken: true);

    [Theory]
    [InlineData("""{"ts":"2025-11-24T16:00:00Z","a":1}""")]      // a time as text
    [InlineData("""{"seq":1,"a":1}""")]                           // a number without a time: may be a repetition
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("""{"a":1,"values":{"b":1}}""")]
    [InlineData("""{"values":{"b":1},"a":1}""")]
    [InlineData("""{"neverSeen":1}""")]
    [InlineData("""{"a":1e3}""")]
    [InlineData("""{"a":1234567890123456}""")]
    [InlineData("""{"mode":"a\n"}""")]
    [InlineData("\uFEFF{\"a\":1}")]
    [InlineData("[]")]
    public void Leaves_the_unusual_to_the_decoder(string payload) => AssertAlike(payload, taken: false);

    [Theory]
    [InlineData("""{"a":NaN}""")]
    [InlineData("""{"a":01}""")]
    [InlineData("""{"a":1.}""")]
    [InlineData("""{"a":-}""")]
    [InlineData("""{"a":1}x""")]
    [InlineData("""{"a":1""")]
    [InlineData("""{"a":1},{"a":2}""")]
    [InlineData("""[{"a":1},]""")]
    [InlineData("""{"ts":1764000000000000,"a":1}""")]
    [InlineData("""{"ts":1,"a":1}""")]
    [InlineData("""{"values":{}}""")]
    [InlineData("""{}""")]
    [InlineData("")]
    public void Leaves_what_is_to_be_refused_to_the_decoder_and_the_rows_as_they_were(string payload) => AssertAlike(payload, taken: false);

    [Fact]
    public void Whatever_it_takes_the_decoder_takes_alike()
    {
        var number = Gen.OneOf(Gen.Int.Select(i => i.ToString(CultureInfo.InvariantCulture)), Gen.Double[-1e6, 1e6].Select(d => d.ToString("R", CultureInfo.InvariantCulture)),
            Gen.Select(Gen.Int[-99999, 99999], Gen.Int[0, 999999], (w, f) => $"{w}.{f}"), OneOf("-0", "0", "1e5", "00", "1.", "-", "NaN", "null", "999999999999999", "9999999999999999", "0.000000000000001"));
        var value = Gen.OneOf(number, number, number, OneOf("true", "false", "\"auto\"", "\"\"", "\"\\u0041\"", "\"温度\"", "{}", "[1]"));
        var space = OneOf("", "", "", " ", "\n\t");
        var member = Gen.Select(space, OneOf([.. Names, "new", "values"]), space, value, space, (s1, n, s2, v, s3) => $"{s1}\"{n}\"{s2}:{s3}{v}");
        var stamp = OneOf("", "\"ts\":1763999999000,", "\"ts\":1,", "\"ts\":17639999990001,", "\"ts\":1763999999000,\"seq\":7,", "\"seq\":7,", "\"ts\":1763999999000.5,");
        var flat = Gen.Select(stamp, member.Array[0, 5], space, (t, m, s) => $"{{{t}{string.Join(',', m)}{s}}}");
        var nested = Gen.Select(stamp, member.Array[0, 5], space, (t, m, s) => $"{{{t}\"values\":{{{string.Join(',', m)}{s}}}}}");
        var sample = Gen.OneOf(flat, nested);
        var payload = Gen.OneOf(sample, sample.Array[0, 3].Select(samples => $"[{string.Join(',', samples)}]"));
        // Damage: a byte changed or the text cut, now and then.
        Gen.Select(payload, Gen.Int[0, 400], Gen.Byte, (text, at, b) =>
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            if (at < bytes.Length && b < 128) bytes[at] = (byte)(b + 1);
            else if (at < bytes.Length) bytes = bytes[..at];
            return (text, bytes);
        }).Sample(sent => AssertAlike(sent.text, sent.bytes), iter: 50_000);

        static void AssertAlike(string before, byte[] payload)
        {
            PayloadShape? shape = null;
            Reader.TryRead(Encoding.UTF8.GetBytes(before), 0, Arrival, new SampleRows(1), ref shape);
            JsonRowReaderTests.AssertAlike(payload, taken: null, ref shape);
            JsonRowReaderTests.AssertAlike(payload, taken: null);
        }
    }

    [Theory]
    [InlineData("""{"a":1,"ts":5}""")]
    [InlineData("""{"a":1,"ts":1764000000000000}""")]
    [InlineData("""{"a":1,"ts":1763999999000""")]
    [InlineData("""{"a":1,"ts":1763999999000}}""")]
    [InlineData("""{"a":1,"ts":1763999999000.5}""")]
    [InlineData("""{"a":1e5,"ts":1763999999000}""")]
    [InlineData("""{"a":00,"ts":1763999999000}""")]
    [InlineData("""{"a":"\u0041","ts":1763999999000}""")]
    [InlineData("""{"a":trux,"ts":1763999999000}""")]
    public void A_payload_that_only_begins_like_the_one_before_is_not_taken(string payload)
    {
        var shape = ShapeOf("""{"a":1,"ts":1763999999000}""");
        AssertAlike(Encoding.UTF8.GetBytes(payload), taken: false, ref shape!);
    }

    [Fact]
    public void Allocates_nothing_once_the_rows_have_their_size()
    {
        var payload = Encoding.UTF8.GetBytes(Usual);
        var rows = new SampleRows(16);
        PayloadShape? shape = null;
        for (var warm = 0; warm < 100; warm++) Read();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++) Read();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Read()
        {
            Reader.TryRead(payload, 0, Arrival, rows);
            Reader.TryRead(payload, 0, Arrival, rows, ref shape);
            rows.Clear();
        }
    }

    private static void AssertAlike(string payload, bool? taken) => AssertAlike(Encoding.UTF8.GetBytes(payload), taken);

    /// <summary>Whatever the device sent before: nothing, the usual, something else, the same.</summary>
    private static void AssertAlike(byte[] payload, bool? taken)
    {
        PayloadShape? shape = null;
        AssertAlike(payload, taken, ref shape);
        AssertAlike(payload, taken, ref shape);
        AssertAlike(payload, taken, ref _usualShape);
        AssertAlike(payload, taken, ref _shapeOfBefore);
    }

    private static PayloadShape? _usualShape;
    private static PayloadShape? _shapeOfBefore;

    private static PayloadShape ShapeOf(string payload)
    {
        PayloadShape? shape = null;
        Assert.True(Reader.TryRead(Encoding.UTF8.GetBytes(payload), 0, Arrival, new SampleRows(1), ref shape));
        return shape!;
    }

    private static void AssertAlike(byte[] payload, bool? taken, ref PayloadShape? shape)
    {
        var rows = new SampleRows(1);
        rows.Add(new Sample(Pump, 1, null, [new Reading("a", 1)]), 1);
        var read = Reader.TryRead(payload, Numbers.Devices.Of(Pump), Arrival, rows, ref shape);
        if (taken is not null) Assert.Equal(taken, read);
        if (!read)
        {
            Assert.Equal(1, rows.Count);
            return;
        }
        var (samples, rejects) = (new List<Sample>(), new List<Reject>());
        Decoder.Decode(Pump, payload, Arrival, samples, rejects);
        Assert.Empty(rejects);
        Assert.Equal(samples.Select(Bits), Enumerable.Range(1, rows.Count - 1).Select(row => Bits(rows.ToSample(row))));
    }

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static string Bits(Sample sample) =>
        $"{sample.TimestampMs} {sample.Sequence} {string.Join(' ', sample.Readings.Select(r => $"{r.Metric}={BitConverter.DoubleToInt64Bits(r.Value):X}/{r.State}/{r.Quality}"))}";
}
