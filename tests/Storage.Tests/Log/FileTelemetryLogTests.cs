using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Seamless.Storage.Log;
using Seamless.Telemetry;

namespace Seamless.Storage.Tests.Log;

public sealed class FileTelemetryLogTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_was_appended_is_read_back_in_order_also_after_reopening()
    {
        var entries = Some.EntryGen.Array[200].Single();
        using (var log = Open())
        {
            foreach (var chunk in entries.Chunk(7)) await log.AppendAsync(chunk, Ct);
            Assert.Equal(200, log.End(0));
            Some.AssertSame(entries, await Read(log, 0, 200));
        }
        using var reopened = Open();
        Assert.Equal(200, reopened.End(0));
        Some.AssertSame(entries.AsSpan(150).ToArray(), await Read(reopened, 150, 50));
        await reopened.AppendAsync([LogEntry.Tick(5)], Ct);
        Assert.Equal(201, reopened.End(0));
    }

    [Fact]
    public void Any_entries_cut_into_any_batches_and_segments_come_back()
    {
        Gen.Select(Some.EntryGen.Array[1, 40].Array[1, 8], Gen.Int[1, 3]).Sample((batches, partitions) =>
        {
            using var folder = new TempFolder();
            var options = new LogOptions { SegmentBytes = 64 * 1024, Durable = false, Partitions = partitions };
            using (var log = Open(folder.Path, options))
                foreach (var batch in batches) Block(log.AppendAsync(batch, Ct).AsTask());
            using var reopened = Open(folder.Path, options);
            for (var p = 0; p < partitions; p++)
            {
                var expected = batches.SelectMany(b => b).Where(e => e.Kind == LogRecordKind.Tick || reopened.PartitionOf(Some.DeviceOf(e)) == p).ToArray();
                Assert.Equal(expected.Length, reopened.End(p));
                Some.AssertSame(expected, Block(Read(reopened, 0, expected.Length, p)));
            }
        }, iter: 60);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Many_senders_at_once_lose_nothing_and_keep_their_own_order(bool durable)
    {
        var options = Options(64 * 1024);
        options.Durable = durable;
        using var log = Open(_folder.Path, options);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(sender => Task.Run(async () =>
        {
            for (var i = 0; i < 50; i++) await log.AppendAsync([LogEntry.Of(Some.Sample($"d{sender}", i), i)], Ct);
        }, Ct)));
        var records = await Read(log, 0, 1000);
        foreach (var device in records.GroupBy(r => r.Entry.Sample!.Device))
            Assert.Equal(Enumerable.Range(0, 50).Select(i => (long)i), device.Select(r => r.Entry.Sample!.TimestampMs));
    }

    [Fact]
    public async Task A_reader_at_the_end_wakes_up_when_something_is_appended()
    {
        using var log = Open();
        var reading = Read(log, 0, 2);
        await log.AppendAsync([LogEntry.Tick(1)], Ct);
        await log.AppendAsync([LogEntry.Tick(2)], Ct);
        Assert.Equal([1, 2], (await reading).Select(r => r.Sequence));
    }

    [Fact]
    public async Task A_tail_cut_or_overwritten_anywhere_behind_the_last_acknowledged_batch_costs_nothing()
    {
        var entries = Some.EntryGen.Array[50].Single();
        long acknowledgedBytes, end;
        using (var log = Open())
        {
            await log.AppendAsync(entries, Ct);
            acknowledgedBytes = UsedBytes();
            await log.AppendAsync(Some.EntryGen.Array[50].Single(), Ct);
            end = UsedBytes();
        }
        var whole = await File.ReadAllBytesAsync(SegmentPath(), Ct);
        for (var at = acknowledgedBytes; at < end; at += Math.Max(1, (end - acknowledgedBytes) / 40))
            foreach (var damage in new Action<byte[]>[] { b => b.AsSpan((int)at).Clear(), b => b[at] ^= 0x40, b => b.AsSpan((int)at, 8).Fill(0xFF) })
            {
                var bytes = whole.ToArray();
                damage(bytes);
                await File.WriteAllBytesAsync(SegmentPath(), bytes, Ct);
                using var log = Open();
                Assert.True(log.End(0) is 50 or 100);
                Some.AssertSame(entries, await Read(log, 0, 50));
                await log.AppendAsync([LogEntry.Tick(1)], Ct);
            }
    }

    [Fact]
    public async Task A_file_cut_short_opens_with_every_whole_batch()
    {
        using (var log = Open())
            for (var i = 0; i < 10; i++) await log.AppendAsync([LogEntry.Of(Some.Sample("d", i), i)], Ct);
        var used = UsedBytes();
        var whole = await File.ReadAllBytesAsync(SegmentPath(), Ct);
        for (var length = used; length >= 0; length -= 13)
        {
            await File.WriteAllBytesAsync(SegmentPath(), whole.AsSpan(0, (int)length).ToArray(), Ct);
            using var log = Open();
            var survivors = log.End(0);
            Assert.Equal(length * 10 / used, survivors, tolerance: 1);
            await log.AppendAsync([LogEntry.Tick(1)], Ct);
            Assert.Equal(survivors + 1, (await Read(log, 0, (int)survivors + 1))[^1].Sequence);
        }
    }

    [Fact]
    public async Task Damage_in_the_middle_costs_only_the_batch_it_hit()
    {
        using (var log = Open())
            for (var i = 1; i <= 10; i++) await log.AppendAsync([LogEntry.Tick(i)], Ct);
        var bytes = await File.ReadAllBytesAsync(SegmentPath(), Ct);
        bytes[UsedBytes() / 2] ^= 0x01;
        await File.WriteAllBytesAsync(SegmentPath(), bytes, Ct);

        using var reopened = Open();
        Assert.Equal(10, reopened.End(0));
        var records = await Read(reopened, 0, 9);
        Assert.Equal(9, records.Select(r => r.Sequence).Distinct().Count());
        Assert.Equal([1, 10], [records[0].Sequence, records[^1].Sequence]);
    }

    [Fact]
    public async Task Segments_go_once_every_registered_consumer_has_passed_them()
    {
        using var log = Open(segmentBytes: 64 * 1024);
        log.Register("store");
        log.Register("rules");
        for (var i = 0; i < 40; i++) await log.AppendAsync([.. Enumerable.Range(0, 250).Select(j => LogEntry.Of(Some.Sample("d", i * 250 + j, Math.PI * j), i))], Ct);
        var before = Segments();
        Assert.True(before > 2);

        log.SaveCheckpoint("store", 0, log.End(0));
        Assert.Equal(before, Segments());
        log.SaveCheckpoint("rules", 0, log.End(0));
        Assert.Equal(1, Segments());

        await log.AppendAsync([LogEntry.Tick(1)], Ct);
        Assert.Equal(10_001, Assert.Single(await Read(log, 10_000, 1)).Sequence);
    }

    [Fact]
    public async Task For_a_consumer_that_was_released_nothing_is_kept_not_even_after_reopening()
    {
        using (var log = Open(segmentBytes: 64 * 1024))
        {
            log.Register("store");
            log.Register("visitor");
            for (var i = 0; i < 40; i++) await log.AppendAsync([.. Enumerable.Range(0, 250).Select(j => LogEntry.Of(Some.Sample("d", i * 250 + j, Math.PI * j), i))], Ct);
            log.Release("visitor");
            log.Release("visitor");
            log.SaveCheckpoint("store", 0, log.End(0));
            Assert.Equal(1, Segments());
        }
        using var reopened = Open(segmentBytes: 64 * 1024);
        Assert.DoesNotContain("visitor", reopened.Lag().Keys);
        reopened.Register("visitor");
        Assert.Equal(0, reopened.Checkpoint("visitor", 0));
    }

    [Fact]
    public async Task Checkpoints_survive_reopening_and_a_torn_write()
    {
        using (var log = Open())
        {
            log.Register("rules");
            await log.AppendAsync([.. Enumerable.Range(1, 9).Select(i => LogEntry.Tick(i))], Ct);
            log.SaveCheckpoint("rules", 0, 4);
            log.SaveCheckpoint("rules", 0, 7);
        }
        using (var log = Open())
        {
            Assert.Equal(7, log.Checkpoint("rules", 0));
            Assert.Equal(2, log.Lag()["rules"]);
        }
        // Generation 3 (the value 7) lies in the second slot; tear it.
        var path = Path.Combine(_folder.Path, "consumers", "rules.checkpoint");
        var bytes = await File.ReadAllBytesAsync(path, Ct);
        bytes.AsSpan(1024, 16).Fill(0xAA);
        await File.WriteAllBytesAsync(path, bytes, Ct);
        using var torn = Open();
        Assert.Equal(4, torn.Checkpoint("rules", 0));
    }

    [Fact]
    public async Task Waiting_for_a_consumer_ends_when_it_has_reported_what_was_durable()
    {
        using var log = Open();
        log.Register("rules");
        await log.AppendAsync([LogEntry.Tick(1), LogEntry.Tick(2)], Ct);
        var waiting = log.WaitForAsync("rules", Ct);
        log.ReportProgress("rules", 0, 1);
        Assert.False(waiting.IsCompleted);
        log.ReportProgress("rules", 0, 2);
        await waiting;
        Assert.Equal(0, log.Lag()["rules"]);
        Assert.Equal(0, log.Checkpoint("rules", 0));
    }

    [Fact]
    public async Task Senders_wait_while_the_disk_is_nearly_full_and_go_on_when_it_is_not()
    {
        var free = 10L;
        using var log = new FileTelemetryLog(_folder.Path, Options(64 * 1024), NullLogger.Instance, null, _ => Volatile.Read(ref free));
        var append = log.AppendAsync([LogEntry.Tick(1)], Ct).AsTask();
        while (!log.WaitsForDisk) await Task.Yield();
        Assert.False(append.IsCompleted);
        Assert.Equal(0, log.End(0));
        Volatile.Write(ref free, long.MaxValue);
        await append;
        Assert.False(log.WaitsForDisk);
        Assert.Equal(1, log.End(0));
    }

    [Fact]
    public void A_second_process_is_turned_away_in_words()
    {
        using var log = Open();
        var refused = Assert.Throws<IOException>(() => Open().Dispose());
        Assert.Contains("open in another process", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_number_of_partitions_cannot_change_unnoticed()
    {
        Open().Dispose();
        Assert.Throws<InvalidOperationException>(() => Open(_folder.Path, new LogOptions { Partitions = 2, MinFreeBytes = 0 }).Dispose());
        Open().Dispose();
    }

    [Fact]
    public async Task What_waits_when_the_log_closes_is_still_committed()
    {
        var log = Open();
        var appends = Enumerable.Range(0, 100).Select(i => log.AppendAsync([LogEntry.Tick(i)], Ct).AsTask()).ToArray();
        log.Dispose();
        await Task.WhenAll(appends);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await log.AppendAsync([LogEntry.Tick(1)], Ct));
        using var reopened = Open();
        Assert.Equal(100, reopened.End(0));
    }

    private FileTelemetryLog Open(int segmentBytes = 1 << 20) => Open(_folder.Path, Options(segmentBytes));

    private static LogOptions Options(int segmentBytes) => new() { SegmentBytes = segmentBytes, MinFreeBytes = 1000 };

    private static FileTelemetryLog Open(string path, LogOptions options) => new(path, options, NullLogger<FileTelemetryLog>.Instance);

    private static async Task<List<LogRecord>> Read(FileTelemetryLog log, long after, int count, int partition = 0)
    {
        var read = new List<LogRecord>();
        if (count == 0) return read;
        await foreach (var batch in log.ReadAsync(partition, after, Ct))
        {
            read.AddRange(batch.Records().Where(record => record.Sequence > after));
            if (read.Count >= count) break;
        }
        return read;
    }

    /// <summary>CsCheck's properties are synchronous.</summary>
    private static T Block<T>(Task<T> task) => task.GetAwaiter().GetResult();
    private static void Block(Task task) => task.GetAwaiter().GetResult();

    private string SegmentPath() => Directory.GetFiles(Path.Combine(_folder.Path, "p0"), "*.log").Order(StringComparer.Ordinal).Last();

    private int Segments() => Directory.GetFiles(Path.Combine(_folder.Path, "p0"), "*.log").Length;

    private long UsedBytes()
    {
        using var file = new FileStream(SegmentPath(), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        var used = 0;
        while (BatchHeader.Read(bytes.AsSpan(used)) is { } header) used += BatchHeader.Size + header.BodyBytes;
        return used;
    }
}
