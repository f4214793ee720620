using Seamless.DeviceAgent.Configuration;
using Seamless.DeviceAgent.Sensing;
using Seamless.Telemetry;

namespace Seamless.DeviceAgent.Tests.Sensing;

public sealed class ExceptionReportTests
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(10);
    private readonly List<Measurement> _sent = [];

    [Fact]
    public void While_nothing_changes_one_in_so_many_seconds_goes()
    {
        var report = new ExceptionReport(Every, TimeSpan.FromMinutes(2));
        for (var second = 0; second <= 3600; second += 10) Pass(report, second, 50 + 0.3 * (second / 10 % 3));
        Assert.Equal(Enumerable.Range(0, 8).Select(i => 10 * i), Seconds.Where(second => second < 500));   // until its noise is known
        Assert.Equal([670, 1270, 1870, 2470, 3070], Seconds.Where(second => second >= 500));
        Assert.Equal(0, report.Exceptions);
    }

    [Fact]
    public void A_jump_goes_at_once_with_what_was_before_it_and_all_that_follows_for_a_while()
    {
        var report = Settled(out var now);
        Pass(report, now, 90);
        Assert.Equal([(now - 10, 50.2), (now, 90)], _sent.Select(m => ((int)(m.TimestampMs / 1000), m.Readings[0].Value)));
        _sent.Clear();
        for (var after = 10; after <= 200; after += 10) Pass(report, now + after, 90.1);
        Assert.Equal(Enumerable.Range(1, 12).Select(i => now + 10 * i), Seconds);
    }

    [Fact]
    public void A_slow_drift_goes_when_it_has_left_its_deadband()
    {
        var report = new ExceptionReport(Every, TimeSpan.Zero, new Dictionary<string, double> { ["temperature"] = 2 });
        for (var second = 0; second < 600; second += 10) Pass(report, second, 50 + second / 100.0);
        Assert.Equal([50, 52.1, 54.2], _sent.Select(m => Math.Round(m.Readings[0].Value, 2)).Where((_, i) => i % 2 == 0));   // each exception brings the one before it
    }

    [Fact]
    public void A_counter_that_goes_on_counting_is_no_news_until_it_begins_again_or_stands_still()
    {
        var report = new ExceptionReport(Every, TimeSpan.Zero);
        var up = 0;
        for (var second = 0; second < 580; second += 10) Pass(report, second, 1000 + 10 * up++ + 0.01 * (second / 10 % 3));
        Assert.DoesNotContain(Seconds, second => second > 80);
        _sent.Clear();
        Pass(report, 580, 3);
        Assert.Equal([570, 580], Seconds);

        var halted = new ExceptionReport(Every, TimeSpan.Zero);
        for (var second = 0; second < 300; second += 10) Pass(halted, second, 1000 + second);
        _sent.Clear();
        for (var second = 300; second < 400; second += 10) Pass(halted, second, 1290);
        Assert.NotEmpty(_sent);
    }

    [Fact]
    public void What_has_hardly_moved_for_long_is_no_news_when_it_moves_a_little()
    {
        var report = new ExceptionReport(Every, TimeSpan.Zero);
        for (var second = 0; second < 500; second += 10) Pass(report, second, 9.09 + 0.001 * (second / 10 % 2));
        _sent.Clear();
        Pass(report, 500, 9.15);
        Assert.Empty(_sent);
        Pass(report, 510, 9.5);
        Assert.Equal([500, 510], Seconds);
    }

    [Fact]
    public void A_metric_that_jumps_all_the_time_does_not_keep_the_agent_talking()
    {
        var (report, chance) = (new ExceptionReport(Every, TimeSpan.FromMinutes(2)), new Random(7));
        for (var second = 0; second < 86_400; second += 10) Pass(report, second, 5 + chance.NextDouble() + (chance.NextDouble() < 0.02 ? 60 * chance.NextDouble() : 0));
        Assert.InRange(Seconds.Count(second => second > 3600), 130, 8280 / 4);
    }

    [Theory]
    [InlineData("manual", Quality.Good)]
    [InlineData("auto", Quality.Uncertain)]
    public void A_state_or_a_quality_that_changes_is_news(string state, Quality quality)
    {
        var report = new ExceptionReport(Every, TimeSpan.Zero);
        Reading mode = new("mode", double.NaN, "auto");
        foreach (var second in (int[])[0, 10, 20]) Pass(report, second, mode);
        _sent.Clear();
        Pass(report, 30, mode with { State = state, Quality = quality });
        Assert.Equal([20, 30], Seconds);
    }

    [Fact]
    public void Whoever_wants_to_see_what_a_command_did_sees_everything_for_a_while()
    {
        var report = Settled(out var now);
        report.Attend();
        for (var after = 0; after <= 200; after += 10) Pass(report, now + after, 50);
        Assert.Equal(Enumerable.Range(0, 13).Select(i => now + 10 * i), Seconds);
    }

    [Fact]
    public void A_metric_that_comes_is_news()
    {
        var report = Settled(out var now);
        Assert.True(report.Takes(new Measurement(now * 1000L, [new Reading("temperature", 50), new Reading("rule.hot", 1)]), out _));
    }

    [Fact]
    public void What_was_taken_cannot_be_changed_by_a_source_that_uses_its_list_again()
    {
        var report = Settled(out var now);
        List<Reading> shared = [new("temperature", 50.1)];
        report.Takes(new Measurement(now * 1000L, shared), out _);
        shared[0] = new("temperature", 95);
        Assert.True(report.Takes(new Measurement((now + 10) * 1000L, shared), out var before));
        Assert.Equal(50.1, before!.Value.Readings[0].Value);
    }

    [Theory]
    [InlineData(0.5, 10, 0, "report.every 0.5: seconds, 1 to 86400")]
    [InlineData(60, -1, 0, "report.attentive -1: seconds, 0 to 86400")]
    [InlineData(60, 10, -2, "report.deadbands.temperature -2: 0 or more, in the metric's unit")]
    [InlineData(60, 10, 2, null)]
    public void A_wrong_setting_is_named(double every, double attentive, double deadband, string? problem) =>
        Assert.Equal(problem, new ReportConfiguration { Every = every, Attentive = attentive, Deadbands = { ["temperature"] = deadband } }.Problem());

    private IEnumerable<int> Seconds => _sent.Select(m => (int)(m.TimestampMs / 1000));

    private ExceptionReport Settled(out int now)
    {
        var report = new ExceptionReport(Every, TimeSpan.FromMinutes(2));
        for (now = 0; now < 500; now += 10) Pass(report, now, 50 + 0.2 * (now / 10 % 2));
        _sent.Clear();
        return report;
    }

    private void Pass(ExceptionReport report, int second, double value) => Pass(report, second, new Reading("temperature", value));

    private void Pass(ExceptionReport report, int second, Reading reading)
    {
        if (!report.Takes(new Measurement(second * 1000L, [reading]), out var before)) return;
        if (before is { } last) _sent.Add(last);
        _sent.Add(new Measurement(second * 1000L, [reading]));
    }
}
