using System.Buffers;
using MQTTnet;
using Seamless.Fleet.Commands;
using Seamless.Fleet.Registry;
using Seamless.Ingest.Receiving;
using Seamless.Telemetry;

namespace Seamless.Ingest.Brokers;

/// <summary>Hands on what an external broker delivers. Tenant and device stand in the topic; the broker has seen to it that they are true.</summary>
/// <remarks>One thread, in the order of delivery.</remarks>
internal sealed class BrokerReceiver(Receiver receiver, IDeviceRegistry devices, ICommands commands, IReadOnlyCollection<string> tenants, TimeProvider time)
{
    /// <summary>How messages came, in metrics and dead letters.</summary>
    public const string Channel = "broker";

    /// <summary>Stands where a device first seen is registered, and for what belongs to no device.</summary>
    public const string Name = "external-broker";

    private Task _ordered = Task.CompletedTask;

    /// <returns>Once the message may be followed by the next. The task within completes when the message is durable.</returns>
    public async ValueTask<Task> BeginAsync(MqttApplicationMessage message, CancellationToken ct)
    {
        // The buffer is MQTTnet's again when the handler returns.
        var inbound = new InboundMessage(Channel, message.Topic, Name, message.ContentType, message.Payload.ToArray(), time.GetUtcNow());
        var topic = Topic.TryParse(message.Topic, out var parsed) ? parsed : null;
        if (topic is { Kind: TopicKind.Telemetry or TopicKind.Events } sample && devices.FindCached(sample.Device) is not null)
            return receiver.ReceiveAsync(inbound, SenderOf(message.Topic), ct).AsTask();
        // Answers and states are about order, and a device's first message must not be overtaken while it is being registered.
        _ordered = AfterAsync(_ordered, inbound, topic, ct);
        if (topic is { Kind: TopicKind.Telemetry or TopicKind.Events }) await _ordered.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _ordered;
    }

    private async Task AfterAsync(Task before, InboundMessage message, Topic? topic, CancellationToken ct)
    {
        await before;
        await receiver.ReceiveAsync(message, SenderOf(message.Topic), ct);
        if (topic is { Kind: TopicKind.State } state && devices.PresenceOf(state.Device).Status is DeviceStatus.Online) await commands.ResendAsync(state.Device, ct);
    }

    /// <summary>The broker speaks for every device of a tenant, as a gateway does.</summary>
    private DevicePrincipal SenderOf(string topic)
    {
        var tenant = tenants.FirstOrDefault(t => topic.StartsWith($"v1/{t}/", StringComparison.Ordinal)) ?? DeviceKey.DefaultTenant;
        return new DevicePrincipal(new DeviceKey(tenant, Name), IsGateway: true);
    }
}
