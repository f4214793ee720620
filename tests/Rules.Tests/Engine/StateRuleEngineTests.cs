using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Seamless.Analytics.Evaluation;
using Seamless.Analytics.MachineState;
using Seamless.Rules.Alarms;
using Seamless.Rules.Alarms.Maintenance;
using Seamless.Rules.Engine;
using Seamless.Rules.Labels;
using Seamless.Rules.Packs;
using Seamless.Storage;
using Seamless.Telemetry;
using Seamless.Telemetry.Rows;

namespace Seamless.Rules.Tests.Engine;

/// <summary>From samples to alarms by the state of a machine, in whatever order they come and around a restart.</summary>
public sealed class StateRuleEngineTests
{
    private const int Rows = 900;
    private const int StepSeconds = 10;
    private static readonly DeviceKey Rig = new(DeviceKey.DefaultTenant, "rig-1");
    private static readonly PackDirectory Packs = new(Path.Combine(AppContext.BaseDirectory, "testpacks"), null);

    private static List<Sample> Samples(int seed, int departs = 600, int lasts = 150, string mode = "eco")
    {
        var random = new Random(seed);
        double Noise() => random.NextDouble() + random.NextDouble() - 1;
        return [.. Enumerable.Range(0, Rows).Select(i => new Sample(Rig, Some.At(i * StepSeconds + random.NextDouble() * 4), null,
        [
            new Reading("vibration", 2 + 0.2 * Noise()), new Reading("current", 30 + Noise()), new Reading("flow", 80 + Noise() - (i >= departs && i < departs + lasts ? i < departs + 50 ? 3 : 6 : 0)),
            new Reading("running", 1), new Reading("mode", double.NaN, mode),
        ]))];
    }

    private static Judgement New()
    {
        var judgement = new Judgement(Packs, _ => null, new RulesOptions { LateRows = 64 }, _ => null);
        return judgement;
    }

    private static async Task<Dictionary<string, Alarm>> JudgeAsync(IEnumerable<object> arrival, int restartAt = -1)
    {
        var (judgement, changes, standing) = (New(), new List<TelemetryChange>(), new Dictionary<string, Alarm>(StringComparer.Ordinal));
        var registry = new MemoryRegistry();
        registry.Put(Rig.Device, "rig", "s1");
        judgement.Admit(Rig, registry.FindCached(Rig), changes);
        foreach (var (i, what) in arrival.Index())
        {
            if (i == restartAt) judgement = await RestartAsync(judgement, changes);
            var rows = new SampleRows();
            if (what is DeviceEvent happened) judgement.Observe(happened);
            else
            {
                rows.Add((Sample)what, ((Sample)what).TimestampMs);
                judgement.Observe(rows, 0);
            }
            judgement.Conclude(changes);
            foreach (var change in changes) standing[change.AlarmId] = change.Alarm;
            changes.Clear();
        }
        return standing.Where(one => !one.Value.IsWithdrawn).ToDictionary();
    }

    private static async Task<Judgement> RestartAsync(Judgement judgement, List<TelemetryChange> changes)
    {
        var directory = Directory.CreateTempSubdirectory("seamless-state-");
        var snapshot = new EngineSnapshot(Path.Combine(directory.FullName, "engine.state"));
        await snapshot.WriteAsync([1], [1], judgement, new ScorerBank(new NoModels()), default);
        var restored = New();
        Assert.NotNull(snapshot.Read(restored, new ScorerBank(new NoModels()), changes));
        directory.Delete(recursive: true);
        return restored;
    }

    private static string Text(Dictionary<string, Alarm> alarms) => string.Join('\n', alarms.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => AlarmJson.Write(a.Value)));

    [Fact]
    public async Task The_alarm_says_what_each_metric_has_in_it_and_what_was_expected()
    {
        var alarm = Assert.Single(await JudgeAsync(Samples(1, lasts: 400))).Value;
        var evidence = Assert.Single(alarm.Evidence);
        Assert.Equal(("detector", "novelty"), (evidence.Kind, evidence.Symptom));
        Assert.True(evidence.Contributions["flow"] < -0.6, $"flow has {evidence.Contributions["flow"]}");
        Assert.Matches(@"^Unlike its normal state \(score 0\.\d+\): Flow \d+(\.\d+)? m³/h, lower than (79|80)(\.\d+)? m³/h \(\d+ %\)", evidence.Text.En);
        Assert.Matches("^偏离常态（评分 0\\.\\d+）：流量 .+，低于 .+（\\d+ %）", evidence.Text.ZhCn);
    }

    [Fact]
    public async Task When_it_ends_the_highest_score_is_told_and_what_was_unlike_is_kept()
    {
        var open = Assert.Single(Assert.Single(await JudgeAsync(Samples(1).Take(640))).Value.Evidence);
        var over = Assert.Single(Assert.Single(await JudgeAsync(Samples(1))).Value.Evidence);
        Assert.NotNull(over.To);
        Assert.True(over.Score > open.Score, $"{open.Score} at first, {over.Score} at the end");
        Assert.Equal((open.Text, open.Value), (over.Text, over.Value));
        Assert.Equal(open.Contributions, over.Contributions);
    }

    [Fact]
    public async Task Samples_late_doubled_and_around_a_restart_give_the_alarms_of_the_ordered_run_to_the_byte()
    {
        var raised = 0;
        for (var seed = 1; seed <= 12; seed++)
        {
            var random = new Random(seed);
            List<object> ordered = [.. Samples(seed, departs: 450 + random.Next(200))];
            if (seed % 3 == 0) ordered.Insert(700, new DeviceEvent(Rig, Some.At(700 * StepSeconds - 3), StateSpec.Maintained, EventSeverity.Info, "", null));
            var arrival = ordered.Concat(ordered.Where(_ => random.Next(20) == 0)).OrderBy(what => At(what) + (random.Next(5) == 0 ? random.Next(200_000) : 0)).ToList();
            var expected = await JudgeAsync(ordered);
            Assert.Equal(Text(expected), Text(await JudgeAsync(ordered)));
            Assert.Equal(Text(expected), Text(await JudgeAsync(arrival, restartAt: random.Next(arrival.Count))));
            raised += expected.Count;
        }
        Assert.True(raised >= 12, $"only {raised} alarms");
    }

    private static long At(object what) => what is Sample sample ? sample.TimestampMs : ((DeviceEvent)what).TimestampMs;

    [Theory]
    [InlineData(0)]
    [InlineData(4000)]   // too late to be put in order
    public async Task Work_on_the_machine_ends_the_alarm_and_has_it_learned_anew(int lateSeconds)
    {
        List<object> history = [.. Samples(1, lasts: 300)];
        var worked = new DeviceEvent(Rig, Some.At(700 * StepSeconds - 5 - lateSeconds), StateSpec.Maintained, EventSeverity.Info, "", null);
        history.Insert(700, worked);
        var alarm = Assert.Single(await JudgeAsync(history)).Value;   // nothing new: it learns until the end
        Assert.False(alarm.IsActive);
        Assert.Equal(("Unlike its normal state: learning 0 of 400", "偏离常态：正在学习 0/400"), (alarm.Evidence[0].Text.En, alarm.Evidence[0].Text.ZhCn));
        Assert.InRange(alarm.ClearedAt!.Value.ToUnixTimeMilliseconds(), Some.At(6990), Some.At(7000));
    }

    [Fact]
    public async Task In_a_mode_that_the_rule_does_not_name_nothing_is_judged() => Assert.Empty(await JudgeAsync(Samples(1, mode: "idle")));

    [Fact]
    public void It_does_not_go_to_devices_and_looks_at_its_metrics_mode_and_when()
    {
        var pack = new CompiledPack(Packs.Find("rig")!);
        Assert.DoesNotContain(pack.ForDevice().Rules, rule => rule.Kind is RuleKind.State);
        Assert.Equal(["vibration", "current", "flow", "running", "mode"], pack.MetricsJudged);
    }

    [Fact]
    public async Task A_window_that_ended_and_a_repair_are_told_to_the_log_once()
    {
        await using var room = await RulesRoom.OpenAsync(configure: options => options.PacksDirectory = Path.Combine(AppContext.BaseDirectory, "testpacks"));
        foreach (var (id, type) in new[] { ("rig-1", "rig"), ("rig-2", "rig"), ("limits-1", "limits") }) room.Registry.Put(id, type, "s1");
        room.Registry.PutSite("s1", "UTC");
        var maintenance = room.Get<IMaintenance>();
        Assert.True((await maintenance.AddAsync(DeviceKey.DefaultTenant, new MaintenanceOrder(new MaintenanceScope(Site: "s1"), null, null, TimeSpan.FromHours(1), null, "bearings", "UTC"), "ann", default)).Succeeded);
        var called = await maintenance.AddAsync(DeviceKey.DefaultTenant, new MaintenanceOrder(new MaintenanceScope(Device: "rig-1"), null, null, TimeSpan.FromHours(3), null, "nothing", "UTC"), "ann", default);
        var at = room.Clock.GetUtcNow().AddMinutes(5);
        ClosedTicket Ticket(string number, string fault) => new(DeviceKey.DefaultTenant, number, [], new ClosureCodes("", "", ""), fault, null, "ann", at, at, []) { Device = "rig-2" };
        var log = new MemoryLog();
        var news = new MaintenanceNews(
            room.Get<MaintenanceCalendar>(), room.Get<AlarmBook>(), [new Closed(Ticket("T1", "wear"), Ticket("T2", ClosedTicket.NoFaultFound) with { At = at.AddMinutes(1) })], room.Registry, room.Get<IPacks>(),
            log, Options.Create(new StorageOptions()), room.Clock, NullLogger<MaintenanceNews>.Instance);

        room.Clock.Advance(TimeSpan.FromMinutes(90));
        Assert.True((await maintenance.CancelAsync(DeviceKey.DefaultTenant, called.Value!.Id, "ann", default)).Succeeded);
        room.Clock.Advance(TimeSpan.FromMinutes(1));
        await news.TellAsync(default);
        await news.TellAsync(default);
        Assert.Equal(3, log.End(0));   // the window on both rigs, and one repair: neither the cancelled window nor the ticket without a fault
    }

    private sealed class Closed(params IReadOnlyList<ClosedTicket> tickets) : IClosures
    {
        public Task<IReadOnlyList<ClosedTicket>> ListAsync(DateTimeOffset since, CancellationToken ct) => Task.FromResult(tickets);
    }
}
