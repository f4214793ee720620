using Seamless.Rules.Alarms;
using Seamless.Rules.Packs;
using Seamless.Rules.Versions;
using Seamless.Telemetry;

namespace Seamless.Rules.Tests.Versions;

/// <summary>A bearing limit of 80 °C is tried out where 90 °C is in force; the pumps run at 85 °C and, where a test says so, at 97 °C.</summary>
public sealed class StageTests
{
    private static readonly RuleActor Lee = new("default", "lee");

    [Fact]
    public async Task In_shadow_nothing_is_raised_for_people_but_all_of_it_is_counted()
    {
        await using var room = await RulesRoom.OpenAsync();
        var version = await TriedOutAsync(room, RuleStage.Shadow, null);
        await WarmAsync(room, "pump-1", 85);
        await WarmAsync(room, "pump-2", 97);

        Assert.Equal(["pump-2"], (await room.AllAsync()).Select(a => a.Device));
        Assert.DoesNotContain(await room.Alarms.ChangesAsync(0, 100, default), c => c.Alarm.Device == "pump-1");
        var report = await ReportAsync(room, version);
        Assert.Equal(new StageCounts(Both: 1, OnlyNew: 1, OnlyOld: 0), report.Counts);
        Assert.Equal([("pump-1", 1), ("pump-2", 0)], report.Devices.Select(d => (d.Device, d.Counts.OnlyNew)));

        await CoolAsync(room, "pump-1");
        Assert.NotNull((await ReportAsync(room, version)).Faults.Single(f => f.Device == "pump-1").To);
    }

    [Fact]
    public async Task A_candidate_that_would_raise_less_is_told_as_well()
    {
        await using var room = await RulesRoom.OpenAsync();
        var version = await TriedOutAsync(room, RuleStage.Shadow, null, bearing: 100);
        await WarmAsync(room, "pump-1", 97);
        Assert.Equal(new StageCounts(Both: 0, OnlyNew: 0, OnlyOld: 1), (await ReportAsync(room, version)).Counts);
    }

    [Fact]
    public async Task A_canary_raises_on_the_devices_chosen_and_what_only_it_saw_ends_with_it()
    {
        await using var room = await RulesRoom.OpenAsync();
        var version = await TriedOutAsync(room, RuleStage.Canary, Only("pump-1"));
        await WarmAsync(room, "pump-1", 85);
        await WarmAsync(room, "pump-2", 85);

        var alarm = Assert.Single(await room.AllAsync());
        Assert.Equal(("pump-1", true), (alarm.Device, alarm.IsActive));
        var report = await ReportAsync(room, version);
        Assert.Equal(new StageCounts(Both: 0, OnlyNew: 2, OnlyOld: 0), report.Counts);   // on pump-2 it is judged beside
        Assert.Equal([("pump-1", true), ("pump-2", false)], report.Devices.Select(d => (d.Device, d.Canary)));

        room.Clock.Advance(TimeSpan.FromMinutes(8));
        Assert.True((await room.Get<IRuleVersions>().ReturnAsync("pump", "limits", version, "too many", Lee, default)).Succeeded);
        await room.SendAsync("pump-2", 500, ("bearingTemperature", 85));
        Assert.False(Assert.Single(await room.AllAsync()).IsActive);
        await WarmAsync(room, "pump-1", 85, from: 600);
        Assert.False(Assert.Single(await room.AllAsync()).IsActive);
        Assert.Equal(2, (await ReportAsync(room, version)).Counts.OnlyNew);   // the report stays what it was
    }

    [Fact]
    public async Task On_a_canarys_devices_the_rules_in_force_are_judged_beside()
    {
        await using var room = await RulesRoom.OpenAsync();
        var version = await TriedOutAsync(room, RuleStage.Canary, Only("pump-1"), bearing: 100);
        await WarmAsync(room, "pump-1", 97);
        Assert.Empty(await room.AllAsync());
        Assert.Equal(new StageCounts(Both: 0, OnlyNew: 0, OnlyOld: 1), (await ReportAsync(room, version)).Counts);
    }

    [Fact]
    public async Task An_alarm_that_both_see_goes_on_through_canary_and_into_force()
    {
        await using var room = await RulesRoom.OpenAsync();
        room.Registry.Put("pump-1", "pump", "s1");
        await room.SendAsync("pump-1", -60, ("vibration", 8), ("running", 1));
        await room.SendAsync("pump-1", -20, ("vibration", 8), ("running", 1));
        var before = Assert.Single(await room.AllAsync());
        var version = await TriedOutAsync(room, RuleStage.Canary, Only("pump-1"));
        await room.SendAsync("pump-1", 30, ("vibration", 8), ("running", 1));
        await room.SendAsync("pump-1", 90, ("vibration", 8), ("running", 1));
        Assert.True((await room.Get<IRuleVersions>().ActivateAsync("pump", "limits", version, RuleStage.All, null, Lee, default)).Succeeded);
        await room.SendAsync("pump-1", 100, ("vibration", 8), ("running", 1));

        var alarm = Assert.Single(await room.AllAsync());
        Assert.Equal((before.Id, true, 1), (alarm.Id, alarm.IsActive, alarm.Count));
        Assert.Equal(new StageCounts(Both: 1, OnlyNew: 0, OnlyOld: 0), (await ReportAsync(room, version)).Counts);
    }

    [Theory]
    [InlineData(RuleStage.Shadow)]
    [InlineData(RuleStage.Canary)]
    public async Task A_restart_in_a_stage_keeps_it_and_what_it_has_seen(RuleStage stage)
    {
        var directory = Directory.CreateTempSubdirectory("seamless-rules-").FullName;
        var (log, registry) = (new MemoryLog(), new MemoryRegistry());
        string version;
        await using (var room = await RulesRoom.OpenAsync(directory, log, registry))
        {
            version = await TriedOutAsync(room, stage, stage is RuleStage.Canary ? Only("pump-1") : null);
            await WarmAsync(room, "pump-1", 85);
            await room.SendAsync("pump-2", 60, ("bearingTemperature", 85));   // its delay runs through the restart
            await BesideAsync(room);
        }
        await using (var room = await RulesRoom.OpenAsync(directory, log, registry))
        {
            await FollowingAsync(room);
            await room.SendAsync("pump-2", 95, ("bearingTemperature", 85));
            await BesideAsync(room);
            Assert.Equal(stage is RuleStage.Canary ? ["pump-1"] : [], (await room.AllAsync()).Where(a => a.IsActive).Select(a => a.Device));
            var report = await ReportAsync(room, version);
            Assert.Equal(new StageCounts(Both: 0, OnlyNew: 2, OnlyOld: 0), report.Counts);
            Assert.Equal(["pump-1", "pump-2"], report.Devices.Select(d => d.Device));

            Assert.True((await room.Get<IRuleVersions>().ReturnAsync("pump", "limits", version, null, Lee, default)).Succeeded);
            await room.SendAsync("pump-1", 400, ("bearingTemperature", 85));
            Assert.DoesNotContain(await room.AllAsync(), a => a.IsActive);
        }
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Nobody_follows_the_log_beside_unless_something_is_tried_out()
    {
        await using var room = await RulesRoom.OpenAsync();
        Assert.False(room.Get<StageWatch>().IsFollowing);
        var version = await TriedOutAsync(room, RuleStage.Shadow, null);
        await WarmAsync(room, "pump-1", 85);
        Assert.True(File.Exists(Path.Combine(room.DirectoryPath, "rules", "shadow.state")));
        await room.Get<IRuleVersions>().ReturnAsync("pump", "limits", version, null, Lee, default);
        await Eventually(() => !room.Get<StageWatch>().IsFollowing && !File.Exists(Path.Combine(room.DirectoryPath, "rules", "shadow.state")));
        Assert.Contains(StageJudge.ConsumerName, room.Log.Released);
    }

    [Fact]
    public async Task A_second_run_begins_with_nothing_counted()
    {
        await using var room = await RulesRoom.OpenAsync();
        var versions = room.Get<IRuleVersions>();
        var version = await TriedOutAsync(room, RuleStage.Shadow, null);
        await WarmAsync(room, "pump-1", 85);
        await CoolAsync(room, "pump-1");
        await versions.ReturnAsync("pump", "limits", version, null, Lee, default);
        await Eventually(() => !room.Get<StageWatch>().IsFollowing);
        room.Clock.Advance(TimeSpan.FromHours(1));
        Assert.True((await versions.ActivateAsync("pump", "limits", version, RuleStage.Shadow, null, Lee, default)).Succeeded);
        await FollowingAsync(room);
        Assert.Empty((await ReportAsync(room, version)).Faults);
    }

    private static CanaryChoice Only(params string[] devices) => new([.. devices.Select(d => new DeviceKey("default", d))], null);

    private static async Task<string> TriedOutAsync(RulesRoom room, RuleStage stage, CanaryChoice? canary, int bearing = 80)
    {
        foreach (var id in new[] { "pump-1", "pump-2" }) room.Registry.Put(id, "pump", $"site-of-{id}");
        var versions = room.Get<IRuleVersions>();
        var draft = await versions.DraftAsync("pump", "limits", RuleVersionTests.Text(bearing), null, Lee, default);
        var staged = await versions.ActivateAsync("pump", "limits", draft.Value!.Version, stage, canary, Lee, default);
        Assert.Null(staged.Refusal?.Reason);
        await FollowingAsync(room);
        return draft.Value.Version;
    }

    private static async Task WarmAsync(RulesRoom room, string device, double degrees, double from = 0)
    {
        foreach (var at in new[] { 0, 60, 95, 130 }) await room.SendAsync(device, from + at, ("bearingTemperature", at == 0 ? 55 : degrees));
        await BesideAsync(room);
    }

    private static async Task CoolAsync(RulesRoom room, string device)
    {
        foreach (var at in new[] { 200, 265, 330 }) await room.SendAsync(device, at, ("bearingTemperature", 50));
        await BesideAsync(room);
    }

    private static Task FollowingAsync(RulesRoom room) => Eventually(() => room.Get<StageWatch>().IsFollowing);

    private static async Task BesideAsync(RulesRoom room)
    {
        if (room.Get<StageWatch>().IsFollowing) await room.Log.WaitForAsync(StageJudge.ConsumerName, new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token);
    }

    private static async Task<StageReport> ReportAsync(RulesRoom room, string version)
    {
        var report = await room.Get<IRuleVersions>().StageAsync("default", "pump", "limits", version, default);
        Assert.Null(report.Refusal?.Reason);
        return report.Value!;
    }

    private static async Task Eventually(Func<bool> holds)
    {
        for (var i = 0; i < 500 && !holds(); i++) await Task.Delay(20);
        Assert.True(holds());
    }
}
