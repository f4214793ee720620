using System.Diagnostics;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Seamless.Storage.Log;

namespace Seamless.Ingest.Mqtt.Front;

/// <summary>One MQTT connection: cuts packets out of its bytes, takes telemetry PUBLISHes by the fast lane and hands the others to MQTTnet.</summary>
/// <remarks>
/// Fast lane: the payload is read straight into the log's batch; the packet identifier waits until that batch is durable, then all that wait are
/// acknowledged in one write, in the order in which they came. The connection is read on meanwhile.
/// A PUBLISH that the fast lane does not take (another topic, another format, something to refuse) waits until everything before it is
/// acknowledged, and holds up what is behind it until MQTTnet has answered: so the order of acknowledgements is kept.
/// Nothing here blocks. Who must wait (the log is full, the peer does not read, MQTTnet is behind) stops reading: that is the back-pressure.
/// The parts: this file reads; FrontConnection.Writing.cs acknowledges and sends; FrontConnection.Session.cs is MQTTnet's side.
/// </remarks>
internal sealed partial class FrontConnection(FrontDoor door, Wire wire) : ICommitListener, IThreadPoolWorkItem
{
    private const int FirstBuffer = 2 * 1024;
    private const int UsualBuffer = 64 * 1024;
    private const int Nothing = int.MinValue;

    // Owned by whoever runs the pump; see Wake.
    private byte[] _in = new byte[FirstBuffer];
    private int _start;
    private int _end;
    private int _needed;
    private bool _filled;
    private bool _receiving;
    private bool _inLog;
    private long _nowMs;   // of this batch
    private int _batchRows;
    private int _batchMessages;
    private TopicEntry? _lastTopic;
    private TopicEntry?[]? _aliased;   // by topic alias; made when one is used
    private string?[]? _aliasTopics;

    private volatile Hold _hold;
    private int _arrived = Nothing;
    private int _work;
    private volatile bool _ended;
    private long _lastHeard = Stopwatch.GetTimestamp();

    /// <summary>What a connection that is not read on waits for.</summary>
    private enum Hold { None, Admission, Acknowledgements, Answer, Room, Session, Peer }

    /// <summary>Who is on the other end, once the broker has let it in.</summary>
    public Peer? Peer { get; set; }

    public Departure Departure { get; } = new();

    private bool SpeaksMqtt5 => PacketFormatterAdapter.ProtocolVersion is MQTTnet.Formatter.MqttProtocolVersion.V500;

    /// <summary>Starts to read.</summary>
    public void Begin()
    {
        wire.Connection = this;
        wire.Begin();
        Wake();
    }

    /// <summary>More bytes have come; 0 or less when the other side is done; <see cref="Wire.Again"/> when there is something to receive.</summary>
    public void Received(int bytes)
    {
        Volatile.Write(ref _arrived, bytes);
        Wake();
    }

    /// <summary>Runs the pump, or has whoever runs it go round once more: it never runs twice at a time.</summary>
    private void Wake()
    {
        if (Interlocked.Increment(ref _work) != 1) return;
        var seen = 1;
        do
        {
            try
            {
                Pump();
            }
            catch (Exception e)   // the edge of a connection: whatever it was, it ends this one only
            {
                LeaveLog();
                Refuse(e is IOException ? "the log takes nothing" : $"{e.GetType().Name}: {e.Message}");
            }
            seen = Interlocked.Add(ref _work, -seen);
        } while (seen != 0);
    }

    private void WakeLater() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    void IThreadPoolWorkItem.Execute() => Wake();

    private void Pump()
    {
        while (!_ended)
        {
            if (!TakeArrived() || !Parse() || _receiving) return;
            MakeRoom();
            _receiving = true;
            var bytes = wire.Receive(_in.AsMemory(_end));
            if (bytes < 0) return;
            Volatile.Write(ref _arrived, bytes);
        }
    }

    private bool TakeArrived()
    {
        var bytes = Interlocked.Exchange(ref _arrived, Nothing);
        if (bytes == Nothing) return true;
        _receiving = false;
        if (bytes == Wire.Again) return true;
        if (bytes <= 0)
        {
            End();
            return false;
        }
        _lastHeard = Stopwatch.GetTimestamp();
        _end += bytes;
        _filled = _end == _in.Length;
        return true;
    }

    /// <summary>Room for what comes next: more when the last read filled the buffer, and for the rest of a packet that has begun, but never
    /// more than twice what has come of it: a length is only a claim.</summary>
    private void MakeRoom()
    {
        var held = _end - _start;
        var size = held == 0 ? Math.Min(_in.Length, UsualBuffer) : _in.Length;
        if (_filled && size < UsualBuffer) size *= 2;
        if (_needed > size) size = Math.Max(size, Math.Min(_needed, held * 2));
        var target = size == _in.Length ? _in : new byte[size];
        if (target == _in && (held == 0 || _in.Length - _end >= _in.Length / 2))
        {
            if (held == 0) _start = _end = 0;
            return;
        }
        _in.AsSpan(_start, held).CopyTo(target);
        (_in, _start, _end) = (target, 0, held);
    }

    // Parsing

    /// <returns>False when there is something to wait for: whoever brings it about wakes us.</returns>
    private bool Parse()
    {
        if (!MayGoOn()) return false;
        _needed = 0;
        while (true)
        {
            var bytes = _in.AsSpan(_start, _end - _start);
            var status = FrameCutter.TryTake(bytes, door.MaxPacketBytes, out var body, out var needed);
            if (status is FrameStatus.Incomplete)
            {
                _needed = needed;
                break;
            }
            if (status is not FrameStatus.Taken)
            {
                LeaveLog();
                Refuse(status is FrameStatus.TooLong ? $"a packet of more than {door.MaxPacketBytes} bytes" : "not MQTT",
                    status is FrameStatus.TooLong ? MqttDisconnectReasonCode.PacketTooLarge : MqttDisconnectReasonCode.MalformedPacket);
                return false;
            }
            if (!Take(bytes[0], body, needed))
            {
                LeaveLog();
                if (_ended || !MayGoOn()) return false;
                continue;
            }
            _start += needed;
        }
        LeaveLog();
        return !_ended;
    }

    /// <returns>False when the packet stays where it is, to be looked at again.</returns>
    private bool Take(byte header, ReadOnlySpan<byte> body, int bytes)
    {
        var type = (MqttControlPacketType)(header >> 4);
        if (type is MqttControlPacketType.Publish)
        {
            if (!_admitted) return Wait(Hold.Admission);
            if (door.Log.IsFull) return Wait(Hold.Room);
            if (TryFastLane(header, body)) return true;
            LeaveLog();
            if (Unacknowledged > 0) return Wait(Hold.Acknowledgements);
        }
        LeaveLog();
        if (type is MqttControlPacketType.PingReq && _admitted)
        {
            SendPingResponse();
            return true;
        }
        return Forward(header, body, bytes);
    }

    private bool TryFastLane(byte header, ReadOnlySpan<byte> body)
    {
        if (!PublishFrame.TryRead(header, body, SpeaksMqtt5, out var frame) || frame.QoS > 1 || !frame.IsPlain) return false;
        if (frame.Payload.Length > door.Options.MaxPayloadBytes || TopicOf(frame) is not { } topic) return false;
        EnterLog();
        var nowMs = _nowMs;
        var rows = door.Log.RowsOf(topic.Partition);
        var before = rows.Count;
        var readings = rows.ReadingCount;
        if (topic.Meter.IsWatched(nowMs) || !door.Reader.TryRead(frame.Payload, topic.Number, nowMs, rows, ref topic.Shape)) return false;
        if (!topic.Meter.TryTake(nowMs, frame.Payload.Length, rows.Metrics[readings..]))
        {
            rows.Truncate(before);   // beyond a limit: what is to be said about it is said on the long way
            return false;
        }
        door.Log.Added(rows.Count - before);
        _batchRows += rows.Count - before;
        _batchMessages++;
        if (frame.QoS == 1) _staged.Add(frame.PacketId);
        if (topic.IsNews(nowMs)) door.Devices.Seen(topic.Device, DateTimeOffset.FromUnixTimeMilliseconds(nowMs));
        return true;
    }

    private TopicEntry? TopicOf(in PublishFrame frame)
    {
        if (frame.Alias != 0) return AliasedTopic(frame);
        if (_lastTopic is { } last && frame.Topic.SequenceEqual(last.Topic) && door.Topics.IsCurrent(last)) return last;
        return _lastTopic = door.Topics.Find(frame.Topic, Peer!.Principal);   // set before anyone is admitted
    }

    private TopicEntry? AliasedTopic(in PublishFrame frame)
    {
        if (frame.Alias > TopicAliases) return null;
        _aliased ??= new TopicEntry?[TopicAliases + 1];
        if (frame.Topic.IsEmpty)
            return _aliased[frame.Alias] is { } known ? door.Topics.IsCurrent(known) ? known : _aliased[frame.Alias] = door.Topics.Find(known.Topic, Peer!.Principal) : null;
        return _aliased[frame.Alias] = door.Topics.Find(frame.Topic, Peer!.Principal);
    }

    private bool MayGoOn()
    {
        var waits = _hold switch
        {
            Hold.Admission => !_admitted,
            Hold.Acknowledgements => Unacknowledged > 0,
            Hold.Answer => _awaited != 0,
            Hold.Room => door.Log.IsFull,
            Hold.Session => SessionIsBehind,
            Hold.Peer => PeerIsBehind,
            _ => false,
        };
        if (waits) return false;
        _hold = Hold.None;
        return !PeerIsBehind || Wait(Hold.Peer);
    }

    /// <summary>Stops reading. Whatever is waited for may have come about just now, so the pump looks once more.</summary>
    private bool Wait(Hold hold)
    {
        _hold = hold;
        if (hold is Hold.Room) _ = WakeWhenThereIsRoomAsync();   // ends by waking us
        else Interlocked.Increment(ref _work);
        return false;
    }

    private async Task WakeWhenThereIsRoomAsync()
    {
        await door.Log.WaitForRoomAsync();
        Wake();
    }

    // The log's batch: held from the first PUBLISH of a read to its last

    private void EnterLog()
    {
        if (_inLog) return;
        door.Log.Enter();
        _inLog = true;
        _nowMs = door.Time.GetUtcNow().ToUnixTimeMilliseconds();
    }

    private void LeaveLog()
    {
        if (!_inLog) return;
        _inLog = false;
        try
        {
            if (_batchMessages > 0) Promise();
            KeepReceiveMaximum();   // while the log is held, so that no commit comes between
        }
        finally
        {
            door.Log.Leave();
        }
        if (_batchMessages > 0) door.Metrics.Received(_batchMessages, _batchRows);
        (_batchMessages, _batchRows) = (0, 0);
    }

    /// <summary>The keep-alive of MQTT 5.0 §3.1.2.10: one and a half times the period. MQTTnet does not see every packet, so it is ours to watch.</summary>
    public void CheckAlive(long now)
    {
        if (_keepAliveSeconds == 0 || _hold is not Hold.None || Stopwatch.GetElapsedTime(_lastHeard, now).TotalSeconds <= _keepAliveSeconds * 1.5) return;
        Refuse("nothing heard for longer than its keep-alive", MqttDisconnectReasonCode.KeepAliveTimeout);
    }

    private void Refuse(string why, MqttDisconnectReasonCode reason = MqttDisconnectReasonCode.UnspecifiedError)
    {
        if (_ended) return;
        door.Refused(Peer?.From ?? wire.RemoteEndPoint?.ToString() ?? "unknown", why);
        if (_admitted && SpeaksMqtt5) Send(new MqttDisconnectPacket { ReasonCode = reason });
        End();
    }

    /// <summary>Ends the connection; what was not acknowledged stays so.</summary>
    public void End()
    {
        if (_ended) return;
        _ended = true;
        Departure.TryBegin();
        wire.Close();
        EndSession();
    }
}
