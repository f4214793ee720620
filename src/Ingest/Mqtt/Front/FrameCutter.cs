using System.Buffers.Binary;

namespace Seamless.Ingest.Mqtt.Front;

internal enum FrameStatus { Taken, Incomplete, Malformed, TooLong }

/// <summary>Cuts a connection's bytes into MQTT control packets without copying or allocating.</summary>
/// <remarks>Fixed header: MQTT 5.0 §2.1. Remaining Length: §1.5.5, seven bits a byte, at most four bytes.</remarks>
internal static class FrameCutter
{
    /// <param name="needed">How many bytes the whole packet has, once that can be told; 0 before.</param>
    /// <param name="body">What follows the fixed header.</param>
    public static FrameStatus TryTake(ReadOnlySpan<byte> bytes, int maxBytes, out ReadOnlySpan<byte> body, out int needed)
    {
        body = default;
        needed = 0;
        var length = 0;
        for (var i = 1; ; i++)
        {
            if (i > 4) return FrameStatus.Malformed;
            if (i >= bytes.Length) return FrameStatus.Incomplete;
            length |= (bytes[i] & 0x7F) << (7 * (i - 1));
            if ((bytes[i] & 0x80) != 0) continue;
            if (length > maxBytes) return FrameStatus.TooLong;
            needed = i + 1 + length;
            if (bytes.Length < needed) return FrameStatus.Incomplete;
            body = bytes.Slice(i + 1, length);
            return FrameStatus.Taken;
        }
    }
}

/// <summary>A PUBLISH taken apart where it lies (MQTT 5.0 §3.3).</summary>
internal readonly ref struct PublishFrame
{
    private PublishFrame(byte header, ReadOnlySpan<byte> topic, ushort packetId, ushort alias, bool isPlain, ReadOnlySpan<byte> payload)
    {
        (Header, PacketId, Alias, IsPlain) = (header, packetId, alias, isPlain);
        Topic = topic;
        Payload = payload;
    }

    private byte Header { get; }

    /// <summary>Empty when an alias stands for it.</summary>
    public ReadOnlySpan<byte> Topic { get; }
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>0 at QoS 0.</summary>
    public ushort PacketId { get; }

    /// <summary>Topic alias, 0 when there is none.</summary>
    public ushort Alias { get; }

    /// <summary>Says nothing that would change how the payload is read: no content type but JSON, no reply asked for.</summary>
    public bool IsPlain { get; }

    public int QoS => (Header >> 1) & 3;

    /// <summary>False when the bytes are no PUBLISH: the session's own reader then says what is wrong with them.</summary>
    public static bool TryRead(byte header, ReadOnlySpan<byte> body, bool mqtt5, out PublishFrame frame)
    {
        frame = default;
        if (body.Length < 2) return false;
        var topicLength = BinaryPrimitives.ReadUInt16BigEndian(body);
        var at = 2 + topicLength;
        if (at > body.Length) return false;
        var topic = body.Slice(2, topicLength);
        ushort packetId = 0;
        if (((header >> 1) & 3) > 0)
        {
            if (at + 2 > body.Length) return false;
            packetId = BinaryPrimitives.ReadUInt16BigEndian(body[at..]);
            if (packetId == 0) return false;
            at += 2;
        }
        ushort alias = 0;
        var isPlain = true;
        if (mqtt5 && !TryProperties(body, ref at, out alias, out isPlain)) return false;
        frame = new PublishFrame(header, topic, packetId, alias, isPlain, body[at..]);
        return true;
    }

    private static bool TryProperties(ReadOnlySpan<byte> body, ref int at, out ushort alias, out bool isPlain)
    {
        (alias, isPlain) = (0, true);
        if (!TryVarint(body, ref at, out var length) || at + length > body.Length) return false;
        var properties = body.Slice(at, length);
        at += length;
        for (var i = 0; i < properties.Length;)
        {
            switch (properties[i++])
            {
                case 0x01:   // payload format indicator
                    i++;
                    break;
                case 0x02:   // message expiry interval: what has arrived has not expired, and it is not passed on
                    i += 4;
                    break;
                case 0x23:   // topic alias
                    if (i + 2 > properties.Length || alias != 0) return false;
                    alias = BinaryPrimitives.ReadUInt16BigEndian(properties[i..]);
                    if (alias == 0) return false;
                    i += 2;
                    break;
                case 0x03:   // content type
                    if (!TryString(properties, ref i, out var type)) return false;
                    isPlain &= type.SequenceEqual("application/json"u8);
                    break;
                case 0x26:   // user property: nothing of ours
                    if (!TryString(properties, ref i, out _) || !TryString(properties, ref i, out _)) return false;
                    break;
                default:     // response topic, correlation data, what a client must not send: the session's business
                    isPlain = false;
                    return true;
            }
            if (i > properties.Length) return false;
        }
        return true;
    }

    private static bool TryString(ReadOnlySpan<byte> bytes, ref int at, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (at + 2 > bytes.Length) return false;
        var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
        if (at + 2 + length > bytes.Length) return false;
        text = bytes.Slice(at + 2, length);
        at += 2 + length;
        return true;
    }

    private static bool TryVarint(ReadOnlySpan<byte> bytes, ref int at, out int value)
    {
        value = 0;
        for (var shift = 0; shift <= 21; shift += 7)
        {
            if (at >= bytes.Length) return false;
            var b = bytes[at++];
            value |= (b & 0x7F) << shift;
            if ((b & 0x80) == 0) return true;
        }
        return false;
    }
}
