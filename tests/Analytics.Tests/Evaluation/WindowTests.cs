using CsCheck;
using Seamless.Analytics.Evaluation;

namespace Seamless.Analytics.Tests.Evaluation;

public sealed class WindowTests
{
    private const long MinuteMs = 60_000;

    // A window of twelve seconds, a value a second: i, from 0. Known from the twelfth pane on.
    [Theory]
    [InlineData(SignalKind.Mean, 11, 5.5)]            // 0 … 11
    [InlineData(SignalKind.Mean, 12, 6.5)]            // 1 … 12: the oldest pane has left
    [InlineData(SignalKind.Least, 12, 1)]
    [InlineData(SignalKind.Greatest, 12, 12)]
    [InlineData(SignalKind.Range, 12, 11)]
    [InlineData(SignalKind.Count, 11, 11)]            // 0 is not true
    [InlineData(SignalKind.Count, 12, 12)]
    [InlineData(SignalKind.Slope, 30, 1)]             // one a second
    [InlineData(SignalKind.Deviation, 12, 3.4520525295346629)]   // of twelve numbers in a row: √(143/12)
    public void Covers_its_length_and_no_more(SignalKind kind, int last, double expected)
    {
        var bench = Bench.Of(new Signal(kind, 0, 12_000));
        for (var i = 0; i <= last; i++) bench.Row(i, i);
        Assert.Equal(expected, bench.Signal, 12);
    }

    [Theory]
    [InlineData(10, false)]
    [InlineData(11, true)]
    public void Says_nothing_before_values_go_back_as_far_as_it_is_long(int last, bool known)
    {
        var bench = Bench.Of(new Signal(SignalKind.Mean, 0, 12_000));
        for (var i = 0; i <= last; i++) bench.Row(i, 5);
        Assert.Equal(known, !double.IsNaN(bench.Signal));
    }

    [Theory]
    [InlineData(11, true)]     // eleven panes are missing, the oldest is still there
    [InlineData(12, false)]    // nothing is left of what was known
    public void Begins_anew_after_a_gap_as_long_as_itself(int gap, bool known)
    {
        var bench = Bench.Of(new Signal(SignalKind.Mean, 0, 12_000));
        for (var i = 0; i < 12; i++) bench.Row(i, 5);
        bench.Row(11 + gap, 7);
        Assert.Equal(known, !double.IsNaN(bench.Signal));
    }

    // 29 February and a change of the clocks are instants like others: panes are counted in Unix time.
    [Theory]
    [InlineData("2024-02-28T23:55:00Z")]
    [InlineData("2024-02-29T23:55:00Z")]
    [InlineData("2026-03-29T00:55:00Z")]
    [InlineData("2026-10-25T00:55:00Z")]
    [InlineData("1969-12-31T23:55:00Z")]
    public void Passes_leap_days_and_changes_of_the_clock_without_noticing(string from)
    {
        var bench = Bench.Of(new Signal(SignalKind.Mean, 0, 12 * MinuteMs));
        var startMs = DateTimeOffset.Parse(from, System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
        for (var minute = 0; minute < 24; minute++) bench.RowAtMs(startMs + minute * MinuteMs, minute);
        Assert.Equal(17.5, bench.Signal, 9);   // 12 … 23
    }

    [Theory]
    [InlineData(50, 30)]   // sixty parts of a second each; at second 60 those of 1 … 59 are whole: nearest rank of 59
    [InlineData(90, 54)]
    [InlineData(99, 59)]
    public void A_percentile_is_that_of_its_parts_means(double percentile, double expected)
    {
        var bench = Bench.Of(new Signal(SignalKind.Percentile, 0, 60_000, percentile));
        for (var i = 0; i <= 60; i++) bench.Row(i, i);
        Assert.Equal(expected, bench.Signal, 12);
    }

    [Fact]
    public void Agrees_with_the_plain_formula_over_the_values_it_covers() =>
        Gen.Select(Gen.Double[-50, 50].List[30, 200], Gen.Int[1, 900]).Sample((values, step) =>
        {
            var kinds = new[] { SignalKind.Mean, SignalKind.Deviation, SignalKind.Least, SignalKind.Greatest, SignalKind.Slope };
            foreach (var kind in kinds)
            {
                var bench = Bench.Of(new Signal(kind, 0, 12_000));
                for (var i = 0; i < values.Count; i++) bench.RowAtMs(1_000_000 + i * (long)step, values[i]);
                var last = 1_000_000 + (values.Count - 1) * (long)step;
                var covered = values.Select((v, i) => (At: 1_000_000 + i * (long)step, Value: v)).Where(p => p.At / 1000 > last / 1000 - 12).ToList();
                if (double.IsNaN(bench.Signal)) continue;
                if (Math.Abs(Plain(kind, covered) - bench.Signal) > 1e-6 * (1 + Math.Abs(bench.Signal))) return false;
            }
            return true;
        });

    private static double Plain(SignalKind kind, List<(long At, double Value)> points)
    {
        var mean = points.Average(p => p.Value);
        var time = points.Average(p => p.At / 1000.0);
        return kind switch
        {
            SignalKind.Mean => mean,
            SignalKind.Deviation => Math.Sqrt(points.Average(p => (p.Value - mean) * (p.Value - mean))),
            SignalKind.Least => points.Min(p => p.Value),
            SignalKind.Greatest => points.Max(p => p.Value),
            _ => points.Sum(p => (p.At / 1000.0 - time) * (p.Value - mean)) / points.Sum(p => (p.At / 1000.0 - time) * (p.At / 1000.0 - time)),
        };
    }

    // A point a second; the rate after each. One point has none.
    [Fact]
    public void A_rate_is_taken_between_two_points()
    {
        var bench = Bench.Of(new Signal(SignalKind.Rate, 0));
        bench.Row(0, 5);
        Assert.True(double.IsNaN(bench.Signal));
        bench.Row(2, 15);
        Assert.Equal(5, bench.Signal);
        bench.Row(3, 5);
        Assert.Equal(-10, bench.Signal);
    }

    // Tolerance 0.5.
    [Theory]
    [InlineData("5 5 5 5", 3)]
    [InlineData("5 5.4 4.6 5", 3)]        // trembling around where it stood
    [InlineData("5 5.6 5.6 5.6", 2)]      // it moved at 1 s
    [InlineData("5 5.4 5.8 6.2", 1)]      // creeping by less than the tolerance adds up
    public void Stuck_is_measured_from_where_the_value_last_moved(string values, double seconds)
    {
        var bench = Bench.Of(new Signal(SignalKind.Unchanged, 0, Parameter: 0.5));
        foreach (var (i, value) in values.Split(' ').Index()) bench.Row(i, double.Parse(value, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(seconds, bench.Signal);
    }
}
