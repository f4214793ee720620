using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Seamless.Storage.TimeSeries;
using Seamless.Storage.TimeSeries.Segments;
using Seamless.Storage.TimeSeries.Segments.Files;
using Seamless.Telemetry;

namespace Seamless.Storage.Tests.TimeSeries;

/// <summary>Whatever is written in whatever order, sealed, merged and opened again in between: the answers are those of the plainest store.</summary>
public sealed class SegmentModelTests
{
    private const long Start = 1_764_000_000_000;
    private const long DayMs = 86_400_000;
    private static readonly DeviceKey[] Devices = [new("default", "a"), new("acme", "a")];
    private static readonly string[] Metrics = ["x", "y", "mode"];
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private enum Act { Append, Flush, Compact, Reopen }

    private sealed record Step(Act Act, Sample[] Samples);

    // Sixteenths are added without rounding, whatever the order: means must be equal, not nearly so.
    private static readonly Gen<Reading> Readings = Gen.Select(Gen.Int[0, 2], Gen.Int[-999, 999], Gen.Int[0, 19], (m, v, odd) =>
        m == 2 ? new Reading("mode", double.NaN, v % 2 == 0 ? "auto" : "off") : new Reading(Metrics[m], v / 16.0, null, odd == 0 ? Quality.Bad : odd == 1 ? Quality.Uncertain : Quality.Good));

    private static readonly Gen<long> Times = Gen.OneOf(Gen.Long[0, 3_600_000], Gen.Long[0, 2 * DayMs], Gen.Int[0, 20].Select(i => i * 60_000L));

    private static readonly Gen<Sample> Samples = Gen.Select(Gen.Int[0, 1], Times, Gen.Int[0, 9], Readings.Array[1, 3], (d, t, seq, r) =>
        new Sample(Devices[d], Start + t, seq == 0 ? t : null, [.. r.DistinctBy(x => x.Metric)]));

    private static readonly Gen<Step[]> Steps = Gen.Select(Gen.Int[0, 9], Samples.Array[1, 60], (act, samples) =>
        new Step(act < 5 ? Act.Append : act < 8 ? Act.Flush : act == 8 ? Act.Compact : Act.Reopen, samples)).Array[1, 14];

    [Theory]
    [InlineData(1)]     // every minute and hour has its cell
    [InlineData(240)]   // hardly any
    public async Task Answers_are_those_of_the_plainest_store(int rollupWorth) => await Steps.SampleAsync(async steps =>
    {
        using var folder = new TempFolder();
        var options = new TimeSeriesOptions { RollupWorth = rollupWorth };
        var plain = new MemoryTimeSeriesStore();
        var store = Open(folder.Path, options);
        foreach (var step in steps)
        {
            if (step.Act is Act.Append)
            {
                await plain.AppendAsync(step.Samples, Ct);
                await store.AppendAsync(step.Samples, Ct);
            }
            else await store.FlushAsync(Ct);
            if (step.Act is Act.Compact) await store.CompactAllAsync(Ct);
            if (step.Act is not Act.Reopen) continue;
            await store.DisposeAsync();
            store = Open(folder.Path, options);
        }
        await AssertSame(plain, store);
        await store.DisposeAsync();
    }, iter: 150);

    private static SegmentTimeSeriesStore Open(string path, TimeSeriesOptions? options = null) =>
        new(path, options ?? new TimeSeriesOptions(), NullLogger<SegmentTimeSeriesStore>.Instance, TimeProvider.System, durable: false);

    private static async Task AssertSame(ITimeSeriesStore expected, ITimeSeriesStore actual)
    {
        var (from, to) = (DateTimeOffset.FromUnixTimeMilliseconds(Start + 90_000), DateTimeOffset.FromUnixTimeMilliseconds(Start + 40 * 3_600_000L + 90_000));
        foreach (var device in Devices)
        {
            Assert.Equal(await expected.LatestAsync(device, Ct), await actual.LatestAsync(device, Ct));
            await AssertSame(expected, actual, new SeriesQuery(device, Metrics, DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue));
            await AssertSame(expected, actual, new SeriesQuery(device, Metrics, from, to, null, Limit: 7));
            foreach (var metrics in (string[][])[[], ["x"], ["mode", "y"]])
            {
                Assert.Equal(await Rows(expected, device, metrics, DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue), await Rows(actual, device, metrics, DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue));
                Assert.Equal(await Rows(expected, device, metrics, from, to), await Rows(actual, device, metrics, from, to));
            }
            foreach (var aggregate in Enum.GetValues<Aggregate>())
                foreach (var minutes in (double[])[0.5, 1, 5, 60, 129.6, 1440])
                    await AssertSame(expected, actual, new SeriesQuery(device, ["x", "y"], from, to, TimeSpan.FromMinutes(minutes), aggregate));
        }
        Assert.Equal(await Read(expected), await Read(actual));
    }

    private static async Task AssertSame(ITimeSeriesStore expected, ITimeSeriesStore actual, SeriesQuery query)
    {
        var (want, have) = (await expected.QueryAsync(query, Ct), await actual.QueryAsync(query, Ct));
        for (var i = 0; i < want.Count; i++) Assert.Equal(want[i].Points, have[i].Points);
    }

    private static async Task<List<string>> Read(ITimeSeriesStore store)
    {
        var lines = new List<string>();
        await foreach (var s in store.ReadAsync(Devices, DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue, Ct))
            lines.Add($"{s.TimestampMs} {s.Device} {s.Sequence} {string.Join(',', s.Readings.OrderBy(r => r.Metric, StringComparer.Ordinal))}");
        return lines;
    }

    private static async Task<List<string>> Rows(ITimeSeriesStore store, DeviceKey device, string[] metrics, DateTimeOffset from, DateTimeOffset to)
    {
        var lines = new List<string>();
        await foreach (var rows in store.ReadRowsAsync(device, metrics, from, to, Ct))
            for (var row = 0; row < rows.Count; row++)
                lines.Add($"{rows.TimestampsMs[row]} {string.Join(',', rows.ToSample(row).Readings.OrderBy(r => r.Metric, StringComparer.Ordinal))}");
        return lines;
    }

    // Crashes

    [Fact]
    public async Task Killed_between_any_two_changes_to_files_it_opens_with_all_that_was_durable()
    {
        using var folder = new TempFolder();
        using var copies = new TempFolder();
        var data = Path.Combine(folder.Path, "t");
        var moments = new List<(string Copy, long Durable, string Step)>();
        SegmentTimeSeriesStore store = null!;
        var files = new SegmentFolder(data, durable: false, NullLogger.Instance);
        store = new SegmentTimeSeriesStore(files, new TimeSeriesOptions { RollupWorth = 1 }, NullLogger.Instance, TimeProvider.System, new FakeTimeProvider(), null);
        files.Changed = step =>
        {
            var copy = Path.Combine(copies.Path, $"{moments.Count}");
            Copy(data, copy);
            moments.Add((copy, store.Durable, step));
        };
        var appended = new List<Sample[]>();
        for (var i = 0; i < 5; i++)
        {
            appended.Add([.. Enumerable.Range(0, 50).Select(n => new Sample(Devices[n % 2], Start + n % 3 * DayMs + (n * 7 + i) % 40 * 1000, null, [new Reading("x", i * 100 + n), new Reading(i % 2 == 0 ? "y" : "mode", n)]))]);
            await store.AppendAsync(appended[^1], Ct);
            await store.FlushAsync(Ct);
            if (i % 2 == 1) await store.CompactAllAsync(Ct);   // before there are so many that it happens by itself, in another thread
        }
        await store.DisposeAsync();

        Assert.True(moments.Count > 60, $"only {moments.Count} moments");
        foreach (var (copy, durable, step) in moments)
        {
            var plain = new MemoryTimeSeriesStore();
            await using var opened = Open(copy);
            // What the log repeats: everything that was not durable. A batch that was half in files is then whole.
            foreach (var batch in appended) await plain.AppendAsync(batch, Ct);
            foreach (var batch in appended.Skip((int)durable)) await opened.AppendAsync(batch, Ct);
            await AssertSame(plain, opened);
            await opened.FlushAsync(Ct);
            await opened.CompactAllAsync(Ct);
            await AssertSame(plain, opened);
            Assert.DoesNotContain(Directory.EnumerateFiles(copy, "*", SearchOption.AllDirectories), f => f.EndsWith(".new", StringComparison.Ordinal) || f.EndsWith(".damaged", StringComparison.Ordinal));
            Assert.NotEmpty(step);
        }
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var folder in Directory.GetDirectories(from, "*", SearchOption.AllDirectories)) Directory.CreateDirectory(folder.Replace(from, to, StringComparison.Ordinal));
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories)) File.Copy(file, file.Replace(from, to, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_full_disk_loses_nothing_slows_its_senders_and_is_got_over()
    {
        using var folder = new TempFolder();
        var (full, pace) = (true, new FakeTimeProvider());
        var files = new SegmentFolder(folder.Path, durable: false, NullLogger.Instance);
        await using var store = new SegmentTimeSeriesStore(files, new TimeSeriesOptions { SealRows = 10 }, NullLogger.Instance, TimeProvider.System, pace, null);
        files.Changed = step =>
        {
            if (full && step == "written") throw new IOException("no space left on device");
        };
        for (var i = 0; i < 4; i++) await store.AppendAsync(Five(i), Ct);
        var waiting = store.AppendAsync(Five(4), Ct);
        await Assert.ThrowsAsync<IOException>(() => store.FlushAsync(Ct));
        Assert.False(waiting.IsCompleted);
        Assert.Equal(0, store.Durable);
        Assert.Equal(20, (await Points(store)).Count);
        full = false;
        await store.FlushAsync(Ct);
        await waiting;
        Assert.Equal(25, (await Points(store)).Count);
        Assert.True(store.Durable >= 4);
    }

    private static Sample[] Five(int number) => [.. Enumerable.Range(0, 5).Select(n => new Sample(Devices[0], Start + number * 5 + n, null, [new Reading("x", n)]))];

    private static async Task<IReadOnlyList<SeriesPoint>> Points(ITimeSeriesStore store, string metric = "x", TimeSpan? bucket = null) =>
        (await store.QueryAsync(new SeriesQuery(Devices[0], [metric], DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue, bucket), Ct))[0].Points;

    [Fact]
    public async Task Rows_are_sealed_when_they_have_waited_though_nothing_arrives()
    {
        using var folder = new TempFolder();
        var pace = new FakeTimeProvider();
        await using var store = new SegmentTimeSeriesStore(new SegmentFolder(folder.Path, durable: false, NullLogger.Instance), new TimeSeriesOptions(), NullLogger.Instance, TimeProvider.System, pace, null);
        await store.AppendAsync(Five(0), Ct);
        Assert.Equal(0, store.Durable);
        for (var i = 0; i < 11; i++) pace.Advance(TimeSpan.FromMinutes(1));
        await Until(() => store.Durable == 1);
    }

    private static async Task Until(Func<bool> done)
    {
        while (!done())
        {
            Ct.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    // Damage

    [Fact]
    public async Task A_torn_file_is_set_aside_and_a_damaged_block_is_left_out_and_never_merged_away()
    {
        using var folder = new TempFolder();
        await using (var store = Open(folder.Path))
        {
            for (var i = 0; i < 3; i++)
            {
                await store.AppendAsync(Five(i), Ct);
                await store.FlushAsync(Ct);
            }
        }
        var segments = Directory.GetFiles(folder.Path, "*.seg", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(3, segments.Length);
        await File.WriteAllBytesAsync(segments[0], (await File.ReadAllBytesAsync(segments[0], Ct))[..^5], Ct);   // torn
        var bytes = await File.ReadAllBytesAsync(segments[1], Ct);
        bytes[10] ^= 4;                                                                                      // in the first block
        await File.WriteAllBytesAsync(segments[1], bytes, Ct);

        await using var opened = Open(folder.Path);
        Assert.Equal(5, (await Points(opened)).Count);
        Assert.True(File.Exists(segments[0] + ".damaged"));
        await opened.CompactAllAsync(Ct);
        Assert.True(File.Exists(segments[1]) && File.Exists(segments[2]));
        Assert.Equal(5, (await Points(opened)).Count);
    }

    [Fact]
    public async Task Without_its_state_file_it_still_knows_the_latest_values()
    {
        using var folder = new TempFolder();
        IReadOnlyList<LatestValue> before;
        await using (var store = Open(folder.Path))
        {
            await store.AppendAsync(Five(0), Ct);
            await store.FlushAsync(Ct);
            before = await store.LatestAsync(Devices[0], Ct);
        }
        File.Delete(Path.Combine(folder.Path, StateFile.Name));
        await using var opened = Open(folder.Path);
        Assert.Equal(before, await opened.LatestAsync(Devices[0], Ct));
    }

    // Merging and retention

    [Fact]
    public async Task Many_small_segments_become_few_by_themselves()
    {
        using var folder = new TempFolder();
        await using var store = Open(folder.Path);
        for (var i = 0; i < 40; i++)
        {
            await store.AppendAsync(Five(i), Ct);
            await store.FlushAsync(Ct);
        }
        await Until(() => Directory.GetFiles(folder.Path, "*.seg", SearchOption.AllDirectories).Length < 12);
        Assert.Equal(200, (await Points(store)).Count);
        Assert.Equal(200, await store.CountAsync(Ct));
    }

    [Fact]
    public async Task Hours_are_kept_longer_than_rows_and_a_metric_less_long_than_the_rest()
    {
        using var folder = new TempFolder();
        var options = new TimeSeriesOptions { KeepRollups = TimeSpan.FromDays(10), Retention = { ["y*"] = TimeSpan.FromDays(1) } };
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(Start + 6 * DayMs));
        var store = new SegmentTimeSeriesStore(folder.Path, options, NullLogger<SegmentTimeSeriesStore>.Instance, time, durable: false);
        for (var day = 0; day < 6; day++)
            await store.AppendAsync([.. Enumerable.Range(0, 48).Select(n => new Sample(Devices[0], Start + day * DayMs + n * 1_800_000L, null, [new Reading("x", n), new Reading("yaw", n)]))], Ct);
        await store.FlushAsync(Ct);
        var hours = await Points(store, "x", TimeSpan.FromHours(1));
        await store.DeleteBeforeAsync(DateTimeOffset.FromUnixTimeMilliseconds(Start + 3 * DayMs), Ct);
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(3 * 48, (await Points(store)).Count);
            Assert.Equal(48, (await Points(store, "yaw")).Count);
            foreach (var metric in (string[])["x", "yaw"])
                Assert.Equal((await Points(store, metric)).Count, (await Rows(store, Devices[0], [metric], DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue)).Count);
            Assert.Equal(3 * 48, await store.CountAsync(Ct));
            Assert.Equal(24, (await Points(store, "yaw", TimeSpan.FromHours(1))).Count);
            Assert.Equal(hours, await Points(store, "x", TimeSpan.FromHours(1)));
            await store.DisposeAsync();
            store = new SegmentTimeSeriesStore(folder.Path, options, NullLogger<SegmentTimeSeriesStore>.Instance, time, durable: false);
        }
        await store.DeleteBeforeAsync(DateTimeOffset.FromUnixTimeMilliseconds(Start + 14 * DayMs), Ct);
        Assert.Empty(await Points(store));
        Assert.Equal(0, await store.CountAsync(Ct));
        Assert.NotEmpty(await Points(store, "x", TimeSpan.FromHours(1)));
        await store.DisposeAsync();
    }

    [Fact]
    public async Task Held_files_stay_as_they_are_while_rows_arrive()
    {
        using var folder = new TempFolder();
        await using var store = Open(folder.Path);
        await store.AppendAsync(Five(0), Ct);
        Task flush;
        await using (await store.HoldFilesAsync(Ct))
        {
            var before = Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories);
            await store.AppendAsync(Five(1), Ct);
            flush = store.FlushAsync(Ct);
            Assert.False(flush.IsCompleted);
            Assert.Equal(before, Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories));
            Assert.Equal(10, (await Points(store)).Count);
        }
        await flush;
        Assert.Equal(2, store.Durable);
    }
}
