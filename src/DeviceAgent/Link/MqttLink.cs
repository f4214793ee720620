using System.Buffers;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Diagnostics.PacketInspection;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using Seamless.Telemetry;

namespace Seamless.DeviceAgent.Link;

/// <summary>An MQTT 5 connection that comes back: persistent session, Will on <c>state</c>, jittered back-off.</summary>
public sealed partial class MqttLink : ILink, IAsyncDisposable
{
    private readonly LinkOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly Backoff _backoff;
    private readonly Dictionary<DeviceKey, ILinkUser> _users = [];
    private readonly Channel<MqttApplicationMessageReceivedEventArgs> _commands = Channel.CreateBounded<MqttApplicationMessageReceivedEventArgs>(256);
    private long _received;
    private long _handled;
    private TaskCompletionSource _connected = NewSignal();
    private TaskCompletionSource _lost = NewSignal();

    public MqttLink(LinkOptions options, TimeProvider time, ILogger logger)
    {
        _options = options;
        _time = time;
        _logger = logger;
        _backoff = new Backoff(options.FirstBackoff, options.LongestBackoff, Random.Shared.NextDouble);
        _client.InspectPacketAsync += CountAsync;
        _client.ApplicationMessageReceivedAsync += ReceivedAsync;
        _client.DisconnectedAsync += LostAsync;
    }

    public bool IsConnected => _connected.Task.IsCompleted;

    public void Attach(ILinkUser user) => _users.Add(user.Device, user);

    public Task WaitUntilConnectedAsync(CancellationToken ct) => _connected.Task.WaitAsync(ct);

    /// <summary>Keeps the connection until cancelled, then says goodbye.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var commands = HandleCommandsAsync(ct);
        try
        {
            while (!ct.IsCancellationRequested)
            {
                if (await TryConnectAsync(ct))
                {
                    await _lost.Task.WaitAsync(ct);
                    LogLost(_logger, _options.Server);
                }
                await Task.Delay(_backoff.Next(), _time, ct);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            await SayGoodbyeAsync();
        }
        await commands;
    }

    public async Task<bool> PublishAsync(string topic, ReadOnlyMemory<byte> payload, bool retain, CancellationToken ct)
    {
        if (!_client.IsConnected) return false;
        try
        {
            var result = await _client.PublishAsync(Message(topic, payload, retain), ct);
            if (!result.IsSuccess) LogRefused(_logger, topic, result.ReasonCode, result.ReasonString);
            else if (result.ReasonString is { Length: > 0 } reason) LogUnusable(_logger, topic, reason);
            return result.IsSuccess;
        }
        catch (Exception e) when (IsConnectionTrouble(e, ct))
        {
            return false;
        }
    }

    /// <summary>Returns when every message that the platform had for us so far has been received and handled.</summary>
    /// <remarks>A server answers a ping no later than one message after what was queued before it, so two pings without news mean that nothing is left.</remarks>
    public async Task DrainAsync(CancellationToken ct)
    {
        long before;
        do
        {
            before = Interlocked.Read(ref _received);
            await _client.PingAsync(ct);
            await _client.PingAsync(ct);
            while (Interlocked.Read(ref _handled) < Interlocked.Read(ref _received))
            {
                ct.ThrowIfCancellationRequested();
                await Task.Yield();
            }
        }
        while (before != Interlocked.Read(ref _received));
    }

    public async ValueTask DisposeAsync()
    {
        await SayGoodbyeAsync();
        _client.Dispose();
    }

    private async Task<bool> TryConnectAsync(CancellationToken ct)
    {
        _lost = NewSignal();
        try
        {
            var answer = await _client.ConnectAsync(ClientOptions(), ct);
            if (answer.ResultCode is not MqttClientConnectResultCode.Success)
            {
                LogConnectRefused(_logger, _options.Server, answer.ResultCode);
                return false;
            }
            foreach (var user in _users.Values) await SubscribeAsync(user.Device, ct);
            _connected.TrySetResult();
            _backoff.Reset();
            LogConnected(_logger, _options.Server, _options.Principal.Device);
            foreach (var user in _users.Values) await user.ConnectedAsync(ct);
            return true;
        }
        catch (Exception e) when (IsConnectionTrouble(e, ct))
        {
            LogUnreachable(_logger, _options.Server, e.Message);
            await DropAsync();
            return false;
        }
    }

    private async Task SubscribeAsync(DeviceKey device, CancellationToken ct)
    {
        var filter = new MqttTopicFilterBuilder().WithTopic(Topic.Commands(device)).WithAtLeastOnceQoS().Build();
        var result = await _client.SubscribeAsync(new MqttClientSubscribeOptions { TopicFilters = [filter] }, ct);
        if (result.Items.FirstOrDefault()?.ResultCode > MqttClientSubscribeResultCode.GrantedQoS2) LogNoCommands(_logger, device.Device);
    }

    private MqttClientOptions ClientOptions()
    {
        var builder = new MqttClientOptionsBuilder()
            .WithProtocolVersion(MqttProtocolVersion.V500)
            .WithTcpServer(_options.Server.Host, _options.Port)
            .WithClientId(_options.ClientId ?? _options.Principal.Device)
            .WithCleanStart(false)
            .WithSessionExpiryInterval((uint)_options.SessionExpiry.TotalSeconds)
            .WithKeepAlivePeriod(_options.KeepAlive)
            .WithWillTopic(Topic.State(_options.Principal))
            .WithWillPayload(StateJson.Offline(_options.AgentVersion))
            .WithWillQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
            .WithWillRetain();
        if (_options.Token is { } token) builder = builder.WithCredentials(_options.Principal.Device, token);
        if (_options.UseTls) builder = builder.WithTlsOptions(Trust);
        return builder.Build();
    }

    private void Trust(MqttClientTlsOptionsBuilder tls)
    {
        tls.UseTls();
        if (_options.CaFile is not { } file) return;
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(file);
        tls.WithTrustChain(authorities);
    }

    private static MqttApplicationMessage Message(string topic, ReadOnlyMemory<byte> payload, bool retain) => new()
    {
        Topic = topic,
        Payload = new ReadOnlySequence<byte>(payload),
        QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
        Retain = retain,
    };

    // Acknowledged by HandleCommandsAsync, once the command is safe. A full channel slows the platform down.
    private async Task ReceivedAsync(MqttApplicationMessageReceivedEventArgs message)
    {
        message.AutoAcknowledge = false;
        await _commands.Writer.WriteAsync(message);
    }

    /// <summary>Counts a message the moment its packet is off the wire: the client hands it on from a queue of its own, which a ping overtakes.</summary>
    private Task CountAsync(InspectMqttPacketEventArgs packet)
    {
        const int Publish = 3;   // MQTT 5.0 §2.1.2, the packet type in the upper half of the first byte
        if (packet.Direction is MqttPacketFlowDirection.Inbound && packet.Buffer[0] >> 4 == Publish) Interlocked.Increment(ref _received);
        return Task.CompletedTask;
    }

    // One after another: two commands never act on a machine at the same time.
    private async Task HandleCommandsAsync(CancellationToken ct)
    {
        try
        {
            await foreach (var message in _commands.Reader.ReadAllAsync(ct))
            {
                await HandleAsync(message, ct);
                Interlocked.Increment(ref _handled);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // the loop ends with the link
        }
    }

    private async Task HandleAsync(MqttApplicationMessageReceivedEventArgs message, CancellationToken ct)
    {
        var name = message.ApplicationMessage.Topic;
        if (Topic.TryParse(name, out var topic) && topic.Value is { Kind: TopicKind.Command, CommandId: { } id, Device: var device }
            && _users.TryGetValue(device, out var user))
        {
            try
            {
                await user.CommandAsync(id, message.ApplicationMessage.Payload.ToArray(), ct);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The journal's disk: nothing has acted, and without our acknowledgement the platform delivers it again.
                LogCommandFailed(_logger, e, name);
                return;
            }
        }
        else
        {
            LogUnknown(_logger, name);
        }
        try
        {
            await message.AcknowledgeAsync(ct);
        }
        catch (Exception e) when (IsConnectionTrouble(e, ct))
        {
            // Gone meanwhile: the platform delivers it again and the stored result answers.
        }
    }

    private Task LostAsync(MqttClientDisconnectedEventArgs _)
    {
        if (_connected.Task.IsCompleted) _connected = NewSignal();
        _lost.TrySetResult();
        return Task.CompletedTask;
    }

    private async Task DropAsync()
    {
        if (_client.IsConnected) await _client.TryDisconnectAsync();
    }

    // A clean DISCONNECT cancels the Will, so the offline state is said aloud first.
    private async Task SayGoodbyeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2), _time);
        if (!_client.IsConnected) return;
        foreach (var device in _users.Keys.Append(_options.Principal).Distinct())
        {
            await PublishAsync(Topic.State(device), StateJson.Offline(_options.AgentVersion), retain: true, limit.Token);
        }
        await DropAsync();
    }

    private static bool IsConnectionTrouble(Exception e, CancellationToken ct) =>
        e is MqttCommunicationException or IOException or System.Net.Sockets.SocketException or ObjectDisposedException or TimeoutException
            or MqttClientUnexpectedDisconnectReceivedException or InvalidOperationException
        || (e is OperationCanceledException && !ct.IsCancellationRequested);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(Level = LogLevel.Information, Message = "connected to {Server} as {Device}")]
    private static partial void LogConnected(ILogger logger, Uri server, string device);

    [LoggerMessage(Level = LogLevel.Warning, Message = "connection to {Server} lost; samples wait in the outbox")]
    private static partial void LogLost(ILogger logger, Uri server);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Server} not reachable: {Reason}")]
    private static partial void LogUnreachable(ILogger logger, Uri server, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Server} refused the connection: {Reason}; check device id and token")]
    private static partial void LogConnectRefused(ILogger logger, Uri server, MqttClientConnectResultCode reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "publish to {Topic} refused: {Reason} {Words}")]
    private static partial void LogRefused(ILogger logger, string topic, MqttClientPublishReasonCode reason, string? words);

    [LoggerMessage(Level = LogLevel.Warning, Message = "publish to {Topic} taken, but not all of it can be used: {Words}")]
    private static partial void LogUnusable(ILogger logger, string topic, string words);

    [LoggerMessage(Level = LogLevel.Error, Message = "subscription to the commands of {Device} refused")]
    private static partial void LogNoCommands(ILogger logger, string device);

    [LoggerMessage(Level = LogLevel.Error, Message = "command on {Topic} could not be written down")]
    private static partial void LogCommandFailed(ILogger logger, Exception exception, string topic);

    [LoggerMessage(Level = LogLevel.Warning, Message = "message on {Topic} is for nobody here")]
    private static partial void LogUnknown(ILogger logger, string topic);
}
