using System.Net;
using System.Security.Cryptography.X509Certificates;
using MQTTnet.Adapter;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Seamless.Ingest.Mqtt.Front;

/// <summary>MQTTnet's side: it receives the packets that are not the fast lane's, and sends.</summary>
internal sealed partial class FrontConnection : IMqttChannelAdapter
{
    /// <summary>Topic aliases that a client may use (MQTT 5.0 §3.2.2.3.8).</summary>
    public const int TopicAliases = 64;

    private const int BehindPackets = 16;
    private const int WriterBytes = 128;

    private readonly Lock _queueing = new();
    private readonly Queue<MqttPacket> _queue = new(2);
    private TaskCompletionSource<MqttPacket?>? _waiting;
    private volatile bool _admitted;
    private volatile int _awaited;   // packet identifier that MQTTnet owes an answer for; 0 for none
    private readonly HashSet<ushort> _halfWay = [];   // QoS 2, not completed on this connection
    private int _keepAliveSeconds;

    public MqttPacketFormatterAdapter PacketFormatterAdapter { get; } = new(new MqttBufferWriter(WriterBytes, 64 * 1024));
    public X509Certificate2? ClientCertificate => wire.ClientCertificate;
    public EndPoint? RemoteEndPoint => wire.RemoteEndPoint;
    public EndPoint? LocalEndPoint => wire.LocalEndPoint;
    public bool IsSecureConnection => wire.IsSecure;
    public long BytesReceived => 0;   // counted for all connections together, in the metrics
    public long BytesSent => 0;

    private bool SessionIsBehind
    {
        get { lock (_queueing) return _queue.Count >= BehindPackets; }
    }

    /// <summary>Hands a packet to MQTTnet.</summary>
    /// <returns>False when the packet cannot be used: the connection has ended.</returns>
    private bool Forward(byte header, ReadOnlySpan<byte> body, int bytes)
    {
        if (Decode(header, body, bytes) is not { } packet)
        {
            Refuse("a malformed packet", MqttDisconnectReasonCode.MalformedPacket);
            return false;
        }
        switch (packet)
        {
            case MqttConnectPacket connect:
                Prepare(connect);
                break;
            case MqttDisconnectPacket:
                Departure.TryBegin();
                break;
            case MqttPublishPacket publish:
                if (!TryNameTopic(publish))
                {
                    Refuse("a topic alias that stands for nothing", MqttDisconnectReasonCode.TopicAliasInvalid);
                    return false;
                }
                if (publish.QualityOfServiceLevel > MqttQualityOfServiceLevel.AtMostOnce)
                {
                    _awaited = publish.PacketIdentifier;
                    _hold = Hold.Answer;
                    if (publish.QualityOfServiceLevel is MqttQualityOfServiceLevel.ExactlyOnce) lock (_halfWay) _halfWay.Add(publish.PacketIdentifier);
                    KeepReceiveMaximum();
                    if (_ended) return false;
                }
                break;
        }
        Enqueue(packet);
        if (_hold is Hold.None && SessionIsBehind) _hold = Hold.Session;
        if (_hold is Hold.None) return true;
        // Taken, but nothing behind it may be looked at yet.
        _start += bytes;
        return Wait(_hold);
    }

    private MqttPacket? Decode(byte header, ReadOnlySpan<byte> body, int bytes)
    {
        var received = new ReceivedMqttPacket(header, new ArraySegment<byte>(body.ToArray()), bytes);
        try
        {
            if (PacketFormatterAdapter.ProtocolVersion is MqttProtocolVersion.Unknown) PacketFormatterAdapter.DetectProtocolVersion(received);
            return PacketFormatterAdapter.Decode(received);
        }
        catch (Exception)   // whatever a reader makes of bytes that are no packet
        {
            return null;
        }
    }

    private void Prepare(MqttConnectPacket connect)
    {
        // MQTT 3.1.1 §3.1.3-6: a client without a name gets one. A session without a name can be found by nobody again, so with Clean Session only.
        if (string.IsNullOrEmpty(connect.ClientId) && connect.CleanSession && !SpeaksMqtt5) connect.ClientId = Guid.CreateVersion7(door.Time.GetUtcNow()).ToString("N");
        _keepAliveSeconds = connect.KeepAlivePeriod;
        connect.KeepAlivePeriod = 0;   // ours to watch: MQTTnet sees only a part of what comes
    }

    /// <summary>Aliases are kept here, since the fast lane's packets use them too; MQTTnet sees names only.</summary>
    private bool TryNameTopic(MqttPublishPacket publish)
    {
        if (publish.TopicAlias == 0) return true;
        if (publish.TopicAlias > TopicAliases) return false;
        _aliasTopics ??= new string?[TopicAliases + 1];
        if (string.IsNullOrEmpty(publish.Topic)) publish.Topic = NameOf(publish.TopicAlias);
        else (_aliasTopics[publish.TopicAlias], (_aliased ??= new TopicEntry?[TopicAliases + 1])[publish.TopicAlias]) = (publish.Topic, null);
        publish.TopicAlias = 0;
        return !string.IsNullOrEmpty(publish.Topic);
    }

    private string? NameOf(int alias) =>
        _aliased?[alias] is { } entry ? System.Text.Encoding.UTF8.GetString(entry.Topic) : _aliasTopics![alias];

    private void Enqueue(MqttPacket packet)
    {
        TaskCompletionSource<MqttPacket?>? waiting;
        lock (_queueing)
        {
            (waiting, _waiting) = (_waiting, null);
            if (waiting is null) _queue.Enqueue(packet);
        }
        if (waiting?.TrySetResult(packet) is false) lock (_queueing) _queue.Enqueue(packet);   // it was cancelled just now
    }

    public async Task<MqttPacket?> ReceivePacketAsync(CancellationToken cancellationToken)
    {
        var packet = await NextPacketAsync(cancellationToken);
        if (packet is null or MqttDisconnectPacket && !Departure.TryBegin()) await TakenOverAsync(cancellationToken);
        return packet;
    }

    /// <summary>Keeps our end back until MQTTnet has let the next connection take over: what ends before deletes the session by its id, which is the next one's by then.</summary>
    private static async Task TakenOverAsync(CancellationToken ended)
    {
        try
        {
            await Task.Delay(FrontDoor.MostForAnEnd, ended);
        }
        catch (OperationCanceledException)
        {
            // As it should be: MQTTnet has stopped this connection.
        }
    }

    private async Task<MqttPacket?> NextPacketAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource<MqttPacket?> waiting;
        lock (_queueing)
        {
            if (_queue.TryDequeue(out var packet))
            {
                if (_hold is Hold.Session) WakeLater();
                return packet;
            }
            if (_ended) return null;
            waiting = _waiting = new TaskCompletionSource<MqttPacket?>(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        await using var cancelled = cancellationToken.UnsafeRegister(static state => ((TaskCompletionSource<MqttPacket?>)state!).TrySetCanceled(), waiting);
        return await waiting.Task;
    }

    public async Task SendPacketAsync(MqttPacket packet, CancellationToken cancellationToken)
    {
        if (packet is MqttConnAckPacket answer) Announce(answer);
        await WhenPeerReadsAsync().WaitAsync(cancellationToken);
        if (CompletedBy(packet) is { } completed) lock (_halfWay) _halfWay.Remove(completed);
        Send(packet);
        switch (packet)
        {
            case MqttConnAckPacket { ReasonCode: MqttConnectReasonCode.Success } when Peer is not null:
                _admitted = true;
                break;
            case MqttPubAckPacket ack when ack.PacketIdentifier == _awaited:
                _awaited = 0;
                break;
            case MqttPubRecPacket ack when ack.PacketIdentifier == _awaited:
                _awaited = 0;
                break;
            default:
                return;
        }
        if (_hold is not Hold.None) WakeLater();
    }

    private static ushort? CompletedBy(MqttPacket packet) => packet switch
    {
        MqttPubCompPacket done => done.PacketIdentifier,
        MqttPubRecPacket { ReasonCode: >= MqttPubRecReasonCode.UnspecifiedError } refused => refused.PacketIdentifier,
        _ => null,
    };

    /// <summary>Ends the connection when more is on the way than was announced (MQTT 5.0 §3.3.4). By the reader of the connection, once a read: a lock a message would cost more than the check is worth.</summary>
    /// <remarks>What is answered no longer counts before the answer is sent, so a client that keeps to the number is never taken for one that does not.</remarks>
    private void KeepReceiveMaximum()
    {
        if (!SpeaksMqtt5) return;
        var (onTheWay, awaited) = (_ids.Count, _awaited);
        lock (_halfWay) onTheWay += _halfWay.Count + (awaited == 0 || _halfWay.Contains((ushort)awaited) ? 0 : 1);
        if (onTheWay > door.Options.ReceiveMaximum) Refuse($"more than {door.Options.ReceiveMaximum} messages not acknowledged", MqttDisconnectReasonCode.ReceiveMaximumExceeded);
    }

    private void Announce(MqttConnAckPacket answer)
    {
        if (!SpeaksMqtt5) return;
        answer.ReceiveMaximum = door.Options.ReceiveMaximum;
        answer.TopicAliasMaximum = TopicAliases;
        answer.MaximumPacketSize = (uint)door.MaxPacketBytes;
    }

    private void EndSession()
    {
        TaskCompletionSource<MqttPacket?>? waiting;
        lock (_queueing) (waiting, _waiting) = (_waiting, null);
        waiting?.TrySetResult(null);
        lock (_writing)
        {
            _drained?.TrySetResult();
            _drained = null;
        }
    }

    public Task ConnectAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task DisconnectAsync(CancellationToken cancellationToken)
    {
        End();
        return Task.CompletedTask;
    }

    public void ResetStatistics()
    {
    }

    public void Dispose() => End();
}
