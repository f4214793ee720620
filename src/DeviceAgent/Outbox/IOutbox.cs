using Seamless.DeviceAgent.Sensing;

namespace Seamless.DeviceAgent.Outbox;

/// <summary>What waits to be sent, oldest first: a sample goes in, is sent, and leaves only after the platform has acknowledged it.</summary>
/// <remarks>Safe for one appender and one sender at the same time.</remarks>
public interface IOutbox : IDisposable
{
    /// <summary>Stores the measurement under the device's next sequence number and returns that number.</summary>
    long Append(in Measurement measurement);

    /// <summary>The oldest entries, at most <paramref name="maxEntries"/> and together at most <paramref name="maxBytes"/> (but at least one when there is one).</summary>
    IReadOnlyList<OutboxEntry> Peek(int maxEntries, int maxBytes);

    /// <summary>Everything up to and including <paramref name="sequence"/> has been acknowledged.</summary>
    void Remove(long sequence);

    /// <summary>What is still here of the numbers <paramref name="from"/> to <paramref name="to"/>, in order: what waits, and what was acknowledged and is kept as history.</summary>
    /// <param name="maxEntries">Read on from the last one's successor when so many came.</param>
    IReadOnlyList<OutboxEntry> Read(long from, long to, int maxEntries);

    /// <summary>Entries that wait.</summary>
    long Count { get; }

    /// <summary>Entries that had to go unsent, oldest first, because the outbox was full. Counted since the outbox was created.</summary>
    long Dropped { get; }
}

/// <param name="Json">The sample as it goes on the wire: <c>{"ts":…,"seq":…,"values":{…}}</c>.</param>
public readonly record struct OutboxEntry(long Sequence, ReadOnlyMemory<byte> Json);
