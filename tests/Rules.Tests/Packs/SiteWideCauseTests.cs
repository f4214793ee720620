using Seamless.Rules.Alarms;
using Seamless.Rules.Engine;
using Seamless.Rules.Packs;
using Seamless.Telemetry;

namespace Seamless.Rules.Tests.Packs;

/// <summary>The shipped packs call what strikes a whole site by the same code, so that machines of different types tell of it in one alarm.</summary>
public sealed class SiteWideCauseTests
{
    [Fact]
    public void A_brown_out_of_a_pump_a_motor_a_compressor_and_a_UPS_is_one_alarm_of_their_site() =>
        AssertOneSiteAlarm(
            "supply-undervoltage", ("pump", "supplyVoltage", 400, 328), ("motor", "voltage", 400, 328), ("compressor", "supplyVoltage", 400, 328), ("ups", "inputVoltage", 231, 189));

    [Fact]
    public void A_server_room_without_cooling_is_one_alarm_of_server_UPS_and_disk() =>
        AssertOneSiteAlarm("cooling-failure", ("server", "inletTemperature", 22, 43), ("ups", "ambientTemperature", 22, 43), ("disk", "inletTemperature", 22, 43));

    /// <summary>Ten minutes well, then twenty in which every machine reads what is wrong.</summary>
    private static void AssertOneSiteAlarm(string cause, params (string Type, string Metric, double Well, double Ill)[] machines)
    {
        var judgement = new Judgement(new PackDirectory(Repository.Packs, null), _ => null, new RulesOptions(), _ => null);
        var registry = new MemoryRegistry();
        var changes = new List<TelemetryChange>();
        var keys = machines.Select(machine => new DeviceKey(DeviceKey.DefaultTenant, $"{machine.Type}-1")).ToArray();
        foreach (var (machine, key) in machines.Zip(keys))
        {
            registry.Put(key.Device, machine.Type, "s1");
            judgement.Admit(key, registry.FindCached(key), changes);
        }
        for (var second = 0; second < 1800; second += 10)
            foreach (var machine in machines)
                judgement.Observe(Some.Sample($"{machine.Type}-1", second, (machine.Metric, second < 600 ? machine.Well : machine.Ill)), changes);

        var alarms = changes.GroupBy(change => change.AlarmId).Select(last => last.Last().Alarm).ToList();
        var site = Assert.Single(alarms, alarm => alarm.Parent is null);
        Assert.Null(site.Device);
        Assert.Equal(cause, site.TopCause?.Code);
        Assert.Equal(machines.Length, site.Members.Count);
    }
}
