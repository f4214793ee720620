using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Seamless.Storage.Log;
using Seamless.Storage.Space;
using Seamless.Storage.TimeSeries;
using Seamless.Storage.TimeSeries.Segments;
using Seamless.Telemetry;

namespace Seamless.Storage.Tests.Space;

public sealed class DiskWatchTests : IDisposable
{
    private const long Mega = 1 << 20, Giga = 1024 * Mega;
    private readonly TempFolder _folder = new();
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(64 * Mega, 6, 12, 4)]                     // a small disk is used, not refused
    [InlineData(2 * Giga, 204, 409, 64)]
    [InlineData(100 * Giga, 512, 5120, 64)]
    [InlineData(4000 * Giga, 512, 10240, 64)]             // nobody wants to hear of half a terabyte
    public void Levels_fit_the_disk(long total, long reserveMb, long warnMb, long segmentMb)
    {
        var levels = DiskLevels.Of(total, null, null);
        Assert.Equal((reserveMb, warnMb, segmentMb), (levels.ReserveBytes / Mega, levels.WarnBytes / Mega, levels.SegmentBytes(64 << 20) / Mega));
        Assert.True(levels.ReserveBytes < levels.ResumeBytes && levels.ResumeBytes < levels.WarnBytes);
    }

    // Reserve 100, warning 200; free space after each look; '.' ample, 'L' low, 'F' full.
    [Theory]
    [InlineData("300 199 210 224 226 300", ".LLL..")]     // over only when clearly above the warning
    [InlineData("150 99 101 124 126 300", "LFFFL.")]      // senders go on only when clearly above the reserve
    [InlineData("300 50 300", ".F.")]
    public void The_state_follows_the_free_space_and_does_not_flutter(string free, string states)
    {
        var (levels, state, seen) = (new DiskLevels(100, 200, 1000), DiskState.Ample, "");
        foreach (var bytes in free.Split(' ').Select(long.Parse)) seen += (state = levels.Next(state, bytes, sendersWait: false)) switch { DiskState.Ample => '.', DiskState.Low => 'L', _ => 'F' };
        Assert.Equal(states, seen);
    }

    [Fact]
    public void Senders_that_wait_make_it_full_whatever_is_free() =>
        Assert.Equal(DiskState.Full, new DiskLevels(100, 200, 1000).Next(DiskState.Ample, 900, sendersWait: true));

    [Fact]
    public async Task A_disk_that_runs_low_is_told_at_the_next_look_and_what_is_in_memory_is_sealed()
    {
        var (time, free) = (new FakeTimeProvider(), Giga);
        using var log = new FileTelemetryLog(Path.Combine(_folder.Path, "log"), new LogOptions { SegmentBytes = 64 * 1024, MinFreeBytes = 0 }, NullLogger<FileTelemetryLog>.Instance);
        await using var store = new SegmentTimeSeriesStore(Path.Combine(_folder.Path, "timeseries"), new TimeSeriesOptions(), NullLogger<SegmentTimeSeriesStore>.Instance, time, time);
        await store.AppendAsync([Some.Sample("pump-1", 1_764_000_000_000)], Ct);
        using var watch = new DiskWatch(_folder.Path, new DiskLevels(100 * Mega, 200 * Mega, Giga), log, store, time, NullLogger<DiskWatch>.Instance, freeBytes: _ => Volatile.Read(ref free));
        var changes = new SemaphoreSlim(0);
        watch.Changed += () => changes.Release();
        await watch.StartAsync(Ct);
        Assert.Equal((DiskState.Ample, 0), (watch.Report.State, store.Durable));

        Volatile.Write(ref free, 150 * Mega);
        while (!await changes.WaitAsync(10, Ct)) time.Advance(DiskWatch.Period);
        Assert.Equal(DiskState.Low, watch.Report.State);
        while (store.Durable == 0) await Task.Delay(10, Ct);

        Volatile.Write(ref free, Giga);
        while (!await changes.WaitAsync(10, Ct)) time.Advance(DiskWatch.Period);
        Assert.Equal(DiskState.Ample, watch.Report.State);
        await watch.StopAsync(Ct);
    }

    [Fact]
    public async Task A_new_segment_of_the_log_is_looked_at_at_once()
    {
        var (time, free) = (new FakeTimeProvider(), Giga);   // stands still: nothing but the log makes it look
        using var log = new FileTelemetryLog(Path.Combine(_folder.Path, "log"), new LogOptions { SegmentBytes = 64 * 1024, MinFreeBytes = 0 }, NullLogger<FileTelemetryLog>.Instance);
        await using var store = new SegmentTimeSeriesStore(Path.Combine(_folder.Path, "timeseries"), new TimeSeriesOptions(), NullLogger<SegmentTimeSeriesStore>.Instance, time, time);
        using var watch = new DiskWatch(_folder.Path, new DiskLevels(100 * Mega, 200 * Mega, Giga), log, store, time, NullLogger<DiskWatch>.Instance, freeBytes: _ => Volatile.Read(ref free));
        var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        watch.Changed += changed.SetResult;
        await watch.StartAsync(Ct);
        Volatile.Write(ref free, 150 * Mega);
        var note = new Reading("note", double.NaN, new string('x', 1000));
        for (var i = 0; !changed.Task.IsCompleted; i++) await log.AppendAsync([LogEntry.Of(new Sample(new DeviceKey("default", "d"), i, null, [note]), i)], Ct);
        Assert.Equal(DiskState.Low, watch.Report.State);
        await watch.StopAsync(Ct);
    }
}
