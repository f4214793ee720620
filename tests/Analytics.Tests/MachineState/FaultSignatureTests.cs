using Seamless.Analytics.MachineState;

namespace Seamless.Analytics.Tests.MachineState;

/// <summary>Two weeks of a machine whose temperature and current follow its load, and whose vibration does not.</summary>
public sealed class FaultSignatureTests
{
    private static readonly string[] Metrics = ["current", "nameplate", "temperature", "vibration"];
    private const int Current = 0, Nameplate = 1, Temperature = 2, Vibration = 3;
    private const int Hour = 6;

    [Fact]
    public void Points_where_the_machine_departs_and_not_where_its_load_does()
    {
        var seen = Of(History().Moved(Vibration, 1.5, FaultSignature.Rows - 2 * Hour, 2 * Hour));
        Assert.True(seen.Direction["vibration"] > 0.95, $"{seen}");
        Assert.DoesNotContain("nameplate", seen.Direction.Keys);
        Assert.Equal(1, Math.Sqrt(seen.Direction.Values.Sum(part => part * part)), 3);
        Assert.InRange(seen.Size, 10, 20);   // 1.5 of a spread of 0.1
    }

    [Fact]
    public void Current_without_the_heat_that_belongs_to_it_is_a_departure_though_each_alone_is_usual()
    {
        var history = History().Moved(Current, 2.5, FaultSignature.Rows - 2 * Hour, 2 * Hour);
        Assert.True(history[^1][Current] < history.Max(row => row[Current]));
        var seen = Of(history);
        Assert.True(seen.Direction["current"] > 0.6 && seen.Direction["temperature"] < -0.4, string.Join(", ", seen.Direction));
    }

    [Fact]
    public void What_is_usual_is_what_is_usual_at_that_time_of_day()
    {
        var daily = History();
        for (var i = 0; i < daily.Length; i++) daily[i][Vibration] += Math.Sin(2 * Math.PI * i / (24 * Hour)) + 0.5 * Math.Sin(4 * Math.PI * i / (24 * Hour));
        Assert.Null(FaultSignature.Of(Metrics, Copy(daily)));
        var moved = daily.Moved(Vibration, 0.5, FaultSignature.Rows - 2 * Hour, 2 * Hour);   // less than it moves every day, and more than it ever does at this hour
        var seen = Of(moved);
        Assert.True(seen.Direction["vibration"] > 0.95, $"{seen}");

        foreach (var (i, row) in moved.Index())
            if (i % (24 * Hour) < 6 * Hour && i < FaultSignature.Rows - 24 * Hour) row[Vibration] = double.NaN;   // what is usual in those hours nobody knows
        Assert.Null(FaultSignature.Of(Metrics, Copy(moved)));
    }

    [Fact]
    public void Two_machines_of_one_kind_with_one_fault_have_nearly_one_signature()
    {
        var (one, other) = (Of(Worn(seed: 1, by: 1)), Of(Worn(seed: 2, by: 2)));
        Assert.True(one.Direction.Sum(part => part.Value * other.Direction[part.Key]) > 0.98);
        Assert.InRange(other.Size / one.Size, 1.6, 2.4);

        static double[][] Worn(int seed, double by) =>
            History(seed).Moved(Vibration, by, FaultSignature.Rows - 2 * Hour, 2 * Hour).Moved(Temperature, 2 * by, FaultSignature.Rows - 2 * Hour, 2 * Hour);
    }

    [Theory]
    [InlineData(2, 0, 0.1)]     // all of it within the last two hours
    [InlineData(24, 0.9, 1)]    // as it was a day ago
    public void Tells_what_came_at_once_from_what_has_been_there(int hours, double least, double most) =>
        Assert.InRange(Of(History().Moved(Vibration, 1, FaultSignature.Rows - hours * Hour, hours * Hour)).Growth, least, most);

    [Fact]
    public void Tells_what_came_five_hours_ago_from_what_has_been_there_longer()
    {
        var seen = Of(History().Moved(Vibration, 1, FaultSignature.Rows - 5 * Hour, 5 * Hour));
        Assert.InRange(seen.Growth, 0.9, 1);
        Assert.InRange(seen.LongGrowth, 0, 0.1);
    }

    [Fact]
    public void What_began_an_hour_ago_is_seen_whole()
    {
        var (early, late) = (Of(History().Moved(Vibration, 1, FaultSignature.Rows - Hour, Hour)), Of(History().Moved(Vibration, 1, FaultSignature.Rows - 12 * Hour, 12 * Hour)));
        Assert.InRange(early.Size / late.Size, 0.95, 1.05);
    }

    [Fact]
    public void An_earlier_fault_within_the_two_weeks_is_not_the_usual()
    {
        var once = History().Moved(Vibration, 8, 500, 10 * Hour).Moved(Vibration, 1, FaultSignature.Rows - 2 * Hour, 2 * Hour);
        Assert.True(Of(once).Direction["vibration"] > 0.95);
        Assert.True(Of(once).Size > 5);
    }

    [Fact]
    public void Gaps_are_passed_over()
    {
        var history = History().Moved(Vibration, 1.5, FaultSignature.Rows - 2 * Hour, 2 * Hour);
        for (var i = 0; i < history.Length; i += 3) history[i][(i / 3) % Metrics.Length] = double.NaN;
        Assert.True(Of(history).Direction["vibration"] > 0.95);
    }

    [Fact]
    public void A_sound_machine_has_none_and_neither_has_a_new_one()
    {
        Assert.Null(FaultSignature.Of(Metrics, History()));
        var young = History().Moved(Vibration, 3, FaultSignature.Rows - 2 * Hour, 2 * Hour);
        for (var i = 0; i < FaultSignature.Rows - 4 * 24 * Hour + 1; i++) young[i].AsSpan().Fill(double.NaN);   // a day and 23 hours before the two days that are left out
        Assert.Null(FaultSignature.Of(Metrics, young));
        Assert.Null(FaultSignature.Of(Metrics, young[^100..]));
        Assert.Null(FaultSignature.Of([], [.. Enumerable.Repeat(Array.Empty<double>(), FaultSignature.Rows)]));
    }

    private static FaultSignature Of(double[][] history)
    {
        var seen = FaultSignature.Of(Metrics, Copy(history));
        Assert.NotNull(seen);
        return seen;
    }

    private static double[][] Copy(double[][] history) => [.. history.Select(row => (double[])row.Clone())];

    private static double[][] History(int seed = 1)
    {
        var random = new Random(seed);
        var rows = new double[FaultSignature.Rows][];
        for (var i = 0; i < rows.Length; i++)
        {
            var load = Math.Sin(2 * Math.PI * i / (24 * Hour)) + 0.3 * (random.NextDouble() - 0.5);
            rows[i] = [20 + 4 * load + 0.3 * (random.NextDouble() - 0.5), 400, 50 + 6 * load + 0.6 * (random.NextDouble() - 0.5), 2 + 0.35 * (random.NextDouble() - 0.5)];
        }
        return rows;
    }
}
