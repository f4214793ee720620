using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MQTTnet.Protocol;
using Seamless.Fleet.Registry;
using Seamless.Fleet.Shadows;
using Seamless.Ingest.Mqtt;
using Seamless.Ingest.Receiving;
using Seamless.Telemetry;
using Seamless.Telemetry.Commands;
using Seamless.Telemetry.Payloads;

namespace Seamless.Ingest.Dialects.Azure;

/// <summary>The device side of Azure IoT Hub: devices with its SDKs connect here instead, with another connection string and nothing else changed.</summary>
/// <remarks>Login, topics and properties: azure-docs, iot-mqtt-connect-to-iot-hub.</remarks>
internal sealed class AzureDialect(
    IDeviceRegistry devices, IDeviceLogins logins, AzureConnections connections, PrincipalOutlet outlet, TelemetryIntake telemetry, ReportedMerge reported,
    Desks desks, CloudToDevice cloudToDevice, TimeProvider time) : IDialect
{
    private static readonly string[] Filters = ["$iothub/twin/res/#", "$iothub/twin/PATCH/properties/desired/#", MethodsFilter];
    private const string MethodsFilter = "$iothub/methods/POST/#";

    private readonly DesiredViews _desired = new();
    private readonly SentCommands _sent = new(time);

    public string Name => "azure-iot-hub";

    public bool Owns(string topic) => AzureTopic.IsOurs(topic);

    public async ValueTask<Login?> AuthenticateAsync(LoginRequest request, CancellationToken ct)
    {
        if (AzureUserName.TryParse(request.UserName) is not { } user) return null;
        var checkedLogin = await CheckAsync(user, request, ct);
        return checkedLogin.Succeeded
            ? new Login(checkedLogin.Value, ShownAs: user.Key.Device)
            : new Login(null, checkedLogin.Refusal.Reason, ShownAs: user.Key.Device);
    }

    public ValueTask<Receipt> ReceiveAsync(InboundMessage message, DevicePrincipal sender, CancellationToken ct)
    {
        var topic = AzureTopic.Parse(message.Topic);
        if (topic.Kind is AzureTopicKind.Events && topic.Device != sender.Key.Device)
            return ValueTask.FromResult(Receipt.Of(RejectReason.NotAuthorized, $"{sender.Key} may not publish to {message.Topic}"));
        if (telemetry.TooLarge(message) is { } tooLarge) return ValueTask.FromResult(tooLarge);
        devices.Seen(sender.Key, message.ReceivedAt);
        return topic.Kind switch
        {
            AzureTopicKind.Events => TelemetryAsync(sender.Key, topic, message, ct),
            AzureTopicKind.TwinGet => TwinAsync(sender.Key, RequestId(topic.Bag), ct),
            AzureTopicKind.TwinReported => ReportedAsync(sender.Key, RequestId(topic.Bag), message, ct),
            AzureTopicKind.MethodAnswer => AnswerAsync(sender.Key, topic, message, ct),
            _ => ValueTask.FromResult(Receipt.Of(RejectReason.UnknownTopic, $"{message.Topic} is none of the topics that a device of a hub publishes to")),
        };
    }

    public bool CarriesTelemetry(string topic) => AzureTopic.Parse(topic).Kind is AzureTopicKind.Events;

    public bool MaySubscribe(DevicePrincipal who, string filter) =>
        Filters.Contains(filter) || (AzureTopic.DeviceOf(filter) is var (device, rest) && device == who.Key.Device && rest is "messages/devicebound/#" or "#" or "inputs/#");

    public async ValueTask SubscribedAsync(Peer peer, string filter, CancellationToken ct)
    {
        var device = peer.Principal.Key;
        if (filter.StartsWith("$iothub/twin/PATCH/", StringComparison.Ordinal)) _desired.Told(await desks.Shadows.GetAsync(device, ct));
        // Not for devicebound: a device that asks for methods as well, a moment later, shall get its commands as those. The desk's beat sends what is left.
        if (filter == MethodsFilter) await desks.Commands.ResendAsync(device, ct);
    }

    /// <summary>As a direct method; as a cloud-to-device message to a device that has not asked for methods. Neither waits here for a device that is away.</summary>
    public async ValueTask<bool> TrySendAsync(DeviceKey device, CommandMessage command, CancellationToken ct)
    {
        if (!connections.Has(device) || devices.PresenceOf(device).Status is not DeviceStatus.Online) return false;
        if (!_sent.TryReserve(command)) return true;
        var sent = await outlet.TryPublishAsync(device, AzureTopic.Method(command.Name, command.Id), Encoding.UTF8.GetBytes(command.ArgsJson), ct)
            || await cloudToDevice.TrySendAsync(device, command, ct);
        if (!sent) _sent.Release(command);
        return sent;
    }

    public async ValueTask<bool> TryPublishDesiredAsync(Shadow shadow, CancellationToken ct)
    {
        if (!connections.Has(shadow.Device)) return false;
        var changes = _desired.ChangesFor(shadow);
        changes["$version"] = shadow.DesiredVersion;
        await outlet.TryPublishAsync(shadow.Device, AzureTopic.Desired(shadow.DesiredVersion), changes.ToUtf8(), ct);
        // The native retained state is kept up to date as well: a device that changes over to the native agent must not find an old one.
        return false;
    }

    private async ValueTask<Outcome<DevicePrincipal>> CheckAsync(AzureUserName user, LoginRequest request, CancellationToken ct)
    {
        if (request.ClientId != user.ClientId) return Refusal.Invalid($"client id '{request.ClientId}' and user name disagree on who this is: the client id must be '{user.ClientId}'");
        var parsed = SharedAccessSignature.Parse(request.Password);
        if (!parsed.Succeeded) return parsed.Refusal;
        var signature = parsed.Value;
        if (!signature.Covers(user.Resource)) return Refusal.Invalid($"the shared access signature is for '{signature.Resource}', not for '{user.Resource}'");
        if (await devices.FindAsync(user.Key, ct) is not { } device) return Refusal.NotFound($"device {user.Key} is not registered");
        var keys = await logins.SharedAccessKeysAsync(user.Key, ct);
        if (!keys.Any(signature.IsSignedWith)) return Refusal.Forbidden("the shared access signature is not made with this device's key");
        if (signature.ExpiresAt <= time.GetUtcNow())
            return Refusal.Forbidden($"the shared access signature has expired at {signature.ExpiresAt.ToString("u", CultureInfo.InvariantCulture)}; is the device's clock right?");
        connections.LoggedIn(user.Key, user.ClientId, signature.ExpiresAt);
        return new DevicePrincipal(user.Key, device.Type == "gateway");
    }

    private async ValueTask<Receipt> TelemetryAsync(DeviceKey device, AzureTopic topic, InboundMessage message, CancellationToken ct)
    {
        var bag = new PropertyBag(topic.Bag);
        var samples = new List<Sample>();
        var rejects = new List<Reject>();
        if (!bag.TryEncoding(out var encoding)) return Receipt.Of(RejectReason.Malformed, $"content encoding '{bag["$.ce"]}' is none of utf-8, utf-16, utf-32");
        var payload = encoding is null ? message.Payload : Encoding.Convert(encoding, Encoding.UTF8, message.Payload.ToArray());
        var createdMs = bag.CreatedMs(message.ReceivedAt.ToUnixTimeMilliseconds(), telemetry.ToleranceMs, rejects);
        telemetry.Decode(device, bag.ContentType ?? message.ContentType, payload, createdMs, samples, rejects);
        var properties = bag.ApplicationProperties(rejects);
        if (properties.Count > 0) samples = samples.ConvertAll(sample => sample with { Readings = [.. sample.Readings, .. properties] });
        return await telemetry.AppendAsync(message, samples, rejects, ct);
    }

    private async ValueTask<Receipt> TwinAsync(DeviceKey device, string? rid, CancellationToken ct)
    {
        if (rid is null) return NoRequestId();
        var shadow = await desks.Shadows.GetAsync(device, ct);
        _desired.Told(shadow);
        var (desired, known) = (JsonObjects.Parse(shadow.DesiredJson), JsonObjects.Parse(shadow.ReportedJson));
        desired["$version"] = shadow.DesiredVersion;
        known["$version"] = shadow.ReportedVersion;
        await outlet.TryPublishAsync(device, AzureTopic.TwinAnswer(200, rid), new JsonObject { ["desired"] = desired, ["reported"] = known }.ToUtf8(), ct, MqttQualityOfServiceLevel.AtMostOnce);
        return new Receipt(1, []);
    }

    private async ValueTask<Receipt> ReportedAsync(DeviceKey device, string? rid, InboundMessage message, CancellationToken ct)
    {
        if (rid is null) return NoRequestId();
        if (JsonObjects.Parse(message.Payload.Span, out var fault) is not { } patch) return await RefusePatchAsync(device, rid, RejectReason.Malformed, fault, ct);
        patch.Remove("$version");
        var merged = await reported.MergeAsync(device, patch, ct);
        if (!merged.Succeeded) return await RefusePatchAsync(device, rid, RejectReason.WrongShape, merged.Refusal.Reason, ct);
        await outlet.TryPublishAsync(device, AzureTopic.TwinAnswer(204, rid, merged.Value.ReportedVersion), default, ct, MqttQualityOfServiceLevel.AtMostOnce);
        return new Receipt(1, []);
    }

    private async ValueTask<Receipt> RefusePatchAsync(DeviceKey device, string rid, RejectReason reason, string detail, CancellationToken ct)
    {
        await outlet.TryPublishAsync(device, AzureTopic.TwinAnswer(400, rid), new JsonObject { ["message"] = detail }.ToUtf8(), ct, MqttQualityOfServiceLevel.AtMostOnce);
        return Receipt.Of(reason, detail);
    }

    private async ValueTask<Receipt> AnswerAsync(DeviceKey device, AzureTopic topic, InboundMessage message, CancellationToken ct)
    {
        if (RequestId(topic.Bag) is not { } commandId) return NoRequestId();
        if (!int.TryParse(topic.Status, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var status))
            return Receipt.Of(RejectReason.WrongShape, $"'{topic.Status}' is not the status of a method");
        var data = DataOf(message.Payload, out var fault);
        var done = status is >= 200 and < 300 ? CommandStatus.Succeeded : CommandStatus.Failed;
        var result = await desks.Commands.ReportAsync(device, new CommandResult(commandId, done, done is CommandStatus.Succeeded ? 100 : 0, $"status {status}", data), ct);
        if (!result.Succeeded) return Receipt.Of(RejectReason.UnknownTopic, result.Refusal.Reason);
        return fault is null ? new Receipt(1, []) : new Receipt(1, [new Reject(RejectReason.Malformed, -1, null, $"the method's status was used, its payload could not be: {fault}")]);
    }

    private static string? DataOf(ReadOnlyMemory<byte> payload, out string? fault)
    {
        fault = null;
        if (payload.Span.Trim(" \t\r\n"u8).IsEmpty) return null;
        try
        {
            using var document = JsonDocument.Parse(payload);
            return document.RootElement.ValueKind is JsonValueKind.Null ? null : document.RootElement.GetRawText();
        }
        catch (JsonException notJson)
        {
            fault = notJson.Message;
            return null;
        }
    }

    // Echoed into a topic of ours: nothing that would be a wildcard or another level there.
    private static string? RequestId(string query) =>
        new PropertyBag(query)["$rid"] is { Length: > 0 and <= 128 } rid && rid.AsSpan().IndexOfAny("+#/&\0") < 0 ? rid : null;

    private static Receipt NoRequestId() => Receipt.Of(RejectReason.WrongShape, "the topic has no $rid that could be answered to");
}
