using System.Text.Json;

namespace Seamless.Ingest.Hubs;

/// <summary>How far each partition has become durable. Written after the commit, so it may lag behind the data and never runs ahead of it.</summary>
/// <remarks>What it lags by comes a second time; (device, metric, ts) makes that one.</remarks>
internal sealed class HubOffsets
{
    private readonly string _path;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, string> _offsets;
    private bool _dirty;

    public HubOffsets(string path)
    {
        _path = path;
        _offsets = Read(path);
    }

    /// <param name="key">Names the partition, its event hub and the consumer group.</param>
    public string? Of(string key)
    {
        lock (_lock) return _offsets.GetValueOrDefault(key);
    }

    public void Put(string key, string offset)
    {
        lock (_lock)
        {
            _offsets[key] = offset;
            _dirty = true;
        }
    }

    /// <summary>Durable when it returns.</summary>
    public void Save()
    {
        lock (_lock)
        {
            if (!_dirty) return;
            var next = _path + ".next";
            using (var file = new FileStream(next, FileMode.Create, FileAccess.Write))
            {
                JsonSerializer.Serialize(file, _offsets);
                file.Flush(flushToDisk: true);
            }
            File.Move(next, _path, overwrite: true);   // whole or not at all
            _dirty = false;
        }
    }

    private static Dictionary<string, string> Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return JsonSerializer.Deserialize<Dictionary<string, string>>(file) ?? [];
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return [];   // from the oldest that the hub has: twice is once
        }
    }
}
