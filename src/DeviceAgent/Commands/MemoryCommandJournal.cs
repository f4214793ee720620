namespace Seamless.DeviceAgent.Commands;

/// <summary>A journal that lives as long as its process: for simulated machines.</summary>
public sealed class MemoryCommandJournal : ICommandJournal
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, JournalEntry> _entries = [];

    public JournalEntry? Find(string key)
    {
        lock (_gate) return _entries.GetValueOrDefault(key);
    }

    public void Save(JournalEntry entry)
    {
        lock (_gate) _entries[entry.Key] = entry;
    }

    public IReadOnlyList<JournalEntry> Unreported()
    {
        lock (_gate) return [.. _entries.Values.Where(entry => entry is { Result: not null, Reported: false })];
    }

    public void Dispose()
    {
    }
}
