using Seamless.Ingest.Mqtt.Front;

namespace Seamless.Fuzz.Reference;

internal readonly record struct CutReference(FrameStatus Status, int Needed = 0, int BodyStart = 0, int BodyLength = 0);

internal sealed record PublishReference(int QoS, byte[] Topic, int PacketId, int Alias, bool IsPlain, byte[] Payload);

/// <summary>MQTT's fixed header and PUBLISH read by the letter of the standard, a byte at a time.</summary>
internal static class PacketReference
{
    /// <summary>§1.5.5 and §2.1.4 of MQTT 5.0.</summary>
    public static CutReference Cut(ReadOnlySpan<byte> bytes, int maxBytes)
    {
        if (bytes.Length < 2) return new CutReference(FrameStatus.Incomplete);
        long length = 0, multiplier = 1;
        for (var i = 1; i <= 4; i++, multiplier *= 128)
        {
            if (i >= bytes.Length) return new CutReference(FrameStatus.Incomplete);
            length += bytes[i] % 128 * multiplier;
            if (bytes[i] >= 128) continue;
            if (length > maxBytes) return new CutReference(FrameStatus.TooLong);
            var whole = 1 + i + (int)length;
            return bytes.Length < whole ? new CutReference(FrameStatus.Incomplete, whole) : new CutReference(FrameStatus.Taken, whole, 1 + i, (int)length);
        }
        return new CutReference(FrameStatus.Malformed);
    }

    /// <summary>§3.3 of MQTT 5.0. Null for what breaks off or contradicts itself. A property that is not the fast lane's business ends the reading of properties: the session goes on from there.</summary>
    public static PublishReference? ReadPublish(byte header, ReadOnlySpan<byte> body, bool mqtt5)
    {
        var bytes = new Queue<byte>(body.ToArray());
        var qos = header / 2 % 4;
        if (Text(bytes) is not { } topic) return null;
        var packetId = 0;
        if (qos != 0)
        {
            if (Number(bytes, 2) is not ({ } id and not 0)) return null;
            packetId = (int)id;
        }
        if (!mqtt5) return new PublishReference(qos, topic, packetId, 0, true, [.. bytes]);
        if (Length(bytes) is not { } length || length > bytes.Count) return null;
        var properties = new Queue<byte>(bytes.Take(length));
        for (var i = 0; i < length; i++) bytes.Dequeue();
        return ReadProperties(properties) is { } read ? new PublishReference(qos, topic, packetId, read.Alias, read.IsPlain, [.. bytes]) : null;
    }

    private static (int Alias, bool IsPlain)? ReadProperties(Queue<byte> bytes)
    {
        var (alias, isPlain) = (0, true);
        while (bytes.TryDequeue(out var property))
        {
            switch (property)
            {
                case 1 when Number(bytes, 1) is not null:                             // payload format indicator
                case 2 when Number(bytes, 4) is not null:                             // message expiry interval
                case 38 when Text(bytes) is not null && Text(bytes) is not null:      // user property
                    break;
                case 3 when Text(bytes) is { } type:                                  // content type
                    isPlain &= System.Text.Encoding.Latin1.GetString(type) == "application/json";
                    break;
                case 35 when alias == 0 && Number(bytes, 2) is { } number and not 0:  // topic alias: once, and not 0
                    alias = (int)number;
                    break;
                case 1 or 2 or 3 or 35 or 38:
                    return null;
                default:
                    return (alias, false);
            }
        }
        return (alias, isPlain);
    }

    private static long? Number(Queue<byte> bytes, int size)
    {
        if (bytes.Count < size) return null;
        long number = 0;
        for (var i = 0; i < size; i++) number = number * 256 + bytes.Dequeue();
        return number;
    }

    private static byte[]? Text(Queue<byte> bytes)
    {
        if (Number(bytes, 2) is not { } length || bytes.Count < length) return null;
        var text = new byte[length];
        for (var i = 0; i < length; i++) text[i] = bytes.Dequeue();
        return text;
    }

    private static int? Length(Queue<byte> bytes)
    {
        var (length, multiplier) = (0, 1);
        for (var i = 0; i < 4; i++, multiplier *= 128)
        {
            if (!bytes.TryDequeue(out var b)) return null;
            length += b % 128 * multiplier;
            if (b < 128) return length;
        }
        return null;
    }
}
