using System.Buffers;
using System.Text.Json;
using MQTTnet;
using MQTTnet.Protocol;
using Seamless.Fleet.Commands;
using Seamless.Fleet.Shadows;
using Seamless.Ingest.Dialects;
using Seamless.Telemetry;
using Seamless.Telemetry.Commands;

namespace Seamless.Ingest.Mqtt;

/// <summary>The way out: commands and desired states to the device's own topics, in the dialect that it speaks.</summary>
internal sealed class MqttTransport(MqttOutlet outlet, IEnumerable<IDialect> dialects, TimeProvider time) : ICommandTransport, IShadowTransport
{
    /// <summary>False also when no session listens, connected or persistent: MQTT would drop the command, so it stays with us and is tried again.</summary>
    public async Task<bool> TrySendAsync(DeviceKey device, CommandMessage message, CancellationToken ct)
    {
        foreach (var dialect in dialects)
            if (await dialect.TrySendAsync(device, message, ct)) return true;
        return await outlet.TryPublishAsync(
            new MqttApplicationMessageBuilder()
                .WithTopic(Topic.Command(device, message.Id))
                .WithPayload(Encode(message))
                .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
                .WithMessageExpiryInterval(SecondsUntil(message.ExpiresAtMs))
                .Build(), ct);
    }

    public async Task PublishDesiredAsync(Shadow shadow, CancellationToken ct)
    {
        foreach (var dialect in dialects)
            if (await dialect.TryPublishDesiredAsync(shadow, ct)) return;
        await outlet.TryPublishAsync(ToMessage(shadow), ct);
    }

    public static MqttApplicationMessage ToMessage(Shadow shadow) => new MqttApplicationMessageBuilder()
        .WithTopic(Topic.ShadowDesired(shadow.Device))
        .WithPayload(Write(json =>
        {
            json.WriteNumber("version", shadow.DesiredVersion);
            json.WritePropertyName("state");
            json.WriteRawValue(shadow.DesiredJson);
        }))
        .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
        .WithRetainFlag()
        .Build();

    private static byte[] Encode(CommandMessage message) => Write(json =>
    {
        json.WriteString("name", message.Name);
        json.WritePropertyName("args");
        json.WriteRawValue(message.ArgsJson);
        json.WriteNumber("expiresAt", message.ExpiresAtMs);
        json.WriteString("idempotencyKey", message.IdempotencyKey);
    });

    private static byte[] Write(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private uint SecondsUntil(long expiresAtMs) => (uint)Math.Max(1, (expiresAtMs - time.GetUtcNow().ToUnixTimeMilliseconds() + 999) / 1000);
}
