using System.Buffers;
using System.Text.Json;

namespace Seamless.DeviceAgent.Link;

/// <summary>The payload of the <c>state</c> topic.</summary>
internal static class StateJson
{
    public static byte[] Online(string agentVersion) => Encode("online", agentVersion);

    public static byte[] Offline(string agentVersion) => Encode("offline", agentVersion);

    private static byte[] Encode(string status, string agentVersion)
    {
        var buffer = new ArrayBufferWriter<byte>(64);
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteString("status"u8, status);
        writer.WriteString("agent"u8, agentVersion);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
