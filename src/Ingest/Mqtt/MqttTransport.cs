using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using MQTTnet;
using MQTTnet.Protocol;
using MQTTnet.Server;
using Seamless.Fleet.Commands;
using Seamless.Fleet.Shadows;
using Seamless.Telemetry;
using Seamless.Telemetry.Commands;

namespace Seamless.Ingest.Mqtt;

/// <summary>The way out: commands and desired states to the device's own topics.</summary>
internal sealed class MqttTransport : ICommandTransport, IShadowTransport, IDisposable
{
    /// <summary>Under this name the platform publishes; no client may take it.</summary>
    public const string SenderId = "$seamless";

    private readonly MqttServer _server;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<MqttApplicationMessage, byte> _unheard = new(ReferenceEqualityComparer.Instance);

    public MqttTransport(MqttServer server, TimeProvider time)
    {
        (_server, _time) = (server, time);
        _server.ApplicationMessageNotConsumedAsync += OnUnheardAsync;
    }

    /// <summary>False also when no session listens, connected or persistent: MQTT would drop the command, so it stays with us and is tried again.</summary>
    public async Task<bool> TrySendAsync(DeviceKey device, CommandMessage message, CancellationToken ct)
    {
        if (!_server.IsStarted) return false;
        var published = new MqttApplicationMessageBuilder()
            .WithTopic(Topic.Command(device, message.Id))
            .WithPayload(Encode(message))
            .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
            .WithMessageExpiryInterval(SecondsUntil(message.ExpiresAtMs))
            .Build();
        await _server.InjectApplicationMessage(new InjectedMqttApplicationMessage(published) { SenderClientId = SenderId }, ct);
        return !_unheard.TryRemove(published, out _);
    }

    public async Task PublishDesiredAsync(Shadow shadow, CancellationToken ct)
    {
        if (_server.IsStarted) await _server.InjectApplicationMessage(new InjectedMqttApplicationMessage(ToMessage(shadow)) { SenderClientId = SenderId }, ct);
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

    public void Dispose() => _server.ApplicationMessageNotConsumedAsync -= OnUnheardAsync;

    // Raised within InjectApplicationMessage, before it returns.
    private Task OnUnheardAsync(ApplicationMessageNotConsumedEventArgs message)
    {
        if (message.SenderId == SenderId && !message.ApplicationMessage.Retain) _unheard.TryAdd(message.ApplicationMessage, 0);
        return Task.CompletedTask;
    }

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

    private uint SecondsUntil(long expiresAtMs) => (uint)Math.Max(1, (expiresAtMs - _time.GetUtcNow().ToUnixTimeMilliseconds() + 999) / 1000);
}
