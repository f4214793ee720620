using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MQTTnet;
using MQTTnet.Formatter;
using Seamless.Fleet.Commands;
using Seamless.Fleet.Registry;
using Seamless.Ingest.Dialects.ThingsBoard;
using Seamless.Telemetry;
using Seamless.Telemetry.Payloads;
using static Seamless.Ingest.Tests.Door;

namespace Seamless.Ingest.Tests.Dialects.ThingsBoard;

/// <summary>The device and gateway API of ThingsBoard, message by message and over HTTP.</summary>
public sealed class ThingsBoardDialectTests
{
    private static readonly DeviceKey Pump = new("default", "pump-1");

    [Theory]
    [InlineData("v1/devices/me/telemetry", """{"a":1,"b":true}""", 1)]
    [InlineData("v1/devices/me/telemetry", """{"ts":1764000000123,"values":{"a":1}}""", 1)]
    [InlineData("v1/devices/me/telemetry", """[{"a":1},{"ts":1764000000123,"values":{"a":2}}]""", 2)]
    [InlineData("v2/t", """{"a":1}""", 1)]
    public async Task Telemetry_of_every_shape_becomes_samples_of_the_device(string topic, string payload, int samples)
    {
        await using var door = await OpenAsync();
        var client = await ConnectAsync(door, await door.AddDeviceAsync("pump-1"));
        await client.SendAsync(topic, payload);
        Assert.Equal(samples, door.Log.Samples.Count());
        Assert.All(door.Log.Samples, sample => Assert.Equal(Pump, sample.Device));
    }

    [Theory]
    [InlineData("v1/devices/me/telemetry", "{", RejectReason.Malformed)]
    [InlineData("v1/devices/me/attributes", "[]", RejectReason.Malformed)]
    [InlineData("v1/devices/me/claim", """{"secretKey":"x"}""", RejectReason.UnknownTopic)]
    [InlineData("v1/devices/me/nothing", "{}", RejectReason.UnknownTopic)]
    [InlineData("v1/devices/me/rpc/response/7", "{}", RejectReason.UnknownTopic)]
    [InlineData("v1/devices/me/rpc/response/x", "{}", RejectReason.WrongShape)]
    [InlineData("v2/t/p", "{}", RejectReason.UnknownTopic)]
    public async Task What_cannot_be_used_is_kept_under_the_device_with_the_reason(string topic, string payload, RejectReason reason)
    {
        await using var door = await OpenAsync();
        var client = await ConnectAsync(door, await door.AddDeviceAsync("pump-1"));
        await client.SendAsync(topic, payload);
        Assert.Equal(reason, Assert.Single(await door.DeadLetters.ListAsync("default", "pump-1", null, 10, Ct)).Rejects[0].Reason);
    }

    [Fact]
    public async Task A_name_with_its_token_works_as_well_and_an_old_token_does_not()
    {
        await using var door = await OpenAsync();
        var old = await door.AddDeviceAsync("pump-1");
        var token = (await door.Devices.IssueTokenAsync(Pump, "test", Ct)).Value!;
        var basic = await door.ConnectAsync("pump-1", token, MqttProtocolVersion.V311);
        await basic.SendAsync("v1/devices/me/telemetry", """{"a":1}""");
        Assert.Single(door.Log.Samples);
        Assert.False((await ConnectAsync(door, old)).IsConnected);
        Assert.True((await ConnectAsync(door, token)).IsConnected);
    }

    [Fact]
    public async Task A_call_we_do_not_know_gets_an_error_and_an_entry_in_the_audit()
    {
        await using var door = await OpenAsync();
        var client = await ConnectAsync(door, await door.AddDeviceAsync("pump-1"));
        var heard = new Heard(client);
        await client.SubscribeAsync("v1/devices/me/rpc/response/+", cancellationToken: Ct);
        await client.SendAsync("v1/devices/me/rpc/request/1", """{"method":"openDoor"}""");
        Assert.Equal(("v1/devices/me/rpc/response/1", true), ((await heard.NextAsync()) is var (topic, body) ? topic : "", body.Contains("error", StringComparison.Ordinal)));
        Assert.Contains(await door.Audit.ListAsync("default", null, 10, Ct), entry => entry is { Action: "device.rpc", Result: "refused" });
    }

    [Fact]
    public async Task Two_devices_on_the_same_topics_do_not_hear_each_other()
    {
        await using var door = await OpenAsync();
        var one = await ConnectAsync(door, await door.AddDeviceAsync("pump-1"));
        var two = await ConnectAsync(door, await door.AddDeviceAsync("pump-2"));
        var (heard, other) = (new Heard(one), new Heard(two));
        foreach (var client in (IMqttClient[])[one, two]) await client.SubscribeAsync("v1/devices/me/rpc/request/+", cancellationToken: Ct);
        var command = (await door.Commands.SendAsync(Request(Pump), Ct)).Value!;
        Assert.Equal(($"v1/devices/me/rpc/request/{Rpc.IdOf(command.Id)}", """{"method":"restart-service","params":{"service":"web"}}"""), await heard.NextAsync());
        await two.PingAsync(Ct);
        Assert.True(other.IsEmpty);

        await one.SendAsync($"v1/devices/me/rpc/response/{Rpc.IdOf(command.Id)}", """{"error":"no such service"}""");
        var done = (await door.Commands.FindAsync(Pump, command.Id, Ct))!;
        Assert.Equal((CommandState.Failed, "no such service"), (done.State, done.Detail));
    }

    [Fact]
    public async Task Only_a_gateway_speaks_for_others()
    {
        await using var door = await OpenAsync();
        var client = await ConnectAsync(door, await door.AddDeviceAsync("pump-1"));
        await Assert.ThrowsAnyAsync<Exception>(() => client.SendAsync("v1/gateway/telemetry", """{"pump-2":[{"a":1}]}"""));
        Assert.Empty(door.Log.Samples);
    }

    [Fact]
    public async Task A_gateways_bad_part_costs_itself_and_its_position_is_that_in_the_message()
    {
        await using var door = await OpenAsync();
        var client = await ConnectAsync(door, await door.AddDeviceAsync("gw-1", "gateway"));
        const string Payload = """{"Dev A":[{"a":1}],"Dev B":[{"a":null,"b":2}]}""";
        await client.SendAsync("v1/gateway/telemetry", Payload);
        Assert.Equal(["Dev_x20A", "Dev_x20B"], door.Log.Samples.Select(sample => sample.Device.Device));
        Assert.Equal(Payload.IndexOf("null", StringComparison.Ordinal), Assert.Single(Assert.Single(await door.DeadLetters.ListAsync("default", "gw-1", null, 10, Ct)).Rejects).Position);
    }

    [Fact]
    public async Task A_gateway_says_who_is_there_and_takes_them_along_when_it_goes()
    {
        await using var door = await OpenAsync();
        var client = await ConnectAsync(door, await door.AddDeviceAsync("gw-1", "gateway"));
        var behind = new DeviceKey("default", "Dev_x20A");
        await client.SendAsync("v1/gateway/connect", """{"device":"Dev A","type":"pump"}""");
        Assert.Equal((DeviceStatus.Online, "pump"), (door.Devices.PresenceOf(behind).Status, (await door.Devices.FindAsync(behind, Ct))!.Type));
        await client.SendAsync("v1/gateway/disconnect", """{"device":"Dev A"}""");
        Assert.Equal(DeviceStatus.Offline, door.Devices.PresenceOf(behind).Status);
        await client.SendAsync("v1/gateway/connect", """{"device":"Dev A"}""");
        await client.DisconnectAsync(cancellationToken: Ct);
        await UntilAsync(() => door.Devices.PresenceOf(behind).Status == DeviceStatus.Offline, "offline with its gateway");
    }

    [Fact]
    public async Task A_gateway_asks_for_attributes()
    {
        await using var door = await OpenAsync();
        var client = await ConnectAsync(door, await door.AddDeviceAsync("gw-1", "gateway"));
        var heard = new Heard(client);
        await client.SubscribeAsync("v1/gateway/attributes/response", cancellationToken: Ct);
        await client.SendAsync("v1/gateway/attributes", """{"Dev A":{"firmware":"1.3"}}""");
        await client.SendAsync("v1/gateway/attributes/request", """{"id":1,"device":"Dev A","client":true,"key":"firmware"}""");
        Assert.Equal("""{"id":1,"device":"Dev A","value":"1.3"}""", (await heard.NextAsync()).Payload);
    }

    [Theory]
    [InlineData("devices")]
    [InlineData("gateway")]
    public async Task No_tenant_takes_the_name_of_these_topics(string tenant)
    {
        await using var door = await OpenAsync();
        var device = new Device(new DeviceKey(tenant, "me"), "pump", "s1", "", null, null, new Dictionary<string, string>(), "standard", null, null, default, 0);
        Assert.Equal("invalid", (await door.Devices.AddAsync(device, "test", Ct)).Refusal?.Code);
    }

    [Fact]
    public async Task The_same_over_HTTP()
    {
        await using var door = await OpenAsync();
        var root = $"/api/v1/{await door.AddDeviceAsync("pump-1")}";
        using var http = door.Http;
        Assert.Equal(HttpStatusCode.OK, (await http.PostAsync($"{root}/telemetry", Body("""{"a":1}"""), Ct)).StatusCode);
        Assert.Equal(Pump, Assert.Single(door.Log.Samples).Device);
        Assert.Equal(HttpStatusCode.BadRequest, (await http.PostAsync($"{root}/telemetry", Body("{"), Ct)).StatusCode);
        Assert.Single(await door.DeadLetters.ListAsync("default", "pump-1", null, 10, Ct));

        await http.PostAsync($"{root}/attributes", Body("""{"firmware":"1.3","x":1}"""), Ct);
        await door.Shadows.PutDesiredAsync(Pump, """{"interval":5}""", null, "test", Ct);
        Assert.Equal("""{"client":{"firmware":"1.3"},"shared":{"interval":5}}""", await http.GetStringAsync($"{root}/attributes?clientKeys=firmware&sharedKeys=interval", Ct));
        Assert.Equal(HttpStatusCode.OK, (await http.PostAsync($"{root}/rpc", Body("""{"method":"getCurrentTime"}"""), Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.PostAsync($"/api/v1/sd_{new string('x', 43)}/telemetry", Body("{}"), Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.PostAsync("/api/v1/sd_short/telemetry", Body("{}"), Ct)).StatusCode);
    }

    [Fact]
    public async Task Over_HTTP_a_device_polls_for_its_commands()
    {
        await using var door = await OpenAsync();
        var root = $"/api/v1/{await door.AddDeviceAsync("pump-1")}";
        using var http = door.Http;
        Assert.Equal(HttpStatusCode.RequestTimeout, (await http.GetAsync($"{root}/rpc?timeout=50", Ct)).StatusCode);

        var waiting = (await door.Commands.SendAsync(Request(Pump), Ct)).Value!;
        Assert.Equal(CommandState.Created, waiting.State);
        var call = (await http.GetFromJsonAsync<JsonNode>($"{root}/rpc?timeout=20000", Ct))!;
        Assert.Equal(("restart-service", Rpc.IdOf(waiting.Id)), ((string?)call["method"], (int)call["id"]!));

        Assert.Equal(HttpStatusCode.OK, (await http.PostAsync($"{root}/rpc/{call["id"]}", Body("""{"pid":7}"""), Ct)).StatusCode);
        Assert.Equal(CommandState.Succeeded, (await door.Commands.FindAsync(Pump, waiting.Id, Ct))!.State);
    }

    private static CommandRequest Request(DeviceKey device) => new(device, "restart-service", """{"service":"web"}""", "R1", TimeSpan.FromMinutes(2), "key-1", "test");
    private static StringContent Body(string json) => new(json, System.Text.Encoding.UTF8, "application/json");
    private static Task<IMqttClient> ConnectAsync(Door door, string token) => door.ConnectAsync(token, "", MqttProtocolVersion.V311);
}
