using System.Globalization;
using System.Text;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using MQTTnet.Server;
using Seamless.Ingest.Limits;
using Seamless.Ingest.Receiving;
using Seamless.Telemetry;
using Seamless.Telemetry.Payloads;

namespace Seamless.Ingest.Mqtt;

/// <summary>What an MQTT 5 sender is told with its PUBACK or PUBREC, beside that its message is durable: a limit that it has met, or what of it could not be used.</summary>
internal static class Acknowledgement
{
    /// <summary>A sender that takes less gets no words: an acknowledgement may not be larger than it takes (MQTT 5, 3.4.2.2).</summary>
    public const uint RoomForWords = 1024;

    private const int MostCharacters = 240;

    public static void Explain(PublishResponse response, Receipt receipt, Peer peer)
    {
        if (receipt.IsNotAuthorized) response.ReasonCode = MqttPubAckReasonCode.NotAuthorized;
        else if (receipt is { Excess: not null, Accepted: 0 }) response.ReasonCode = MqttPubAckReasonCode.QuotaExceeded;
        if (!peer.TakesWords) return;
        if (receipt.Excess is { } excess) Explain(response, excess);
        else if (receipt.Rejects.Count > 0) Explain(response, receipt);
    }

    /// <summary>Which limit, how much is allowed and when to come again.</summary>
    private static void Explain(PublishResponse response, Excess excess)
    {
        response.ReasonString = excess.Reason;
        response.UserProperties = [Property("limit", excess.Name), Property("allowed", excess.Allowed.ToString())];
        if (excess.RetryAfterSeconds is { } seconds) response.UserProperties.Add(Property("retryAfter", seconds.ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>A success all the same, unless it was not the sender's to say: it is kept, and sending it again would not make it better.</summary>
    private static void Explain(PublishResponse response, Receipt receipt)
    {
        var first = receipt.Rejects[0];
        var words = new StringBuilder(first.Detail);
        if (words.Length > MostCharacters) words.Length = char.IsHighSurrogate(words[MostCharacters - 1]) ? MostCharacters - 1 : MostCharacters;
        if (first.Metric is { Length: > 0 and <= DeviceKey.MaxNameLength } metric) words.Append(CultureInfo.InvariantCulture, $"; metric {metric}");
        if (first.Position >= 0) words.Append(CultureInfo.InvariantCulture, $"; at byte {first.Position}");
        response.ReasonString = words.Append("; kept in the dead letters").ToString();
        response.UserProperties =
        [
            Property("reason", JsonName(first.Reason)),
            Property("rejected", receipt.Rejects.Count.ToString(CultureInfo.InvariantCulture)),
            Property("accepted", receipt.Accepted.ToString(CultureInfo.InvariantCulture)),
        ];
    }

    private static MqttUserProperty Property(string name, string value) => new(name, Encoding.UTF8.GetBytes(value));

    /// <summary>As in docs/reference/dead-letters.md.</summary>
    private static string JsonName(RejectReason reason) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(reason.ToString());
}
