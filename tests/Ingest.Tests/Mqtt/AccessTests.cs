using MQTTnet;
using MQTTnet.Formatter;
using Seamless.Telemetry;
using Seamless.Telemetry.Payloads;
using static Seamless.Ingest.Tests.Door;

namespace Seamless.Ingest.Tests.Mqtt;

public sealed class AccessTests
{
    private const string Good = """{"vibration":2.5}""";

    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V500)]
    public async Task A_wrong_token_is_refused_and_audited_once_a_minute(MqttProtocolVersion version)
    {
        await using var door = await OpenAsync();
        await door.AddDeviceAsync("pump-1");
        for (var i = 0; i < 3; i++)
        {
            using var client = new MqttClientFactory().CreateMqttClient();
            Assert.Equal(MqttClientConnectResultCode.BadUserNameOrPassword, (await client.ConnectAsync(door.Options("pump-1", "wrong", version), Ct)).ResultCode);
        }
        Assert.Single(await door.Audit.ListAsync("default", null, 100, Ct), entry => entry is { Action: "mqtt.connect.refused", Subject: "device:pump-1" });
    }

    [Fact]
    public async Task Someone_elses_topic_is_refused_with_0x87_in_MQTT_5_audited_every_time_and_kept_under_its_sender()
    {
        await using var door = await OpenAsync();
        var client = await door.ConnectAsync("pump-1", await door.AddDeviceAsync("pump-1"));
        await door.AddDeviceAsync("pump-2");

        for (var i = 0; i < 2; i++)
            Assert.Equal(MqttClientPublishReasonCode.NotAuthorized, (await client.SendAsync("v1/default/pump-2/telemetry", Good)).ReasonCode);

        Assert.Equal(2, (await door.Audit.ListAsync("default", null, 100, Ct)).Count(entry => entry is { Action: "mqtt.publish.refused", Actor: "device:pump-1" }));
        Assert.All(await door.DeadLetters.ListAsync("default", "pump-1", null, 10, Ct), letter => Assert.Equal(RejectReason.NotAuthorized, letter.Rejects[0].Reason));
        Assert.Empty(await door.DeadLetters.ListAsync("default", "pump-2", null, 10, Ct));
        Assert.Empty(door.Log.Samples);
        Assert.True((await client.SendAsync("v1/default/pump-1/telemetry", Good)).IsSuccess);
    }

    [Fact]
    public async Task Someone_elses_topic_closes_an_MQTT_3_connection()
    {
        await using var door = await OpenAsync();
        var client = await door.ConnectAsync("pump-1", await door.AddDeviceAsync("pump-1"), MqttProtocolVersion.V311);
        await Assert.ThrowsAnyAsync<Exception>(() => client.SendAsync("v1/default/pump-2/telemetry", Good));
        await UntilAsync(() => !client.IsConnected, "the end of the connection");
        Assert.Contains(await door.Audit.ListAsync("default", null, 100, Ct), entry => entry.Action == "mqtt.publish.refused");
    }

    [Theory]
    [InlineData("pump-1", "v1/default/pump-1/#", true)]
    [InlineData("pump-1", "v1/default/pump-1/commands/+", true)]
    [InlineData("pump-1", "v1/default/pump-2/#", false)]
    [InlineData("pump-1", "v1/default/+/commands/+", false)]
    [InlineData("pump-1", "#", false)]
    [InlineData("gw-1", "v1/default/+/commands/+", true)]
    [InlineData("gw-1", "v1/default/#", true)]
    [InlineData("gw-1", "v1/other/pump-1/#", false)]
    [InlineData("gw-1", "v1/+/pump-1/#", false)]
    public async Task Each_subscribes_only_to_its_own(string user, string filter, bool granted)
    {
        await using var door = await OpenAsync();
        var token = await door.AddDeviceAsync(user, user == "gw-1" ? "gateway" : "pump");
        var five = await door.ConnectAsync(user, token);
        var three = await door.ConnectAsync(user, token, MqttProtocolVersion.V311);

        var inFive = Assert.Single((await five.SubscribeAsync(filter, cancellationToken: Ct)).Items).ResultCode;
        var inThree = Assert.Single((await three.SubscribeAsync(filter, cancellationToken: Ct)).Items).ResultCode;

        Assert.Equal(granted ? MqttClientSubscribeResultCode.GrantedQoS0 : MqttClientSubscribeResultCode.NotAuthorized, inFive);
        Assert.Equal(granted ? MqttClientSubscribeResultCode.GrantedQoS0 : MqttClientSubscribeResultCode.UnspecifiedError, inThree);
        Assert.Equal(granted ? 0 : 2, (await door.Audit.ListAsync("default", null, 100, Ct)).Count(entry => entry.Action == "mqtt.subscribe.refused"));
    }

    [Theory]
    [InlineData("v1/default/pump-1/commands/c1")]
    [InlineData("v1/default/pump-1/shadow/desired")]
    public async Task What_the_platform_says_no_device_may_say(string topic)
    {
        await using var door = await OpenAsync();
        var gateway = await door.ConnectAsync("gw-1", await door.AddDeviceAsync("gw-1", "gateway"));
        await door.AddDeviceAsync("pump-1");
        Assert.Equal(MqttClientPublishReasonCode.NotAuthorized, (await gateway.SendAsync(topic, "{}")).ReasonCode);
    }

    [Fact]
    public async Task Nobody_takes_over_another_devices_session()
    {
        await using var door = await OpenAsync();
        await door.ConnectAsync("pump-1", await door.AddDeviceAsync("pump-1"), configure: options => options.WithClientId("pump-1").WithCleanStart(false).WithSessionExpiryInterval(3600));
        var token = await door.AddDeviceAsync("pump-2");
        using var thief = new MqttClientFactory().CreateMqttClient();
        var refused = await thief.ConnectAsync(door.Options("pump-2", token, MqttProtocolVersion.V500, options => options.WithClientId("pump-1")), Ct);
        Assert.Equal(MqttClientConnectResultCode.ClientIdentifierNotValid, refused.ResultCode);
    }

    [Fact]
    public async Task A_new_token_ends_the_connections_that_used_the_old_one()
    {
        await using var door = await OpenAsync();
        var client = await door.ConnectAsync("pump-1", await door.AddDeviceAsync("pump-1"));
        await door.Devices.IssueTokenAsync(new DeviceKey("default", "pump-1"), "test", Ct);
        await UntilAsync(() => !client.IsConnected, "the end of the connection");
    }

    [Fact]
    public async Task A_gateway_speaks_for_devices_that_register_themselves()
    {
        await using var door = await OpenAsync();
        var gateway = await door.ConnectAsync("gw-1", await door.AddDeviceAsync("gw-1", "gateway"));
        Assert.True((await gateway.SendAsync("v1/default/new-1/telemetry", Good)).IsSuccess);
        var device = door.Devices.FindCached(new DeviceKey("default", "new-1"));
        Assert.Equal(("generic", "gw-1"), (device!.Type, device.Gateway));
        Assert.Equal("new-1", Assert.Single(door.Log.Samples).Device.Device);
        Assert.Equal(MqttClientPublishReasonCode.NotAuthorized, (await gateway.SendAsync("v1/other/new-2/telemetry", Good)).ReasonCode);
    }

    [Fact]
    public async Task With_auto_registration_off_a_gateways_stranger_is_refused()
    {
        await using var door = await OpenAsync(fleet => fleet.AutoRegister = false);
        var gateway = await door.ConnectAsync("gw-1", await door.AddDeviceAsync("gw-1", "gateway"));
        Assert.Equal(MqttClientPublishReasonCode.NotAuthorized, (await gateway.SendAsync("v1/default/new-1/telemetry", Good)).ReasonCode);
    }
}
