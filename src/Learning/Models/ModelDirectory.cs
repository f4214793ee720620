using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Seamless.Learning.Models;

/// <summary>The models in the folders of one directory. Several versions of a name may lie side by side; one of them is active.</summary>
/// <remarks>
/// <c>active.json</c> maps a name to the promoted id. A name with nothing promoted has its first-trained version active: who puts down one model
/// wants it used; a second one waits in the shadow until somebody promotes it.
/// </remarks>
public sealed class ModelDirectory(LearningOptions options, ILogger<ModelDirectory> logger) : IModels
{
    private readonly Lock _gate = new();

    public event Action? Changed;

    private string ActiveFile => Path.Combine(options.Directory, "active.json");

    public IReadOnlyList<ModelInfo> All() => [.. Scan().Select(found => found.Info)];

    public ModelInfo? Find(string id) => All().FirstOrDefault(model => model.Id == id);

    public IScorer? OpenScorer(string name)
    {
        foreach (var (folder, card, info) in Scan())
            if (info.Name == name && info.Status == "active") return ModelFolder.OpenScorer(folder, info, card);
        return null;
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
        logger.LogInformation("model {Model} promoted", id);
        Changed?.Invoke();
        return true;
    }

    private List<(string Folder, ModelFolder.Card Card, ModelInfo Info)> Scan()
    {
        if (!Directory.Exists(options.Directory)) return [];
        var cards = Directory.EnumerateDirectories(options.Directory, "*", SearchOption.AllDirectories).Where(ModelFolder.Holds)
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
            logger.LogWarning(broken, "{Folder} holds no readable model and is passed over", folder);
            return null;
        }
    }

    private Dictionary<string, string> Promoted() =>
        File.Exists(ActiveFile) ? JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(ActiveFile)) ?? [] : [];
}
