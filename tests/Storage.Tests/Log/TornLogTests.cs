using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Seamless.Storage.Log;
using Seamless.Telemetry;

namespace Seamless.Storage.Tests.Log;

/// <summary>A crash or a bad disk may leave anything of the last batch: tried at every byte of it, and of a batch of every kind of record.</summary>
public sealed class TornLogTests : IDisposable
{
    private const int Before = 5;
    private static readonly DeviceKey Pump = new("default", "pump-1");

    private static readonly LogEntry[] Last =
    [
        LogEntry.Of(new Sample(Pump, 1_764_000_000_000, 42, [new Reading("flow", Math.PI), new Reading("speed", 1480), new Reading("mode", double.NaN, "auto")]), 1_764_000_000_005),
        LogEntry.Of(new DeviceEvent(Pump, 1_764_000_000_001, "E-117", EventSeverity.Error, "dry run", null), 1_764_000_000_006),
        LogEntry.Of(new DeviceState(Pump, 1_764_000_000_002, true, "1.4.0", "{}"), 1_764_000_000_007),
        LogEntry.Tick(1_764_000_000_008),
    ];

    private readonly TempFolder _folder = new();
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    public enum Damage { CutShort, ByteFlipped, RestZero }

    [Theory]
    [InlineData(Damage.CutShort)]
    [InlineData(Damage.ByteFlipped)]
    [InlineData(Damage.RestZero)]
    public async Task What_came_before_is_kept_nothing_is_guessed_and_a_second_opening_finds_the_same(Damage damage)
    {
        var entries = Some.EntryGen.Array[Before].Single();
        int from, to;
        using (var log = Open())
        {
            await log.AppendAsync(entries, Ct);
            from = UsedBytes();
            await log.AppendAsync(Last, Ct);
            to = UsedBytes();
        }
        var whole = await File.ReadAllBytesAsync(SegmentPath(), Ct);
        for (var at = from; at < to; at++)
        {
            var torn = Apply(damage, whole, at);
            await File.WriteAllBytesAsync(SegmentPath(), torn, Ct);
            var end = torn.AsSpan().TrimEnd((byte)0).SequenceEqual(whole.AsSpan().TrimEnd((byte)0)) ? Before + Last.Length : Before;   // what was cut off may have been zero anyway
            var cut = await OpenOnceAsync(entries, end);
            Assert.Equal(cut, await OpenOnceAsync(entries, end));
            await AppendBehindAsync(entries, end);
        }
    }

    private static byte[] Apply(Damage damage, byte[] whole, int at)
    {
        var bytes = whole.ToArray();
        switch (damage)
        {
            case Damage.CutShort: return bytes[..at];
            case Damage.ByteFlipped: bytes[at] ^= 0x10; break;
            default: bytes.AsSpan(at).Clear(); break;
        }
        return bytes;
    }

    /// <returns>The file as opening has left it.</returns>
    private async Task<byte[]> OpenOnceAsync(LogEntry[] entries, int end)
    {
        using (var log = Open())
        {
            Assert.Equal(end, log.End(0));
            Some.AssertSame(entries, await ReadAsync(log, 0, Before));
        }
        return await File.ReadAllBytesAsync(SegmentPath(), Ct);
    }

    private async Task AppendBehindAsync(LogEntry[] entries, int end)
    {
        using (var log = Open()) await log.AppendAsync([LogEntry.Tick(77)], Ct);
        using var reopened = Open();
        Assert.Equal(end + 1, reopened.End(0));
        var records = await ReadAsync(reopened, 0, end + 1);
        Some.AssertSame(entries, records);
        Assert.Equal((end + 1, 77), (records[^1].Sequence, records[^1].Entry.ArrivalMs));
        Assert.Equal(Enumerable.Range(1, end + 1).Select(i => (long)i), records.Select(r => r.Sequence));
    }

    // Without waiting for the disk: what is tried here is what opening makes of the bytes.
    private FileTelemetryLog Open() => new(_folder.Path, new LogOptions { SegmentBytes = 64 * 1024, MinFreeBytes = 0, Durable = false }, NullLogger<FileTelemetryLog>.Instance);

    private static async Task<List<LogRecord>> ReadAsync(FileTelemetryLog log, long after, int count)
    {
        var read = new List<LogRecord>();
        await foreach (var batch in log.ReadAsync(0, after, Ct))
        {
            read.AddRange(batch.Records());
            if (read.Count >= count) break;
        }
        return read;
    }

    private string SegmentPath() => Directory.GetFiles(Path.Combine(_folder.Path, "p0"), "*.log").Single();

    private int UsedBytes()
    {
        using var file = new FileStream(SegmentPath(), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        var used = 0;
        while (BatchHeader.Read(bytes.AsSpan(used)) is { } header) used += BatchHeader.Size + header.BodyBytes;
        return used;
    }
}
