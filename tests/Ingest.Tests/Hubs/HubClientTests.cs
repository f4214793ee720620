using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Seamless.Fleet.Commands;
using Seamless.Ingest.Hubs;
using Seamless.Telemetry;
using static Seamless.Ingest.Tests.Door;

namespace Seamless.Ingest.Tests.Hubs;

public sealed class HubClientTests
{
    private static readonly HubConnection Connection = HubConnection.Parse($"HostName={HubDouble.Host};SharedAccessKeyName=service;SharedAccessKey={HubDouble.Key}").Value!;

    private static HubClient Open(HubDouble hub, HubConnection? connection = null) => new(connection ?? Connection, hub.Address, TimeProvider.System);

    [Fact]
    public async Task A_device_is_registered_found_listed_and_deleted_by_its_version()
    {
        using var hub = new HubDouble();
        using var client = Open(hub);
        var made = (await client.CreateDeviceAsync("pump-1", Ct)).Value!;
        Assert.Equal(("pump-1", "enabled", "cA=="), (made.Id, made.Status, made.PrimaryKey));
        Assert.Equal("conflict", (await client.CreateDeviceAsync("pump-1", Ct)).Refusal!.Code);
        Assert.Equal(made, (await client.GetDeviceAsync("pump-1", Ct)).Value);
        Assert.Equal(made, Assert.Single(await client.ListDevicesAsync(10, Ct)));
        Assert.Equal("conflict", (await client.DeleteDeviceAsync("pump-1", "older", Ct)).Refusal!.Code);
        Assert.True((await client.DeleteDeviceAsync("pump-1", made.ETag, Ct)).Succeeded);
        var gone = await client.GetDeviceAsync("pump-1", Ct);
        Assert.Equal("not-found", gone.Refusal!.Code);
        Assert.StartsWith("404 DeviceNotFound", gone.Refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_twin_is_merged_from_the_version_that_was_read()
    {
        using var hub = new HubDouble();
        using var client = Open(hub);
        await client.CreateDeviceAsync("pump #1", Ct);
        var twin = (await client.GetTwinAsync("pump #1", Ct)).Value!;
        Assert.Equal("""{"firmware":"1.4"}""", twin.ReportedJson);
        var patched = await client.PatchTwinAsync("pump #1", HubTransport.Patch("""{"a":{"b":1,"c":2},"d":3}""", twin.DesiredJson), twin.ETag, Ct);
        Assert.Equal("""{"$version":1,"a":{"b":1,"c":2},"d":3}""", patched.Value!.DesiredJson);
        Assert.Equal("conflict", (await client.PatchTwinAsync("pump #1", "{}", twin.ETag, Ct)).Refusal!.Code);
        // The whole is replaced: what is no longer wanted goes.
        var replaced = await client.PatchTwinAsync("pump #1", HubTransport.Patch("""{"a":{"c":4}}""", patched.Value.DesiredJson), patched.Value.ETag, Ct);
        Assert.Equal("""{"$version":1,"a":{"c":4}}""", replaced.Value!.DesiredJson);
    }

    [Fact]
    public async Task A_method_brings_the_devices_answer_and_a_device_that_is_away_is_not_found()
    {
        using var hub = new HubDouble();
        using var client = Open(hub);
        await client.CreateDeviceAsync("pump-1", Ct);
        Assert.Equal("not-found", (await client.InvokeAsync("pump-1", "restart", "{}", TimeSpan.FromSeconds(10), Ct)).Refusal!.Code);
        hub.Online["pump-1"] = (name, payload) => (name == "restart" ? 200 : 501, payload);
        Assert.Equal(new MethodAnswer(200, """{"delay":5}"""), (await client.InvokeAsync("pump-1", "restart", """{"delay":5}""", TimeSpan.FromSeconds(10), Ct)).Value);
        Assert.Equal(501, (await client.InvokeAsync("pump-1", "dance", "{}", TimeSpan.FromSeconds(10), Ct)).Value!.Status);
    }

    [Fact]
    public async Task A_throttled_call_is_made_again_and_a_wrong_key_is_refused_at_once()
    {
        using var hub = new HubDouble { Throttle = 3 };
        using var client = Open(hub);
        Assert.True((await client.CreateDeviceAsync("pump-1", Ct)).Succeeded);
        Assert.Equal(4, hub.Requests.Count);

        using var stranger = Open(hub, Connection with { Key = "AAAA" });
        Assert.Equal("forbidden", (await stranger.GetDeviceAsync("pump-1", Ct)).Refusal!.Code);
        Assert.Equal(5, hub.Requests.Count);
    }

    [Fact]
    public async Task A_command_to_a_device_of_the_hub_is_a_direct_method()
    {
        using var events = new EventHubDouble(1);
        using var hub = new HubDouble();
        using var client = Open(hub);
        await client.CreateDeviceAsync("pump-1", Ct);
        await using var door = await Door.OpenAsync(more: services =>
        {
            services.AddAzureHub(new AzureHubOptions { Hub = Connection, Events = EventHubConnection.Parse(events.ConnectionString).Value! });
            services.AddSingleton<IDeviceHub>(Open(hub));   // the last one registered is the one
        });
        events.Send("0", "pump-1", """{"flow":1}""");
        await UntilAsync(() => door.Log.Samples.Any(), "the device");
        var pump = new DeviceKey("default", "pump-1");

        CommandRequest Restart(string key) => new(pump, "restart", "{}", "R1", TimeSpan.FromMinutes(5), key, "test");
        Assert.Equal(CommandState.Created, (await door.Commands.SendAsync(Restart("k1"), Ct)).Value!.State);   // not connected: it waits
        hub.Online["pump-1"] = (_, _) => (200, """{"uptime":0}""");
        await door.Commands.AdvanceAsync(TimeProvider.System.GetUtcNow(), Ct);
        hub.Online["pump-1"] = (_, _) => (500, "null");
        await door.Commands.SendAsync(Restart("k2"), Ct);

        var commands = await door.Commands.ListAsync(pump, 10, Ct);
        Assert.Equal([("k1", CommandState.Succeeded), ("k2", CommandState.Failed)], commands.Select(c => (c.IdempotencyKey, c.State)).Order());
        await door.Shadows.PutDesiredAsync(pump, """{"interval":5}""", null, "test", Ct);
        Assert.Contains("\"interval\":5", (await client.GetTwinAsync("pump-1", Ct)).Value!.DesiredJson, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HostName=h;SharedAccessKeyName=service", "SharedAccessKey")]
    [InlineData("HostName=h;SharedAccessKeyName=service;SharedAccessKey=not base64!", "not Base64")]
    [InlineData("nonsense", "without a name")]
    [InlineData("", "HostName, SharedAccessKeyName, SharedAccessKey")]
    public void A_connection_string_that_is_none_is_refused_without_showing_the_key(string text, string reason)
    {
        var refusal = HubConnection.Parse(text).Refusal!;
        Assert.Contains(reason, refusal.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("base64!", refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_event_hubs_connection_string_is_read()
    {
        var events = EventHubConnection.Parse("Endpoint=sb://ihsuprod.servicebus.windows.net/;SharedAccessKeyName=service;SharedAccessKey=a=b==;EntityPath=iothub-ehub").Value!;
        Assert.Equal(("ihsuprod.servicebus.windows.net", 5671, true, "a=b==", "iothub-ehub"), (events.Host, events.Port, events.IsSecure, events.Key, events.Entity));
        Assert.DoesNotContain("a=b", events.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_is_signed_as_documented_and_expires()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(1_764_000_000));
        var token = SasToken.ForHub(Connection, clock.GetUtcNow());
        Assert.StartsWith($"SharedAccessSignature sr={HubDouble.Host}&sig=", token, StringComparison.Ordinal);
        Assert.EndsWith("&se=1764000000&skn=service", token, StringComparison.Ordinal);
    }
}
