using Seamless.Telemetry;
using Seamless.Telemetry.Payloads.Sparkplug;

namespace Seamless.Fuzz;

/// <summary>What our reader accepts can be walked to the end, holds together, and reads the same again when it is written anew.</summary>
internal sealed class SparkplugTarget : ITarget
{
    private readonly List<Reading> _readings = [];

    public string Name => "sparkplug";

    public IReadOnlyList<byte[]> Words { get; } =
    [
        [0x08, 0x80], [0x12, 0x00], [0x12, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F], [0x18, 0xFF, 0x01], [0x0A, 0x05, .. "bdSeq"u8], [0x20, 0x20], [0x20, 0x21], [0x20, 0x16],
        [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], [0x65, 0, 0, 0xC0, 0x7F], [0x69, 0, 0, 0, 0, 0, 0, 0xF0, 0x7F], [0x82, 0x01], [0x4A, 0x02],
    ];

    public void Run(ReadOnlySpan<byte> input, Comparison comparison)
    {
        if (!SparkplugPayload.TryRead(input, out var payload, out var fault))
        {
            if (fault is null) throw new FindingException("refused without a reason");
            return;
        }
        var metrics = 0;
        foreach (var metric in payload)
        {
            metrics++;
            _readings.Clear();
            var refused = SparkplugValues.Read(metric, "m", metric.Type, 4096, _readings);
            if (refused is null == (_readings.Count == 0) && metric.Bytes.Length > 4 && metric.Type is not SparkplugType.BooleanArray) throw new FindingException($"{metric.Type}: {_readings.Count} readings, refused: {refused}");
            if (_readings.Exists(reading => !reading.IsState && !double.IsFinite(reading.Value))) throw new FindingException($"{metric.Type} reads as {_readings[0].Value}");
            if (_readings is [var only] && metric.Type is >= SparkplugType.Int8 and <= SparkplugType.Int64) ReadsTheSameAgain(metric.Type, only.Value);
        }
        if (metrics != payload.MetricCount) throw new FindingException($"{payload.MetricCount} metrics counted, {metrics} walked");
    }

    private static void ReadsTheSameAgain(SparkplugType type, double value)
    {
        if (Math.Abs(value) > 1L << 53 || value != Math.Floor(value)) return;
        var written = SparkplugWriter.Write(1, null, new OutgoingMetric("m", type, Integer: (long)value));
        if (!SparkplugPayload.TryRead(written, out var payload, out _)) throw new FindingException("our own payload is refused");
        var readings = new List<Reading>();
        foreach (var metric in payload) SparkplugValues.Read(metric, "m", metric.Type, 4096, readings);
        if (readings is not [var again]) throw new FindingException("our own metric is refused");
        if (!again.Value.Equals(value) && Math.Abs(value) <= sbyte.MaxValue) throw new FindingException($"{type} {value} reads as {again.Value}");
    }
}
