using System.Buffers;
using System.Text.Json;
using Seamless.Replay.Sets;

namespace Seamless.Replay;

/// <summary>A row as the payload of <c>v1/{tenant}/{device}/telemetry</c>.</summary>
internal static class SamplePayload
{
    public static byte[] Of(ReplayRow row, DateTimeOffset at)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteNumber("ts", at.ToUnixTimeMilliseconds());
            writer.WriteNumber("seq", row.Sequence);
            writer.WriteStartObject("values");
            foreach (var (metric, value) in row.Values) writer.WriteNumber(metric, value);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }
}
