using MQTTnet.Adapter;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Seamless.Fuzz.Reference;
using Seamless.Ingest.Mqtt.Front;

namespace Seamless.Fuzz;

/// <summary>A connection's bytes through the packet cutter and the PUBLISH reader: a plain reader of the standard must cut and read alike, and what the fast lane takes the session would take alike.</summary>
internal sealed class PacketTarget : ITarget
{
    private const int MaxPacketBytes = 2048;   // below what the mutator makes, so that too long ones come about

    private readonly MqttPacketFormatterAdapter _session311 = new(MqttProtocolVersion.V311, new MqttBufferWriter(256, 4096));
    private readonly MqttPacketFormatterAdapter _session5 = new(MqttProtocolVersion.V500, new MqttBufferWriter(256, 4096));

    public string Name => "packet";

    public IReadOnlyList<byte[]> Words { get; } =
    [
        [0x30, 0x80], [0x32, 0xFF, 0xFF, 0xFF, 0x7F], [0x32, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], [0xC0, 0x00], [0x30, 0x80, 0x00], [0x34, 0x0B], [0x36, 0x0B], [0x00, 0x00],
        [0x00, 0x1B, .. "v1/default/pump-1/telemetry"u8], [0x23, 0x00, 0x01], [0x23, 0x00, 0x00], [0x01, 0x01], [0x02, 0x00, 0x00, 0x00, 0x3C], [0x03, 0x00, 0x10, .. "application/json"u8],
        [0x03, 0x00, 0x10, .. "application/cbor"u8], [0x26, 0x00, 0x01, (byte)'k', 0x00, 0x01, (byte)'v'], [0x08, 0x00, 0x01, (byte)'r'], [0x0B, 0x01], [0x80, 0x80, 0x80, 0x01], [0xFF, 0xFF], .. Mutator.WordsOf("{\"a\":1}", "\u6e29"),
    ];

    public void Run(ReadOnlySpan<byte> input, Comparison comparison)
    {
        var rest = input;
        while (true)
        {
            var status = FrameCutter.TryTake(rest, MaxPacketBytes, out var body, out var needed);
            if (comparison is not Comparison.Nothing) CutsAlike(rest, status, body, needed);
            if (status is not FrameStatus.Taken) break;
            if (needed < 2 || needed > rest.Length || body.Length > MaxPacketBytes) throw new FindingException($"a packet of {needed} bytes, body {body.Length}, out of {rest.Length}");
            if (comparison is Comparison.Everything) CutsNothingOff(rest[..needed], needed);
            Read(rest[0], body, needed, mqtt5: false, comparison);
            Read(rest[0], body, needed, mqtt5: true, comparison);
            rest = rest[needed..];
        }
    }

    private static void CutsAlike(ReadOnlySpan<byte> bytes, FrameStatus status, ReadOnlySpan<byte> body, int needed)
    {
        var expected = PacketReference.Cut(bytes, MaxPacketBytes);
        if (expected.Status != status || expected.Needed != needed || !body.SequenceEqual(bytes.Slice(expected.BodyStart, expected.BodyLength)))
            throw new FindingException($"cut: {status}, {needed} bytes, body {body.Length}; the reference: {expected}");
    }

    /// <summary>A packet that has not come whole is not there yet, wherever it was cut.</summary>
    private static void CutsNothingOff(ReadOnlySpan<byte> packet, int whole)
    {
        for (var at = 0; at < packet.Length; at += 1 + packet.Length / 32)
        {
            var status = FrameCutter.TryTake(packet[..at], MaxPacketBytes, out _, out var needed);
            if (status is not FrameStatus.Incomplete || (needed != 0 && needed != whole)) throw new FindingException($"{at} of {whole} bytes: {status}, needs {needed}");
        }
    }

    private void Read(byte header, ReadOnlySpan<byte> body, int needed, bool mqtt5, Comparison comparison)
    {
        if (header >> 4 != 3) return;
        var taken = PublishFrame.TryRead(header, body, mqtt5, out var frame);
        if (comparison is Comparison.Nothing) return;
        var expected = PacketReference.ReadPublish(header, body, mqtt5);
        if (taken != expected is not null) throw new FindingException($"PUBLISH {(taken ? "taken" : "refused")}; the reference: {expected?.ToString() ?? "refused"}");
        if (expected is null) return;
        if (frame.QoS != expected.QoS || frame.PacketId != expected.PacketId || frame.Alias != expected.Alias || frame.IsPlain != expected.IsPlain
            || !frame.Topic.SequenceEqual(expected.Topic) || !frame.Payload.SequenceEqual(expected.Payload))
            throw new FindingException($"PUBLISH {frame.PacketId}, alias {frame.Alias}, plain {frame.IsPlain}, {frame.Topic.Length} + {frame.Payload.Length} bytes; the reference: {expected}");
        if (comparison is Comparison.Everything && frame.IsPlain && frame.QoS < 2) TheSessionTakesItAlike(header, body, needed, frame, mqtt5 ? _session5 : _session311);
    }

    /// <summary>Only of topics that the topic table could know: it holds ASCII, and none that is empty without an alias.</summary>
    private static void TheSessionTakesItAlike(byte header, ReadOnlySpan<byte> body, int needed, in PublishFrame frame, MqttPacketFormatterAdapter session)
    {
        if (!System.Text.Ascii.IsValid(frame.Topic) || (frame.Topic.IsEmpty && frame.Alias == 0)) return;
        var packet = session.Decode(new ReceivedMqttPacket(header, new ArraySegment<byte>(body.ToArray()), needed)) as MqttPublishPacket ?? throw new FindingException("the session reads no PUBLISH");
        var same = packet.PacketIdentifier == frame.PacketId && packet.TopicAlias == frame.Alias && packet.QualityOfServiceLevel == (MqttQualityOfServiceLevel)frame.QoS
            && (packet.Topic ?? "") == System.Text.Encoding.ASCII.GetString(frame.Topic) && Bytes(packet).AsSpan().SequenceEqual(frame.Payload);
        if (!same) throw new FindingException($"the session reads {packet}, alias {packet.TopicAlias}");
    }

    private static byte[] Bytes(MqttPublishPacket packet) => System.Buffers.BuffersExtensions.ToArray(packet.Payload);
}
