using Seamless.Rules.Alarms;
using Seamless.Rules.Packs;
using Seamless.Telemetry;

namespace Seamless.Rules.Tests.Alarms;

public sealed class AlarmBookTests
{
    private const string Tenant = DeviceKey.DefaultTenant;

    [Fact]
    public void Every_combination_of_dimensions_has_one_state_and_a_closed_alarm_takes_no_action_but_ending_what_hides_it()
    {
        foreach (var bits in Enumerable.Range(0, 128))
        {
            bool Bit(int i) => (bits >> i & 1) == 1;
            var dimensions = new AlarmDimensions(Bit(0), Bit(1), Bit(2), Bit(3), Bit(4), Bit(5), Bit(6));
            Assert.True(Enum.IsDefined(dimensions.State));
            if (!dimensions.Closed) continue;
            foreach (var action in new[] { AlarmAction.Acknowledge, AlarmAction.Shelve, AlarmAction.Suppress, AlarmAction.TakeOutOfService, AlarmAction.Close })
                Assert.NotNull(AlarmLifeCycle.WhyNot(action, dimensions, "a"));
        }
    }

    [Theory]
    [InlineData(true, false, AlarmState.Unacknowledged)]
    [InlineData(true, true, AlarmState.Acknowledged)]
    [InlineData(false, false, AlarmState.ReturnedUnacknowledged)]
    [InlineData(false, true, AlarmState.Normal)]
    public void What_nothing_hides_is_told_by_active_and_acknowledged(bool active, bool acknowledged, AlarmState state) =>
        Assert.Equal(state, new AlarmDimensions(active, acknowledged, false, false, false, false, false).State);

    [Fact]
    public async Task Beats_ask_the_database_only_when_a_shelving_may_be_over_also_after_a_restart()
    {
        await using var room = await RulesRoom.OpenAsync();
        var id = await RaiseAsync(room);
        await room.Alarms.AdvanceAsync(RulesRoom.Noon, default);
        Assert.Equal(0, await QueriesOfBeatAsync(RulesRoom.Noon.AddMinutes(1)));
        await room.Alarms.ShelveAsync(Tenant, id, "lee", "part ordered", RulesRoom.Noon.AddHours(1), default);
        Assert.Equal(0, await QueriesOfBeatAsync(RulesRoom.Noon.AddMinutes(59)));

        await room.KillAsync();
        await using var again = await RulesRoom.OpenAsync(room.DirectoryPath, room.Log, room.Registry);
        await again.Alarms.AdvanceAsync(RulesRoom.Noon.AddMinutes(59), default);
        Assert.Equal(AlarmState.Shelved, (await again.Alarms.FindAsync(Tenant, id, default))!.State);
        await again.Alarms.AdvanceAsync(RulesRoom.Noon.AddHours(1), default);
        Assert.NotEqual(AlarmState.Shelved, (await again.Alarms.FindAsync(Tenant, id, default))!.State);

        async Task<int> QueriesOfBeatAsync(DateTimeOffset at)
        {
            var before = room.Queries.Count;
            await room.Alarms.AdvanceAsync(at, default);
            return room.Queries.Count - before;
        }
    }

    [Fact]
    public async Task An_alarm_is_acknowledged_shelved_suppressed_and_closed_and_refuses_aloud()
    {
        await using var room = await RulesRoom.OpenAsync();
        var id = await RaiseAsync(room);
        var alarms = room.Alarms;

        Assert.Equal("not-found", (await alarms.AcknowledgeAsync(Tenant, "al-none", "lee", null, default)).Refusal?.Code);
        Assert.Equal("not-found", (await alarms.AcknowledgeAsync("other", id, "lee", null, default)).Refusal?.Code);
        Assert.Equal(AlarmState.Acknowledged, (await alarms.AcknowledgeAsync(Tenant, id, "lee", "seen", default)).Value!.State);
        Assert.Contains("already", (await alarms.AcknowledgeAsync(Tenant, id, "lee", null, default)).Refusal!.Reason, StringComparison.Ordinal);
        Assert.Contains("active", (await alarms.CloseAsync(Tenant, id, "lee", null, null, default)).Refusal!.Reason, StringComparison.Ordinal);

        Assert.False((await alarms.ShelveAsync(Tenant, id, "lee", "", RulesRoom.Noon.AddHours(1), default)).Succeeded);
        Assert.False((await alarms.ShelveAsync(Tenant, id, "lee", "wait", RulesRoom.Noon.AddDays(30), default)).Succeeded);
        Assert.Equal(AlarmState.Shelved, (await alarms.ShelveAsync(Tenant, id, "lee", "part ordered", RulesRoom.Noon.AddHours(1), default)).Value!.State);
        await alarms.AdvanceAsync(RulesRoom.Noon.AddMinutes(59), default);
        Assert.Equal(AlarmState.Shelved, (await alarms.FindAsync(Tenant, id, default))!.State);
        await alarms.AdvanceAsync(RulesRoom.Noon.AddHours(1), default);
        Assert.Equal(AlarmState.Acknowledged, (await alarms.FindAsync(Tenant, id, default))!.State);

        Assert.Equal(AlarmState.Suppressed, (await alarms.SuppressAsync(Tenant, id, "lee", "works", default)).Value!.State);
        Assert.Equal(AlarmState.Acknowledged, (await alarms.UnsuppressAsync(Tenant, id, "lee", default)).Value!.State);
        Assert.Equal(AlarmState.OutOfService, (await alarms.SetOutOfServiceAsync(Tenant, id, "lee", "WO-7", default)).Value!.State);
        Assert.Equal(AlarmState.Acknowledged, (await alarms.SetOutOfServiceAsync(Tenant, id, "lee", null, default)).Value!.State);

        foreach (var at in new[] { 300, 400 }) await room.SendAsync("pump-1", at, ("bearingTemperature", 50));
        Assert.Equal(AlarmState.Normal, (await alarms.FindAsync(Tenant, id, default))!.State);
        Assert.Equal(AlarmState.Closed, (await alarms.CloseAsync(Tenant, id, "lee", "true", "bearing replaced", default)).Value!.State);
        Assert.Empty(await alarms.OpenByDeviceAsync(Tenant, default));
        Assert.Equal(1, alarms.HealthOf(new DeviceKey(Tenant, "pump-1")));
        Assert.Equal("true: bearing replaced", (await alarms.TraceAsync(Tenant, id, default))[^1].Note);
    }

    [Fact]
    public async Task An_alarm_that_comes_back_wants_to_be_seen_again()
    {
        await using var room = await RulesRoom.OpenAsync();
        var id = await RaiseAsync(room);
        await room.Alarms.AcknowledgeAsync(Tenant, id, "lee", null, default);
        foreach (var (at, value) in new[] { (300, 50), (400, 50), (500, 97), (560, 97) }) await room.SendAsync("pump-1", at, ("bearingTemperature", value));
        var alarm = (await room.Alarms.FindAsync(Tenant, id, default))!;
        Assert.Equal((AlarmState.Unacknowledged, 2), (alarm.State, alarm.Count));
    }

    [Fact]
    public async Task Lists_are_filtered_and_paged_without_gap_or_repeat()
    {
        await using var room = await RulesRoom.OpenAsync();
        foreach (var i in Enumerable.Range(1, 7))
        {
            room.Registry.Put($"pump-{i}", "pump", $"s{i}");
            foreach (var at in new[] { 0, 40 }) await room.SendAsync($"pump-{i}", at, ("bearingTemperature", 97));
        }
        var seen = new List<string>();
        for (string? after = null; ; after = seen[^1])
        {
            var page = await room.Alarms.ListAsync(new AlarmFilter(Tenant, After: after, Limit: 3), default);
            seen.AddRange(page.Select(a => a.Id));
            if (page.Count < 3) break;
        }
        Assert.Equal(7, seen.Distinct().Count());
        Assert.Equal(7, seen.Count);
        Assert.Single(await room.Alarms.ListAsync(new AlarmFilter(Tenant, Device: "pump-3", State: AlarmState.Unacknowledged, Severity: Severity.High), default));
        Assert.Empty(await room.Alarms.ListAsync(new AlarmFilter(Tenant, From: RulesRoom.Noon.AddHours(1)), default));
        Assert.Empty(await room.Alarms.ListAsync(new AlarmFilter("other"), default));
    }

    private static async Task<string> RaiseAsync(RulesRoom room)
    {
        room.Registry.Put("pump-1", "pump", "s1");
        foreach (var at in new[] { 0, 30, 60 }) await room.SendAsync("pump-1", at, ("bearingTemperature", 97));
        return Assert.Single(await room.AllAsync()).Id;
    }
}
