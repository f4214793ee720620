using System.Diagnostics;
using System.Globalization;
using MQTTnet;
using MQTTnet.Formatter;
using static Seamless.Ingest.Tests.Door;

namespace Seamless.Ingest.Tests.Mqtt;

/// <summary>Clients that we did not write, and the WebSocket.</summary>
public sealed class RealClientTests
{
    [Theory]
    [InlineData("mqttv311", 0)]
    [InlineData("mqttv311", 1)]
    [InlineData("mqttv5", 1)]
    [InlineData("mqttv5", 2)]
    public async Task Mosquitto_pub_delivers(string version, int qos)
    {
        await using var door = await OpenAsync();
        var token = await door.AddDeviceAsync("pump-1");
        var code = await MosquittoPubAsync(door, "-V", version, "-q", qos.ToString(CultureInfo.InvariantCulture), "-u", "pump-1", "-P", token,
            "-t", "v1/default/pump-1/telemetry", "-m", """{"vibration":2.5}""");
        Assert.Equal(0, code);
        await UntilAsync(() => door.Log.Samples.Any(), "the sample");
    }

    [Fact]
    public async Task Mosquitto_pub_with_a_wrong_token_fails()
    {
        await using var door = await OpenAsync();
        await door.AddDeviceAsync("pump-1");
        Assert.NotEqual(0, await MosquittoPubAsync(door, "-u", "pump-1", "-P", "wrong", "-q", "1", "-t", "v1/default/pump-1/telemetry", "-m", "{}"));
    }

    [Fact]
    public async Task MQTT_comes_over_the_WebSocket_too()
    {
        await using var door = await OpenAsync();
        var token = await door.AddDeviceAsync("pump-1");
        using var client = new MqttClientFactory().CreateMqttClient();
        var options = new MqttClientOptionsBuilder().WithCredentials("pump-1", token).WithProtocolVersion(MqttProtocolVersion.V500)
            .WithWebSocketServer(socket => socket.WithUri($"ws://{door.Http.BaseAddress!.Authority}/mqtt")).Build();
        await client.ConnectAsync(options, Ct);
        Assert.True((await client.SendAsync("v1/default/pump-1/telemetry", """{"vibration":2.5}""")).IsSuccess);
        Assert.Single(door.Log.Samples);
    }

    private static async Task<int> MosquittoPubAsync(Door door, params string[] arguments)
    {
        const string Program = "/usr/bin/mosquitto_pub";
        Assert.SkipUnless(File.Exists(Program), "mosquitto_pub is not installed (Debian package mosquitto-clients)");
        var start = new ProcessStartInfo(Program) { RedirectStandardError = true };
        foreach (var argument in (string[])["-h", "127.0.0.1", "-p", door.MqttEndpoint.Port.ToString(CultureInfo.InvariantCulture), .. arguments]) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync(Ct);
        return process.ExitCode;
    }
}
