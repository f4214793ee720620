using MQTTnet;
using MQTTnet.Protocol;
using Seamless.EndToEnd.Tests.Rig;
using Seamless.Storage.Tests.TimeSeries.Influx;
using MosquittoBroker = Seamless.Ingest.Tests.Brokers.Mosquitto;

namespace Seamless.EndToEnd.Tests;

/// <summary>The platform between somebody else's broker and somebody else's store, both real, killed again and again.</summary>
public sealed class ExternalPartsTests(InfluxServer influx) : IClassFixture<InfluxServer>
{
    private const int Kills = 4;
    private const int Messages = 6000;
    private const int Devices = 10;

    [Fact]
    public async Task What_mosquitto_took_is_in_InfluxDB_once_whenever_the_platform_is_killed()
    {
        InfluxServer.SkipUnlessInstalled(influx);
        await using var mosquitto = await MosquittoBroker.StartAsync();
        await using var platform = await PlatformProcess.ServeAsync(settings: new Dictionary<string, string>
        {
            ["SEAMLESS__BROKER__URL"] = $"mqtt://127.0.0.1:{mosquitto.Port}",
            ["SEAMLESS__BROKER__CLIENTID"] = "node-1",
            ["SEAMLESS__STORE__KIND"] = "influxdb",
            ["SEAMLESS__STORE__INFLUX__URL"] = influx.Url!.ToString(),
        });
        var began = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - Messages;
        var publishing = PublishAsync(await mosquitto.ConnectAsync("publisher"), began);
        var random = new Random(20261125);
        for (var kill = 0; kill < Kills; kill++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(500 + random.Next(1500)), TestContext.Current.CancellationToken);
            await platform.KillAsync();
            await platform.StartAsync();
        }
        await publishing;

        for (var device = 0; device < Devices; device++)
        {
            var expected = Enumerable.Range(0, Messages / Devices).Select(i => began + i * Devices + device).ToArray();
            // What was in flight when it was killed comes again, after what came later.
            for (var attempt = 0; attempt < 150 && (await platform.TimesOfAsync($"pump-{device}", "flow")).Count < expected.Length; attempt++) await Task.Delay(200, TestContext.Current.CancellationToken);
            Assert.Equal(expected, await platform.TimesOfAsync($"pump-{device}", "flow"));
        }
    }

    /// <summary>Steadily, so that the kills fall into the stream.</summary>
    private static async Task PublishAsync(IMqttClient client, long began)
    {
        for (var i = 0; i < Messages; i++)
        {
            var message = new MqttApplicationMessageBuilder().WithTopic($"v1/default/pump-{i % Devices}/telemetry").WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
                .WithPayload($$"""{"ts":{{began + i}},"values":{"flow":{{i}} } }""").Build();
            Assert.True((await client.PublishAsync(message, TestContext.Current.CancellationToken)).IsSuccess);
            if (i % 10 == 0) await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }
}
