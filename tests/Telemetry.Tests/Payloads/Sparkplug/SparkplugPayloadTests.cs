using CsCheck;
using Seamless.Telemetry.Payloads;
using Seamless.Telemetry.Payloads.Sparkplug;

namespace Seamless.Telemetry.Tests.Payloads.Sparkplug;

public sealed class SparkplugPayloadTests
{
    private const long Now = 1_764_000_000_000;

    private static readonly Gen<OutgoingMetric> Metrics = Gen.OneOf(
        Gen.Select(Some.Of(SparkplugType.Int8, SparkplugType.Int16, SparkplugType.Int32, SparkplugType.Int64), Gen.Int[-128, 127], (type, value) => new OutgoingMetric("n", type, Integer: value)),
        Gen.Select(Some.Of(SparkplugType.UInt8, SparkplugType.UInt16, SparkplugType.UInt32, SparkplugType.UInt64, SparkplugType.DateTime), Gen.Int[0, 255], (type, value) => new OutgoingMetric("n", type, Integer: value)),
        Gen.Double.Where(double.IsFinite).Select(value => new OutgoingMetric("n", SparkplugType.Double, Real: value)),
        Gen.Float.Where(float.IsFinite).Select(value => new OutgoingMetric("n", SparkplugType.Float, Real: value)),
        Gen.Bool.Select(value => new OutgoingMetric("n", SparkplugType.Boolean, Integer: value ? 1 : 0)),
        Gen.String[0, 40].Where(text => !text.Any(char.IsSurrogate)).Select(text => new OutgoingMetric("n", SparkplugType.String, Text: text)));

    [Fact]
    public void Reads_what_was_written() =>
        Metrics.List[0, 20].Sample(metrics => Read(SparkplugWriter.Write(Now, 7, [.. metrics])).SequenceEqual(metrics.Select(Expected)));

    [Fact]
    public void Cut_anywhere_it_is_refused_or_reads_as_its_beginning() =>
        Gen.Select(Metrics.List[1, 5], Gen.Double[0, 1]).Sample((metrics, where) =>
        {
            var whole = SparkplugWriter.Write(Now, null, [.. metrics]);
            var cut = whole.AsSpan(0, (int)(whole.Length * where * 0.9999));
            return !SparkplugPayload.TryRead(cut, out _, out var fault) ? fault is { Reason: RejectReason.Malformed } : metrics.Select(Expected).Take(Read(cut).Count).SequenceEqual(Read(cut));
        });

    [Fact]
    public void Bytes_of_any_kind_never_throw() => Gen.Byte.Array[0, 80].Sample(bytes => { Read(bytes); });

    [Theory]
    [InlineData(0, Quality.Bad)]
    [InlineData(192, Quality.Good)]
    [InlineData(500, Quality.Uncertain)]
    public void Tells_the_quality(int code, Quality quality)
    {
        var payload = SparkplugWriter.Write(Now, 1, new OutgoingMetric("n", SparkplugType.Double, Real: 1.5) { Quality = code });
        Assert.Equal(new Reading("n", 1.5, null, quality), Assert.Single(Read(payload)));
    }

    [Theory]
    [InlineData(SparkplugType.Int16Array, "FFFF0200", "-1 2")]
    [InlineData(SparkplugType.UInt8Array, "FF01", "255 1")]
    [InlineData(SparkplugType.FloatArray, "0000C03F", "1.5")]
    [InlineData(SparkplugType.BooleanArray, "0A000000A540", "1 0 1 0 0 1 0 1 0 1")]
    [InlineData(SparkplugType.StringArray, "616200636400", "ab cd")]
    public void Gives_an_array_a_reading_for_each_element(SparkplugType type, string bytes, string values)
    {
        var readings = Read(SparkplugWriter.Write(Now, 1, new OutgoingMetric("n", type, Bytes: Convert.FromHexString(bytes))));
        Assert.Equal(values, string.Join(' ', readings.Select(r => r.State ?? r.Value.ToString(System.Globalization.CultureInfo.InvariantCulture))));
        Assert.Equal("n[0]", readings[0].Metric);
    }

    [Theory]
    [InlineData(SparkplugType.Int32Array, 3, RejectReason.Malformed)]
    [InlineData(SparkplugType.Int8Array, 257, RejectReason.TooLarge)]
    [InlineData(SparkplugType.BooleanArray, 2, RejectReason.Malformed)]
    [InlineData(SparkplugType.Bytes, 4, RejectReason.UnsupportedValue)]
    public void Refuses_with_a_reason_what_is_no_reading(SparkplugType type, int length, RejectReason reason)
    {
        var payload = SparkplugWriter.Write(Now, 1, new OutgoingMetric("n", type, Bytes: new byte[length]));
        Assert.True(SparkplugPayload.TryRead(payload, out var read, out _));
        foreach (var metric in read) Assert.Equal(reason, SparkplugValues.Read(metric, "n", type, 4096, [])!.Reason);
    }

    [Fact]
    public void Walking_a_payload_allocates_nothing()
    {
        var payload = SparkplugWriter.Write(Now, 1, new OutgoingMetric("a", SparkplugType.Double, Real: 1) { Quality = 192 }, new OutgoingMetric("b", SparkplugType.String, Text: "auto"));
        Walk(payload);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) Walk(payload);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        static int Walk(byte[] payload)
        {
            SparkplugPayload.TryRead(payload, out var read, out _);
            var bytes = 0;
            foreach (var metric in read) bytes += metric.Name.Length;
            return bytes;
        }
    }

    private static Reading Expected(OutgoingMetric metric) => metric.Type switch
    {
        SparkplugType.Double => new Reading("n", metric.Real),
        SparkplugType.Float => new Reading("n", (float)metric.Real),
        SparkplugType.String => new Reading("n", double.NaN, metric.Text),
        _ => new Reading("n", metric.Integer),
    };

    private static List<Reading> Read(ReadOnlySpan<byte> payload)
    {
        var readings = new List<Reading>();
        if (!SparkplugPayload.TryRead(payload, out var read, out _)) return readings;
        foreach (var metric in read) SparkplugValues.Read(metric, "n", metric.Type, 4096, readings);
        return readings;
    }
}
