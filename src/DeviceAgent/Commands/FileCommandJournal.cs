using System.Text.Json;
using System.Text.Json.Serialization;
using Seamless.DeviceAgent.Disk;
using Seamless.Telemetry.Commands;

namespace Seamless.DeviceAgent.Commands;

/// <summary>A journal on disk: one checksummed frame per change, the last one for a key counts.</summary>
/// <remarks>Keeps the newest <see cref="Kept"/> keys; the platform's commands expire long before that many have come. Opening rewrites a file that has grown.</remarks>
public sealed class FileCommandJournal : ICommandJournal
{
    public const int Kept = 1000;
    private const long CompactAbove = 1 << 20;

    private readonly Lock _gate = new();
    private readonly OrderedDictionary<string, JournalEntry> _entries = [];
    private FrameFile _file;

    public FileCommandJournal(string path)
    {
        _file = FrameFile.Open(path, (_, payload) =>
        {
            if (JsonSerializer.Deserialize(payload, JournalJson.Default.JournalEntry) is { } entry) Remember(entry);
        });
        if (_file.Length > CompactAbove) Compact(path);
        EndWhatWasCutShort();
    }

    public JournalEntry? Find(string key)
    {
        lock (_gate) return _entries.GetValueOrDefault(key);
    }

    public void Save(JournalEntry entry)
    {
        lock (_gate)
        {
            _file.Append(JsonSerializer.SerializeToUtf8Bytes(entry, JournalJson.Default.JournalEntry));
            _file.FlushToDisk();    // before anyone acts on it: a command is rare and acting twice is worse than a millisecond
            Remember(entry);
        }
    }

    public IReadOnlyList<JournalEntry> Unreported()
    {
        lock (_gate) return [.. _entries.Values.Where(entry => entry is { Result: not null, Reported: false })];
    }

    public void Dispose() => _file.Dispose();

    // Whether it acted before the power went cannot be known; acting again could do it twice.
    private void EndWhatWasCutShort()
    {
        foreach (var entry in _entries.Values.Where(entry => entry.Result is null).ToArray())
        {
            Save(entry with { Result = new CommandResult(entry.CommandId, CommandStatus.Failed, 0, "the agent was stopped while acting; the outcome is unknown and it is not repeated", null) });
        }
    }

    private void Remember(JournalEntry entry)
    {
        _entries[entry.Key] = entry;
        if (_entries.Count > Kept) _entries.RemoveAt(0);
    }

    private void Compact(string path)
    {
        var fresh = path + ".new";
        File.Delete(fresh);
        using (var file = FrameFile.Open(fresh, static (_, _) => { }))
        {
            foreach (var entry in _entries.Values) file.Append(JsonSerializer.SerializeToUtf8Bytes(entry, JournalJson.Default.JournalEntry));
            file.FlushToDisk();
        }
        _file.Dispose();
        File.Move(fresh, path, overwrite: true);
        _file = FrameFile.Open(path, static (_, _) => { });
    }
}

[JsonSerializable(typeof(JournalEntry))]
internal sealed partial class JournalJson : JsonSerializerContext;
