using Seamless.Fleet.Registry;
using static Seamless.Fleet.Tests.FleetHouse;

namespace Seamless.Fleet.Tests.Registry;

public sealed class PresenceTests
{
    [Fact]
    public async Task A_connected_device_is_online_until_it_or_its_will_says_otherwise()
    {
        await using var house = await OpenAsync();
        var key = Some.Key("pump-1");
        Assert.Equal(DeviceStatus.NeverSeen, house.Registry.PresenceOf(key).Status);

        house.Registry.SetOnline(key, true, "1.4.0", house.Time.GetUtcNow());
        house.Time.Advance(TimeSpan.FromHours(2));
        Assert.Equal((DeviceStatus.Online, "1.4.0"), (house.Registry.PresenceOf(key).Status, house.Registry.PresenceOf(key).AgentVersion));

        house.Registry.SetOnline(key, false, null, house.Time.GetUtcNow());
        Assert.Equal((DeviceStatus.Offline, "1.4.0"), (house.Registry.PresenceOf(key).Status, house.Registry.PresenceOf(key).AgentVersion));
    }

    [Fact]
    public async Task A_device_without_a_connection_is_online_until_it_has_been_silent_too_long()
    {
        await using var house = await OpenAsync();
        var key = Some.Key("behind-gw");
        house.Registry.Seen(key, house.Time.GetUtcNow());
        house.Time.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal(DeviceStatus.Online, house.Registry.PresenceOf(key).Status);
        house.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(DeviceStatus.Offline, house.Registry.PresenceOf(key).Status);
    }

    [Fact]
    public async Task Presence_survives_a_restart()
    {
        await using var house = await OpenAsync();
        await house.AddAsync("pump-1");
        house.Registry.SetOnline(Some.Key("pump-1"), true, "1.4.0", house.Time.GetUtcNow());
        await house.Registry.Board.WriteAsync(Ct);
        var seen = house.Time.GetUtcNow();

        house.Time.Advance(TimeSpan.FromHours(1));
        await using var restarted = await house.AnotherAsync();

        Assert.Equal(new Presence(DeviceStatus.Offline, seen, "1.4.0"), restarted.Registry.PresenceOf(Some.Key("pump-1")));
    }

    [Fact]
    public async Task The_beat_goes_by_the_machines_clock_however_fast_platform_time_runs()
    {
        await using var house = await OpenAsync(options => options.RefreshEvery = TimeSpan.FromMinutes(1));
        await house.Beat.StartAsync(Ct);
        house.Registry.SetOnline(Some.Key("pump-1"), true, "1.4.0", house.Time.GetUtcNow());
        house.Time.Advance(TimeSpan.FromHours(1));
        await Task.Delay(100, Ct);   // a beat would have come and gone
        Assert.Null(await StoredVersionAsync(house));

        await house.Beat.StopAsync(Ct);
        Assert.Equal("1.4.0", await StoredVersionAsync(house));
    }

    [Fact]
    public async Task The_beat_needs_no_platform_time_to_go_on()
    {
        await using var house = await OpenAsync(options => options.RefreshEvery = TimeSpan.FromMilliseconds(100));
        await house.Beat.StartAsync(Ct);
        house.Registry.SetOnline(Some.Key("pump-1"), true, "1.4.0", house.Time.GetUtcNow());
        while (await StoredVersionAsync(house) is null) await Task.Delay(20, Ct);
        await house.Beat.StopAsync(Ct);
    }

    private static async Task<string?> StoredVersionAsync(FleetHouse house)
    {
        await using var restarted = await house.AnotherAsync();
        return restarted.Registry.PresenceOf(Some.Key("pump-1")).AgentVersion;
    }
}
