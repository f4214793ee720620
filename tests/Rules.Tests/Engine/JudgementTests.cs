using Seamless.Rules.Alarms;
using Seamless.Rules.Engine;
using Seamless.Rules.Packs;
using Seamless.Telemetry;

namespace Seamless.Rules.Tests.Engine;

public sealed class JudgementTests
{
    [Fact]
    public void Judging_a_sample_in_which_nothing_happens_allocates_nothing()
    {
        var judgement = new Judgement(new PackDirectory(Repository.Packs, null), _ => null, new RulesOptions(), _ => null);
        var registry = new MemoryRegistry();
        registry.Put("pump-1", "pump", "s1");
        var key = new DeviceKey(DeviceKey.DefaultTenant, "pump-1");
        var changes = new List<TelemetryChange>();
        judgement.Admit(key, registry.FindCached(key), changes);
        var samples = Enumerable.Range(0, 3000).Select(i => Some.Sample("pump-1", i,
            ("bearingTemperature", 55 + i % 7 * 0.1), ("windingTemperature", 75), ("vibration", 1.8 + i % 5 * 0.02), ("motorCurrent", 27), ("dischargePressure", 6),
            ("suctionPressure", 1.05), ("flow", 84), ("supplyVoltage", 400), ("running", 1))).ToArray();
        var (first, rest) = (samples[..1000], samples[1000..]);
        foreach (var sample in first) judgement.Observe(sample, changes);

        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var sample in rest) judgement.Observe(sample, changes);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Empty(changes);
    }

    [Theory]
    [InlineData(Quality.Good, true)]
    [InlineData(Quality.Uncertain, false)]
    public void A_last_known_value_told_once_more_raises_nothing(Quality quality, bool raises)
    {
        var judgement = new Judgement(new PackDirectory(Repository.Packs, null), _ => null, new RulesOptions(), _ => null);
        var registry = new MemoryRegistry();
        registry.Put("pump-1", "pump", "s1");
        var key = new DeviceKey(DeviceKey.DefaultTenant, "pump-1");
        var changes = new List<TelemetryChange>();
        judgement.Admit(key, registry.FindCached(key), changes);
        for (var second = 0; second < 600; second++)
            judgement.Observe(new Sample(key, Some.At(second), null, [new Reading("bearingTemperature", 99, null, quality)]), changes);
        Assert.Equal(raises, changes.Count > 0);
    }

    [Fact]
    public void What_two_machines_find_at_one_instant_stands_when_older_findings_come_in_between()
    {
        var judgement = new Judgement(new PackDirectory(Repository.Packs, null), _ => null, new RulesOptions(), _ => null);
        var registry = new MemoryRegistry();
        var changes = new List<TelemetryChange>();
        foreach (var id in (string[])["server-1", "server-2"])
        {
            registry.Put(id, "server", "s1");
            judgement.Admit(new DeviceKey(DeviceKey.DefaultTenant, id), registry.FindCached(new DeviceKey(DeviceKey.DefaultTenant, id)), changes);
        }
        // Both inlets are hot from the tenth minute to the twentieth; the second machine's later minutes come before the first's.
        for (var minute = 0; minute <= 10; minute++)
        {
            Observe("server-1", minute);
            Observe("server-2", minute);
        }
        for (var minute = 11; minute <= 30; minute++) Observe("server-2", minute);
        for (var minute = 11; minute <= 30; minute++) Observe("server-1", minute);

        var last = changes.GroupBy(change => change.AlarmId).Select(alarm => alarm.Last().Alarm).Where(alarm => !alarm.IsWithdrawn).ToList();
        Assert.Contains(last, alarm => alarm.Device == "server-2" && alarm.Rule == "inlet-temperature-high");
        Assert.DoesNotContain(last, alarm => alarm.IsActive);

        void Observe(string id, int minute) => judgement.Observe(
            Some.Sample(id, minute * 60, ("inletTemperature", minute is >= 9 and < 20 ? 41 : 22), ("cpuTemperature", minute is >= 13 and < 22 ? 90 : 50), ("running", 1)), changes);
    }
}
