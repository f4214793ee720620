using System.Text.Json;
using Seamless.Rules.Alarms;
using Seamless.Rules.Packs;
using Seamless.Storage.Log;
using Seamless.Telemetry;

namespace Seamless.Rules.Tests.Engine;

public sealed class RuleEngineTests
{
    [Fact]
    public async Task A_hot_bearing_becomes_an_alarm_with_evidence_and_a_cause()
    {
        await using var room = await RulesRoom.OpenAsync();
        room.Registry.Put("pump-1", "pump", "s1");
        await room.SendAsync(HotBearing());

        var alarm = Assert.Single(await room.AllAsync());
        Assert.Equal("bearing-temperature-high", alarm.Rule);
        Assert.Equal(AlarmState.Unacknowledged, alarm.State);
        Assert.Equal(Some.At(60), alarm.OnsetAt.ToUnixTimeMilliseconds());
        Assert.Equal(Some.At(90), alarm.RaisedAt.ToUnixTimeMilliseconds());
        Assert.Equal("bearing-wear", alarm.TopCause?.Code);
        Assert.Equal(97, Assert.Single(alarm.Evidence).Value);
        Assert.Equal(0.4, room.Alarms.HealthOf(new DeviceKey(DeviceKey.DefaultTenant, "pump-1")));
        Assert.Equal([AlarmChangeKind.Raised], (await room.Alarms.ChangesAsync(0, 10, default)).Select(c => c.Kind));
    }

    [Fact]
    public async Task Sending_the_same_data_again_opens_nothing_new()
    {
        await using var room = await RulesRoom.OpenAsync();
        room.Registry.Put("pump-1", "pump", "s1");
        await room.SendAsync(HotBearing());
        var before = JsonSerializer.Serialize(await room.AllAsync());
        await room.SendAsync(HotBearing());
        Assert.Equal(before, JsonSerializer.Serialize(await room.AllAsync()));
        Assert.Single(await room.Alarms.ChangesAsync(0, 10, default));
    }

    [Fact]
    public async Task The_same_telemetry_into_two_empty_directories_gives_the_same_alarms_to_the_byte()
    {
        var texts = new List<string>();
        foreach (var batch in new[] { 1, 7 })   // however the records fall into batches
        {
            await using var room = await RulesRoom.OpenAsync();
            foreach (var id in new[] { "pump-1", "pump-2", "pump-3" }) room.Registry.Put(id, "pump", "s1");
            foreach (var samples in Accident().Chunk(batch)) await room.SendAsync(samples);
            texts.Add(JsonSerializer.Serialize(await room.AllAsync()));
        }
        Assert.Equal(texts[0], texts[1]);
        Assert.Contains("supply-undervoltage", texts[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_crash_at_any_record_neither_loses_nor_doubles_an_alarm()
    {
        var expected = await Uninterrupted();
        for (var crash = 3; crash < Accident().Length; crash += 17)
        {
            var directory = Directory.CreateTempSubdirectory("seamless-rules-").FullName;
            var (log, registry) = (new MemoryLog(), new MemoryRegistry());
            foreach (var id in new[] { "pump-1", "pump-2", "pump-3" }) registry.Put(id, "pump", "s1");
            // A snapshot now and then, so that the crash falls behind it.
            var room = await RulesRoom.OpenAsync(directory, log, registry, o => o.RecordsBetweenSnapshots = 100);
            foreach (var samples in Accident().Take(crash).Chunk(5)) await room.SendAsync(samples);
            await room.KillAsync();

            await using (var again = await RulesRoom.OpenAsync(directory, log, registry))
            {
                await again.SendAsync(Accident().Skip(crash).ToArray());
                Assert.Equal(expected, JsonSerializer.Serialize(await again.AllAsync()));
                var changes = await again.Alarms.ChangesAsync(0, 1000, default);
                Assert.Equal(Enumerable.Range(1, changes.Count).Select(n => (long)n), changes.Select(c => c.Number));
            }
            await room.DisposeAsync();
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task Judging_again_after_a_crash_leaves_alone_what_people_did()
    {
        var directory = Directory.CreateTempSubdirectory("seamless-rules-").FullName;
        var (log, registry) = (new MemoryLog(), new MemoryRegistry());
        registry.Put("pump-1", "pump", "s1");
        var room = await RulesRoom.OpenAsync(directory, log, registry);
        await room.SendAsync(HotBearing());
        var id = (await room.AllAsync())[0].Id;
        Assert.True((await room.Alarms.AcknowledgeAsync(DeviceKey.DefaultTenant, id, "lee", "seen", default)).Succeeded);
        await room.KillAsync();
        Assert.False(File.Exists(Path.Combine(directory, "rules", "engine.state")));   // so all is judged from the very first record

        await using (var again = await RulesRoom.OpenAsync(directory, log, registry))
        {
            await again.SendAsync("pump-1", 300, ("bearingTemperature", 98));
            var alarm = Assert.Single(await again.AllAsync());
            Assert.Equal((AlarmState.Acknowledged, 2), (alarm.State, alarm.Version));
        }
        await room.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task What_was_open_is_known_before_the_doors_are_open_and_the_backlog_is_judged_after()
    {
        var directory = Directory.CreateTempSubdirectory("seamless-rules-").FullName;
        var (log, registry) = (new MemoryLog(), new MemoryRegistry());
        foreach (var id in new[] { "pump-1", "pump-2" }) registry.Put(id, "pump", "s1");
        var pump = new DeviceKey(DeviceKey.DefaultTenant, "pump-1");
        await using (var room = await RulesRoom.OpenAsync(directory, log, registry)) await room.SendAsync(HotBearing());
        await log.AppendAsync([.. Steps("pump-2", (0, 55), (60, 97)).Select(s => LogEntry.Of(s, s.TimestampMs))], default);

        await using (var again = await RulesRoom.StartAsync(directory, log, registry))
        {
            Assert.Equal(0.4, again.Alarms.HealthOf(pump));
            Assert.Single(await again.AllAsync());
        }
        await using (var again = await RulesRoom.OpenAsync(directory, log, registry))
        {
            await again.SettledAsync();
            Assert.Equal(2, (await again.AllAsync()).Count);
        }
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task A_brown_out_at_three_pumps_is_one_fault_of_the_site_and_its_children_return_when_they_outlast_it()
    {
        await using var room = await RulesRoom.OpenAsync();
        foreach (var id in new[] { "pump-1", "pump-2", "pump-3" }) room.Registry.Put(id, "pump", "s1");
        await room.SendAsync(Accident());
        var alarms = await room.AllAsync();
        var site = Assert.Single(alarms, a => a.Device is null);
        var children = alarms.Where(a => site.Members.Contains(a.Id)).ToList();
        Assert.Equal(3, children.Count);
        Assert.Equal(("supply-undervoltage", false), (site.TopCause!.Code, site.IsActive));
        Assert.All(children, c => Assert.Null(c.SuppressedBy));
        var trace = await room.Alarms.TraceAsync(DeviceKey.DefaultTenant, children[0].Id, default);
        Assert.Contains(trace, c => c.Kind is AlarmChangeKind.Suppressed && c.Alarm.State is AlarmState.Suppressed && c.Alarm.TopCause!.Code == "supply-undervoltage");
        Assert.Equal(AlarmChangeKind.Unsuppressed, trace[^1].Kind);
        // The bearing of pump-1, worn at the same time, is a fault of its own.
        Assert.Single(alarms, a => a.TopCause?.Code == "bearing-wear");
    }

    [Fact]
    public async Task A_detector_that_still_wonders_does_not_keep_a_fault_alive_whose_limits_are_kept_again()
    {
        await using var room = await RulesRoom.OpenAsync();
        room.Registry.Put("pump-1", "pump", "s1");
        // A clogged strainer for ten minutes; the pump then draws freely, but shakes as it did not before for ten minutes more.
        await room.SendAsync([.. Enumerable.Range(0, 540).Select(i => Some.Sample("pump-1", i * 10, ("running", 1),
            ("suctionPressure", i is >= 360 and < 420 ? 0.5 : 1), ("vibration", (i is >= 360 and < 480 ? 3.6 : 1.9) + (0.1 * (i % 3)))))]);

        var alarm = Assert.Single(await room.AllAsync());
        Assert.Equal(("strainer-clogged", false), (alarm.TopCause!.Code, alarm.IsActive));
        Assert.Equal(Some.At(4230), alarm.ClearedAt!.Value.ToUnixTimeMilliseconds());
        Assert.True(Assert.Single(alarm.Evidence, e => e.Symptom == "novelty").To > alarm.ClearedAt);
        Assert.Single(await room.Alarms.TraceAsync(DeviceKey.DefaultTenant, alarm.Id, default), c => c.Kind is AlarmChangeKind.Cleared);
    }

    [Fact]
    public async Task A_fault_that_comes_back_within_the_window_is_the_same_occurrence_and_later_a_new_one()
    {
        await using var room = await RulesRoom.OpenAsync();
        room.Registry.Put("pump-1", "pump", "s1");
        await room.SendAsync(Steps("pump-1", (0, 97), (60, 50), (300, 97)));
        var alarm = Assert.Single(await room.AllAsync());
        Assert.Equal((2, true), (alarm.Count, alarm.IsActive));
        await room.SendAsync(Steps("pump-1", (420, 50), (1500, 97)));
        Assert.Equal(2, (await room.AllAsync()).Count);
    }

    [Fact]
    public async Task A_closed_alarm_is_never_opened_again()
    {
        await using var room = await RulesRoom.OpenAsync();
        room.Registry.Put("pump-1", "pump", "s1");
        await room.SendAsync(Steps("pump-1", (0, 97), (60, 50)));
        await room.SendAsync("pump-1", 200, ("bearingTemperature", 50));
        var first = (await room.AllAsync())[0];
        Assert.True((await room.Alarms.CloseAsync(DeviceKey.DefaultTenant, first.Id, "lee", "true", null, default)).Succeeded);
        await room.SendAsync(Steps("pump-1", (210, 97)));
        Assert.Equal(2, (await room.AllAsync()).Count);
        Assert.Equal(AlarmState.Closed, (await room.Alarms.FindAsync(DeviceKey.DefaultTenant, first.Id, default))!.State);
    }

    [Fact]
    public async Task Silence_is_told_in_the_devices_time_and_ends_with_its_next_word()
    {
        await using var room = await RulesRoom.OpenAsync();
        room.Registry.Put("pump-1", "pump", "s1");
        await room.TickAsync(0, 1);
        await room.SendAsync("pump-1", -500, ("vibration", 1.8));   // its clock is behind ours
        await room.TickAsync(2, 310);
        var alarm = Assert.Single(await room.AllAsync());
        Assert.Equal(("silent", Severity.Medium, Some.At(-500), Some.At(-200)),
            (alarm.Rule, alarm.Severity, alarm.OnsetAt.ToUnixTimeMilliseconds(), alarm.RaisedAt.ToUnixTimeMilliseconds()));
        await room.SendAsync("pump-1", 0, ("vibration", 1.8));
        Assert.False(Assert.Single(await room.AllAsync()).IsActive);
    }

    [Fact]
    public async Task A_device_that_nobody_registered_is_ignored_until_it_is()
    {
        await using var room = await RulesRoom.OpenAsync();
        await room.SendAsync(HotBearing());
        Assert.Empty(await room.AllAsync());
        room.Registry.Put("pump-1", "pump", "s1");
        await room.SendAsync(Steps("pump-1", (500, 97)));
        Assert.Single(await room.AllAsync());
    }

    [Fact]
    public async Task A_device_that_is_removed_leaves_no_active_alarm_behind()
    {
        await using var room = await RulesRoom.OpenAsync();
        room.Registry.Put("pump-1", "pump", "s1");
        await room.SendAsync(HotBearing());
        room.Registry.Drop("pump-1");
        await room.SendAsync("pump-2", 500, ("vibration", 1));
        Assert.False(Assert.Single(await room.AllAsync()).IsActive);
    }

    private static async Task<string> Uninterrupted()
    {
        await using var room = await RulesRoom.OpenAsync();
        foreach (var id in new[] { "pump-1", "pump-2", "pump-3" }) room.Registry.Put(id, "pump", "s1");
        await room.SendAsync(Accident());
        return JsonSerializer.Serialize(await room.AllAsync());
    }

    private static Sample[] HotBearing() => Steps("pump-1", (0, 55), (60, 97));

    /// <summary>Twelve readings of the bearing, ten seconds apart, from each step on.</summary>
    private static Sample[] Steps(string device, params (int At, double Value)[] steps) =>
        [.. steps.SelectMany((step, i) => Enumerable.Range(0, 12).Select(k => (At: step.At + 10 * k, step.Value)).Where(s => i + 1 >= steps.Length || s.At < steps[i + 1].At))
            .Select(s => Some.Sample(device, s.At, ("bearingTemperature", s.Value)))];

    /// <summary>A brown-out at three pumps, four minutes long, while the bearing of the first goes.</summary>
    private static Sample[] Accident() => [.. Enumerable.Range(0, 90).SelectMany(i => Enumerable.Range(1, 3).Select(pump => Some.Sample(
        $"pump-{pump}", i * 10, ("supplyVoltage", i is >= 20 and < 44 ? 330 : 400), ("running", 1),
        ("vibration", pump == 1 && i >= 30 ? 8 : 1.8), ("bearingTemperature", pump == 1 && i >= 40 ? 99 : 55))))];
}
