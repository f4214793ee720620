namespace Seamless.Ingest;

/// <summary>One thing a device, found by the device's number (<see cref="Telemetry.Rows.Numbers"/>). Any number of threads; reading takes no lock.</summary>
internal sealed class PerDevice<T> where T : class
{
    private const int ChunkSize = 1024;

    private readonly Lock _adding = new();
    private volatile T?[]?[] _chunks = new T?[]?[16];   // a chunk is never replaced, so whoever holds an older table still sees what is added

    public T? Find(int number)
    {
        var chunks = _chunks;
        var chunk = number / ChunkSize;
        return chunk < chunks.Length && Volatile.Read(ref chunks[chunk]) is { } found ? Volatile.Read(ref found[number % ChunkSize]) : null;
    }

    public T GetOrAdd(int number, Func<int, T> make)
    {
        if (Find(number) is { } known) return known;
        lock (_adding)
        {
            if (Find(number) is { } meanwhile) return meanwhile;
            var made = make(number);
            Volatile.Write(ref ChunkOf(number)[number % ChunkSize], made);
            return made;
        }
    }

    private T?[] ChunkOf(int number)
    {
        var index = number / ChunkSize;
        var chunks = _chunks;
        if (index >= chunks.Length)
        {
            Array.Resize(ref chunks, Math.Max(index + 1, chunks.Length * 2));
            _chunks = chunks;
        }
        return chunks[index] ?? (chunks[index] = new T?[ChunkSize]);
    }
}
