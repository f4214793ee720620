using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using Seamless.Fleet.Commands;
using Seamless.Fleet.Registry;
using Seamless.Fleet.Shadows;
using Seamless.Ingest.Mqtt;
using Seamless.Ingest.Receiving;
using Seamless.Storage.Operations;

namespace Seamless.Ingest.Brokers;

/// <summary>Takes messages from an external broker: shared subscriptions in a session that outlives us, each message acknowledged after its commit and not before.</summary>
/// <remarks>A crash between commit and acknowledgement costs a second delivery, which changes nothing. Receive Maximum bounds what is in flight: a full log slows the broker.</remarks>
internal sealed partial class ExternalBroker(
    Receiver receiver, IDeviceRegistry devices, ICommands commands, IShadows shadows, BrokerMetrics metrics,
    TimeProvider time, IOptions<ExternalBrokerOptions> options, ILogger<ExternalBroker> logger) : BackgroundService, IExternalPart
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);
    private static readonly string[] Topics = ["telemetry", "events", "state", "commands/+/result", "shadow/reported"];

    private readonly LinkHealth _health = new("not connected yet");
    private volatile IMqttClient? _client;

    string IExternalPart.Name => "broker";
    string IExternalPart.Address => options.Value.Url.GetLeftPart(UriPartial.Authority);
    PartHealth IExternalPart.Health => _health.Now;

    /// <returns>False when the broker is away, or when nobody there has subscribed to the topic.</returns>
    public async Task<bool> TryPublishAsync(MqttApplicationMessage message, CancellationToken ct)
    {
        if (_client is not { IsConnected: true } client) return false;
        try
        {
            var published = await client.PublishAsync(message, ct);
            return published.IsSuccess && (message.Retain || published.ReasonCode is not MqttClientPublishReasonCode.NoMatchingSubscribers);
        }
        catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            return false;   // the connection broke: whoever asked tries again
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The machine's clock, not the platform's: this paces a network.
        for (var pause = options.Value.ReconnectAfter; !stoppingToken.IsCancellationRequested; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await StayAsync(() => pause = options.Value.ReconnectAfter, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)   // the edge of this loop: the broker keeps what is not acknowledged
            {
                _health.Failed(e.Message);
                LogLost(e, options.Value.Url, pause);
            }
            // Spread, so that many nodes that were cut off together do not come back together.
            await Task.Delay(pause * (0.5 + Random.Shared.NextDouble() / 2), TimeProvider.System, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>One connection, from CONNECT until it ends.</summary>
    private async Task StayAsync(Action connected, CancellationToken stoppingToken)
    {
        using var client = new MqttClientFactory().CreateMqttClient();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var inFlight = new InFlight(options.Value.Window);
        var messages = new BrokerReceiver(receiver, devices, commands, [.. options.Value.Tenants], time);
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        client.ApplicationMessageReceivedAsync += message => OnMessageAsync(message, messages, inFlight, ending.Token);
        client.DisconnectedAsync += lost =>
        {
            closed.TrySetException(new IOException($"the connection has ended: {lost.ReasonString ?? lost.Reason.ToString()}", lost.Exception));
            return Task.CompletedTask;
        };
        var settling = inFlight.SettleAsync(ending.Token);
        try
        {
            var connack = await client.ConnectAsync(Login(), stoppingToken);
            if (connack.ResultCode is not MqttClientConnectResultCode.Success) throw new IOException($"the broker refuses us: {connack.ResultCode} {connack.ReasonString}");
            await SubscribeAsync(client, stoppingToken);
            (_client, var resumed) = (client, connack.IsSessionPresent);
            metrics.Connected(inFlight);
            _health.Well();
            LogConnected(options.Value.Url, resumed);
            connected();
            await PublishDesiredAsync(stoppingToken);
            await await Task.WhenAny(closed.Task, settling);
        }
        finally
        {
            _client = null;
            metrics.Disconnected();
            await ending.CancelAsync();
            await LeaveAsync(client);
            await settling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private MqttClientOptions Login()
    {
        var (url, login) = (options.Value.Url, new MqttClientOptionsBuilder());
        var secure = url.Scheme is "mqtts";
        login.WithTcpServer(url.Host, url.IsDefaultPort || url.Port < 0 ? (secure ? 8883 : 1883) : url.Port)
            .WithProtocolVersion(MqttProtocolVersion.V500)
            .WithClientId(options.Value.ClientId)
            .WithCleanStart(false)
            .WithSessionExpiryInterval((uint)options.Value.SessionExpiry.TotalSeconds)
            .WithReceiveMaximum((ushort)options.Value.Window)
            .WithKeepAlivePeriod(TimeSpan.FromSeconds(30));
        if (secure) login.WithTlsOptions(tls => tls.UseTls());
        if (options.Value.User is { } user) login.WithCredentials(user, options.Value.Password);
        return login.Build();
    }

    private async Task SubscribeAsync(IMqttClient client, CancellationToken ct)
    {
        var request = new MqttClientSubscribeOptionsBuilder();
        foreach (var tenant in options.Value.Tenants)
            foreach (var topic in Topics)
                request.WithTopicFilter($"$share/{options.Value.Group}/v1/{tenant}/+/{topic}", MqttQualityOfServiceLevel.AtLeastOnce);
        var granted = await client.SubscribeAsync(request.Build(), ct);
        if (granted.Items.FirstOrDefault(i => i.ResultCode > MqttClientSubscribeResultCode.GrantedQoS2) is { } refused)
            throw new IOException($"the broker refuses the subscription {refused.TopicFilter.Topic}: {refused.ResultCode}");
    }

    /// <summary>Called for one message after the other; returns while they are still in flight.</summary>
    private async Task OnMessageAsync(MqttApplicationMessageReceivedEventArgs message, BrokerReceiver messages, InFlight inFlight, CancellationToken ct)
    {
        message.AutoAcknowledge = false;
        if (ct.IsCancellationRequested) return;
        var durable = await messages.BeginAsync(message.ApplicationMessage, ct);
        try
        {
            await inFlight.AddAsync(durable, async token =>
            {
                await message.AcknowledgeAsync(token);
                metrics.Acknowledged();
            }, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Not acknowledged: the broker delivers it again.
        }
    }

    /// <summary>What changed while we were away. The broker retains it for devices that are away themselves.</summary>
    private async Task PublishDesiredAsync(CancellationToken ct)
    {
        foreach (var shadow in await shadows.ListDesiredAsync(ct))
            if (options.Value.Tenants.Contains(shadow.Device.Tenant)) await TryPublishAsync(PlatformMessages.Desired(shadow), ct);
    }

    private static async Task LeaveAsync(IMqttClient client)
    {
        try
        {
            if (client.IsConnected) await client.DisconnectAsync();
        }
        catch (Exception e) when (e is MQTTnet.Exceptions.MqttCommunicationException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // gone already
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Connected to {Url}; the session was there: {Resumed}")]
    private partial void LogConnected(Uri url, bool resumed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Not connected to {Url}; again in about {Pause}")]
    private partial void LogLost(Exception e, Uri url, TimeSpan pause);
}
