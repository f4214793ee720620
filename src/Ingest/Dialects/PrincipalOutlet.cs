using System.Buffers;
using System.Collections.Concurrent;
using MQTTnet;
using MQTTnet.Protocol;
using MQTTnet.Server;
using Seamless.Ingest.Mqtt;
using Seamless.Telemetry;

namespace Seamless.Ingest.Dialects;

/// <summary>Publishes to the connections of one device alone, for conventions whose topics do not say whose they are.</summary>
/// <remarks>Every device of a hub subscribes to the same <c>$iothub/twin/res/#</c>; what is for one of them must not reach the others.</remarks>
internal sealed class PrincipalOutlet : IDisposable
{
    private readonly MqttServer _server;
    private readonly Peers _peers;
    private readonly ConcurrentDictionary<MqttApplicationMessage, Delivery> _underway = new(ReferenceEqualityComparer.Instance);

    public PrincipalOutlet(MqttServer server, Peers peers)
    {
        (_server, _peers) = (server, peers);
        _server.InterceptingClientEnqueueAsync += OnEnqueueAsync;
    }

    /// <returns>False when no session of the device has subscribed to the topic.</returns>
    public async Task<bool> TryPublishAsync(
        DeviceKey device, string topic, ReadOnlyMemory<byte> payload, CancellationToken ct, MqttQualityOfServiceLevel quality = MqttQualityOfServiceLevel.AtLeastOnce)
    {
        if (!_server.IsStarted) return false;
        var message = new MqttApplicationMessage { Topic = topic, Payload = new ReadOnlySequence<byte>(payload), QualityOfServiceLevel = quality };
        var delivery = _underway[message] = new Delivery(device);
        try
        {
            await _server.InjectApplicationMessage(new InjectedMqttApplicationMessage(message) { SenderClientId = MqttOutlet.SenderId }, ct);
            return delivery.Sessions > 0;
        }
        finally
        {
            _underway.TryRemove(message, out _);
        }
    }

    public void Dispose() => _server.InterceptingClientEnqueueAsync -= OnEnqueueAsync;

    // Raised within InjectApplicationMessage, once for each session that has subscribed.
    private Task OnEnqueueAsync(InterceptingClientApplicationMessageEnqueueEventArgs enqueue)
    {
        if (!_underway.TryGetValue(enqueue.ApplicationMessage, out var delivery)) return Task.CompletedTask;
        enqueue.AcceptEnqueue = _peers.Find(enqueue.ReceiverClientId)?.Principal.Key == delivery.Device;
        if (enqueue.AcceptEnqueue) delivery.Sessions++;
        return Task.CompletedTask;
    }

    private sealed class Delivery(DeviceKey device)
    {
        public DeviceKey Device => device;
        public int Sessions { get; set; }
    }
}
