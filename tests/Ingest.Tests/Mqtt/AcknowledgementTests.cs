using System.Text;
using MQTTnet;
using MQTTnet.Formatter;
using static Seamless.Ingest.Tests.Door;

namespace Seamless.Ingest.Tests.Mqtt;

/// <summary>What an MQTT 5 sender reads in its acknowledgement when not all of its message could be used.</summary>
public sealed class AcknowledgementTests
{
    private const string Topic = "v1/default/pump-1/telemetry";
    private const string OneBad = """{"ts":1764000000123,"values":{"vibration":NaN,"flow":80}}""";

    [Fact]
    public async Task Names_the_metric_the_place_and_the_reason_and_is_a_success()
    {
        await using var door = await OpenAsync();
        var client = await door.ConnectAsync("pump-1", await door.AddDeviceAsync("pump-1"));
        var told = await client.SendAsync(Topic, OneBad);
        Assert.True(told.IsSuccess);   // the good part counts and the bad part is kept: nothing to send again
        Assert.Equal(("notANumber", "1", "1"), (Property(told, "reason"), Property(told, "rejected"), Property(told, "accepted")));
        Assert.EndsWith("; metric vibration; at byte 42; kept in the dead letters", told.ReasonString);
    }

    [Fact]
    public async Task Says_nothing_when_all_is_well()
    {
        await using var door = await OpenAsync();
        var client = await door.ConnectAsync("pump-1", await door.AddDeviceAsync("pump-1"));
        var told = await client.SendAsync(Topic, """{"ts":1764000000123,"values":{"flow":80}}""");
        Assert.True(told is { IsSuccess: true, ReasonString: null or "", UserProperties: null or { Count: 0 } });
    }

    [Fact]
    public async Task Of_another_device_s_topic_it_is_a_failure_with_words()
    {
        await using var door = await OpenAsync();
        var client = await door.ConnectAsync("pump-1", await door.AddDeviceAsync("pump-1"));
        var told = await client.SendAsync("v1/default/pump-2/telemetry", OneBad);
        Assert.Equal(MqttClientPublishReasonCode.NotAuthorized, told.ReasonCode);
        Assert.StartsWith("default/pump-1 may not publish to v1/default/pump-2/telemetry", told.ReasonString, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, 0)]      // it wants no problem information
    [InlineData(true, 100)]     // it takes no packet that large
    public async Task Keeps_the_words_to_itself_where_they_are_not_wanted(bool wanted, int largest)
    {
        await using var door = await OpenAsync();
        var client = await door.ConnectAsync("pump-1", await door.AddDeviceAsync("pump-1"), MqttProtocolVersion.V500, options =>
        {
            options.WithRequestProblemInformation(wanted);
            if (largest > 0) options.WithMaximumPacketSize((uint)largest);
        });
        var told = await client.SendAsync(Topic, OneBad);
        Assert.True(told is { IsSuccess: true, ReasonString: null or "", UserProperties: null or { Count: 0 } });
        Assert.Equal(MqttClientPublishReasonCode.NotAuthorized, (await client.SendAsync("v1/default/pump-2/telemetry", OneBad)).ReasonCode);
    }

    [Fact]
    public async Task A_long_reason_is_cut_short()
    {
        await using var door = await OpenAsync();
        var client = await door.ConnectAsync("pump-1", await door.AddDeviceAsync("pump-1"));
        var told = await client.SendAsync($"v1/default/pump-1/{new string('x', 2000)}", OneBad);
        Assert.Equal("unknownTopic", Property(told, "reason"));
        Assert.InRange(told.ReasonString!.Length, 200, 300);
        Assert.EndsWith("; kept in the dead letters", told.ReasonString, StringComparison.Ordinal);
    }

    private static string? Property(MqttClientPublishResult told, string name) =>
        told.UserProperties.FirstOrDefault(property => property.Name == name) is { } property ? Encoding.UTF8.GetString(property.ValueBuffer.Span) : null;
}
