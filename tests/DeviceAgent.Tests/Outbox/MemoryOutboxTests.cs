using Seamless.DeviceAgent.Outbox;

namespace Seamless.DeviceAgent.Tests.Outbox;

public sealed class MemoryOutboxTests : OutboxContract
{
    protected override IOutbox Create() => new MemoryOutbox(1);

    [Fact]
    public void Above_its_capacity_the_oldest_go_and_are_counted()
    {
        using var outbox = new MemoryOutbox(firstSequence: 1, capacity: 3);
        for (var i = 0; i < 5; i++) outbox.Append(Some.Measurement());

        Assert.Equal(3, outbox.Peek(10, 1 << 20)[0].Sequence);
        Assert.Equal(2, outbox.Dropped);
    }

    [Fact]
    public void Acknowledged_entries_are_kept_as_far_as_the_history_goes()
    {
        using var outbox = new MemoryOutbox(firstSequence: 1, history: 3);
        for (var i = 0; i < 6; i++) outbox.Append(Some.Measurement());
        outbox.Remove(5);

        Assert.Equal([3, 4, 5, 6], outbox.Read(1, 10, 10).Select(entry => entry.Sequence));
        Assert.Equal([4, 5], outbox.Read(4, 5, 10).Select(entry => entry.Sequence));
    }
}
