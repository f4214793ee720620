using System.Globalization;
using Seamless.Rules.Alarms;
using Seamless.Rules.Alarms.Performance;
using Seamless.Rules.Packs;
using Seamless.Telemetry;

namespace Seamless.Rules.Tests.Alarms;

public sealed class AlarmPerformanceTests
{
    private static readonly DateTimeOffset Noon = RulesRoom.Noon;

    /// <summary>Each second is an alarm of its own; the period is <paramref name="hours"/> long.</summary>
    [Theory]
    [InlineData("", 24, "perHour", 0.0, true)]
    [InlineData("0 60 120", 1, "perHour", 3.0, true)]
    [InlineData("0 60 120 180 240 300", 1, "perHour", 6.0, false)]
    [InlineData("0 60 120", 24, "perDay", 3.0, true)]
    [InlineData("0 59", 1, "peakMinute", 2.0, true)]
    [InlineData("0 30 59", 1, "peakMinute", 3.0, false)]
    [InlineData("0 30 60", 1, "peakMinute", 2.0, true)]
    [InlineData("590 600 610 620", 1, "peakTenMinutes", 4.0, true)]   // wherever the ten minutes begin
    [InlineData("0 1 2 3 4 5 6 7 8 9", 1, "floodShare", 0.0, true)]   // ten are no flood
    [InlineData("0 1 2 3 4 5 6 7 8 9 10", 1, "floodShare", 0.1667, false)]
    [InlineData("0 1 2 3 4 5 6 7 8 9 10", 24, "floodShare", 0.0069, true)]
    [InlineData("0 1000 2000 3000 3599", 1, "peakHour", 5.0, true)]
    [InlineData("0 60", 1, "topTenShare", 1.0, false)]
    [InlineData("0 60", 1, "highShare", 1.0, false)]
    [InlineData("0 60", 1, "lowMediumShare", 0.0, false)]
    [InlineData("0 60", 1, "criticalShare", 0.0, true)]
    [InlineData("", 1, "criticalShare", null, null)]
    [InlineData("0 60", 1, "alarms", 2.0, null)]
    public void Figures_stand_beside_their_published_target(string seconds, double hours, string code, double? value, bool? met)
    {
        var steps = seconds.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(s => Step($"al-{s}", AlarmChangeKind.Raised, double.Parse(s, CultureInfo.InvariantCulture))).ToArray();
        var figure = Assert.Single(AlarmPerformance.Measure(Noon, Noon.AddHours(hours), null, steps, []).Figures, f => f.Code == code);
        Assert.Equal((value, met), (figure.Value, figure.Met));
        Assert.Equal(figure.Target is null, figure.Source is null);
    }

    [Theory]
    [InlineData("2 12 22", 1)]
    [InlineData("2 12", 0)]
    [InlineData("2 40 80", 0)]
    public void Three_clears_of_one_alarm_in_a_minute_are_chattering(string clears, int count)
    {
        var steps = clears.Split(' ').Select(s => Step("a", AlarmChangeKind.Cleared, double.Parse(s, CultureInfo.InvariantCulture), reaches: false)).ToArray();
        Assert.Equal(count, Figure(steps, [], "chattering").Value);
    }

    [Fact]
    public void What_is_explained_as_it_comes_is_no_alarm_for_a_person_and_what_returns_is_one()
    {
        JournalStep[] steps =
        [
            Step("child", AlarmChangeKind.Raised, 0), Step("child", AlarmChangeKind.Suppressed, 0, reaches: false, explained: true),
            Step("shelved", AlarmChangeKind.Raised, 1, reaches: false),
            Step("site", AlarmChangeKind.Raised, 2),
            Step("child", AlarmChangeKind.Unsuppressed, 500),
            Step("hand", AlarmChangeKind.Raised, 600), Step("hand", AlarmChangeKind.Suppressed, 700, reaches: false),
        ];
        Assert.Equal(3, Figure(steps, [], "alarms").Value);
    }

    [Fact]
    public void What_stands_for_more_than_a_day_is_stale()
    {
        StandingAlarm[] standing = [new("a", Noon.AddHours(-24)), new("b", Noon.AddHours(-20))];
        Assert.Equal(1, Figure([], standing, "stale").Value);
        Assert.Equal(2, Figure([], standing, "standing").Value);
    }

    [Fact]
    public void The_ten_rules_that_speak_most_are_listed_with_their_share_and_every_priority_has_its_own()
    {
        var steps = Enumerable.Range(0, 12).SelectMany(rule => Enumerable.Range(0, rule + 1)
            .Select(i => Step($"al-{rule}-{i}", AlarmChangeKind.Raised, i) with { Rule = $"rule-{rule:00}", Severity = rule == 0 ? Severity.Critical : Severity.Low })).ToArray();
        var report = AlarmPerformance.Measure(Noon, Noon.AddHours(1), "s1", steps, []);
        Assert.Equal(10, report.TopRules.Count);
        Assert.Equal(new RuleLoad("rule-11", 12, 0.1538), report.TopRules[0]);
        Assert.Equal([(Severity.Critical, 1), (Severity.High, 0), (Severity.Medium, 0), (Severity.Low, 77)], report.Priorities.Select(p => (p.Severity, p.Count)));
    }

    [Fact]
    public async Task From_the_journal_of_one_site_or_of_the_whole_tenant()
    {
        await using var room = await RulesRoom.OpenAsync();
        foreach (var (pump, site) in new[] { ("pump-1", "s1"), ("pump-2", "s2") }) room.Registry.Put(pump, "pump", site);
        foreach (var at in new[] { 0, 40 })
            foreach (var pump in new[] { "pump-1", "pump-2" }) await room.SendAsync(pump, at, ("bearingTemperature", 97));
        var performance = room.Get<IAlarmPerformance>();
        async Task<double?> AlarmsAsync(string? site, double fromHours, string code = "alarms") =>
            (await performance.MeasureAsync(DeviceKey.DefaultTenant, site, Noon.AddHours(fromHours), Noon.AddHours(fromHours + 1), default)).Figures.Single(f => f.Code == code).Value;
        Assert.Equal(2, await AlarmsAsync(null, 0));
        Assert.Equal(1, await AlarmsAsync("s1", 0));
        Assert.Equal(0, await AlarmsAsync("s1", 48));
        Assert.Equal(1, await AlarmsAsync("s1", 48, "stale"));
        Assert.Equal(0, (await performance.MeasureAsync("other", null, Noon, Noon.AddHours(1), default)).Figures[0].Value);
    }

    private static PerformanceFigure Figure(IReadOnlyList<JournalStep> steps, IReadOnlyList<StandingAlarm> standing, string code) =>
        AlarmPerformance.Measure(Noon, Noon.AddHours(1), null, steps, standing).Figures.Single(f => f.Code == code);

    private static JournalStep Step(string alarm, AlarmChangeKind kind, double second, bool reaches = true, bool explained = false) =>
        new(alarm, "hot", Severity.High, kind, Noon.AddSeconds(second), reaches, explained);
}
