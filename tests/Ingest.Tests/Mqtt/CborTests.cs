using MQTTnet;
using MQTTnet.Protocol;
using static Seamless.Ingest.Tests.Door;

namespace Seamless.Ingest.Tests.Mqtt;

public sealed class CborTests
{
    [Fact]
    public async Task A_client_of_MQTT_5_sends_CBOR_by_naming_its_content_type()
    {
        await using var door = await OpenAsync();
        var client = await door.ConnectAsync("pump-1", await door.AddDeviceAsync("pump-1"));
        var message = new MqttApplicationMessageBuilder().WithTopic("v1/default/pump-1/telemetry").WithContentType("application/cbor")
            .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce);

        Assert.True((await client.PublishAsync(message.WithPayload(Convert.FromHexString("A261610161626561757461C3A4")).Build(), Ct)).IsSuccess);   // one byte too many
        await client.PublishAsync(message.WithPayload(Convert.FromHexString("A2616101616264617574C3")).Build(), Ct);   // half a letter
        await client.PublishAsync(message.WithPayload(Convert.FromHexString("A261610161626461757461")).Build(), Ct);

        var sample = Assert.Single(door.Log.Samples);
        Assert.Equal(["a=1", "b=auta"], sample.Readings.Select(reading => $"{reading.Metric}={reading.State ?? "1"}"));
        Assert.Equal(2, await door.DeadLetters.CountAsync("default", Ct));
    }
}
