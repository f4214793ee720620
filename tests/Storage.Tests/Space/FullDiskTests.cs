using Microsoft.Extensions.Logging.Abstractions;
using Seamless.Storage.Log;
using Seamless.Storage.TimeSeries;
using Seamless.Storage.TimeSeries.Segments;
using Seamless.Telemetry;

namespace Seamless.Storage.Tests.Space;

/// <summary>A file system that really says ENOSPC: with no reserve, so that the log and the store meet it themselves.</summary>
public sealed class FullDiskTests
{
    private static readonly DeviceKey Pump = new("default", "pump-1");
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(200)]
    [InlineData(60_000)]
    public async Task The_log_waits_while_the_disk_is_full_and_goes_on_by_itself(int textLength)
    {
        using var disk = SmallDisk.Mount(32);
        var path = Path.Combine(disk.Path, "log");
        var appended = 0;
        using (var log = new FileTelemetryLog(path, new LogOptions { MinFreeBytes = 0 }, NullLogger<FileTelemetryLog>.Instance))
        {
            var filler = disk.Fill(butBytes: 1_000_000);
            var senders = Enumerable.Range(0, 4).Select(sender => Task.Run(async () =>
            {
                for (var i = 0; i < 4_000_000 / textLength; i++, Interlocked.Increment(ref appended)) await log.AppendAsync([Entry(sender, i, textLength)], Ct);
            }, Ct)).ToArray();
            while (!log.WaitsForDisk) await Task.Delay(10, Ct);
            Assert.Equal(0, disk.FreeBytes >> 20);
            var durable = log.End(0);
            await Task.Delay(1500, Ct);   // three of its tries
            Assert.Equal(durable, log.End(0));
            Assert.Null(log.Failure);
            File.Delete(filler);
            await Task.WhenAll(senders).WaitAsync(TimeSpan.FromSeconds(60), Ct);
            Assert.False(log.WaitsForDisk);
        }
        using var reopened = new FileTelemetryLog(path, new LogOptions { MinFreeBytes = 0 }, NullLogger<FileTelemetryLog>.Instance);
        Assert.Equal(appended, reopened.End(0));
        var read = new List<(string, long)>();
        await foreach (var batch in reopened.ReadAsync(0, 0, Ct))
        {
            read.AddRange(batch.Records().Select(r => (r.Entry.Sample!.Device.Device, r.Entry.Sample.TimestampMs)));
            if (read.Count >= appended) break;
        }
        Assert.Equal(appended, read.Distinct().Count());
        foreach (var sender in read.GroupBy(r => r.Item1)) Assert.Equal(Enumerable.Range(0, sender.Count()).Select(i => (long)i), sender.Select(r => r.Item2));
    }

    [Fact]
    public async Task A_log_killed_while_it_waits_has_all_that_was_acknowledged()
    {
        using var disk = SmallDisk.Mount(32);
        var (path, copy) = (Path.Combine(disk.Path, "log"), new TempFolder());
        var acknowledged = 0L;
        using (var log = new FileTelemetryLog(path, new LogOptions { MinFreeBytes = 0 }, NullLogger<FileTelemetryLog>.Instance))
        {
            var filler = disk.Fill(butBytes: 100_000);
            var sender = Task.Run(async () =>
            {
                for (var i = 0; i < 60_000; i++, Interlocked.Increment(ref acknowledged)) await log.AppendAsync([Entry(0, i, 200)], Ct);
            }, Ct);
            while (!log.WaitsForDisk) await Task.Delay(10, Ct);
            var promised = Volatile.Read(ref acknowledged);
            CopyTo(path, copy.Path);   // what a kill at this instant would leave
            using var revived = new FileTelemetryLog(copy.Path, new LogOptions { MinFreeBytes = 0 }, NullLogger<FileTelemetryLog>.Instance);
            Assert.InRange(revived.End(0), promised, promised + 1);
            File.Delete(filler);
            await sender.WaitAsync(TimeSpan.FromSeconds(60), Ct);
        }
        copy.Dispose();
    }

    [Fact]
    public async Task The_store_keeps_rows_it_cannot_seal_and_seals_them_once_it_can()
    {
        using var disk = SmallDisk.Mount(16);
        var path = Path.Combine(disk.Path, "timeseries");
        await using (var store = Open(path))
        {
            await store.AppendAsync(Samples(0, 1000), Ct);
            await store.FlushAsync(Ct);
            var filler = disk.Fill(butBytes: 0);
            await store.AppendAsync(Samples(1000, 20_000), Ct);
            await Assert.ThrowsAnyAsync<IOException>(() => store.FlushAsync(Ct));
            await Assert.ThrowsAnyAsync<IOException>(() => store.FlushAsync(Ct));
            Assert.Equal(1, store.Durable);
            Assert.Equal(21_000, await store.CountAsync(Ct));
            File.Delete(filler);
            await store.FlushAsync(Ct);
            Assert.Equal(2, store.Durable);
        }
        await using var reopened = Open(path);
        Assert.Equal(21_000, await reopened.CountAsync(Ct));
        Assert.Empty(Directory.GetFiles(path, "*.new", SearchOption.AllDirectories));
        Assert.Empty(Directory.GetFiles(path, "*.damaged", SearchOption.AllDirectories));
    }

    private static SegmentTimeSeriesStore Open(string path) => new(path, new TimeSeriesOptions(), NullLogger<SegmentTimeSeriesStore>.Instance, TimeProvider.System);

    private static Sample[] Samples(int from, int count) =>
        [.. Enumerable.Range(from, count).Select(i => new Sample(Pump, 1_764_000_000_000 + i, null, [new Reading("flow", Math.Sin(i) * Math.E)]))];

    private static LogEntry Entry(int sender, int number, int textLength) =>
        LogEntry.Of(new Sample(new DeviceKey("default", $"d{sender}"), number, null, [new Reading("note", double.NaN, $"{number}-{new string('x', textLength)}")]), number);

    private static void CopyTo(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories).Where(f => Path.GetFileName(f) != "lock"))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            using var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var copy = new FileStream(target, FileMode.CreateNew, FileAccess.Write);
            source.CopyTo(copy);
        }
    }
}
