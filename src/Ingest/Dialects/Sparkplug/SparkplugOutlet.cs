using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Options;
using MQTTnet;
using MQTTnet.Protocol;
using MQTTnet.Server;
using Seamless.Ingest.Mqtt;
using Seamless.Telemetry.Payloads.Sparkplug;

namespace Seamless.Ingest.Dialects.Sparkplug;

/// <summary>What the platform says as a host: commands to nodes, and whether it is there.</summary>
/// <remarks>Sparkplug's topics do not name a tenant: a command is let through to the sessions of its node's tenant alone.</remarks>
internal sealed class SparkplugOutlet : IDisposable
{
    private readonly MqttServer _server;
    private readonly MqttOutlet _outlet;
    private readonly Peers _peers;
    private readonly TimeProvider _time;
    private readonly string _hostId;
    private readonly bool _isPrimaryHost;
    private readonly ConcurrentDictionary<MqttApplicationMessage, string> _tenantOf = new(ReferenceEqualityComparer.Instance);

    public SparkplugOutlet(MqttServer server, MqttOutlet outlet, Peers peers, TimeProvider time, IOptions<IngestOptions> options)
    {
        (_server, _outlet, _peers, _time) = (server, outlet, peers, time);
        (_hostId, _isPrimaryHost) = (options.Value.Sparkplug.HostId, options.Value.Sparkplug.IsPrimaryHost);
        _server.InterceptingClientEnqueueAsync += OnEnqueueAsync;
    }

    public bool IsOurs(in SparkplugTopic state) => state.Node == _hostId;

    /// <returns>False when no session listens.</returns>
    public async Task<bool> TryCommandAsync(EdgeNode node, string? device, OutgoingMetric metric, CancellationToken ct)
    {
        var nowMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
        var message = new MqttApplicationMessageBuilder()
            .WithTopic(SparkplugTopic.Command(node.Group, node.Node, device))
            .WithPayload(SparkplugWriter.Write(nowMs, null, metric with { TimestampMs = nowMs }))
            .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtMostOnce)
            .Build();
        _tenantOf[message] = node.Key.Tenant;
        try
        {
            return await _outlet.TryPublishAsync(message, ct);
        }
        finally
        {
            _tenantOf.TryRemove(message, out _);
        }
    }

    public Task<bool> RequestRebirthAsync(EdgeNode node, CancellationToken ct) =>
        TryCommandAsync(node, null, new OutgoingMetric("Node Control/Rebirth", SparkplugType.Boolean, Integer: 1), ct);

    /// <summary>In the form of 3.0, and in that of hosts before it: a node looks for one of them. Nothing when nodes have another primary host.</summary>
    public async Task SayStateAsync(bool online, CancellationToken ct)
    {
        if (!_isPrimaryHost) return;
        var state = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object> { ["online"] = online, ["timestamp"] = _time.GetUtcNow().ToUnixTimeMilliseconds() });
        await _outlet.TryPublishAsync(Retained($"{SparkplugTopic.Namespace}/STATE/{_hostId}", state), ct);
        await _outlet.TryPublishAsync(Retained($"STATE/{_hostId}", online ? "ONLINE"u8.ToArray() : "OFFLINE"u8.ToArray()), ct);
    }

    public void Dispose() => _server.InterceptingClientEnqueueAsync -= OnEnqueueAsync;

    private Task OnEnqueueAsync(InterceptingClientApplicationMessageEnqueueEventArgs enqueue)
    {
        if (_tenantOf.TryGetValue(enqueue.ApplicationMessage, out var tenant) && _peers.Find(enqueue.ReceiverClientId)?.Principal.Key.Tenant != tenant) enqueue.AcceptEnqueue = false;
        return Task.CompletedTask;
    }

    private static MqttApplicationMessage Retained(string topic, byte[] payload) => new MqttApplicationMessageBuilder()
        .WithTopic(topic).WithPayload(payload).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).WithRetainFlag().Build();
}
