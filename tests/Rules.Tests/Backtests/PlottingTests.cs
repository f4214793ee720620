using Seamless.Rules.Backtests;
using Seamless.Storage.TimeSeries;

namespace Seamless.Rules.Tests.Backtests;

public sealed class PlottingTests
{
    [Fact]
    public void Thinned_points_keep_every_peak_in_order_of_time()
    {
        var points = Enumerable.Range(0, 10_000).Select(i => new SeriesPoint(i, i == 5_003 ? 99 : i == 7_777 ? -99 : Math.Sin(i / 500.0))).ToList();
        var thinned = Plotting.Thinned(points, 200);
        Assert.True(thinned.Count <= 200);
        Assert.Contains(points[5_003], thinned);
        Assert.Contains(points[7_777], thinned);
        Assert.Equal(thinned.OrderBy(p => p.TimestampMs).Distinct(), thinned);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(200)]
    public void Few_points_stay_as_they_are(int count)
    {
        var points = Enumerable.Range(0, count).Select(i => new SeriesPoint(i, i)).ToList();
        Assert.Equal(points, Plotting.Thinned(points, 200));
    }

    // Onset, raised, cleared; the window, all in minutes.
    [Theory]
    [InlineData(100, 101, 110.0, 70, 140)]
    [InlineData(1000, 1001, 1200.0, 900, 1300)]
    [InlineData(100, 101, null, 70, 160)]
    [InlineData(100, 200, null, 50, 250)]
    [InlineData(2000, 2001, 9000.0, 1640, 3080)]   // a long one is seen at its begin
    public void A_window_shows_an_alarm_and_what_was_around_it(double onset, double raised, double? cleared, double from, double to) =>
        Assert.Equal((Judged.At(from), Judged.At(to)), Plotting.Window(new BacktestAlarm("p", "hot", Judged.At(onset), Judged.At(raised), cleared is { } at ? Judged.At(at) : null, 1)));
}
