using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Seamless.Learning.Models;

/// <summary>The models in the folders of one directory. Several versions of a name may lie side by side; one of them is active.</summary>
/// <remarks>
/// <c>active.json</c> maps a name to the promoted id. A name with nothing promoted has its first-trained version active: who puts down one model
/// wants it used; a second one waits in the shadow until somebody promotes it.
/// </remarks>
public sealed class ModelDirectory : IModels, IDisposable
{
    private readonly string _directory;
    private readonly ILogger<ModelDirectory> _logger;
    private readonly FileSystemWatcher _watcher;
    private readonly Lock _gate = new();

    public ModelDirectory(LearningOptions options, ILogger<ModelDirectory> logger)
    {
        (_directory, _logger) = (options.Directory, logger);
        Directory.CreateDirectory(_directory);
        // 'seamless train' may write beside a running platform. A description is written last, so whoever sees it sees a whole model.
        _watcher = new FileSystemWatcher(_directory, "*.json") { IncludeSubdirectories = true, EnableRaisingEvents = true };
        _watcher.Created += (_, _) => Changed?.Invoke();
        _watcher.Changed += (_, _) => Changed?.Invoke();
        _watcher.Renamed += (_, _) => Changed?.Invoke();
    }

    /// <summary>A model was written or promoted; raised on any thread, perhaps more than once for one change.</summary>
    public event Action? Changed;

    private string ActiveFile => Path.Combine(_directory, "active.json");

    public IReadOnlyList<ModelInfo> All() => [.. Scan().Select(found => found.Info)];

    public ModelInfo? Find(string id) => All().FirstOrDefault(model => model.Id == id);

    public IScorer? OpenScorer(string name)
    {
        foreach (var (folder, card, info) in Scan())
            if (info.Name == name && info.Status == "active") return TryOpen(folder, info, card);
        return null;
    }

    /// <summary>A model of another version must not stop the rules of all machines: it is not used, and the log says what to do.</summary>
    private IScorer? TryOpen(string folder, ModelInfo info, ModelFolder.Card card)
    {
        try
        {
            return ModelFolder.OpenScorer(folder, info, card);
        }
        catch (InvalidDataException unreadable)
        {
            _logger.LogError("model {Model} is not used: {Reason}", info.Id, unreadable.Message);
            return null;
        }
    }

    public bool Promote(string id)
    {
        lock (_gate)
        {
            if (Find(id) is not { } model) return false;
            var active = new SortedDictionary<string, string>(Promoted(), StringComparer.Ordinal) { [model.Name] = id };
            var next = ActiveFile + ".new";
            File.WriteAllText(next, JsonSerializer.Serialize(active));
            File.Move(next, ActiveFile, overwrite: true);
        }
        _logger.LogInformation("model {Model} promoted", id);
        Changed?.Invoke();   // not left to the watcher: who promotes expects it done
        return true;
    }

    private List<(string Folder, ModelFolder.Card Card, ModelInfo Info)> Scan()
    {
        var cards = Directory.EnumerateDirectories(_directory, "*", SearchOption.AllDirectories).Where(ModelFolder.Holds)
            .Order(StringComparer.Ordinal).Select(TryRead).OfType<(string Folder, ModelFolder.Card Card)>().ToArray();
        var promoted = Promoted();
        var models = cards
            .GroupBy(c => c.Card.Name)
            .SelectMany(versions =>
            {
                var ordered = versions.OrderBy(v => v.Card.TrainedAt).ThenBy(v => v.Folder, StringComparer.Ordinal).ToArray();
                var active = promoted.GetValueOrDefault(versions.Key) ?? ordered[0].Card.Info("").Id;
                return ordered.Select(v => (v.Folder, v.Card, v.Card.Info(v.Card.Info("").Id == active ? "active" : "shadow")));
            }).ToList();
        return models;
    }

    private (string, ModelFolder.Card)? TryRead(string folder)
    {
        try
        {
            return (folder, ModelFolder.ReadCard(folder));
        }
        catch (Exception broken) when (broken is JsonException or InvalidDataException)
        {
            _logger.LogWarning(broken, "{Folder} holds no readable model and is passed over", folder);
            return null;
        }
    }

    private Dictionary<string, string> Promoted() =>
        File.Exists(ActiveFile) ? JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(ActiveFile)) ?? [] : [];

    public void Dispose() => _watcher.Dispose();
}
