using Seamless.Rules.Alarms;
using Seamless.Telemetry;

namespace Seamless.Rules.Tests.Engine;

public sealed class RuleEngineTests
{
    [Fact]
    public async Task A_hot_bearing_becomes_an_alarm_with_evidence_and_a_cause()
    {
        await using var room = await RulesRoom.OpenAsync();
        room.Registry.Put("pump-1", "pump", "s1");
        for (var at = 0; at <= 120; at += 10) await room.SendAsync("pump-1", at, ("bearingTemperature", at < 60 ? 55 : 97));

        var alarm = Assert.Single(await room.AllAsync());
        Assert.Equal("bearing-temperature-high", alarm.Rule);
        Assert.Equal(AlarmState.Unacknowledged, alarm.State);
        Assert.Equal(Some.At(60), alarm.OnsetAt.ToUnixTimeMilliseconds());
        Assert.Equal(Some.At(90), alarm.RaisedAt.ToUnixTimeMilliseconds());
        Assert.Equal("bearing-wear", alarm.TopCause?.Code);
        Assert.Equal(97, Assert.Single(alarm.Evidence).Value);
        Assert.True(room.Alarms.HealthOf(new DeviceKey(DeviceKey.DefaultTenant, "pump-1")) < 1);
    }
}
