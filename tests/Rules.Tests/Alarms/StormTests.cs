using System.Diagnostics;
using Seamless.Fleet.Registry;
using Seamless.Rules.Alarms;
using Seamless.Rules.Engine;
using Seamless.Rules.Packs;
using Seamless.Telemetry;

namespace Seamless.Rules.Tests.Alarms;

/// <summary>Whole sites at once: what reaches a person is a handful, and nothing is lost.</summary>
public sealed class StormTests
{
    private const int MostForAPerson = 3;

    [Fact]
    public void A_site_of_5000_machines_without_power_is_a_handful_of_alarms_that_list_12000_conditions_both_ways()
    {
        var site = new StormSite(5000, "pump");
        var clock = Stopwatch.StartNew();
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        site.Play(0, 20, pump => StormSite.Healthy);
        site.Play(20, 130, pump => pump < 2000 ? StormSite.CutAndDry : StormSite.Cut, most: MostForAPerson);

        var devices = site.Alarms.Values.Where(a => a.Device is not null).ToList();
        var members = site.Alarms.Values.Where(a => a.Device is null).SelectMany(a => a.Members).ToHashSet();
        Assert.Equal(12_000, devices.Sum(a => a.Evidence.Count(e => e.IsActive)));
        Assert.Equal(devices.Count, members.Count);
        Assert.All(devices, a => Assert.Contains(a.Id, members));
        Assert.All(site.Alarms.Values, a => Assert.True(a.Device is not null || a.Evidence.Count <= 20));

        site.Play(130, 260, pump => StormSite.Healthy, most: MostForAPerson);
        Assert.DoesNotContain(site.Alarms.Values, a => a.IsActive);
        Assert.All(site.Alarms.Values, a => Assert.Null(a.SuppressedBy));
        var spent = Process.GetCurrentProcess().TotalProcessorTime - cpu;
        TestContext.Current.TestOutputHelper?.WriteLine($"{site.Changes} changes, {spent.TotalSeconds:0.0} s of CPU, {clock.Elapsed.TotalSeconds:0.0} s");
        Assert.InRange(spent.TotalSeconds, 0, 20);   // a second or two; minutes while it grew with the square
    }

    [Fact]
    public void A_site_that_falls_silent_is_one_alarm_and_none_when_it_is_heard_again()
    {
        var site = new StormSite(2000, "generic");
        site.Play(0, 20, _ => [("temperature", 20)]);
        site.Tick(700);
        Assert.Single(site.ForAPerson());
        Assert.Equal(2000, site.ForAPerson()[0].Members.Count);
        site.Play(730, 750, _ => [("temperature", 20)], most: 1);
        Assert.Empty(site.ForAPerson());
    }

    [Fact]
    public void What_no_cause_explains_is_let_through_up_to_the_budget_and_the_rest_is_one_storm_that_hides_nothing_and_clears_by_itself()
    {
        var site = new StormSite(200, "pump");
        site.Play(0, 20, _ => StormSite.Healthy);
        site.Play(20, 100, pump => pump < 60 ? [("bearingTemperature", 97)] : StormSite.Healthy);

        var storm = Assert.Single(site.ForAPerson());   // those that came first are of the same rule
        Assert.Equal(("site:s1:storm", Severity.High), (storm.FaultKey, storm.Severity));
        Assert.Equal(60, storm.Members.Count);
        Assert.All(site.Alarms.Values.Where(a => a.Device is not null), a => Assert.Equal(("bearing-wear", true), (a.TopCause!.Code, a.IsActive)));

        // All but five end: nothing is left of the storm but those, ten minutes after the last came.
        site.Play(100, 300, pump => pump < 5 ? [("bearingTemperature", 97)] : [("bearingTemperature", 55)]);
        Assert.Single(site.ForAPerson());
        site.Play(300, 800, pump => pump < 5 ? [("bearingTemperature", 97)] : [("bearingTemperature", 55)], step: 10);
        site.Play(800, 900, pump => pump == 100 ? [("windingTemperature", 120)] : null);   // the next that is found there
        Assert.Equal(6, site.ForAPerson().Count);
        Assert.False(site.Alarms[storm.Id].IsActive);
    }

    [Fact]
    public void Ten_alarms_in_ten_minutes_are_let_through_and_one_of_another_rule_stays_on_its_own()
    {
        var site = new StormSite(40, "pump");
        site.Play(0, 20, _ => StormSite.Healthy);
        site.Play(20, 120, pump => pump switch { 0 => [("windingTemperature", 120)], < 10 => [("bearingTemperature", 97)], _ => StormSite.Healthy });
        Assert.Equal(10, site.ForAPerson().Count);
        site.Play(120, 200, pump => pump switch { 0 => [("windingTemperature", 120)], < 12 => [("bearingTemperature", 97)], _ => StormSite.Healthy });
        Assert.Equal(["alarm-storm", "winding-temperature-high"], site.ForAPerson().Select(a => a.Rule).Order());
    }

    [Fact]
    public void A_gateway_that_is_silent_explains_the_silence_behind_it_and_not_a_bearing()
    {
        var site = new StormSite(30, "pump", gateway: "device-0");
        site.Play(0, 60, _ => StormSite.Healthy);
        site.Play(60, 110, i => i == 3 ? [("bearingTemperature", 97)] : StormSite.Healthy);
        site.Tick(400);
        Assert.Equal(["device-0 silent", "device-3 bearing-temperature-high"], site.ForAPerson().Select(a => $"{a.Device} {a.Rule}").Order());
        Assert.Equal(29, site.ForAPerson().Single(a => a.Device == "device-0").Members.Count);
        site.Play(520, 522, i => i == 0 ? StormSite.Healthy : null);   // it is back before those behind it: they are one fault of the site until they follow
        Assert.Equal(["bearing-temperature-high", "silent"], site.ForAPerson().Select(a => a.Rule).Order());
        site.Play(530, 700, _ => StormSite.Healthy, most: 2);
        Assert.All(site.Alarms.Values, a => Assert.Equal((false, null), (a.IsActive, a.SuppressedBy)));
    }

    [Fact]
    public void What_stays_silent_behind_a_gateway_that_is_back_is_told_again()
    {
        var site = new StormSite(30, "pump", gateway: "device-0");
        site.Play(0, 20, _ => StormSite.Healthy);
        site.Tick(400);
        Assert.Equal("device-0", Assert.Single(site.ForAPerson()).Device);
        site.Play(430, 450, i => i == 7 ? null : StormSite.Healthy, most: 1);
        var left = Assert.Single(site.ForAPerson());
        Assert.Equal("device-7", Assert.Single(site.Alarms.Values, a => a.Parent == left.Id && a.IsActive).Device);
    }

    [Fact]
    public void Storms_are_the_same_however_late_the_samples_come()
    {
        var alarms = new List<string>();
        foreach (var late in new[] { false, true })
        {
            var site = new StormSite(40, "pump");
            site.Play(0, 20, _ => StormSite.Healthy);
            site.Play(20, 120, pump => pump < 30 ? [("bearingTemperature", 97)] : StormSite.Healthy, late: late ? 3 : -1);
            alarms.Add(string.Join(' ', site.Alarms.Values.Where(a => a.IsActive).Select(a => $"{a.Id}<{a.Parent}").Order(StringComparer.Ordinal)));
        }
        Assert.Equal(alarms[0], alarms[1]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_part_of_a_faulted_assembly_is_a_member_of_its_alarm_whichever_came_first(bool assemblyFirst)
    {
        var site = new StormSite(2, "pump", parent: "device-0");
        site.Play(0, 20, _ => StormSite.Healthy);
        var (early, late) = assemblyFirst ? (0, 1) : (1, 0);
        site.Play(20, 200, i => [("bearingTemperature", i == early ? 97 : 55), ("windingTemperature", 75)], until: 30);
        site.Play(30, 200, i => i == early ? [("bearingTemperature", 97)] : [("windingTemperature", 120)]);
        var alarm = Assert.Single(site.ForAPerson());
        Assert.Equal("device-0", alarm.Device);
        Assert.Single(alarm.Members);
    }

    [Fact]
    public void Two_that_name_each_other_as_parent_do_not_explain_each_other_away()
    {
        var site = new StormSite(2, "pump", parent: "device-0");
        site.Registered[new DeviceKey(DeviceKey.DefaultTenant, "device-0")] = StormSite.Machine("device-0", "pump", "s1", null, "device-1");
        site.Play(0, 100, _ => [("bearingTemperature", 97)]);
        Assert.Single(site.ForAPerson());
    }

    [Fact]
    public async Task Two_messages_of_one_fault_a_millisecond_apart_are_one_alarm()
    {
        await using var room = await RulesRoom.OpenAsync();
        room.Registry.Put("pump-1", "pump", "s1");
        await room.SendAsync("pump-1", 0, ("bearingTemperature", 97));
        await Task.WhenAll(
            room.SendAsync("pump-1", 40, ("bearingTemperature", 97), ("vibration", 8)),
            room.SendAsync("pump-1", 40.001, ("bearingTemperature", 98), ("vibration", 8)));
        Assert.Single(await room.AllAsync());
        Assert.Single(await room.Alarms.ChangesAsync(0, 100, default), c => c.Kind is AlarmChangeKind.Raised);
    }

    [Fact]
    public async Task In_the_book_every_member_is_listed_and_the_site_is_written_once_a_batch()
    {
        await using var room = await RulesRoom.OpenAsync();
        for (var i = 0; i < 400; i++) room.Registry.Put($"device-{i}", "pump", "s1");
        await room.SendAsync([.. Round(0, 400)]);
        await room.SendAsync([.. Round(40, 330)]);

        var alarms = await room.Alarms.ListAsync(new AlarmFilter(DeviceKey.DefaultTenant, Limit: 1000), default);
        var site = Assert.Single(alarms, a => a.Device is null);
        Assert.Equal(400, site.Members.Count);
        Assert.Equal(400, alarms.Count(a => a.Parent == site.Id && a.State is AlarmState.Suppressed));
        Assert.Single(alarms, a => a.Parent is null && a.State is AlarmState.Unacknowledged);
        var trace = await room.Alarms.TraceAsync(DeviceKey.DefaultTenant, site.Id, default);
        Assert.InRange(trace.Count, 2, 5);   // a batch is 500 records

        await room.SendAsync([.. Round(60, 400)]);
        await room.SendAsync([.. Round(100, 400)]);
        alarms = await room.Alarms.ListAsync(new AlarmFilter(DeviceKey.DefaultTenant, Limit: 1000), default);
        Assert.DoesNotContain(alarms, a => a.IsActive);
        Assert.All(alarms, a => Assert.Null(a.SuppressedBy));
        Assert.Equal(AlarmChangeKind.Cleared, (await room.Alarms.TraceAsync(DeviceKey.DefaultTenant, site.Id, default))[^1].Kind);

        static IEnumerable<Sample> Round(double at, double volts) =>
            Enumerable.Range(0, 400).SelectMany(i => new[] { at, at + 15 }.Select(t => Some.Sample($"device-{i}", t + (i * 0.001), ("supplyVoltage", volts)))).OrderBy(s => s.TimestampMs);
    }
}

/// <summary>Many machines straight into the judgement, a batch a second.</summary>
internal sealed class StormSite
{
    public static readonly (string, double)[] Healthy = [("supplyVoltage", 400), ("suctionPressure", 1), ("dischargePressure", 6), ("bearingTemperature", 55), ("windingTemperature", 75)];
    public static readonly (string, double)[] Cut = [("supplyVoltage", 20), ("suctionPressure", 0.2), ("dischargePressure", 6)];
    public static readonly (string, double)[] CutAndDry = [("supplyVoltage", 20), ("suctionPressure", 0.2), ("dischargePressure", 1)];

    private readonly Judgement _judgement;
    private readonly List<JudgedDevice> _devices = [];
    private readonly List<TelemetryChange> _changes = [];

    public StormSite(int devices, string type, string? gateway = null, string? parent = null)
    {
        _judgement = new Judgement(new PackDirectory(Repository.Packs, null), _ => null, new RulesOptions(), _ => null, key => Registered.GetValueOrDefault(key));
        for (var i = 0; i < devices; i++)
        {
            var device = Machine($"device-{i}", type, "s1", i == 0 ? null : gateway, i == 0 ? null : parent);
            Registered[device.Key] = device;
            _devices.Add(_judgement.Admit(device.Key, device, _changes)!);
        }
    }

    public Dictionary<DeviceKey, Device> Registered { get; } = [];
    public Dictionary<string, Alarm> Alarms { get; } = [];
    public int Changes { get; private set; }

    public static Device Machine(string id, string type, string site, string? gateway, string? parent) => new(
        new DeviceKey(DeviceKey.DefaultTenant, id), type, site, "customer", null, null,
        parent is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["parent"] = parent }, "standard", gateway, null, DateTimeOffset.UnixEpoch, 1);

    /// <summary>Everybody speaks every ten seconds, a tenth of them each second.</summary>
    public void Play(int from, int to, Func<int, (string, double)[]?> values, int most = int.MaxValue, int step = 1, int? until = null, int late = -1)
    {
        for (var second = from; second < (until ?? to); second += step)
        {
            for (var i = 0; i < _devices.Count; i++)
                if (i != late && (step > 1 || i % 10 == second % 10) && values(i) is { } now) _judgement.Observe(Some.Sample($"device-{i}", second + (i * 0.0001), now), _changes);
            // What comes late comes ten seconds late.
            if (late >= 0 && second >= from + 10 && late % 10 == second % 10 && values(late) is { } then) _judgement.Observe(Some.Sample($"device-{late}", second - 10 + (late * 0.0001), then), _changes);
            _judgement.Tick(step * 1000, _devices);
            _judgement.Conclude(_changes);
            Take();
            Assert.InRange(ForAPerson().Count, 0, most);
        }
    }

    public void Tick(int seconds)
    {
        for (var second = 0; second < seconds; second++) _judgement.Tick(1000, _devices);
        _judgement.Conclude(_changes);
        Take();
    }

    /// <summary>What is active and neither suppressed nor part of another.</summary>
    public List<Alarm> ForAPerson() => [.. Alarms.Values.Where(a => a is { IsActive: true, Parent: null, SuppressedBy: null })];

    private void Take()
    {
        foreach (var change in _changes) Alarms[change.AlarmId] = change.Alarm;
        Changes += _changes.Count;
        _changes.Clear();
    }
}
