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
        return await outlet.TryPublishAsync(PlatformMessages.Command(device, message, time.GetUtcNow()), ct);
    }

    public async Task PublishDesiredAsync(Shadow shadow, CancellationToken ct)
    {
        foreach (var dialect in dialects)
            if (await dialect.TryPublishDesiredAsync(shadow, ct)) return;
        await outlet.TryPublishAsync(PlatformMessages.Desired(shadow), ct);
    }
}
