using Seamless.Fleet.Limits;
using Seamless.Telemetry;
using static Seamless.Fleet.Tests.FleetHouse;

namespace Seamless.Fleet.Tests.Limits;

public sealed class DeviceLimitTests
{
    private static readonly LimitScope Tenant = new("default", null);

    [Fact]
    public async Task A_device_too_many_is_refused_with_what_helps_until_there_is_room()
    {
        await using var house = await OpenAsync(tenant: LimitSet.Unlimited with { Devices = new Cap(2) });
        await house.AddAsync("a");
        await house.AddAsync("b");

        var refusal = (await house.Registry.AddAsync(Some.Device("c"), "test", Ct)).Refusal!;
        Assert.Equal(Refusal.DeviceLimitCode, refusal.Code);
        Assert.StartsWith("the tenant default may have 2 devices and has them; remove one, or let it have more", refusal.Reason, StringComparison.Ordinal);
        Assert.Equal("conflict", (await house.Registry.AddAsync(Some.Device("a"), "test", Ct)).Refusal!.Code);   // the better reason
        Assert.True((await house.Registry.AddAsync(Some.Device("c") with { Key = new DeviceKey("acme", "c") }, "test", Ct)).Succeeded);
        Assert.Equal((2, 1), (house.Registry.Count("default"), house.Registry.Count("acme")));

        await house.Registry.RemoveAsync(Some.Key("a"), "test", Ct);
        Assert.True((await house.Registry.AddAsync(Some.Device("c"), "test", Ct)).Succeeded);
    }

    [Fact]
    public async Task What_an_operator_sets_wins_over_the_settings_also_in_another_process()
    {
        await using var house = await OpenAsync(tenant: LimitSet.Unlimited with { Devices = new Cap(1) });
        await house.AddAsync("a");
        Assert.True((await house.Limits.PutAsync(Tenant, new LimitSet(Devices: new Cap(2)), "test", Ct)).Succeeded);
        await using var other = await house.AnotherAsync();   // it has no settings at all

        Assert.True((await other.Registry.AddAsync(Some.Device("b"), "test", Ct)).Succeeded);
        Assert.False((await other.Registry.AddAsync(Some.Device("c"), "test", Ct)).Succeeded);
        Assert.False((await house.Registry.AddAsync(Some.Device("c"), "test", Ct)).Succeeded);

        await house.Limits.PutAsync(Tenant, new LimitSet(Devices: Cap.None), "test", Ct);
        Assert.True((await other.Registry.AddAsync(Some.Device("c"), "test", Ct)).Succeeded);
    }

    [Fact]
    public async Task A_gateway_brings_as_many_as_there_is_room_for()
    {
        await using var house = await OpenAsync(tenant: LimitSet.Unlimited with { Devices = new Cap(4) });
        await house.AddAsync("gw-1", type: "gateway");

        var ensured = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => house.Registry.EnsureBehindGatewayAsync(Some.Key($"new-{i}"), "gw-1", Ct).AsTask()));

        Assert.Equal(3, ensured.Count(device => device.Succeeded));
        Assert.All(ensured.Where(device => !device.Succeeded), device => Assert.Equal(Refusal.DeviceLimitCode, device.Refusal!.Code));
        Assert.Equal(4, house.Registry.Count("default"));
        var known = ensured.First(device => device.Succeeded).Value!;
        Assert.True((await house.Registry.EnsureBehindGatewayAsync(known.Key, "gw-1", Ct)).Succeeded);
    }

    [Fact]
    public async Task Two_who_add_at_once_do_not_pass_it_together()
    {
        await using var house = await OpenAsync(tenant: LimitSet.Unlimited with { Devices = new Cap(3) });
        var added = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() => house.Registry.AddAsync(Some.Device($"d-{i}"), "test", Ct), Ct)));
        Assert.Equal(3, added.Count(device => device.Succeeded));
    }

    [Fact]
    public async Task A_device_has_no_limit_of_devices()
    {
        await using var house = await OpenAsync();
        await house.AddAsync("a");
        Assert.Equal("invalid", (await house.Limits.PutAsync(new LimitScope("default", "a"), new LimitSet(Devices: new Cap(2)), "test", Ct)).Refusal!.Code);
    }
}
