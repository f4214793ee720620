using static Seamless.Ingest.Tests.Door;

namespace Seamless.Ingest.Tests.Mqtt;

/// <summary>Devices that come back before the platform has done with their last connection.</summary>
public sealed class ReconnectTests
{
    private const string Topic = "v1/default/pump-1/telemetry";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_end_of_the_last_connection_does_not_touch_the_next_one_under_the_same_id(bool saysGoodbye)
    {
        await using var door = await OpenAsync();
        var token = await door.AddDeviceAsync("pump-1");
        for (var i = 0; i < 300; i++)
        {
            await using (var first = await RawClient.ConnectAsync(door.MqttEndpoint, "pump-1", token, clientId: "pump"))
            {
                if (saysGoodbye) await first.SendAsync(RawClient.Disconnect);
            }
            await using var second = await RawClient.ConnectAsync(door.MqttEndpoint, "pump-1", token, clientId: "pump");
            await second.SendAsync(second.Publish(Topic, "{\"vibration\":", 1));   // broken: it goes the slow way, by the session
            Assert.Equal(1, await second.AcknowledgedAsync());
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nor_does_it_when_it_comes_in_the_middle_of_the_next_login(bool saysGoodbye)
    {
        await using var door = await OpenAsync();
        var token = await door.AddDeviceAsync("pump-1");
        for (var i = 0; i < 600; i++)
        {
            await using var first = await RawClient.ConnectAsync(door.MqttEndpoint, "pump-1", token, clientId: "pump");
            var login = RawClient.ConnectAsync(door.MqttEndpoint, "pump-1", token, clientId: "pump");
            Thread.SpinWait(i * 40);   // sweeps over the whole login
            if (saysGoodbye) await first.SendAsync(RawClient.Disconnect);
            first.Socket.Close();
            await using var second = await login;
            await second.SendAsync(second.Publish(Topic, "{\"vibration\":", 1));
            Assert.Equal(1, await second.AcknowledgedAsync());
        }
    }
}
