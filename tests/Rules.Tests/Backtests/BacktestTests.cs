using Microsoft.Extensions.Logging.Abstractions;
using Seamless.Rules.Alarms;
using Seamless.Rules.Backtests;
using Seamless.Rules.Engine;
using Seamless.Rules.Packs;
using Seamless.Rules.Packs.Files;
using Seamless.Storage.TimeSeries;
using Seamless.Storage.TimeSeries.Segments;
using Seamless.Telemetry;

namespace Seamless.Rules.Tests.Backtests;

public sealed class BacktestTests : IAsyncDisposable
{
    private const string Tenant = DeviceKey.DefaultTenant;
    private static readonly EquipmentPack Pump = new PackDirectory(Repository.Packs, null).Find("pump")!;
    private static readonly string[] Metrics = ["bearingTemperature", "vibration", "flow", "running", "unheardOf"];

    private readonly string _folder = Directory.CreateTempSubdirectory("backtest-").FullName;
    private readonly SegmentTimeSeriesStore _store;
    private readonly MemoryRegistry _registry = new();

    public BacktestTests() => _store = new(Path.Combine(_folder, "t"), new TimeSeriesOptions(), NullLogger<SegmentTimeSeriesStore>.Instance, TimeProvider.System, durable: false);

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A book that is only asked for backtests: it puts nothing.</summary>
    private RuleBook Book() => new(new PackDirectory(Repository.Packs, null), null!, new Backtest(_store, _registry, []));

    private static BacktestRequest Request(string yaml, params string[]? devices) => new(Tenant, "pump", yaml, Judged.Start, Judged.Start.AddDays(3), devices);

    private static string Rule(string id, string condition, string more, string symptom = "bearing-hot") => $$"""
          - id: {{id}}
            title: { en: {{id}}, zh-CN: {{id}} }
            condition: {{condition}}
            {{more}}
            severity: high
            symptom: {{symptom}}
            mode: OHE
            message: { en: {{id}}, zh-CN: {{id}} }

        """;

    private static string Hot(double setpoint, string id = "bearing-temperature-high") =>
        "rules:\n" + Rule(id, "high", FormattableString.Invariant($"metric: bearingTemperature\n    setpoint: {setpoint}\n    deadband: 5\n    onDelay: 30s\n    offDelay: 60s"));

    /// <summary>Rules of every kind that history can answer: level, rate, with a condition of its own, silence of the device and of a metric.</summary>
    private static readonly string Kinds = Hot(88)
        + Rule("hot-running", "high", "metric: bearingTemperature\n    when: running\n    setpoint: 84\n    onDelay: 2m\n    offDelay: 1m")
        + Rule("loud", "rate", "metric: vibration\n    setpoint: 0.02\n    onDelay: 1m", "vibration-high")
        + Rule("no-flow", "missing", "metric: flow\n    setpoint: 10m", "silent")
        + Rule("no-data", "missing", "setpoint: 30m", "silent");

    /// <summary>Three days with gaps, metrics that stay away, bad and uncertain readings.</summary>
    private async Task FillAsync(int seed, params string[] devices)
    {
        var random = new Random(seed);
        foreach (var device in devices)
        {
            var (samples, hot) = (new List<Sample>(), 80.0);
            for (var minute = 0; minute < 3 * 1440; minute += random.Next(60) == 0 ? random.Next(90) : 1)
            {
                hot = Math.Clamp(hot + random.Next(-3, 4), 60, 99);
                Reading[] all =
                [
                    new(Metrics[0], hot, null, random.Next(40) == 0 ? Quality.Uncertain : random.Next(40) == 0 ? Quality.Bad : Quality.Good),
                    new(Metrics[1], 1 + random.NextDouble() * 3), new(Metrics[2], 80), new(Metrics[3], random.Next(5) == 0 ? 0 : 1), new(Metrics[4], 1),
                ];
                samples.Add(new Sample(new DeviceKey(Tenant, device), Judged.At(minute).ToUnixTimeMilliseconds(), null, [.. all.Where(_ => minute / 100 % 3 == 0 || random.Next(3) > 0).DefaultIfEmpty(all[4])]));
            }
            await _store.AppendAsync(samples.Take(samples.Count / 2).ToList(), default);
            await _store.FlushAsync(default);
            await _store.AppendAsync(samples.Skip(samples.Count / 2).ToList(), default);
        }
    }

    /// <summary>Every sample as an object, every metric of it, one device's after the other's: what a backtest must come to, in its plainest form.</summary>
    private async Task<List<(string, string, long, long, bool)>> PlainlyAsync(string yaml, params string[] devices)
    {
        var rules = PackReader.ReadRules(Pump, yaml, out var problems);
        Assert.Empty(problems);
        var pack = new CompiledPack(Pump with { Rules = rules });
        var states = devices.ToDictionary(id => new DeviceKey(Tenant, id), id => new JudgedDevice(new DeviceKey(Tenant, id), "", pack));
        var (judge, findings, told) = (new DeviceJudge(_ => null), new List<Finding>(), new List<(string, string, long, long, bool)>());
        await foreach (var sample in _store.ReadAsync(states.Keys, Judged.Start, Judged.Start.AddDays(3), default))
        {
            var state = states[sample.Device];
            if (state.NewestMs > 0) judge.Tick(state, sample.TimestampMs - state.NewestMs, findings);
            judge.Observe(state, sample, findings);
            told.AddRange(findings.Where(f => !f.Rule.IsSensor).Select(f => (sample.Device.Device, f.Definition.Id, f.OnsetMs, f.AtMs, f.Begins)));
            findings.Clear();
        }
        told.Sort();
        return told;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task What_is_raised_is_what_reading_everything_in_one_go_raises(int seed)
    {
        await FillAsync(seed, "pump-1", "pump-2", "pump-3");
        foreach (var yaml in (string[])[Kinds, Hot(85), "rules:\n" + Rule("no-flow", "missing", "metric: flow\n    setpoint: 10m", "silent")])
        {
            var plainly = await PlainlyAsync(yaml, "pump-1", "pump-2", "pump-3");
            var report = (await Book().BacktestAsync(Request(yaml, "pump-1", "pump-2", "pump-3"), null, default)).Value!;
            Assert.NotEmpty(plainly);
            var told = report.Alarms.Where(a => !a.Rule.StartsWith("sensor-", StringComparison.Ordinal)).SelectMany(Ends).Order().ToList();
            Assert.Equal(plainly, told);
        }
        static IEnumerable<(string, string, long, long, bool)> Ends(BacktestAlarm a) => a.ClearedAt is { } cleared ? [Begin(a), (a.Device, a.Rule, a.OnsetAt.ToUnixTimeMilliseconds(), cleared.ToUnixTimeMilliseconds(), false)] : [Begin(a)];
        static (string, string, long, long, bool) Begin(BacktestAlarm a) => (a.Device, a.Rule, a.OnsetAt.ToUnixTimeMilliseconds(), a.RaisedAt.ToUnixTimeMilliseconds(), true);
    }

    [Fact]
    public async Task A_machine_is_compared_with_all_of_its_site_also_those_that_are_not_asked_for()
    {
        for (var i = 1; i <= 7; i++)
        {
            _registry.Put($"pump-{i}", "pump", i == 7 ? "elsewhere" : "s1");
            await _store.AppendAsync([.. Enumerable.Range(0, 600).Select(m => new Sample(new DeviceKey(Tenant, $"pump-{i}"), Judged.At(m).ToUnixTimeMilliseconds(), null,
                [new("bearingTemperature", i is 1 or 7 && m > 200 ? 75 : 50 + i)]))], default);
        }
        var yaml = "rules:\n" + Rule("apart", "high", "value: bearingTemperature - peers(bearingTemperature, 30m)\n    setpoint: 12 K");
        var alone = (await Book().BacktestAsync(Request(yaml, "pump-1", "pump-7"), null, default)).Value!;
        var alarm = Assert.Single(alone.Alarms);   // 7 is as hot, and has nobody beside it
        Assert.Equal(("pump-1", Judged.At(201)), (alarm.Device, alarm.OnsetAt));
        var all = (await Book().BacktestAsync(Request(yaml, null!), null, default)).Value!;
        Assert.Equal(alone.Alarms, all.Alarms);
        Assert.Equal((7, 600L * 7), (all.Devices, all.Samples));
    }

    [Fact]
    public async Task Sensors_of_metrics_that_no_rule_looks_at_are_not_judged()
    {
        Reading[] readings = [new("bearingTemperature", 999), new("flow", -999)];
        await _store.AppendAsync([.. Enumerable.Range(0, 9).Select(i => new Sample(new DeviceKey(Tenant, "pump-1"), Judged.At(i).ToUnixTimeMilliseconds(), null, readings))], default);
        var report = (await Book().BacktestAsync(Request(Hot(90), "pump-1"), null, default)).Value!;
        Assert.Equal("sensor-bearingTemperature", Assert.Single(report.Alarms).Rule);
    }

    [Fact]
    public async Task The_report_compares_with_the_rules_in_force_of_the_same_ids_with_a_whole_file_or_with_a_text()
    {
        await FillAsync(1, "pump-1");
        _registry.Put("pump-1", "pump", "s1");
        _registry.Put("pump-2", "pump", "s2");
        var book = Book();
        var same = (await book.BacktestAsync(Request(Hot(88), null!), null, default)).Value!;
        Assert.Equal((2, "in-force"), (same.Devices, same.Comparison.Against));
        var row = Assert.Single(same.Comparison.Rules, rule => !rule.Rule.StartsWith("sensor-", StringComparison.Ordinal));
        Assert.Equal("bearing-temperature-high", row.Rule);
        Assert.True(row is { Old: > 0, New: > 0, Both: > 0 } && row.New == row.Both + row.OnlyNew);
        Assert.Equal(same.Total, same.Comparison.Both + same.Comparison.OnlyNew);
        Assert.Equal(same.Total, same.Load.New.Alarms);
        Assert.Null(same.Outcomes);
        Assert.Equal(Plotting.MostPlots, same.Plots.Count);
        Assert.All(same.Plots, plot => Assert.True(plot is { Metric: "bearingTemperature", Setpoint: 88, Points.Count: > 10 and <= Plotting.MostPoints }));

        var whole = (await book.BacktestAsync(Request(Hot(88), "pump-1") with { Name = "limits" }, null, default)).Value!;
        Assert.Contains(whole.Comparison.Rules, rule => rule is { Rule: "flow-low", New: null });
        var text = (await book.BacktestAsync(Request(Hot(88), "pump-1") with { Against = Hot(88) }, null, default)).Value!;
        Assert.Equal((0, 0, "text"), (text.Comparison.OnlyNew, text.Comparison.OnlyOld, text.Comparison.Against));
        Assert.Equal(1, (await book.BacktestAsync(Request(Hot(88), null!) with { Site = "s2" }, null, default)).Value!.Devices);
    }

    [Fact]
    public async Task Progress_reaches_all_devices_and_a_cancelled_backtest_ends()
    {
        await FillAsync(1, "pump-1", "pump-2");
        var told = new Told();
        await Book().BacktestAsync(Request(Hot(88), "pump-1", "pump-2", "pump-2"), told, default);
        Assert.Equal(new BacktestProgress(0, 2), told.First);
        Assert.Equal(2, told.Most);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Book().BacktestAsync(Request(Hot(88), "pump-1"), null, cancelled.Token));
    }

    private sealed class Told : IProgress<BacktestProgress>
    {
        private readonly Lock _lock = new();
        public BacktestProgress? First { get; private set; }
        public int Most { get; private set; }

        public void Report(BacktestProgress value)
        {
            lock (_lock) (First, Most) = (First ?? value, Math.Max(Most, value.Done));
        }
    }

    [Fact]
    public async Task Wrong_requests_are_refused_with_the_place()
    {
        var book = Book();
        Assert.Equal("not-found", (await book.BacktestAsync(Request(Hot(88)) with { Type = "ship" }, null, default)).Refusal!.Code);
        Assert.Equal("not-found", (await book.BacktestAsync(Request(Hot(88)) with { Name = "nothing" }, null, default)).Refusal!.Code);
        Assert.Equal("invalid", (await book.BacktestAsync(Request(Hot(88)) with { To = Judged.Start }, null, default)).Refusal!.Code);
        Assert.Equal("invalid", (await book.BacktestAsync(Request(Hot(88)) with { Engineers = 0 }, null, default)).Refusal!.Code);
        Assert.StartsWith("line ", (await book.BacktestAsync(Request("rules:\n  - id: x\n"), null, default)).Refusal!.Reason, StringComparison.Ordinal);
        Assert.StartsWith("against: line ", (await book.BacktestAsync(Request(Hot(88)) with { Against = "rules:\n  - id: x\n" }, null, default)).Refusal!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Closed_alarms_with_a_verdict_are_outcomes()
    {
        await using var room = await RulesRoom.OpenAsync();
        room.Registry.Put("pump-1", "pump", "s1");
        foreach (var second in (int[])[0, 10, 20, 30, 40]) await room.SendAsync("pump-1", second, ("bearingTemperature", 96));
        foreach (var second in (int[])[300, 400, 500]) await room.SendAsync("pump-1", second, ("bearingTemperature", 50));
        var alarm = Assert.Single(await room.AllAsync());
        var outcomes = new AlarmOutcomes(room.Get<Microsoft.EntityFrameworkCore.IDbContextFactory<RulesContext>>(), room.Get<Seamless.Rules.Labels.LabelBook>());
        Task<IReadOnlyList<ConfirmedOutcome>> List(string tenant, DateTimeOffset from) => outcomes.ListAsync(tenant, Pump, from, RulesRoom.Noon.AddDays(1), default);

        Assert.Empty(await List(Tenant, RulesRoom.Noon));
        await room.Alarms.AcknowledgeAsync(Tenant, alarm.Id, "lee", "true", default);
        Assert.Empty(await List(Tenant, RulesRoom.Noon));
        Assert.True((await room.Alarms.CloseAsync(Tenant, alarm.Id, "lee", "false", "loose plug", default)).Succeeded);
        var outcome = Assert.Single(await List(Tenant, RulesRoom.Noon));
        Assert.Equal(("pump-1", OutcomeVerdict.False, alarm.RaisedAt), (outcome.Device, outcome.Verdict, outcome.FailedAt));
        Assert.Contains("bearing-hot", outcome.Symptoms);
        Assert.Equal([alarm.Id], outcome.Alarms);
        Assert.Empty(await List("acme", RulesRoom.Noon));
        Assert.Empty(await List(Tenant, alarm.RaisedAt.AddSeconds(1)));
    }
}
