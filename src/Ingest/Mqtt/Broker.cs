using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using MQTTnet.Server;
using Seamless.Fleet.Audit;
using Seamless.Fleet.Commands;
using Seamless.Fleet.Registry;
using Seamless.Fleet.Shadows;
using Seamless.Ingest.Dialects;
using Seamless.Ingest.Limits;
using Seamless.Ingest.Mqtt.Front;
using Seamless.Ingest.Receiving;
using Seamless.Telemetry;

namespace Seamless.Ingest.Mqtt;

/// <summary>The MQTT door: lets in who may come in, hands what they publish to the <see cref="Receiver"/>, and lets MQTTnet acknowledge only afterwards.</summary>
/// <remarks>MQTTnet keeps sessions, subscriptions, retained messages and Wills, and reads each connection serially: a publisher that must wait for the log waits here.</remarks>
internal sealed partial class Broker(
    MqttServer server, Receiver receiver, Peers peers, IEnumerable<IDialect> dialects, IDeviceRegistry devices, ICommands commands, IShadows shadows, IAudit audit,
    IngestMetrics metrics, TimeProvider time, IOptions<IngestOptions> options, ILogger<Broker> logger) : BackgroundService, IHostedLifecycleService
{
    private readonly RefusedLogins _refusedLogins = new(audit, time, options.Value.RefusalAuditEvery);
    private readonly CertificateLogin? _certificates = options.Value.ClientAuthorities is { } file ? new CertificateLogin(ReadAuthorities(file), [], time) : null;
    private readonly Channel<Peer> _revoked = Channel.CreateUnbounded<Peer>();
    private volatile bool _stopping;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        server.ValidatingConnectionAsync += OnConnectingAsync;
        server.ClientConnectedAsync += OnConnectedAsync;
        server.ClientDisconnectedAsync += OnDisconnectedAsync;
        server.SessionDeletedAsync += OnSessionDeletedAsync;
        server.InterceptingPublishAsync += OnPublishAsync;
        server.InterceptingSubscriptionAsync += OnSubscribingAsync;
        server.ClientSubscribedTopicAsync += OnSubscribedAsync;
        server.LoadingRetainedMessageAsync += OnLoadingRetainedAsync;
        devices.CredentialsRevoked += OnRevoked;
        await server.StartAsync();
        await base.StartAsync(cancellationToken);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Before Kestrel stops: it would wait for connections that last for weeks.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _stopping = true;
        devices.CredentialsRevoked -= OnRevoked;
        if (server.IsStarted) await server.StopAsync(new MqttServerStopOptions());
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Ends the connections whose token no longer works.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var peer in _revoked.Reader.ReadAllAsync(stoppingToken)) await EndAsync(peer);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host is stopping.
        }
    }

    private static X509Certificate2Collection ReadAuthorities(string file)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new InvalidOperationException($"mqtt.clientAuthorities: {file} cannot be read as certificates in PEM: {e.Message}", e);
        }
        return authorities.Count > 0 ? authorities : throw new InvalidOperationException($"mqtt.clientAuthorities: {file} holds no certificate in PEM");
    }

    private void OnRevoked(DeviceKey device)
    {
        foreach (var peer in peers.Of(device)) _revoked.Writer.TryWrite(peer);
    }

    private async Task EndAsync(Peer peer)
    {
        // Another peer under the same id has logged in since, with the new token.
        if (!ReferenceEquals(peers.Find(peer.ClientId), peer)) return;
        if ((await server.GetClientsAsync()).Any(client => client.Id == peer.ClientId))
            await server.DisconnectClientAsync(peer.ClientId, MqttDisconnectReasonCode.NotAuthorized);
    }

    private async Task OnConnectingAsync(ValidatingConnectionEventArgs connection)
    {
        var (user, from) = (connection.UserName ?? "", connection.RemoteEndPoint?.ToString() ?? "unknown");
        var login = await LoginAsync(new LoginRequest(connection.ClientId ?? "", user, connection.Password ?? "", from), connection.ClientCertificate, connection.CancellationToken);
        user = login.ShownAs ?? user;
        if (login.Principal is not { } principal)
        {
            connection.ReasonCode = MqttConnectReasonCode.BadUserNameOrPassword;
            metrics.ConnectionRefused();
            LoginRefused(user, from);
            await _refusedLogins.RecordAsync(user, from, login.Refusal, connection.CancellationToken);
            return;
        }
        var clientId = connection.ClientId;
        if (string.IsNullOrEmpty(clientId)) clientId = connection.AssignedClientIdentifier = Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
        await ForerunnerAsync(clientId, principal, connection.CancellationToken);
        var front = connection.ChannelAdapter as FrontConnection;
        var peer = new Peer(clientId, principal, connection.ProtocolVersion, from) 
        {
            Departure = front?.Departure ?? new Departure(),
            TakesWords = connection.RequestProblemInformation && connection.MaximumPacketSize is 0 or >= Acknowledgement.RoomForWords,
        };
        if (clientId == MqttOutlet.SenderId || !peers.TryClaim(peer))
        {
            connection.ReasonCode = MqttConnectReasonCode.ClientIdentifierNotValid;
            metrics.ConnectionRefused();
            await _refusedLogins.RecordAsync(user, from, $"client id '{clientId}' is another device's session", connection.CancellationToken);
            return;
        }
        connection.SessionItems[typeof(Peer)] = peer;
        if (front is not null) front.Peer = peer;
        connection.ReasonCode = MqttConnectReasonCode.Success;
    }

    /// <summary>Takes over from the last connection under that id; one that is ending has ended afterwards. MQTTnet deletes its session by the id alone, and would delete the next one's.</summary>
    private async Task ForerunnerAsync(string clientId, DevicePrincipal principal, CancellationToken ct)
    {
        if (peers.Find(clientId) is not { Departure: var last } owner || owner.Principal.Key != principal.Key || last.TryTakeOver()) return;
        try
        {
            await last.WhenGoneAsync(FrontDoor.MostForAnEnd, ct);
        }
        catch (TimeoutException)
        {
            SlowEnd(clientId, FrontDoor.MostForAnEnd);
        }
    }

    private async ValueTask<Login> LoginAsync(LoginRequest request, X509Certificate2? certificate, CancellationToken ct)
    {
        // A password is the stronger word: who shows both is judged by it, and a certificate of nobody we know then does no harm.
        if (request.Password.Length == 0 && certificate is not null && _certificates is not null) return await LoginAsync(request, certificate, _certificates, ct);
        foreach (var dialect in dialects)
            if (await dialect.AuthenticateAsync(request, ct) is { } login) return login;
        return new Login(await devices.AuthenticateAsync(request.UserName, request.Password, ct), "unknown device or wrong token");
    }

    private async ValueTask<Login> LoginAsync(LoginRequest request, X509Certificate2 certificate, CertificateLogin certificates, CancellationToken ct)
    {
        var found = certificates.Check(certificate);
        if (!found.Succeeded) return Login.Refused(found.Refusal.Reason) with { ShownAs = certificate.Subject };
        var key = found.Value;
        if (request.UserName.Length > 0 && request.UserName != key.Device && request.UserName != key.ToString())
            return Login.Refused($"the certificate is {key}'s, the user name says '{request.UserName}'") with { ShownAs = key.ToString() };
        return await devices.FindAsync(key, ct) is { } device
            ? new Login(new DevicePrincipal(key, device.Type == "gateway")) { ShownAs = key.ToString() }
            : Login.Refused($"the certificate is {key}'s, which is not registered") with { ShownAs = key.ToString() };
    }

    private Task OnConnectedAsync(ClientConnectedEventArgs connection)
    {
        if (peers.Find(connection.ClientId) is not { } peer) return Task.CompletedTask;
        connection.SessionItems[typeof(Peer)] = peer;   // a session that was kept still has the last connection's
        peers.Connected(peer.Principal.Key);
        metrics.ConnectionOpened();
        devices.SetOnline(peer.Principal.Key, true, null, time.GetUtcNow());
        Connected(peer.Principal.Key, peer.ClientId, peer.From);
        return Task.CompletedTask;
    }

    private async Task OnDisconnectedAsync(ClientDisconnectedEventArgs connection)
    {
        // From the session and not from the peers: a session that is not kept has been deleted by now.
        if (connection.SessionItems[typeof(Peer)] is not Peer peer) return;
        var owner = peer.Principal.Key;
        metrics.ConnectionClosed();
        foreach (var device in peers.Disconnected(owner)) devices.SetOnline(device, false, null, time.GetUtcNow());
        Disconnected(owner, connection.ClientId, connection.DisconnectType);
        foreach (var dialect in dialects) await dialect.DisconnectedAsync(peer, CancellationToken.None);
    }

    private Task OnSessionDeletedAsync(SessionDeletedEventArgs session)
    {
        if (session.SessionItems[typeof(Peer)] is Peer peer) peers.Release(peer);
        return Task.CompletedTask;
    }

    private async Task OnPublishAsync(InterceptingPublishEventArgs publish)
    {
        if (publish.ClientId == MqttOutlet.SenderId) return;   // ours: a command or a desired state on its way out
        if (_stopping || peers.Find(publish.ClientId) is not { } peer)
        {
            // No acknowledgement: the device sends it again to the platform's next life. Also the Wills that our own stopping sets free.
            publish.ProcessPublish = false;
            publish.CloseConnection = true;
            return;
        }
        try
        {
            await ReceiveAsync(publish, peer);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // Closed without acknowledgement: what we could not keep, the device still has.
            metrics.Failed();
            NotReceived(failure, peer.Principal.Key, publish.ApplicationMessage.Topic);
            publish.ProcessPublish = false;
            publish.CloseConnection = true;
        }
    }

    private async Task ReceiveAsync(InterceptingPublishEventArgs publish, Peer peer)
    {
        var message = publish.ApplicationMessage;
        var payload = message.Payload.IsSingleSegment ? message.Payload.First : System.Buffers.BuffersExtensions.ToArray(message.Payload);
        var inbound = new InboundMessage("mqtt", message.Topic, peer.Principal.Key.ToString(), message.ContentType, payload, time.GetUtcNow())
        {
            WhenTooFast = message.QualityOfServiceLevel is MqttQualityOfServiceLevel.AtMostOnce ? WhenTooFast.Drop : peer.SpeaksMqtt5 ? WhenTooFast.Tell : WhenTooFast.Wait,
        };
        var receipt = await receiver.ReceiveAsync(inbound, peer.Principal, publish.CancellationToken);
        Acknowledgement.Explain(publish.Response, receipt, peer);
        if (receipt.IsNotAuthorized)
        {
            await RefuseAsync(publish, peer, receipt.Rejects[0].Detail);
            return;
        }
        if (receipt.Rejects.Count > 0) Rejected(peer.Principal.Key, message.Topic, receipt.Rejects.Count, receipt.Rejects[0].Reason);
        var owner = dialects.FirstOrDefault(dialect => dialect.Owns(message.Topic));
        var isState = owner is null && receipt.Rejects.Count == 0 && Topic.TryParse(message.Topic, out var topic) && topic.Value.Kind is TopicKind.State;
        if (isState && peer.Principal.IsGateway && Topic.TryParse(message.Topic, out var spokenFor)) peers.SpokeFor(peer.Principal.Key, spokenFor.Value.Device);
        // Only states are passed on (and retained): the platform is no message bus, and looking for subscribers costs a walk over all sessions.
        publish.ProcessPublish = isState || (receipt.Rejects.Count == 0 && owner?.PassesOn(message.Topic) is true);
    }

    private async Task RefuseAsync(InterceptingPublishEventArgs publish, Peer peer, string reason)
    {
        var device = peer.Principal.Key;
        await audit.RecordAsync(device.Tenant, $"device:{device.Device}", "mqtt.publish.refused", $"topic:{publish.ApplicationMessage.Topic}", peer.From, "refused", reason, publish.CancellationToken);
        publish.ProcessPublish = false;
        publish.CloseConnection = !peer.SpeaksMqtt5;   // MQTT 3.1.1 has no other way to say no
    }

    private async Task OnSubscribingAsync(InterceptingSubscriptionEventArgs subscription)
    {
        if (peers.Find(subscription.ClientId) is not { } peer || MaySubscribe(peer.Principal, subscription.TopicFilter.Topic)) return;
        subscription.ProcessSubscription = false;
        subscription.Response.ReasonCode = peer.SpeaksMqtt5 ? MqttSubscribeReasonCode.NotAuthorized : MqttSubscribeReasonCode.UnspecifiedError;
        var device = peer.Principal.Key;
        await audit.RecordAsync(
            device.Tenant, $"device:{device.Device}", "mqtt.subscribe.refused", $"topic:{subscription.TopicFilter.Topic}", peer.From, "refused",
            $"{device} may not subscribe to {subscription.TopicFilter.Topic}", subscription.CancellationToken);
    }

    private bool MaySubscribe(DevicePrincipal who, string filter) =>
        dialects.FirstOrDefault(dialect => dialect.Owns(filter)) is { } owner ? owner.MaySubscribe(who, filter) : Access.MaySubscribe(who, filter);

    private async Task OnSubscribedAsync(ClientSubscribedTopicEventArgs subscription)
    {
        if (peers.Find(subscription.ClientId) is not { } peer) return;
        var filter = subscription.TopicFilter.Topic;
        if (dialects.FirstOrDefault(dialect => dialect.Owns(filter)) is { } owner)
        {
            await owner.SubscribedAsync(peer, filter, CancellationToken.None);
            return;
        }
        if (filter == Topic.Commands(peer.Principal.Key) || filter == $"{Topic.Prefix(peer.Principal.Key)}#" || filter == $"{Topic.Prefix(peer.Principal.Key)}commands/#")
            await commands.ResendAsync(peer.Principal.Key, CancellationToken.None);
    }

    private async Task OnLoadingRetainedAsync(LoadingRetainedMessagesEventArgs retained)
    {
        foreach (var shadow in await shadows.ListDesiredAsync(CancellationToken.None)) retained.LoadedRetainedMessages.Add(PlatformMessages.Desired(shadow));
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Device} connected as {ClientId} from {From}")]
    private partial void Connected(DeviceKey device, string clientId, string from);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Device} disconnected as {ClientId}: {How}")]
    private partial void Disconnected(DeviceKey device, string clientId, MqttClientDisconnectType how);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Login of '{User}' from {From} refused")]
    private partial void LoginRefused(string user, string from);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Device}: {Count} values on {Topic} rejected, first for {Reason}; see the dead letters")]
    private partial void Rejected(DeviceKey device, string topic, int count, Telemetry.Payloads.RejectReason reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The last connection of {ClientId} has not ended within {Waited}; the next one is let in")]
    private partial void SlowEnd(string clientId, TimeSpan waited);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Device}: a message on {Topic} could not be made durable and is not acknowledged")]
    private partial void NotReceived(Exception failure, DeviceKey device, string topic);
}
