using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using MQTTnet;
using MQTTnet.Protocol;

namespace Seamless.EndToEnd.Tests.Rig;

/// <summary>A machine on real MQTT that does what the test says: sends readings, receives commands and answers them.</summary>
public sealed class ScriptedMachine : IAsyncDisposable
{
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly string _device;

    private ScriptedMachine(string device) => _device = device;

    /// <summary>Names of the commands received, in order.</summary>
    public ConcurrentQueue<string> Commands { get; } = [];

    /// <summary>What the machine answers to a command; succeeded unless told otherwise.</summary>
    public Func<string, string> Answer { get; set; } = _ => "succeeded";

    public static async Task<ScriptedMachine> ConnectAsync(PlatformProcess platform, string device, string type, string site) => await ConnectAsync(platform.MqttPort, device, await platform.AddDeviceAsync(device, type, site));

    public static async Task<ScriptedMachine> ConnectAsync(int mqttPort, string device, string token)
    {
        var machine = new ScriptedMachine(device);
        machine._client.ApplicationMessageReceivedAsync += machine.ObeyAsync;
        await machine._client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", mqttPort).WithCredentials(device, token).WithClientId(device).Build());
        await machine._client.SubscribeAsync($"v1/default/{device}/commands/+", MqttQualityOfServiceLevel.AtLeastOnce);
        await machine.PublishAsync("state", """{"status":"online","agent":"test"}""");
        return machine;
    }

    /// <summary>Sends <paramref name="values"/> every <paramref name="every"/> over a span that ends now.</summary>
    public async Task SendAsync(TimeSpan span, TimeSpan every, params (string Metric, object Value)[] values)
    {
        var end = TimeProvider.System.GetUtcNow();
        for (var at = end - span; at <= end; at += every) await SendAtAsync(at, values);
    }

    public Task SendAtAsync(DateTimeOffset at, params (string Metric, object Value)[] values)
    {
        var readings = string.Join(',', values.Select(v => $"\"{v.Metric}\":{Json(v.Value)}"));
        return PublishAsync("telemetry", $"{{\"ts\":{at.ToUnixTimeMilliseconds()},\"values\":{{{readings}}}}}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_client.IsConnected) await _client.DisconnectAsync();
        _client.Dispose();
    }

    private async Task ObeyAsync(MqttApplicationMessageReceivedEventArgs received)
    {
        var command = JsonNode.Parse(received.ApplicationMessage.ConvertPayloadToString()!)!;
        var name = (string)command["name"]!;
        Commands.Enqueue(name);
        await PublishAsync(received.ApplicationMessage.Topic[$"v1/default/{_device}/".Length..] + "/result", $$"""{"status":"{{Answer(name)}}","progress":100}""");
    }

    private Task PublishAsync(string topic, string payload) =>
        _client.PublishAsync(new MqttApplicationMessageBuilder().WithTopic($"v1/default/{_device}/{topic}").WithPayload(Encoding.UTF8.GetBytes(payload)).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build());

    private static string Json(object value) => value switch
    {
        bool flag => flag ? "true" : "false",
        string text => $"\"{text}\"",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new ArgumentException($"{value.GetType()} is not a reading", nameof(value)),
    };
}
