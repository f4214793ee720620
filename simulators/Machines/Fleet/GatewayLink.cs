using System.Buffers;
using System.Net.Sockets;
using System.Threading.Channels;
using MQTTnet.Adapter;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Seamless.DeviceAgent.Link;
using Seamless.Telemetry;

namespace Seamless.Machines.Fleet;

/// <summary>One real MQTT 5 connection for many machines: what they send at one instant leaves in one write, and is acknowledged as it comes.</summary>
/// <remarks>
/// For a fleet in step with its platform, where every machine speaks at the same instant and all wait for the last acknowledgement. A connection that
/// ends, ends the run: there is no platform to come back to. Thread-safe.
/// </remarks>
internal sealed class GatewayLink(FleetTarget target, DeviceKey gateway, string token) : ILink, IAsyncDisposable
{
    private const int FirstBuffer = 64 * 1024;

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly Dictionary<DeviceKey, ILinkUser> _users = [];
    private readonly Channel<MqttPublishPacket> _commands = Channel.CreateUnbounded<MqttPublishPacket>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

    private readonly Lock _gate = new();
    private readonly MqttPacketFormatterAdapter _writer = Formatter();
    private readonly ArrayBufferWriter<byte> _out = new(FirstBuffer);
    private readonly Dictionary<ushort, TaskCompletionSource<MqttPacket>> _asked = [];
    private ushort _lastId;
    private bool _gathers;
    private Exception? _failure;

    private readonly TaskCompletionSource<MqttConnAckPacket> _admitted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SemaphoreSlim _window = new(0);
    private long _received;
    private long _handled;
    private TaskCompletionSource? _allHandled;
    private Task _reading = Task.CompletedTask;
    private Task _handling = Task.CompletedTask;

    public bool IsConnected { get; private set; }

    public void Attach(ILinkUser user) => _users.Add(user.Device, user);

    public Task WaitUntilConnectedAsync(CancellationToken ct) => IsConnected ? Task.CompletedTask : throw new InvalidOperationException("the gateway is not connected");

    /// <exception cref="IOException">The platform does not let us in.</exception>
    public async Task ConnectAsync(CancellationToken ct)
    {
        await _socket.ConnectAsync(target.MqttHost, target.MqttPort, ct);
        _reading = Task.Run(ReadAsync, CancellationToken.None);   // ends with the connection
        Write(new MqttConnectPacket { ClientId = gateway.Device, Username = gateway.Device, Password = System.Text.Encoding.UTF8.GetBytes(token), CleanSession = true });
        var answer = await _admitted.Task.WaitAsync(ct);
        if (answer.ReasonCode is not MqttConnectReasonCode.Success) throw new IOException($"the platform refuses the gateway: {answer.ReasonCode}");
        _window = new SemaphoreSlim(answer.ReceiveMaximum == 0 ? ushort.MaxValue : answer.ReceiveMaximum);   // MQTT 5.0 §3.2.2.3.3: all of them when it says nothing
        _handling = Task.Run(HandleCommandsAsync, CancellationToken.None);
        await TogetherAsync(() => Task.WhenAll(_users.Keys.Select(SubscribeAsync)), ct);
        IsConnected = true;
        await TogetherAsync(() => Task.WhenAll(_users.Values.Select(user => user.ConnectedAsync(ct))), ct);
    }

    /// <summary>Has everything that <paramref name="publish"/> publishes before its first wait leave in one write; returns when it has ended.</summary>
    public async Task TogetherAsync(Func<Task> publish, CancellationToken ct)
    {
        Task published;
        lock (_gate) _gathers = true;
        try
        {
            published = publish();
        }
        finally
        {
            lock (_gate)
            {
                _gathers = false;
                Send();
            }
        }
        await published.WaitAsync(ct);
    }

    public async Task<bool> PublishAsync(string topic, ReadOnlyMemory<byte> payload, bool retain, CancellationToken ct)
    {
        await _window.WaitAsync(ct);
        try
        {
            var packet = new MqttPublishPacket { Topic = topic, Payload = new ReadOnlySequence<byte>(payload), Retain = retain, QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce };
            return await AskAsync(packet) is MqttPubAckPacket { ReasonCode: < MqttPubAckReasonCode.UnspecifiedError };
        }
        finally
        {
            _window.Release();
        }
    }

    /// <summary>Returns when every command that the platform had for us so far has been received and handled.</summary>
    /// <remarks>
    /// A ping is no proof: a server may answer it past the session. What is asked of the session itself is answered in turn with its messages, no later
    /// than one message after what was queued before; so two answers without news mean that nothing is left.
    /// </remarks>
    public async Task DrainAsync(CancellationToken ct)
    {
        long before;
        do
        {
            before = Interlocked.Read(ref _received);
            await TakeTurnAsync().WaitAsync(ct);
            await TakeTurnAsync().WaitAsync(ct);
            await WhenAllHandledAsync().WaitAsync(ct);
        }
        while (before != Interlocked.Read(ref _received));
    }

    public async ValueTask DisposeAsync()
    {
        IsConnected = false;
        try
        {
            if (_socket.Connected) Write(new MqttDisconnectPacket());
        }
        catch (IOException)
        {
            // It has ended already.
        }
        _socket.Dispose();
        await _reading;
        await _handling;
        _window.Dispose();
    }

    private Task SubscribeAsync(DeviceKey device)
    {
        var packet = new MqttSubscribePacket();
        packet.TopicFilters.Add(new MqttTopicFilter { Topic = Topic.Commands(device), QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce });
        return AskAsync(packet);
    }

    /// <summary>A request that changes nothing and that the session answers.</summary>
    private Task TakeTurnAsync()
    {
        var packet = new MqttUnsubscribePacket();
        packet.TopicFilters.Add(Topic.ShadowDesired(gateway));   // to which nobody here subscribes
        return AskAsync(packet);
    }

    private Task<MqttPacket> AskAsync(MqttPacketWithIdentifier packet)
    {
        // Continued where it is completed: by Complete, and never on the reader.
        var answer = new TaskCompletionSource<MqttPacket>();
        lock (_gate)
        {
            if (_failure is { } failure) throw new IOException("the connection of the gateway has ended", failure);
            do _lastId++;
            while (_lastId == 0 || _asked.ContainsKey(_lastId));
            packet.PacketIdentifier = _lastId;
            _asked.Add(_lastId, answer);
            Write(packet);
        }
        return answer.Task;
    }

    private void Write(MqttPacket packet)
    {
        lock (_gate)
        {
            var encoded = _writer.Encode(packet);
            _out.Write(encoded.Packet);
            foreach (var segment in encoded.Payload) _out.Write(segment.Span);
            _writer.Cleanup();
            if (!_gathers) Send();
        }
    }

    private void Send()
    {
        var rest = _out.WrittenSpan;
        try
        {
            while (rest.Length > 0) rest = rest[_socket.Send(rest)..];
        }
        catch (SocketException failure)   // the reader hears of it too, perhaps later
        {
            throw new IOException("the connection of the gateway has ended", failure);
        }
        finally
        {
            _out.ResetWrittenCount();
        }
    }

    // Reading

    private async Task ReadAsync()
    {
        var (reader, buffer, held) = (Formatter(), new byte[FirstBuffer], 0);
        try
        {
            while (await _socket.ReceiveAsync(buffer.AsMemory(held)) is > 0 and var bytes)
            {
                held += bytes;
                var taken = TakeAll(reader, buffer.AsSpan(0, held));
                buffer.AsSpan(taken, held - taken).CopyTo(buffer);
                held -= taken;
                if (held == buffer.Length) Array.Resize(ref buffer, 2 * buffer.Length);
            }
            Fail(new IOException("the platform has closed the connection of the gateway"));
        }
        catch (Exception e)   // the edge of this loop: whoever waits for an answer is told
        {
            Fail(e);
        }
    }

    /// <returns>Bytes of whole packets.</returns>
    private int TakeAll(MqttPacketFormatterAdapter reader, ReadOnlySpan<byte> bytes)
    {
        var answers = new List<(TaskCompletionSource<MqttPacket>, MqttPacket)>();
        var taken = 0;
        while (LengthOf(bytes[taken..]) is var (head, body) && taken + head + body <= bytes.Length)
        {
            var packet = reader.Decode(new ReceivedMqttPacket(bytes[taken], bytes.Slice(taken + head, body).ToArray(), head + body));
            taken += head + body;
            switch (packet)
            {
                case MqttConnAckPacket admitted:
                    _admitted.TrySetResult(admitted);
                    break;
                case MqttPublishPacket command:
                    Interlocked.Increment(ref _received);
                    _commands.Writer.TryWrite(command);
                    break;
                case MqttPacketWithIdentifier answer:
                    lock (_gate)
                        if (_asked.Remove(answer.PacketIdentifier, out var asked)) answers.Add((asked, packet));
                    break;
            }
        }
        if (answers.Count > 0) ThreadPool.UnsafeQueueUserWorkItem(Complete, answers, preferLocal: false);
        return taken;
    }

    /// <summary>Those who have been answered together go on together, one after another: waking a thread for each would cost more than what they do.</summary>
    private static void Complete(List<(TaskCompletionSource<MqttPacket> Asked, MqttPacket Answer)> answers)
    {
        foreach (var (asked, answer) in answers) asked.TrySetResult(answer);
    }

    /// <summary>MQTT 5.0 §2.1.4: seven bits a byte. Null when the header is not here yet.</summary>
    private static (int Head, int Body)? LengthOf(ReadOnlySpan<byte> bytes)
    {
        var length = 0;
        for (var at = 1; at < bytes.Length && at <= 4; at++)
        {
            length |= (bytes[at] & 0x7F) << (7 * (at - 1));
            if ((bytes[at] & 0x80) == 0) return (at + 1, length);
        }
        return null;
    }

    private void Fail(Exception failure)
    {
        List<TaskCompletionSource<MqttPacket>> asked;
        lock (_gate)
        {
            _failure = failure;
            asked = [.. _asked.Values];
            _asked.Clear();
            _allHandled?.TrySetException(failure);
        }
        _admitted.TrySetException(failure);
        _commands.Writer.TryComplete();
        foreach (var one in asked) one.TrySetException(new IOException("the connection of the gateway has ended", failure));
    }

    // Commands

    // One after another: two commands never act at the same time.
    private async Task HandleCommandsAsync()
    {
        await foreach (var command in _commands.Reader.ReadAllAsync())
        {
            try
            {
                await HandleAsync(command);
            }
            catch (IOException)
            {
                return;   // without a connection nobody is answered
            }
            lock (_gate)
            {
                if (++_handled < Interlocked.Read(ref _received)) continue;
                _allHandled?.TrySetResult();
                _allHandled = null;
            }
        }
    }

    private async Task HandleAsync(MqttPublishPacket command)
    {
        if (Topic.TryParse(command.Topic, out var topic) && topic.Value is { Kind: TopicKind.Command, CommandId: { } id, Device: var device } && _users.TryGetValue(device, out var user))
            await user.CommandAsync(id, command.Payload.ToArray(), CancellationToken.None);
        if (command.QualityOfServiceLevel is MqttQualityOfServiceLevel.AtLeastOnce) Write(new MqttPubAckPacket { PacketIdentifier = command.PacketIdentifier });
    }

    private Task WhenAllHandledAsync()
    {
        lock (_gate)
        {
            if (_failure is { } failure) return Task.FromException(failure);
            if (_handled == Interlocked.Read(ref _received)) return Task.CompletedTask;
            return (_allHandled ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    private static MqttPacketFormatterAdapter Formatter() => new(MqttProtocolVersion.V500, new MqttBufferWriter(4 * 1024, 64 * 1024));
}
