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
}
