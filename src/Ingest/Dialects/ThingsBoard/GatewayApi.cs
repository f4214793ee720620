using System.Globalization;
using System.Text.Json.Nodes;
using Seamless.Fleet.Registry;
using Seamless.Ingest.Mqtt;
using Seamless.Ingest.Receiving;
using Seamless.Storage.Log;
using Seamless.Telemetry;
using Seamless.Telemetry.Payloads;

namespace Seamless.Ingest.Dialects.ThingsBoard;

/// <summary>What a gateway says for the devices behind it: <c>v1/gateway/…</c>. A device first named there is registered, as behind a native gateway.</summary>
internal sealed class GatewayApi(
    IDeviceRegistry devices, ITelemetryLog log, TelemetryIntake telemetry, Attributes attributes, Rpc rpc, PrincipalOutlet outlet, Peers peers, Desks desks)
{
    public const string Prefix = "v1/gateway/";
    public const string RpcTopic = Prefix + "rpc";
    public const string AttributesTopic = Prefix + "attributes";
    private const string DefaultType = "default";
    private const string NameTag = "name";

    public ValueTask<Receipt> ReceiveAsync(InboundMessage message, DeviceKey gateway, CancellationToken ct) => message.Topic switch
    {
        Prefix + "telemetry" => TelemetryAsync(gateway, message, ct),
        AttributesTopic => AttributesAsync(gateway, message, ct),
        Prefix + "connect" => ConnectAsync(gateway, message, true, ct),
        Prefix + "disconnect" => ConnectAsync(gateway, message, false, ct),
        AttributesTopic + "/request" => AnswerAttributesAsync(gateway, message, ct),
        RpcTopic => RpcAnswerAsync(gateway, message, ct),
        Prefix + "claim" => ValueTask.FromResult(Receipt.Of(RejectReason.UnknownTopic, "devices are not claimed here: an operator registers them")),
        _ => ValueTask.FromResult(Receipt.Of(RejectReason.UnknownTopic, $"{message.Topic} is none of the topics that a gateway publishes to")),
    };

    private async ValueTask<Receipt> TelemetryAsync(DeviceKey gateway, InboundMessage message, CancellationToken ct)
    {
        var samples = new List<Sample>();
        var rejects = new List<Reject>();
        foreach (var part in GatewayPayload.Cut(message.Payload, rejects))
        {
            if (await FindAsync(gateway, part.Device, null, message, rejects, ct) is not { } device) continue;
            var before = rejects.Count;
            telemetry.Decode(device, null, part.Json, message.ReceivedAt.ToUnixTimeMilliseconds(), samples, rejects);
            for (var i = before; i < rejects.Count; i++)
                if (rejects[i].Position >= 0) rejects[i] = rejects[i] with { Position = rejects[i].Position + part.Offset };
        }
        return await telemetry.AppendAsync(message, samples, rejects, ct);
    }

    private async ValueTask<Receipt> AttributesAsync(DeviceKey gateway, InboundMessage message, CancellationToken ct)
    {
        var accepted = 0;
        var rejects = new List<Reject>();
        foreach (var part in GatewayPayload.Cut(message.Payload, rejects))
        {
            if (await FindAsync(gateway, part.Device, null, message, rejects, ct) is not { } device) continue;
            var receipt = await attributes.ReportAsync(device, part.Json, ct);
            accepted += receipt.Accepted;
            rejects.AddRange(receipt.Rejects.Select(reject => reject with { Position = part.Offset, Detail = $"{part.Device}: {reject.Detail}" }));
        }
        return new Receipt(accepted, rejects);
    }

    private async ValueTask<Receipt> ConnectAsync(DeviceKey gateway, InboundMessage message, bool online, CancellationToken ct)
    {
        var rejects = new List<Reject>();
        if (JsonObjects.Parse(message.Payload.Span, out var fault) is not { } request) return Receipt.Of(RejectReason.Malformed, fault);
        if (Text(request["device"]) is not { } name) return Receipt.Of(RejectReason.WrongShape, """a gateway names the device: {"device":"…"}""");
        if (await FindAsync(gateway, name, Text(request["type"]), message, rejects, ct) is not { } device) return new Receipt(0, rejects);
        var arrivalMs = message.ReceivedAt.ToUnixTimeMilliseconds();
        await log.AppendAsync([LogEntry.Of(new DeviceState(device, arrivalMs, online, null, online ? """{"status":"online"}""" : """{"status":"offline"}"""), arrivalMs)], ct);
        devices.SetOnline(device, online, null, message.ReceivedAt);
        if (!online) return new Receipt(1, []);
        peers.SpokeFor(gateway, device);
        await desks.Commands.ResendAsync(device, ct);
        return new Receipt(1, []);
    }

    private async ValueTask<Receipt> AnswerAttributesAsync(DeviceKey gateway, InboundMessage message, CancellationToken ct)
    {
        var rejects = new List<Reject>();
        if (JsonObjects.Parse(message.Payload.Span, out var fault) is not { } request) return Receipt.Of(RejectReason.Malformed, fault);
        if (Text(request["device"]) is not { } name || request["id"] is not { } id) return Receipt.Of(RejectReason.WrongShape, "a request for attributes has an id and names the device");
        if (await FindAsync(gateway, name, null, message, rejects, ct) is not { } device) return new Receipt(0, rejects);
        var single = Text(request["key"]);
        var keys = single ?? string.Join(',', (request["keys"] as JsonArray ?? []).Select(Text).OfType<string>());
        var isClient = request["client"] is JsonValue client && client.TryGetValue<bool>(out var yes) && yes;
        var found = await attributes.AskAsync(device, isClient ? keys : null, isClient ? null : keys, ct);
        var values = found[isClient ? "client" : "shared"] as JsonObject ?? [];
        var answer = new JsonObject { ["id"] = id.DeepClone(), ["device"] = name };
        if (single is not null) answer["value"] = values[single]?.DeepClone();
        else answer["values"] = values.DeepClone();
        await outlet.TryPublishAsync(gateway, AttributesTopic + "/response", answer.ToUtf8(), ct);
        return new Receipt(1, []);
    }

    private async ValueTask<Receipt> RpcAnswerAsync(DeviceKey gateway, InboundMessage message, CancellationToken ct)
    {
        if (JsonObjects.Parse(message.Payload.Span, out var fault) is not { } answer) return Receipt.Of(RejectReason.Malformed, fault);
        if (Text(answer["device"]) is not { } name || answer["id"] is not JsonValue id || GatewayDeviceNames.ToId(name) is not { } deviceId)
            return Receipt.Of(RejectReason.WrongShape, "an answer names the device and has the id of the call");
        var device = new DeviceKey(gateway.Tenant, deviceId);
        return await rpc.AnswerAsync(device, id.ToString(), answer["data"]?.ToUtf8() ?? [], ct);
    }

    /// <summary>The device of that name, registered if it was not; null when it cannot be, with the reason among the rejects.</summary>
    private async ValueTask<DeviceKey?> FindAsync(DeviceKey gateway, string name, string? type, InboundMessage message, List<Reject> rejects, CancellationToken ct)
    {
        if (GatewayDeviceNames.ToId(name) is not { } id)
        {
            rejects.Add(new Reject(RejectReason.WrongShape, -1, null, string.Create(CultureInfo.InvariantCulture, $"the device name '{name[..Math.Min(name.Length, 64)]}' is empty, or longer than ids may be ({DeviceKey.MaxNameLength}, escaped)")));
            return null;
        }
        var key = new DeviceKey(gateway.Tenant, id);
        if (await devices.FindAsync(key, ct) is null && await RegisterAsync(key, name, type, gateway, ct) is { } refusal)
        {
            var reason = refusal.Code == Refusal.DeviceLimitCode ? RejectReason.QuotaExceeded : RejectReason.UnknownTopic;
            rejects.Add(new Reject(reason, -1, null, $"device '{name}' ({id}): {refusal.Reason}"));
            return null;
        }
        devices.Seen(key, message.ReceivedAt);
        return key;
    }

    private async ValueTask<Refusal?> RegisterAsync(DeviceKey key, string name, string? type, DeviceKey gateway, CancellationToken ct)
    {
        var ensured = await devices.EnsureBehindGatewayAsync(key, gateway.Device, ct);
        if (ensured.Value is not { } device) return ensured.Refusal;
        var change = new DeviceChange(
            Type: type is not null and not DefaultType && DeviceKey.IsValidName(type) ? type : null,
            Tags: name == key.Device ? null : new Dictionary<string, string>(device.Tags) { [NameTag] = name });
        if (change != new DeviceChange()) await devices.UpdateAsync(key, change, $"gateway:{gateway.Device}", ct);
        return null;
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
