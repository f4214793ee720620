using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Seamless.Fleet.Registry;
using Seamless.Fleet.Shadows;
using Seamless.Ingest.Mqtt;
using Seamless.Ingest.Receiving;
using Seamless.Telemetry;
using Seamless.Telemetry.Commands;
using Seamless.Telemetry.Payloads;

namespace Seamless.Ingest.Dialects.ThingsBoard;

/// <summary>The device and gateway API of ThingsBoard over MQTT. A device shows its token as the user name and nothing else.</summary>
/// <remarks><c>v1/devices/me/telemetry</c> has the shape of a native topic; it is ours to take because no tenant may be called <c>devices</c>.</remarks>
internal sealed class ThingsBoardDialect(
    IDeviceRegistry devices, IDeviceLogins logins, DeviceApi device, GatewayApi gateway, Rpc rpc, PrincipalOutlet outlet, TelemetryIntake telemetry, Desks desks, TimeProvider time) : IDialect
{
    private const string ShortPrefix = "v2/";
    private const string TokenPrefix = "sd_";

    private readonly DesiredViews _desired = new();
    private readonly SentCommands _sent = new(time);

    // Who has asked for calls since the platform started; sessions of an earlier life are gone, and so are their subscriptions.
    private readonly ConcurrentDictionary<DeviceKey, byte> _callable = new();
    private readonly ConcurrentDictionary<DeviceKey, byte> _callableGateways = new();

    public string Name => "thingsboard";

    public bool Owns(string topic) =>
        topic.StartsWith(DeviceApi.Prefix, StringComparison.Ordinal) || topic.StartsWith(GatewayApi.Prefix, StringComparison.Ordinal) || topic.StartsWith(ShortPrefix, StringComparison.Ordinal);

    public async ValueTask<Login?> AuthenticateAsync(LoginRequest request, CancellationToken ct)
    {
        if (request.Password.Length > 0 || !request.UserName.StartsWith(TokenPrefix, StringComparison.Ordinal)) return null;
        // The user name is the secret here: it must not stand in the audit.
        return await logins.FindByTokenAsync(request.UserName, ct) is { } principal
            ? new Login(principal, ShownAs: principal.Key.Device)
            : new Login(null, "no device has this token", ShownAs: "(token)");
    }

    public ValueTask<Receipt> ReceiveAsync(InboundMessage message, DevicePrincipal sender, CancellationToken ct)
    {
        var forOthers = message.Topic.StartsWith(GatewayApi.Prefix, StringComparison.Ordinal);
        if (forOthers && !sender.IsGateway)
            return ValueTask.FromResult(Receipt.Of(RejectReason.NotAuthorized, $"{sender.Key} may not publish to {message.Topic}: it is not of type gateway"));
        if (telemetry.TooLarge(message) is { } tooLarge) return ValueTask.FromResult(tooLarge);
        devices.Seen(sender.Key, message.ReceivedAt);
        return forOthers ? gateway.ReceiveAsync(message, sender.Key, ct) : device.ReceiveAsync(message, sender.Key, ct);
    }

    public bool CarriesTelemetry(string topic) => topic == DeviceApi.TelemetryTopic;   // a gateway speaks for many: its devices' metrics count, its messages do not

    public bool MaySubscribe(DevicePrincipal who, string filter) =>
        filter.StartsWith(DeviceApi.Prefix, StringComparison.Ordinal) || (who.IsGateway && filter.StartsWith(GatewayApi.Prefix, StringComparison.Ordinal));

    public async ValueTask SubscribedAsync(Peer peer, string filter, CancellationToken ct)
    {
        var key = peer.Principal.Key;
        if (filter is GatewayApi.RpcTopic or GatewayApi.Prefix + "+" or GatewayApi.Prefix + "#") _callableGateways[key] = 0;
        if (filter is DeviceApi.AttributesTopic) _desired.Told(await desks.Shadows.GetAsync(key, ct));
        if (!filter.StartsWith(DeviceApi.RpcRequests, StringComparison.Ordinal) && filter != DeviceApi.Prefix + "#") return;
        _callable[key] = 0;
        await desks.Commands.ResendAsync(key, ct);
    }

    /// <summary>As a call to the device, to the gateway it is behind, or to its poll over HTTP. A device that is away keeps it waiting at the desk.</summary>
    public async ValueTask<bool> TrySendAsync(DeviceKey target, CommandMessage command, CancellationToken ct)
    {
        var isCallable = _callable.ContainsKey(target) && IsOnline(target);
        var behind = GatewayOf(target);
        if (!isCallable && behind is null && !rpc.IsPolled(target)) return false;
        if (!_sent.TryReserve(command)) return true;
        var sent = rpc.TryHandOver(target, command)
            || (isCallable && await outlet.TryPublishAsync(target, $"{DeviceApi.RpcRequests}{Rpc.IdOf(command.Id)}", Rpc.Request(command).ToUtf8(), ct))
            || (behind is { } via && await outlet.TryPublishAsync(via, GatewayApi.RpcTopic, ForGateway(target, command), ct));
        if (!sent) _sent.Release(command);
        return sent;
    }

    public async ValueTask<bool> TryPublishDesiredAsync(Shadow shadow, CancellationToken ct)
    {
        var update = Attributes.Update(_desired.ChangesFor(shadow));
        if (update.Count > 0 && !await outlet.TryPublishAsync(shadow.Device, DeviceApi.AttributesTopic, update.ToUtf8(), ct) && GatewayOf(shadow.Device) is { } via)
        {
            var wrapped = new JsonObject { ["device"] = GatewayDeviceNames.ToName(shadow.Device.Device), ["data"] = update };
            await outlet.TryPublishAsync(via, GatewayApi.AttributesTopic, wrapped.ToUtf8(), ct);
        }
        // The native retained state is kept up to date as well: a device that changes over to the native agent must not find an old one.
        return false;
    }

    private DeviceKey? GatewayOf(DeviceKey target) =>
        devices.FindCached(target)?.Gateway is { } id && new DeviceKey(target.Tenant, id) is var key && _callableGateways.ContainsKey(key) && IsOnline(key) ? key : null;

    private bool IsOnline(DeviceKey key) => devices.PresenceOf(key).Status is DeviceStatus.Online;

    private static byte[] ForGateway(DeviceKey target, CommandMessage command)
    {
        var data = Rpc.Request(command);
        data["id"] = Rpc.IdOf(command.Id);
        return new JsonObject { ["device"] = GatewayDeviceNames.ToName(target.Device), ["data"] = data }.ToUtf8();
    }
}
