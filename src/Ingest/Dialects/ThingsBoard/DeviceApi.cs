using System.Text.Json.Nodes;
using Seamless.Fleet.Audit;
using Seamless.Ingest.Receiving;
using Seamless.Telemetry;
using Seamless.Telemetry.Payloads;

namespace Seamless.Ingest.Dialects.ThingsBoard;

/// <summary>What a device says of itself: <c>v1/devices/me/…</c> and the short <c>v2/t</c>, <c>v2/a</c>.</summary>
internal sealed class DeviceApi(TelemetryIntake telemetry, Attributes attributes, Rpc rpc, PrincipalOutlet outlet, IAudit audit, TimeProvider time)
{
    public const string Prefix = "v1/devices/me/";
    public const string TelemetryTopic = Prefix + "telemetry";
    public const string AttributesTopic = Prefix + "attributes";
    public const string RpcRequests = Prefix + "rpc/request/";
    public const string RpcResponses = Prefix + "rpc/response/";
    private const string AttributeRequests = AttributesTopic + "/request/";
    private const string AttributeResponses = AttributesTopic + "/response/";

    public ValueTask<Receipt> ReceiveAsync(InboundMessage message, DeviceKey device, CancellationToken ct) => message.Topic switch
    {
        TelemetryTopic or "v2/t" or "v2/t/j" => TelemetryAsync(device, message, ct),
        AttributesTopic or "v2/a" or "v2/a/j" => attributes.ReportAsync(device, message.Payload, ct),
        Prefix + "claim" => Refused(RejectReason.UnknownTopic, "devices are not claimed here: an operator registers them"),
        "v2/t/p" or "v2/a/p" => Refused(RejectReason.UnknownTopic, $"{message.Topic} is for protobuf by a device profile's schema; send JSON to {message.Topic[..^2]}"),
        _ when Id(message.Topic, AttributeRequests) is { } id => AnswerAttributesAsync(device, id, message, ct),
        _ when Id(message.Topic, RpcResponses) is { } id => rpc.AnswerAsync(device, id, message.Payload, ct),
        _ when Id(message.Topic, RpcRequests) is { } id => AnswerCallAsync(device, id, message, ct),
        _ => Refused(RejectReason.UnknownTopic, $"{message.Topic} is none of the topics that a device publishes to"),
    };

    /// <summary>What a device asks of us. We know what time it is; to anything else the answer is an error.</summary>
    public async ValueTask<(JsonNode Answer, Receipt Receipt)> CallAsync(DeviceKey device, ReadOnlyMemory<byte> payload, CancellationToken ct)
    {
        if (JsonObjects.Parse(payload.Span, out var fault) is not { } request) return (Error(fault), Receipt.Of(RejectReason.Malformed, fault));
        if (request["method"] is not JsonValue value || !value.TryGetValue<string>(out var method)) return (Error("a call has a method"), Receipt.Of(RejectReason.WrongShape, "a call has a method"));
        if (method == "getCurrentTime") return (JsonValue.Create(time.GetUtcNow().ToUnixTimeMilliseconds()), new Receipt(1, []));
        var refusal = $"no method '{(method.Length <= 64 ? method : method[..64])}' is offered to devices";
        await audit.RecordAsync(device.Tenant, $"device:{device.Device}", "device.rpc", $"device:{device.Device}", null, "refused", refusal, ct);
        return (Error(refusal), new Receipt(1, []));
    }

    private async ValueTask<Receipt> TelemetryAsync(DeviceKey device, InboundMessage message, CancellationToken ct)
    {
        var samples = new List<Sample>();
        var rejects = new List<Reject>();
        telemetry.Decode(device, message.ContentType, message.Payload, message.ReceivedAt.ToUnixTimeMilliseconds(), samples, rejects);
        return await telemetry.AppendAsync(message, samples, rejects, ct);
    }

    private async ValueTask<Receipt> AnswerAttributesAsync(DeviceKey device, string id, InboundMessage message, CancellationToken ct)
    {
        if (JsonObjects.Parse(message.Payload.Span, out var fault) is not { } request) return Receipt.Of(RejectReason.Malformed, fault);
        var answer = await attributes.AskAsync(device, Keys(request["clientKeys"]), Keys(request["sharedKeys"]), ct);
        await outlet.TryPublishAsync(device, AttributeResponses + id, answer.ToUtf8(), ct);
        return new Receipt(1, []);
    }

    private async ValueTask<Receipt> AnswerCallAsync(DeviceKey device, string id, InboundMessage message, CancellationToken ct)
    {
        var (answer, receipt) = await CallAsync(device, message.Payload, ct);
        await outlet.TryPublishAsync(device, RpcResponses + id, answer.ToUtf8(), ct);
        return receipt;
    }

    private static string? Keys(JsonNode? keys) => keys is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
    private static JsonObject Error(string reason) => new() { ["error"] = reason };
    private static ValueTask<Receipt> Refused(RejectReason reason, string detail) => ValueTask.FromResult(Receipt.Of(reason, detail));

    // Goes into a topic of ours: a plain name only.
    private static string? Id(string topic, string prefix) =>
        topic.StartsWith(prefix, StringComparison.Ordinal) && DeviceKey.IsValidName(topic.AsSpan(prefix.Length)) ? topic[prefix.Length..] : null;
}
