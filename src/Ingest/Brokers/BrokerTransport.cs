using Seamless.Fleet.Commands;
using Seamless.Fleet.Shadows;
using Seamless.Ingest.Mqtt;
using Seamless.Telemetry;
using Seamless.Telemetry.Commands;

namespace Seamless.Ingest.Brokers;

/// <summary>The way out where devices connect to an external broker: there first, and at our own door for those who came in by it.</summary>
internal sealed class BrokerTransport(Func<ExternalBroker> broker, ICommandTransport ownCommands, IShadowTransport ownShadows, TimeProvider time) : ICommandTransport, IShadowTransport
{
    public async Task<bool> TrySendAsync(DeviceKey device, CommandMessage message, CancellationToken ct) =>
        await broker().TryPublishAsync(PlatformMessages.Command(device, message, time.GetUtcNow()), ct)
        || await ownCommands.TrySendAsync(device, message, ct);

    /// <summary>To both: it is retained, and nobody knows yet by which door the device will come.</summary>
    public async Task PublishDesiredAsync(Shadow shadow, CancellationToken ct)
    {
        await broker().TryPublishAsync(PlatformMessages.Desired(shadow), ct);
        await ownShadows.PublishDesiredAsync(shadow, ct);
    }
}
