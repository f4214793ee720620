using System.Buffers;
using System.Text.Json;

namespace Seamless.Telemetry.Payloads;

/// <summary>Writes samples as the native telemetry payload (CONTRACTS §1).</summary>
/// <remarks>Quality is the platform's judgement and is not part of the payload; a number that is not finite cannot be sent and is left out.</remarks>
public static class SampleWriter
{
    private static readonly JsonWriterOptions Options = new() { SkipValidation = true };

    /// <summary>One sample: an object.</summary>
    public static byte[] Write(Sample sample)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, Options)) Write(json, sample);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Several samples: an array.</summary>
    public static byte[] Write(IReadOnlyList<Sample> samples)
    {
        var buffer = new ArrayBufferWriter<byte>(256 * Math.Max(1, samples.Count));
        Write(buffer, samples);
        return buffer.WrittenSpan.ToArray();
    }

    public static void Write(IBufferWriter<byte> output, IReadOnlyList<Sample> samples)
    {
        using var json = new Utf8JsonWriter(output, Options);
        json.WriteStartArray();
        foreach (var sample in samples) Write(json, sample);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, Sample sample)
    {
        json.WriteStartObject();
        json.WriteNumber("ts"u8, sample.TimestampMs);
        if (sample.Sequence is { } sequence) json.WriteNumber("seq"u8, sequence);
        json.WriteStartObject("values"u8);
        foreach (var reading in sample.Readings)
        {
            if (reading.State is { } state) json.WriteString(reading.Metric, state);
            else if (double.IsFinite(reading.Value)) json.WriteNumber(reading.Metric, reading.Value);
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
