using Seamless.DeviceAgent.Sensing;

namespace Seamless.DeviceAgent.Outbox;

/// <summary>An outbox that lives as long as its process: for simulated machines and for devices without a disk.</summary>
/// <param name="firstSequence">The number of the first entry; a clock's milliseconds keep it above every earlier life's.</param>
/// <param name="capacity">Entries it may hold; above it the oldest go, counted.</param>
/// <param name="history">Acknowledged entries it keeps, for the platform to ask for.</param>
public sealed class MemoryOutbox(long firstSequence, int capacity = 100_000, int history = 0) : IOutbox
{
    private readonly Lock _gate = new();
    private readonly Queue<OutboxEntry> _entries = new();
    private readonly Queue<OutboxEntry> _acknowledged = new();
    private long _next = firstSequence;
    private long _dropped;

    public long Count
    {
        get { lock (_gate) return _entries.Count; }
    }

    public long Dropped => Interlocked.Read(ref _dropped);

    public long Append(in Measurement measurement)
    {
        lock (_gate)
        {
            var sequence = _next++;
            if (_entries.Count == capacity)
            {
                _entries.Dequeue();
                _dropped++;
            }
            _entries.Enqueue(new OutboxEntry(sequence, SampleJson.Encode(measurement, sequence)));
            return sequence;
        }
    }

    public IReadOnlyList<OutboxEntry> Peek(int maxEntries, int maxBytes)
    {
        lock (_gate)
        {
            var batch = new List<OutboxEntry>(Math.Min(maxEntries, _entries.Count));
            var bytes = 0;
            foreach (var entry in _entries)
            {
                bytes += entry.Json.Length + 1;
                if (batch.Count == maxEntries || (batch.Count > 0 && bytes > maxBytes)) break;
                batch.Add(entry);
            }
            return batch;
        }
    }

    public void Remove(long sequence)
    {
        lock (_gate)
        {
            while (_entries.TryPeek(out var entry) && entry.Sequence <= sequence) Keep(_entries.Dequeue());
        }
    }

    public IReadOnlyList<OutboxEntry> Read(long from, long to, int maxEntries)
    {
        lock (_gate) return [.. _acknowledged.Concat(_entries).Where(entry => entry.Sequence >= from && entry.Sequence <= to).Take(maxEntries)];
    }

    public void Dispose()
    {
    }

    private void Keep(in OutboxEntry entry)
    {
        if (history == 0) return;
        if (_acknowledged.Count == history) _acknowledged.Dequeue();
        _acknowledged.Enqueue(entry);
    }
}
