using Microsoft.Extensions.Time.Testing;
using Seamless.DeviceAgent.Outbox;

namespace Seamless.DeviceAgent.Tests.Outbox;

public sealed class DiskOutboxTests : OutboxContract
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeMilliseconds(1_764_000_000_000));
    private int _created;

    protected override IOutbox Create() => Open($"outbox-{_created++}");

    [Fact]
    public void What_waits_survives_a_restart_and_the_numbers_go_on()
    {
        long last;
        using (var outbox = Open("o"))
        {
            var first = outbox.Append(Some.Measurement());
            last = outbox.Append(Some.Measurement());
            outbox.Remove(first);
        }
        using var reopened = Open("o");

        Assert.Equal(last, Assert.Single(reopened.Peek(10, 1 << 20)).Sequence);
        Assert.Equal(last + 1, reopened.Append(Some.Measurement()));
    }

    [Fact]
    public void A_kill_loses_nothing_that_was_appended()
    {
        using var outbox = Open("alive");
        var sequences = Enumerable.Range(0, 50).Select(_ => outbox.Append(Some.Measurement())).ToList();
        TemporaryFolder.Copy(_folder["alive"], _folder["killed"]);
        using var restarted = Open("killed");

        Assert.Equal(sequences, restarted.Peek(100, 1 << 20).Select(entry => entry.Sequence));
    }

    [Fact]
    public void A_tail_torn_at_any_byte_is_cut_and_all_before_it_is_kept()
    {
        using (var outbox = Open("whole"))
        {
            for (var i = 0; i < 3; i++) outbox.Append(Some.Measurement());
        }
        var segment = Path.GetFileName(Directory.GetFiles(_folder["whole"], "*.segment").Single());
        var bytes = File.ReadAllBytes(_folder[$"whole/{segment}"]);
        var frame = bytes.Length / 3;
        for (var cut = 0; cut < bytes.Length; cut++)
        {
            TemporaryFolder.Copy(_folder["whole"], _folder[$"cut-{cut}"]);
            File.WriteAllBytes(_folder[$"cut-{cut}/{segment}"], bytes[..cut]);
            using var reopened = Open($"cut-{cut}");
            Assert.Equal(cut / frame, reopened.Peek(10, 1 << 20).Count);
            reopened.Append(Some.Measurement());
            Assert.Equal(cut / frame + 1, reopened.Peek(10, 1 << 20).Count);
        }
    }

    [Fact]
    public void A_damaged_frame_is_not_sent()
    {
        using (var outbox = Open("o")) outbox.Append(Some.Measurement());
        var segment = Directory.GetFiles(_folder["o"], "*.segment").Single();
        var bytes = File.ReadAllBytes(segment);
        bytes[^3] ^= 1;
        File.WriteAllBytes(segment, bytes);
        using var reopened = Open("o");

        Assert.Empty(reopened.Peek(10, 1 << 20));
    }

    [Fact]
    public void Above_its_size_the_oldest_go_and_are_counted_and_the_newest_stay()
    {
        using var outbox = new DiskOutbox(new DiskOutboxOptions(_folder["small"], MaxBytes: 20_000), _time);
        var sequences = Enumerable.Range(0, 1000).Select(_ => outbox.Append(Some.Measurement())).ToList();
        var waiting = outbox.Peek(1000, 1 << 20).Select(entry => entry.Sequence).ToList();

        Assert.Equal(sequences[^waiting.Count..], waiting);
        Assert.Equal(1000, waiting.Count + outbox.Dropped);
        Assert.InRange(Directory.GetFiles(_folder["small"], "*.segment").Sum(file => new FileInfo(file).Length), 10_000, 20_000);
    }

    [Fact]
    public void The_count_of_dropped_entries_survives_a_restart()
    {
        long dropped;
        using (var outbox = new DiskOutbox(new DiskOutboxOptions(_folder["small"], MaxBytes: 4_000), _time))
        {
            for (var i = 0; i < 500; i++) outbox.Append(Some.Measurement());
            dropped = outbox.Dropped;
        }
        using var reopened = new DiskOutbox(new DiskOutboxOptions(_folder["small"], MaxBytes: 4_000), _time);

        Assert.True(dropped > 0);
        Assert.Equal(dropped, reopened.Dropped);
    }

    [Fact]
    public void Acknowledged_segments_leave_the_disk()
    {
        using var outbox = new DiskOutbox(new DiskOutboxOptions(_folder["o"], MaxBytes: 64_000), _time);
        for (var i = 0; i < 500; i++) outbox.Remove(outbox.Append(Some.Measurement()));

        Assert.Single(Directory.GetFiles(_folder["o"], "*.segment"));
    }

    [Fact]
    public void What_was_acknowledged_stays_readable_as_history_across_a_restart_and_is_not_sent_again_by_itself()
    {
        List<long> sequences;
        using (var outbox = History("h"))
        {
            sequences = [.. Enumerable.Range(0, 500).Select(i => outbox.Append(Some.Measurement(at: i)))];
            outbox.Remove(sequences[^1]);
        }
        using var reopened = History("h");
        var kept = reopened.Read(0, long.MaxValue, 1000).Select(entry => entry.Sequence).ToList();

        Assert.Empty(reopened.Peek(10, 1 << 20));
        Assert.Equal(0, reopened.Count);
        Assert.InRange(kept.Count, 100, 400);                       // some of it, not all
        Assert.Equal(sequences[^kept.Count..], kept);               // the newest
        Assert.Equal(sequences[^5..^2], reopened.Read(sequences[^5], sequences[^3], 10).Select(entry => entry.Sequence));
        Assert.Equal(sequences[^5..^3], reopened.Read(sequences[^5], sequences[^3], 2).Select(entry => entry.Sequence));
        Assert.Contains($"\"seq\":{sequences[^5]}", System.Text.Encoding.UTF8.GetString(reopened.Read(sequences[^5], sequences[^5], 1)[0].Json.Span));
        Assert.Empty(reopened.Read(long.MinValue, sequences[0], 10));
    }

    [Fact]
    public void History_yields_to_what_was_not_sent_yet_without_counting_as_dropped()
    {
        using var outbox = new DiskOutbox(new DiskOutboxOptions(_folder["h"], MaxBytes: 20_000, HistoryBytes: 20_000), _time);
        for (var i = 0; i < 100; i++) outbox.Remove(outbox.Append(Some.Measurement()));
        for (var i = 0; i < 100; i++) outbox.Append(Some.Measurement());

        Assert.Equal((100, 0), (outbox.Count, outbox.Dropped));
        Assert.True(Directory.GetFiles(_folder["h"], "*.segment").Sum(file => new FileInfo(file).Length) <= 20_000);
    }

    [Fact]
    public void History_that_is_too_old_leaves_the_disk()
    {
        using var outbox = History("h");
        for (var i = 0; i < 200; i++) outbox.Remove(outbox.Append(Some.Measurement()));
        Assert.True(Directory.GetFiles(_folder["h"], "*.segment").Length > 1);

        _time.SetUtcNow(TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(2));   // a file's age is the machine's
        outbox.Remove(outbox.Append(Some.Measurement()));
        Assert.Single(Directory.GetFiles(_folder["h"], "*.segment"));
    }

    [Fact]
    public void A_wiped_device_does_not_use_a_number_twice()
    {
        long last;
        using (var outbox = Open("first-life"))
        {
            last = Enumerable.Range(0, 100).Select(_ => outbox.Append(Some.Measurement())).Last();
        }
        _time.Advance(TimeSpan.FromSeconds(1));
        using var wiped = Open("second-life");

        Assert.True(wiped.Append(Some.Measurement()) > last);
    }

    public override void Dispose()
    {
        _folder.Dispose();
        base.Dispose();
    }

    private DiskOutbox History(string name) => new(new DiskOutboxOptions(_folder[name], MaxBytes: 64_000, HistoryBytes: 20_000, HistoryAge: TimeSpan.FromHours(1)), _time);

    private DiskOutbox Open(string name) => new(new DiskOutboxOptions(_folder[name]), _time);
}
