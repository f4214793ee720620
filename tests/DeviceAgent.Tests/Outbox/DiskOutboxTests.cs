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

    private DiskOutbox Open(string name) => new(new DiskOutboxOptions(_folder[name]), _time);
}
