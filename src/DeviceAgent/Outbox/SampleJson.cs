using System.Buffers;
using System.Text.Json;
using Seamless.DeviceAgent.Sensing;

namespace Seamless.DeviceAgent.Outbox;

/// <summary>Samples as the platform reads them (CONTRACTS §1).</summary>
public static class SampleJson
{
    private static readonly JsonWriterOptions WriterOptions = new() { SkipValidation = true };

    // A writer begins with room for four thousand bytes, of which a sample needs two hundred: made anew for each, it would cost more than the writing.
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    /// <summary>One sample. Values that are not numbers (NaN, infinities) are left out: the platform would refuse them.</summary>
    public static byte[] Encode(in Measurement measurement, long sequence)
    {
        var buffer = _buffer ??= new ArrayBufferWriter<byte>();
        var writer = _writer ??= new Utf8JsonWriter(buffer, WriterOptions);
        buffer.ResetWrittenCount();
        writer.Reset();
        writer.WriteStartObject();
        writer.WriteNumber("ts"u8, measurement.TimestampMs);
        writer.WriteNumber("seq"u8, sequence);
        writer.WriteStartObject("values"u8);
        foreach (var reading in measurement.Readings)
        {
            if (reading.State is { } state) writer.WriteString(reading.Metric, state);
            else if (double.IsFinite(reading.Value)) writer.WriteNumber(reading.Metric, reading.Value);
        }
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The payload of one message: the sample itself, or an array when there are several to catch up with.</summary>
    public static ReadOnlyMemory<byte> Payload(IReadOnlyList<OutboxEntry> entries)
    {
        if (entries.Count == 1) return entries[0].Json;
        var payload = new byte[entries.Sum(entry => entry.Json.Length + 1) + 1];
        var at = 0;
        foreach (var entry in entries)
        {
            payload[at] = at == 0 ? (byte)'[' : (byte)',';
            at++;
            entry.Json.Span.CopyTo(payload.AsSpan(at));
            at += entry.Json.Length;
        }
        payload[at] = (byte)']';
        return payload;
    }
}
