using System.Text.Json;
using Seamless.Telemetry.Payloads;

namespace Seamless.Ingest.Dialects.ThingsBoard;

/// <param name="Offset">Where the part begins in the payload.</param>
internal readonly record struct GatewayPart(string Device, ReadOnlyMemory<byte> Json, int Offset);

/// <summary>Cuts <c>{"Dev A":…,"Dev B":…}</c> into what belongs to each device. Text that is not JSON is refused whole.</summary>
internal static class GatewayPayload
{
    public static IReadOnlyList<GatewayPart> Cut(ReadOnlyMemory<byte> payload, List<Reject> rejects)
    {
        var parts = new List<GatewayPart>();
        var reader = new Utf8JsonReader(payload.Span);
        try
        {
            if (!reader.Read() || reader.TokenType is not JsonTokenType.StartObject)
            {
                rejects.Add(new Reject(RejectReason.WrongShape, 0, null, "a gateway sends an object with a member for each device"));
                return [];
            }
            while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
            {
                var device = reader.GetString()!;
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                parts.Add(new GatewayPart(device, payload[start..(int)reader.BytesConsumed], start));
            }
            if (!reader.Read()) return parts;   // throws when something follows
        }
        // InvalidOperation: a name with half a surrogate pair.
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            rejects.Add(new Reject(RejectReason.Malformed, reader.BytesConsumed, null, fault.Message));
        }
        return [];
    }
}
