using Seamless.Fleet.Registry;
using Seamless.Telemetry;
using static Seamless.Fleet.Tests.FleetHouse;

namespace Seamless.Fleet.Tests.Registry;

public sealed class DeviceRegistryTests
{
    [Fact]
    public async Task What_is_added_is_found_here_and_after_a_restart()
    {
        await using var house = await OpenAsync();
        var device = Some.Device("pump-1") with { Serial = "SN 7", Location = new GeoPoint(31.2, 121.5), Tags = new Dictionary<string, string> { ["line"] = "A" } };
        Assert.True((await house.Registry.AddAsync(device, "test", Ct)).Succeeded);

        await using var restarted = await house.AnotherAsync();
        var found = restarted.Registry.FindCached(Some.Key("pump-1"));

        Assert.NotNull(found);
        Assert.Equal(("SN 7", 31.2, "A"), (found.Serial, found.Location!.Latitude, found.Tags["line"]));
        Assert.Equal(house.Time.GetUtcNow(), found.RegisteredAt);
    }

    [Fact]
    public async Task A_name_that_is_taken_is_refused()
    {
        await using var house = await OpenAsync();
        await house.AddAsync("pump-1");
        Assert.Equal("conflict", (await house.Registry.AddAsync(Some.Device("pump-1"), "test", Ct)).Refusal?.Code);
    }

    [Theory]
    [InlineData("pump 1", "pump")]
    [InlineData("pump/1", "pump")]
    [InlineData("", "pump")]
    [InlineData("pump-1", "")]
    public async Task What_is_not_a_name_is_refused(string id, string type)
    {
        await using var house = await OpenAsync();
        Assert.Equal("invalid", (await house.Registry.AddAsync(Some.Device(id, type), "test", Ct)).Refusal?.Code);
    }

    [Fact]
    public async Task Naming_a_new_site_makes_it()
    {
        await using var house = await OpenAsync();
        await house.AddAsync("pump-1", site: "north");
        await house.AddAsync("pump-2", site: "north");
        Assert.Equal("north", Assert.Single(await house.Registry.ListSitesAsync(DeviceKey.DefaultTenant, Ct)).Id);
    }

    [Fact]
    public async Task A_device_that_another_process_adds_is_found_on_a_miss_and_announced_by_the_refresh()
    {
        await using var serve = await OpenAsync();
        await using var commandLine = await serve.AnotherAsync();
        var announced = new List<string>();
        serve.Registry.Changed += key => announced.Add(key.Device);

        await commandLine.AddAsync("pump-1");
        Assert.NotNull(await serve.Registry.FindAsync(Some.Key("pump-1"), Ct));
        await commandLine.AddAsync("pump-2");
        await serve.Registry.RefreshAsync(Ct);

        Assert.NotNull(serve.Registry.FindCached(Some.Key("pump-2")));
        Assert.Equal(["pump-2"], announced);
    }

    [Fact]
    public async Task Changes_and_removals_by_another_process_arrive_with_the_refresh()
    {
        await using var serve = await OpenAsync();
        await serve.AddAsync("pump-1");
        await serve.AddAsync("pump-2");
        await using var other = await serve.AnotherAsync();

        await other.Registry.UpdateAsync(Some.Key("pump-1"), new DeviceChange(Tier: "gold"), "test", Ct);
        await other.Registry.RemoveAsync(Some.Key("pump-2"), "test", Ct);
        await serve.Registry.RefreshAsync(Ct);

        Assert.Equal(("gold", 2), (serve.Registry.FindCached(Some.Key("pump-1"))!.Tier, serve.Registry.FindCached(Some.Key("pump-1"))!.Version));
        Assert.Null(serve.Registry.FindCached(Some.Key("pump-2")));
    }

    [Fact]
    public async Task Two_who_change_different_things_at_once_lose_neither()
    {
        await using var house = await OpenAsync();
        await house.AddAsync("pump-1");
        await Task.WhenAll(
            Task.Run(() => house.Registry.UpdateAsync(Some.Key("pump-1"), new DeviceChange(Tier: "gold"), "a", Ct), Ct),
            Task.Run(() => house.Registry.UpdateAsync(Some.Key("pump-1"), new DeviceChange(Serial: "SN 1"), "b", Ct), Ct));
        var device = await house.Registry.FindAsync(Some.Key("pump-1"), Ct);
        Assert.Equal(("gold", "SN 1", 3), (device!.Tier, device.Serial, device.Version));
    }

    [Fact]
    public async Task Lists_are_filtered_ordered_and_paged()
    {
        await using var house = await OpenAsync();
        foreach (var id in new[] { "c", "a", "b_1", "bx1" }) await house.AddAsync(id, type: id == "a" ? "tv" : "pump");

        async Task<string> Ids(DeviceFilter filter) => string.Join(' ', (await house.Registry.ListAsync(filter, Ct)).Select(d => d.Id));

        Assert.Equal("a b_1", await Ids(new DeviceFilter("default", Limit: 2)));
        Assert.Equal("bx1 c", await Ids(new DeviceFilter("default", After: "b_1")));
        Assert.Equal("a", await Ids(new DeviceFilter("default", Type: "tv")));
        Assert.Equal("b_1", await Ids(new DeviceFilter("default", Text: "B_")));      // an underscore is an underscore, not a wildcard
        Assert.Equal("", await Ids(new DeviceFilter("another-tenant")));
    }

    [Fact]
    public async Task A_device_behind_a_gateway_is_registered_once_at_the_gateways_site()
    {
        await using var house = await OpenAsync();
        await house.AddAsync("gw-1", type: "gateway", site: "north");
        var ensured = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => house.Registry.EnsureBehindGatewayAsync(Some.Key("new-1"), "gw-1", Ct).AsTask()));
        Assert.All(ensured, device => Assert.Equal(("generic", "north", "gw-1", 1), (device.Value!.Type, device.Value.Site, device.Value.Gateway, device.Value.Version)));
    }

    [Fact]
    public async Task With_auto_registration_off_an_unknown_device_stays_unknown()
    {
        await using var house = await OpenAsync(options => options.AutoRegister = false);
        Assert.Contains("fleet.autoRegister is off", (await house.Registry.EnsureBehindGatewayAsync(Some.Key("new-1"), "gw-1", Ct)).Refusal!.Reason, StringComparison.Ordinal);
    }
}
