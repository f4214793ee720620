using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Threading.Channels;
using MQTTnet;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace Seamless.DeviceAgent.Tests;

/// <summary>A real MQTT broker that can go away and come back on the same port.</summary>
internal sealed class Broker : IAsyncDisposable
{
    private readonly Channel<(string Topic, byte[] Payload)> _arrived = Channel.CreateUnbounded<(string, byte[])>();
    private MqttServer? _server;

    public int Port { get; } = FreePort();

    public Uri Address => new($"mqtt://127.0.0.1:{Port}");

    public async Task StartAsync()
    {
        _server = new MqttServerFactory().CreateMqttServer(
            new MqttServerOptionsBuilder().WithDefaultEndpoint().WithDefaultEndpointPort(Port).WithDefaultEndpointBoundIPAddress(IPAddress.Loopback).WithPersistentSessions().Build());
        _server.InterceptingPublishAsync += message =>
        {
            _arrived.Writer.TryWrite((message.ApplicationMessage.Topic, message.ApplicationMessage.Payload.ToArray()));
            return Task.CompletedTask;
        };
        await _server.StartAsync();
    }

    public async Task StopAsync()
    {
        if (_server is null) return;
        await _server.StopAsync();
        _server.Dispose();
        _server = null;
    }

    public Task SendAsync(string topic, string payload) => _server!.InjectApplicationMessage(new InjectedMqttApplicationMessage(
        new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(payload).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build()) { SenderClientId = "platform" });

    /// <summary>The next message under a topic's ending, waiting for it at most ten seconds.</summary>
    public async Task<JsonElement> NextAsync(string ending)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (true)
        {
            var (topic, payload) = await _arrived.Reader.ReadAsync(limit.Token);
            if (topic.EndsWith(ending, StringComparison.Ordinal)) return JsonDocument.Parse(payload).RootElement;
        }
    }

    /// <summary>The sequence numbers that come, in order, until the one asked for.</summary>
    public async Task<List<long>> SequencesUntilAsync(Func<List<long>, bool> enough)
    {
        var sequences = new List<long>();
        while (!enough(sequences))
        {
            var payload = await NextAsync("/telemetry");
            if (payload.ValueKind is JsonValueKind.Array) sequences.AddRange(payload.EnumerateArray().Select(sample => sample.GetProperty("seq").GetInt64()));
            else sequences.Add(payload.GetProperty("seq").GetInt64());
        }
        return sequences;
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
