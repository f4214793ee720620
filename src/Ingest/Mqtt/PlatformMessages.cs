using System.Buffers;
using System.Text.Json;
using MQTTnet;
using MQTTnet.Protocol;
using Seamless.Fleet.Shadows;
using Seamless.Telemetry;
using Seamless.Telemetry.Commands;

namespace Seamless.Ingest.Mqtt;

/// <summary>Commands and desired states as a device expects them on its own topics, whichever broker it is connected to.</summary>
internal static class PlatformMessages
{
    public static MqttApplicationMessage Command(DeviceKey device, CommandMessage command, DateTimeOffset now) => new MqttApplicationMessageBuilder()
        .WithTopic(Topic.Command(device, command.Id))
        .WithPayload(Write(json =>
        {
            json.WriteString("name", command.Name);
            json.WritePropertyName("args");
            json.WriteRawValue(command.ArgsJson);
            json.WriteNumber("expiresAt", command.ExpiresAtMs);
            json.WriteString("idempotencyKey", command.IdempotencyKey);
        }))
        .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
        .WithMessageExpiryInterval((uint)Math.Max(1, (command.ExpiresAtMs - now.ToUnixTimeMilliseconds() + 999) / 1000))
        .Build();

    public static MqttApplicationMessage Desired(Shadow shadow) => new MqttApplicationMessageBuilder()
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
}
