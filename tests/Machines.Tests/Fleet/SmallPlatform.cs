using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using MQTTnet;
using MQTTnet.Protocol;
using MQTTnet.Server;
using Seamless.Machines.Fleet;
using Seamless.Telemetry;

namespace Seamless.Machines.Tests.Fleet;

/// <summary>As much of a platform as a fleet speaks to: a real broker, and a desk that keeps what it is told.</summary>
internal sealed class SmallPlatform : IAsyncDisposable
{
    private readonly MqttServer _broker;
    private readonly HttpListener _http = new();
    private readonly Task _serving;
    private readonly (int Mqtt, int Http) _ports = (FreePort(), FreePort());

    public SmallPlatform()
    {
        _broker = new MqttServerFactory().CreateMqttServer(
            new MqttServerOptionsBuilder().WithDefaultEndpoint().WithDefaultEndpointPort(_ports.Mqtt).WithDefaultEndpointBoundIPAddress(IPAddress.Loopback).Build());
        _broker.InterceptingPublishAsync += ArrivedAsync;
        _http.Prefixes.Add($"http://127.0.0.1:{_ports.Http}/");
        _http.Start();
        _serving = ServeAsync();
    }

    public FleetTarget Target => new("127.0.0.1", _ports.Mqtt, new Uri($"http://127.0.0.1:{_ports.Http}"), "key");

    /// <summary>What came, by topic.</summary>
    public ConcurrentDictionary<string, ConcurrentQueue<JsonElement>> Messages { get; } = [];

    /// <summary>POSTs and PUTs, as <c>path body</c>.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    /// <summary>What <c>GET /api/v1/tickets</c> answers, by status.</summary>
    public Func<string?, object[]> Tickets { get; set; } = _ => [];
    public object[] Shipments { get; set; } = [];

    /// <summary>What <c>GET /api/v1/returns</c> answers.</summary>
    public IReadOnlyList<object> Returns { get; set; } = [];

    public long Samples => Messages.Where(topic => topic.Key.EndsWith("/telemetry", StringComparison.Ordinal))
        .Sum(topic => topic.Value.Sum(payload => payload.ValueKind is JsonValueKind.Array ? payload.GetArrayLength() : 1));

    public Task StartAsync() => _broker.StartAsync();

    /// <summary>Ends all connections.</summary>
    public Task StopAsync() => _broker.StopAsync();

    public Task CommandAsync(string device, string id, string name, DateTimeOffset expires) => _broker.InjectApplicationMessage(
        new InjectedMqttApplicationMessage(new MqttApplicationMessageBuilder()
            .WithTopic(Topic.Command(new DeviceKey(DeviceKey.DefaultTenant, device), id))
            .WithPayload($$"""{"name":"{{name}}","args":{},"expiresAt":{{expires.ToUnixTimeMilliseconds()}},"idempotencyKey":"{{id}}"}""")
            .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build()) { SenderClientId = "platform" });

    public async ValueTask DisposeAsync()
    {
        _http.Stop();
        await _serving;
        if (_broker.IsStarted) await _broker.StopAsync();
        _broker.Dispose();
    }

    private Task ArrivedAsync(InterceptingPublishEventArgs message)
    {
        var payload = JsonDocument.Parse(message.ApplicationMessage.Payload.ToArray()).RootElement;
        Messages.GetOrAdd(message.ApplicationMessage.Topic, _ => []).Enqueue(payload);
        return Task.CompletedTask;
    }

    private async Task ServeAsync()
    {
        while (_http.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _http.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            await AnswerAsync(context);
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        var path = context.Request.Url!.AbsolutePath;
        if (context.Request.HttpMethod != "GET")
        {
            using var reader = new StreamReader(context.Request.InputStream);
            Requests.Enqueue($"{path} {await reader.ReadToEndAsync()}");
        }
        object answer = path switch
        {
            "/api/v1/tickets" => new { items = Tickets(context.Request.QueryString["status"]) },
            "/api/v1/shipments" => new { items = Shipments },
            "/api/v1/returns" => new { items = Returns },
            "/api/v1/alarms" or "/api/v1/remedies" or "/api/v1/kpis" => new { items = Array.Empty<object>() },
            _ => new { token = "t" },
        };
        context.Response.ContentType = "application/json";
        // One write and a closed connection: this listener otherwise waits 40 ms for the client's delayed acknowledgement.
        context.Response.KeepAlive = false;
        context.Response.Close(JsonSerializer.SerializeToUtf8Bytes(answer, JsonSerializerOptions.Web), willBlock: false);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
