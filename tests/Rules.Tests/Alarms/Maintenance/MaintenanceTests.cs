using Seamless.Rules.Alarms;
using Seamless.Rules.Alarms.Maintenance;
using Seamless.Rules.Alarms.Performance;
using Seamless.Telemetry;

namespace Seamless.Rules.Tests.Alarms.Maintenance;

/// <summary>Alarms that come while a device is maintained, through the rules as they run.</summary>
public sealed class MaintenanceTests
{
    private const string Tenant = DeviceKey.DefaultTenant;
    private static readonly DateTimeOffset Noon = RulesRoom.Noon;

    [Fact]
    public async Task What_comes_within_a_window_is_listed_with_its_mark_and_presented_when_the_window_ends()
    {
        await using var room = await OpenAsync();
        var window = await AddAsync(room, new MaintenanceScope(Device: "pump-1"), "2026-03-02T12:00:00Z", hours: 1);
        await HotAsync(room, "pump-1", 0, 60);
        var alarm = Assert.Single(await room.AllAsync());
        Assert.Equal(AlarmState.Suppressed, alarm.State);
        Assert.Equal(new MaintenanceMark(window.Id, "new bearings", Noon, Noon.AddHours(1), IsOver: false), alarm.Maintenance);
        Assert.Contains("maintenance", (await room.Alarms.UnsuppressAsync(Tenant, alarm.Id, "lee", default)).Refusal!.Reason, StringComparison.Ordinal);
        await room.Alarms.AcknowledgeAsync(Tenant, alarm.Id, "lee", null, default);

        await room.Alarms.AdvanceAsync(Noon.AddMinutes(59), default);
        Assert.Equal(AlarmState.Suppressed, (await NowAsync(room)).State);
        await room.Alarms.AdvanceAsync(Noon.AddHours(1), default);
        alarm = await NowAsync(room);
        Assert.Equal((AlarmState.Unacknowledged, true), (alarm.State, alarm.Maintenance!.IsOver));   // as new, whoever has seen it meanwhile
        Assert.Equal([AlarmChangeKind.Raised, AlarmChangeKind.Acknowledged, AlarmChangeKind.Unsuppressed], (await TraceAsync(room, alarm.Id)).Select(c => c.Kind));
        Assert.Equal(Noon.AddHours(1), (await TraceAsync(room, alarm.Id))[^1].At);
    }

    [Fact]
    public async Task What_is_over_when_the_window_ends_is_presented_to_nobody()
    {
        await using var room = await OpenAsync();
        await AddAsync(room, new MaintenanceScope(Device: "pump-1"), "2026-03-02T12:00:00Z", hours: 1);
        await HotAsync(room, "pump-1", 0, 60);
        await CoolAsync(room, "pump-1", 300, 400);
        Assert.Equal(AlarmState.Suppressed, (await NowAsync(room)).State);
        await room.Alarms.AdvanceAsync(Noon.AddHours(1), default);
        Assert.Equal(AlarmState.Normal, (await NowAsync(room)).State);
        Assert.Empty(await room.Alarms.ListAsync(new AlarmFilter(Tenant, OpenOnly: true), default));
        Assert.Single(await room.Alarms.ListAsync(new AlarmFilter(Tenant, Maintenance: true), default));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_timer_goes_on_over_a_restart_or_a_crash(bool crash)
    {
        var directory = Directory.CreateTempSubdirectory("seamless-rules-").FullName;
        var (log, registry) = (new MemoryLog(), Registry());
        var room = await RulesRoom.OpenAsync(directory, log, registry);
        await AddAsync(room, new MaintenanceScope(Device: "pump-1"), "2026-03-02T12:00:00Z", hours: 1);
        await HotAsync(room, "pump-1", 0, 60);
        await HotAsync(room, "pump-2", 0, 60);
        if (crash) await room.KillAsync();
        await room.DisposeAsync();
        await using (room = await RulesRoom.OpenAsync(directory, log, registry))
        {
            await room.SettledAsync();
            Assert.Equal("new bearings", Assert.Single(room.Get<IMaintenance>().List(Tenant)).Reason);
            await room.Alarms.AdvanceAsync(Noon.AddMinutes(59), default);
            Assert.Equal([AlarmState.Suppressed, AlarmState.Unacknowledged], await StatesAsync(room));
            await CoolAsync(room, "pump-1", 300, 400);
            await HotAsync(room, "pump-1", 500, 560);   // within the same window
            Assert.Equal(AlarmState.Suppressed, (await StatesAsync(room))[0]);
        }
        await using (room = await RulesRoom.OpenAsync(directory, log, registry))
        {
            await room.Alarms.AdvanceAsync(Noon.AddHours(5), default);   // it was off when the window ended
            Assert.Equal([AlarmState.Unacknowledged, AlarmState.Unacknowledged], await StatesAsync(room));
            var trace = await TraceAsync(room, (await room.AllAsync()).Single(a => a.Device == "pump-1").Id);
            Assert.Equal(Noon.AddHours(1), Assert.Single(trace, c => c.Kind is AlarmChangeKind.Unsuppressed).At);
        }
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task What_a_start_finds_unsaid_it_says()
    {
        var directory = Directory.CreateTempSubdirectory("seamless-rules-").FullName;
        var (log, registry) = (new MemoryLog(), Registry());
        await using (var room = await RulesRoom.OpenAsync(directory, log, registry))
        {
            await HotAsync(room, "pump-1", 0, 60);
            await using var context = await room.Get<Microsoft.EntityFrameworkCore.IDbContextFactory<RulesContext>>().CreateDbContextAsync();
            context.Maintenance.Add(MaintenanceRow.Of(new MaintenanceWindow(
                "mw-1", Tenant, new MaintenanceScope(Device: "pump-1"), Noon, Noon.AddHours(1), "UTC", null, "saved, then the power went", "lee", Noon, [], null, 1)));
            await context.SaveChangesAsync();
        }
        await using (var room = await RulesRoom.OpenAsync(directory, log, registry))
        {
            await room.Alarms.AdvanceAsync(Noon.AddMinutes(1), default);
            Assert.Equal(AlarmState.Suppressed, (await NowAsync(room)).State);
        }
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task It_is_judged_by_when_the_alarm_came_not_by_when_it_arrived()
    {
        await using var room = await OpenAsync();
        room.Clock.Advance(TimeSpan.FromHours(3));
        await AddAsync(room, new MaintenanceScope(Site: "s1"), "2026-03-02T12:00:00Z", hours: 1);   // entered late, and over
        await HotAsync(room, "pump-1", 60, 120);        // arrives hours after
        await HotAsync(room, "pump-2", 3700, 3760);     // came after the window
        Assert.Equal([AlarmState.Suppressed, AlarmState.Unacknowledged], await StatesAsync(room));
        await room.Alarms.AdvanceAsync(room.Clock.GetUtcNow(), default);
        Assert.Equal([AlarmState.Unacknowledged, AlarmState.Unacknowledged], await StatesAsync(room));
    }

    [Fact]
    public async Task What_was_forgotten_is_entered_late_and_holds_back_what_had_come()
    {
        await using var room = await OpenAsync();
        await HotAsync(room, "pump-1", 0, 60);
        await HotAsync(room, "pump-2", 0, 60);
        await CoolAsync(room, "pump-2", 120, 200);
        room.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal([AlarmState.Unacknowledged, AlarmState.ReturnedUnacknowledged], await StatesAsync(room));
        var window = await AddAsync(room, new MaintenanceScope(Site: "s1", Type: "pump"), "2026-03-02T11:00:00Z", hours: 2);
        Assert.Equal([AlarmState.Suppressed, AlarmState.Suppressed], await StatesAsync(room));

        var maintenance = room.Get<IMaintenance>();
        Assert.Equal(Noon.AddMinutes(10), (await maintenance.EndAsync(Tenant, window.Id, "lee", default)).Value!.End);
        Assert.Equal([AlarmState.Unacknowledged, AlarmState.Normal], await StatesAsync(room));
        Assert.Contains("over", (await maintenance.EndAsync(Tenant, window.Id, "lee", default)).Refusal!.Reason, StringComparison.Ordinal);

        Assert.True((await maintenance.ChangeAsync(Tenant, window.Id, new MaintenanceChange(Until: "2026-03-02T14:00:00Z"), "lee", default)).Succeeded);   // too early after all
        Assert.Equal(AlarmState.Suppressed, (await StatesAsync(room))[0]);
        await room.Alarms.AdvanceAsync(Noon.AddMinutes(90), default);
        Assert.Equal(AlarmState.Suppressed, (await StatesAsync(room))[0]);
        Assert.Equal(MaintenanceStatus.Cancelled, (await maintenance.CancelAsync(Tenant, window.Id, "lee", default)).Value!.StatusAt(Noon.AddMinutes(11)));
        Assert.Equal(AlarmState.Unacknowledged, (await StatesAsync(room))[0]);
    }

    [Fact]
    public async Task Where_one_window_follows_on_another_it_is_over_with_the_last()
    {
        await using var room = await OpenAsync();
        await AddAsync(room, new MaintenanceScope(Device: "pump-1"), "2026-03-02T12:00:00Z", hours: 1);
        await AddAsync(room, new MaintenanceScope(), "2026-03-02T13:00:00Z", hours: 2, reason: "overhaul");
        await HotAsync(room, "pump-1", 0, 60);
        await room.Alarms.AdvanceAsync(Noon.AddMinutes(100), default);
        var alarm = await NowAsync(room);
        Assert.Equal((AlarmState.Suppressed, "overhaul", Noon.AddHours(3)), (alarm.State, alarm.Maintenance!.Reason, alarm.Maintenance.Until));
        await room.Alarms.AdvanceAsync(Noon.AddHours(3), default);
        Assert.Equal(AlarmState.Unacknowledged, (await NowAsync(room)).State);
    }

    [Fact]
    public async Task Nothing_else_is_held_back()
    {
        await using var room = await OpenAsync();
        room.Registry.Put("server-1", "server", "s1");
        await HotAsync(room, "pump-1", 0, 60);
        await AddAsync(room, new MaintenanceScope(Site: "s1", Type: "server"), "2026-03-02T11:00:00Z", hours: 3);   // another type
        await AddAsync(room, new MaintenanceScope(Site: "s2"), "2026-03-02T11:00:00Z", hours: 3);                    // another site
        await AddAsync(room, new MaintenanceScope(Device: "pump-1"), "2026-03-02T12:05:00Z", hours: 3);              // what came before it began is none of its doing
        Assert.Equal(AlarmState.Unacknowledged, (await NowAsync(room)).State);
        Assert.Empty(await room.Alarms.ListAsync(new AlarmFilter(Tenant, Maintenance: true), default));
        Assert.NotNull(room.Get<IMaintenance>().At(Tenant, "pump-1", "s1", "pump", Noon.AddMinutes(5)));
        Assert.Null(room.Get<IMaintenance>().At("another", "pump-1", "s1", "pump", Noon.AddMinutes(5)));
    }

    [Fact]
    public async Task What_a_rule_judges_inMaintenance_is_presented_also_when_it_joins_what_was_held_back()
    {
        await using var room = await OpenAsync();
        await AddAsync(room, new MaintenanceScope(), "2026-03-02T12:00:00Z", hours: 1);
        var fire = await new TestAlarm(room, "fire") { IsJudgedInMaintenance = true }.TakeAsync("!");
        Assert.Equal((AlarmState.Unacknowledged, null), (fire.State, fire.Maintenance));
        var alarm = new TestAlarm(room, "smoke");
        Assert.Equal(AlarmState.Suppressed, (await alarm.TakeAsync("!")).State);
        alarm.IsJudgedInMaintenance = true;
        await alarm.MakeAsync(AlarmChangeKind.EvidenceChanged, 10);
        Assert.Equal((AlarmState.Unacknowledged, null), ((await alarm.NowAsync()).State, (await alarm.NowAsync()).Maintenance));
        await room.Get<AlarmBook>().ApplyAsync([.. alarm.Made], default);   // judged again after a crash
        Assert.Single(await TraceAsync(room, alarm.Id), c => c.Kind is AlarmChangeKind.Unsuppressed);
    }

    [Fact]
    public async Task A_latched_alarm_is_presented_although_its_condition_is_over()
    {
        await using var room = await OpenAsync();
        await AddAsync(room, new MaintenanceScope(), "2026-03-02T12:00:00Z", hours: 1);
        var alarm = new TestAlarm(room, "trip");
        await alarm.TakeAsync("!l-");
        await room.Alarms.AdvanceAsync(Noon.AddHours(1), default);
        Assert.Equal(AlarmState.ReturnedUnacknowledged, (await alarm.NowAsync()).State);
    }

    [Fact]
    public async Task The_alarm_of_a_site_is_held_back_while_all_that_it_speaks_of_are()
    {
        await using var room = await OpenAsync();
        await AddAsync(room, new MaintenanceScope(Device: "device a"), "2026-03-02T12:00:00Z", hours: 1);
        await AddAsync(room, new MaintenanceScope(Device: "device b"), "2026-03-02T12:00:00Z", hours: 2);
        foreach (var name in new[] { "a", "b", "c" }) await new TestAlarm(room, name).TakeAsync("!");
        var (all, some) = (new TestAlarm(room, "all") { Members = ["al-a", "al-b"] }, new TestAlarm(room, "some") { Members = ["al-a", "al-c"] });
        Assert.Equal(AlarmState.Suppressed, (await all.TakeAsync("!")).State);
        Assert.Equal(AlarmState.Unacknowledged, (await some.TakeAsync("!")).State);

        await room.Alarms.AdvanceAsync(Noon.AddHours(1), default);   // the first device is back and still faulty
        Assert.Equal(AlarmState.Unacknowledged, (await all.NowAsync()).State);

        var growing = new TestAlarm(room, "growing") { Members = ["al-b"] };
        Assert.Equal(AlarmState.Suppressed, (await growing.TakeAsync("!")).State);
        growing.Members = ["al-b", "al-c"];
        await growing.MakeAsync(AlarmChangeKind.EvidenceChanged, 20);
        Assert.Equal(AlarmState.Unacknowledged, (await growing.NowAsync()).State);
    }

    [Fact]
    public async Task A_storm_among_devices_under_maintenance_is_no_storm_for_a_person()
    {
        await using var room = await RulesRoom.OpenAsync(registry: Registry(), configure: options => options.StormBudget = 2);
        foreach (var i in Enumerable.Range(1, 5)) room.Registry.Put($"pump-{i}", "pump", "s1");
        await AddAsync(room, new MaintenanceScope(Site: "s1", Type: "pump"), "2026-03-02T12:00:00Z", hours: 1);
        foreach (var at in new[] { 0, 40, 60 })
            foreach (var i in Enumerable.Range(1, 5)) await room.SendAsync($"pump-{i}", at + i, ("bearingTemperature", 97));
        var alarms = await room.AllAsync();
        Assert.Single(alarms, a => a.Device is null);
        Assert.All(alarms, a => Assert.Equal(AlarmState.Suppressed, a.State));
        Assert.All(alarms, a => Assert.True(a.IsUnderMaintenance));
        await room.Alarms.AdvanceAsync(Noon.AddHours(1), default);
        Assert.Equal(AlarmState.Unacknowledged, (await room.AllAsync()).Single(a => a.Device is null).State);
        Assert.Single(await room.Alarms.ListAsync(new AlarmFilter(Tenant, State: AlarmState.Unacknowledged), default));   // the storm alone; it explains the others
    }

    [Fact]
    public async Task Performance_counts_it_as_suppressed_and_as_an_alarm_once_it_is_presented()
    {
        await using var room = await OpenAsync();
        await AddAsync(room, new MaintenanceScope(), "2026-03-02T12:00:00Z", hours: 1);
        await HotAsync(room, "pump-1", 0, 60);
        await HotAsync(room, "pump-2", 0, 60);
        await CoolAsync(room, "pump-2", 300, 400);
        await room.Alarms.AdvanceAsync(Noon.AddHours(1), default);
        async Task<double?> FigureAsync(string code, double from, double to) =>
            (await room.Get<IAlarmPerformance>().MeasureAsync(Tenant, null, Noon.AddHours(from), Noon.AddHours(to), default)).Figures.Single(f => f.Code == code).Value;
        Assert.Equal((2, 0), (await FigureAsync("suppressed", 0, 1), await FigureAsync("alarms", 0, 1)));
        Assert.Equal((0, 1), (await FigureAsync("suppressed", 1, 2), await FigureAsync("alarms", 1, 2)));
    }

    [Theory]
    [InlineData(null, null, null, "2026-03-02T12:00Z", null, "", "whoever sees the alarm")]
    [InlineData("pump-9", null, null, "2026-03-02T12:00Z", "2026-03-02T13:00Z", "x", "no device 'pump-9'")]
    [InlineData(null, "s9", null, "2026-03-02T12:00Z", "2026-03-02T13:00Z", "x", "no site 's9'")]
    [InlineData("pump-1", "s1", null, "2026-03-02T12:00Z", "2026-03-02T13:00Z", "x", "not a device and a site")]
    [InlineData(null, null, "pump", "2026-03-02T12:00Z", "2026-03-02T13:00Z", "x", "name the site")]
    [InlineData(null, null, null, "2026-03-02T12:00Z", null, "x", "when does it end")]
    [InlineData(null, null, null, "2026-03-02T12:00Z", "2026-03-02T11:00Z", "x", "ends before")]
    [InlineData(null, null, null, "2026-03-02T12:00Z", "2027-03-02T11:00Z", "x", "92 days")]
    [InlineData(null, null, null, "noon", "2027-03-02T11:00Z", "x", "'noon' is no time")]
    public async Task What_does_not_fit_is_refused_in_words(string? device, string? site, string? type, string begin, string? end, string reason, string words)
    {
        await using var room = await OpenAsync();
        var refused = await room.Get<IMaintenance>().AddAsync(Tenant, new MaintenanceOrder(new MaintenanceScope(device, site, type), begin, end, null, null, reason), "lee", default);
        Assert.Contains(words, refused.Refusal!.Reason, StringComparison.Ordinal);
        Assert.Empty(room.Get<IMaintenance>().List(Tenant));
    }

    [Fact]
    public async Task A_weekly_window_is_entered_on_the_clock_of_its_site_ended_for_the_day_and_comes_back()
    {
        await using var room = await OpenAsync();
        var maintenance = room.Get<IMaintenance>();
        var plan = new WeeklyPlan(1 << (int)DayOfWeek.Monday, new TimeOnly(13, 0), TimeSpan.FromHours(2));   // the site is in Berlin: 12:00 UTC
        var window = (await maintenance.AddAsync(Tenant, new MaintenanceOrder(new MaintenanceScope(Site: "s1"), "2026-03-01T00:00", null, null, plan, "cleaning"), "lee", default)).Value!;
        Assert.Equal(("Europe/Berlin", MaintenanceStatus.Running), (window.Zone, window.StatusAt(Noon)));
        await HotAsync(room, "pump-1", 0, 60);
        Assert.Equal(AlarmState.Suppressed, (await NowAsync(room)).State);
        room.Clock.Advance(TimeSpan.FromMinutes(30));
        var ended = (await maintenance.EndAsync(Tenant, window.Id, "lee", default)).Value!;
        Assert.Equal((AlarmState.Unacknowledged, MaintenanceStatus.Coming), ((await NowAsync(room)).State, ended.StatusAt(Noon.AddMinutes(30))));
        Assert.Equal(Noon.AddDays(7), ended.After(Noon.AddMinutes(30))?.From);
        Assert.Contains("does not run now", (await maintenance.ChangeAsync(Tenant, window.Id, new MaintenanceChange(Until: "2026-03-02T23:00"), "lee", default)).Refusal!.Reason, StringComparison.Ordinal);
    }

    private static async Task<RulesRoom> OpenAsync() => await RulesRoom.OpenAsync(registry: Registry());

    private static MemoryRegistry Registry()
    {
        var registry = new MemoryRegistry();
        registry.PutSite("s1", "Europe/Berlin");
        registry.PutSite("s2", "UTC");
        foreach (var i in new[] { 1, 2 }) registry.Put($"pump-{i}", "pump", "s1");
        foreach (var name in new[] { "a", "b", "c" }) registry.Put($"device {name}", "pump", "s1");
        return registry;
    }

    private static async Task<MaintenanceWindow> AddAsync(RulesRoom room, MaintenanceScope scope, string begin, double hours, string reason = "new bearings")
    {
        var added = await room.Get<IMaintenance>().AddAsync(Tenant, new MaintenanceOrder(scope, begin, null, TimeSpan.FromHours(hours), null, reason), "lee", default);
        Assert.True(added.Succeeded, added.Refusal?.Reason);
        return added.Value!;
    }

    private static async Task HotAsync(RulesRoom room, string device, double from, double to)
    {
        foreach (var at in new[] { from, (from + to) / 2, to }) await room.SendAsync(device, at, ("bearingTemperature", 97));
    }

    private static async Task CoolAsync(RulesRoom room, string device, double from, double to)
    {
        foreach (var at in new[] { from, to }) await room.SendAsync(device, at, ("bearingTemperature", 50));
    }

    private static async Task<Alarm> NowAsync(RulesRoom room) => Assert.Single(await room.AllAsync());

    private static async Task<AlarmState[]> StatesAsync(RulesRoom room) => [.. (await room.AllAsync()).OrderBy(a => a.Device, StringComparer.Ordinal).Select(a => a.State)];

    private static Task<IReadOnlyList<AlarmChange>> TraceAsync(RulesRoom room, string id) => room.Alarms.TraceAsync(Tenant, id, default);
}
