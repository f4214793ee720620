using CsCheck;
using Seamless.Storage.TimeSeries;
using Seamless.Storage.TimeSeries.Segments.Heads;
using Seamless.Telemetry;
using Seamless.Telemetry.Rows;

namespace Seamless.Storage.Tests.TimeSeries;

public sealed class HeadSetTests
{
    private static readonly string[] Names = ["flow", "speed", "mode", "temp"];

    private static readonly Gen<Reading> Readings = Gen.OneOf(
        Gen.Select(Gen.Int[0, 3], Gen.Double[-10, 10], Gen.Enum<Quality>(), (m, v, q) => new Reading(Names[m], v, null, q)),
        Gen.Select(Gen.Int[0, 3], Some.Of("auto", "off", ""), Gen.Enum<Quality>(), (m, s, q) => new Reading(Names[m], double.NaN, s, q)));

    private static readonly Gen<Sample[]> Histories = Gen.Select(Gen.Int[0, 2], Gen.Long[0, 20], Gen.Long[1, 5].Nullable(), Readings.Array[0, 5],
        (d, ts, seq, r) => new Sample(Device(d), ts, seq, r)).Array[0, 60];

    private static DeviceKey Device(int number) => new("default", $"head-{number}");

    private static HeadSet Filled(IEnumerable<Sample> history, RowPool pool)
    {
        var heads = new HeadSet(pool);
        foreach (var batch in history.Chunk(7))
        {
            var rows = new SampleRows();
            foreach (var sample in batch) rows.Add(sample, 0);
            heads.Append(rows);
        }
        return heads;
    }

    [Fact]
    public void The_latest_of_each_metric_is_that_of_the_latest_time_and_then_of_the_latest_writing() => Histories.Sample(history =>
    {
        var heads = Filled(history, new RowPool());
        for (var d = 0; d < 3; d++)
        {
            var expected = new SortedDictionary<string, (long, double, string?)>(StringComparer.Ordinal);
            foreach (var sample in history.Where(s => s.Device == Device(d)))
                foreach (var reading in sample.Readings.Where(r => r.Quality is not Quality.Bad))
                    if (!expected.TryGetValue(reading.Metric, out var known) || known.Item1 <= sample.TimestampMs)
                        expected[reading.Metric] = (sample.TimestampMs, reading.Value, reading.State);
            var actual = heads.LatestOf(Numbers.Devices.Of(Device(d))).OrderBy(v => v.Metric, StringComparer.Ordinal);
            if (!expected.Select(e => (e.Key, e.Value.Item1, e.Value.Item2, e.Value.Item3)).SequenceEqual(actual.Select(v => (v.Metric, v.TimestampMs, v.Value, v.State)))) return false;
        }
        return true;
    });

    [Fact]
    public void A_query_and_a_seal_see_the_rows_that_were_written_in_their_order() => Gen.Select(Histories, Gen.Long[0, 20], Gen.Long[0, 20]).Sample((history, from, to) =>
    {
        var heads = Filled(history, new RowPool());
        var order = heads.Order();
        for (var d = 0; d < 3; d++)
        {
            var device = Numbers.Devices.Of(Device(d));
            var expected = history.Where(s => s.Device == Device(d) && s.TimestampMs >= from && s.TimestampMs < to).ToArray();
            var asked = heads.RowsOf(device, from, to, []);
            if (!expected.Select(s => s.TimestampMs).SequenceEqual(asked is null ? [] : asked.Times.ToArray())) return false;
            if (asked is not null && !Cells(expected).SequenceEqual(Cells(asked))) return false;
            if (heads.Devices().Contains(device) && !Cells(expected).SequenceEqual(Cells(heads.Gather(device, order, from, to - 1, new SortSpace())))) return false;
        }
        return true;
    });

    [Fact]
    public void A_query_for_some_metrics_gets_those_alone()
    {
        var heads = Filled([new Sample(Device(0), 1, null, [new Reading("flow", 1, null), new Reading("temp", 2, null)])], new RowPool());
        var rows = heads.RowsOf(Numbers.Devices.Of(Device(0)), 0, 10, [Numbers.Metrics.Of("temp")]);
        Assert.Equal([Numbers.Metrics.Of("temp")], rows!.Columns.ToArray().Select(c => c.Metric));
    }

    [Fact]
    public void Memory_is_used_again_only_when_the_last_reader_has_gone()
    {
        var pool = new RowPool();
        var first = Filled([Some.Sample("head-0", 1, 11)], pool);
        Assert.True(first.TryUse());
        first.Release();   // the store's own hold: it has sealed them
        var second = Filled([Some.Sample("head-0", 2, 22)], pool);
        Assert.Equal(11, Assert.Single(first.LatestOf(Numbers.Devices.Of(Device(0)))).Value);
        first.Release();
        Assert.False(first.TryUse());
        var third = Filled([Some.Sample("head-0", 3, 33)], pool);
        Assert.Equal((22.0, 33.0), (second.LatestOf(Numbers.Devices.Of(Device(0))).Single().Value, third.LatestOf(Numbers.Devices.Of(Device(0))).Single().Value));
    }

    [Fact]
    public void A_row_longer_than_a_block_of_memory_is_kept()
    {
        var rows = new SampleRows();
        rows.Begin(Numbers.Devices.Of(Device(0)), 5, 5, 7);
        for (var i = 0; i < RowPool.BlockWords + 10; i++) rows.Add(Numbers.Metrics.Of($"wide-{i % 3}"), i);
        rows.End();
        var heads = new HeadSet(new RowPool());
        heads.Append(rows);
        heads.Append(rows);
        Assert.Equal(2, heads.RowsOf(Numbers.Devices.Of(Device(0)), 0, 10, [])!.Count);
        heads.Release();
    }

    /// <summary>Row, metric, value, text and quality of what stands: named twice in a row, the last.</summary>
    private static IEnumerable<(int, string, double, string?, Quality)> Cells(Sample[] samples) =>
        samples.Index().SelectMany(s => s.Item.Readings.GroupBy(r => r.Metric).Select(g => (s.Index, g.Key, g.Last().Value, g.Last().State, g.Last().Quality))).OrderBy(c => c.Index).ThenBy(c => c.Key, StringComparer.Ordinal);

    private static IEnumerable<(int, string, double, string?, Quality)> Cells(DeviceRows rows) => rows.Columns.ToArray()
        .SelectMany(c => Enumerable.Range(0, c.Count).Select(k => (Row: c.RowOf(k), Metric: Numbers.Metrics[c.Metric], c.ValueOf(k), c.TextOf(k), c.QualityOf(k))))
        .OrderBy(c => c.Row).ThenBy(c => c.Metric, StringComparer.Ordinal);
}
