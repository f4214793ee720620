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
    public async Task Where_platform_time_runs_faster_than_the_machines_presence_is_not_written_with_every_beat_but_at_the_end()
    {
        var step = TimeSpan.FromMinutes(1);
        await using var house = await OpenAsync(options => options.RefreshEvery = step);
        await using var other = await house.AnotherAsync();
        await house.AddAsync("pump-1");
        await house.Beat.StartAsync(Ct);

        for (var beat = 1; beat <= 3; beat++)
        {
            house.Registry.SetOnline(Some.Key("pump-1"), true, $"{beat}", house.Time.GetUtcNow());
            await other.AddAsync($"new-{beat}");
            house.Time.Advance(step);
            // The beat has come this far, and the one before it has ended, when it has noticed what the other process has added.
            while (house.Registry.FindCached(Some.Key($"new-{beat}")) is null) await Task.Delay(5, Ct);
        }
        Assert.Equal("1", await StoredVersionAsync(house));

        await house.Beat.StopAsync(Ct);
        Assert.Equal("3", await StoredVersionAsync(house));
    }

    private static async Task<string?> StoredVersionAsync(FleetHouse house)
    {
        await using var restarted = await house.AnotherAsync();
        return restarted.Registry.PresenceOf(Some.Key("pump-1")).AgentVersion;
    }
}
