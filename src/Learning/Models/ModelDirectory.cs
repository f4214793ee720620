using System.Text.Json;
using Microsoft.Extensions.Logging;
using Seamless.Learning.Live;
using Seamless.Learning.Onnx;
using Seamless.Learning.Trials;
using Seamless.Telemetry;

namespace Seamless.Learning.Models;

/// <summary>The models in the folders of one directory. Several versions of a name may lie side by side; one of them is active.</summary>
/// <remarks>
/// A name with nothing promoted has its first-trained version active: who puts down one model wants it used; a second one waits in the shadow
/// until somebody promotes it.
/// </remarks>
public sealed class ModelDirectory : IModelRegistry, IDisposable
{
    private readonly string _directory;
    private readonly TimeProvider _time;
    private readonly LatestVerdicts? _verdicts;
    private readonly InputDrift? _drift;
    private readonly TrialBook? _trials;
    private readonly ILogger<ModelDirectory> _logger;
    private readonly ModelLedger _ledger;
    private readonly ModelSignature _signatures;
    private readonly FileSystemWatcher _watcher;
    private readonly Lock _gate = new();

    public ModelDirectory(LearningOptions options, ILogger<ModelDirectory> logger, TimeProvider time, LatestVerdicts? verdicts = null, InputDrift? drift = null, TrialBook? trials = null)
    {
        (_directory, _logger, _time, _verdicts, _drift, _trials) = (options.Directory, logger, time, verdicts, drift, trials);
        Directory.CreateDirectory(_directory);
        _ledger = new ModelLedger(_directory);
        _signatures = new ModelSignature(options);
        // 'seamless train' may write beside a running platform. A description is written last, so whoever sees it sees a whole model.
        _watcher = new FileSystemWatcher(_directory, "*.json") { IncludeSubdirectories = true, EnableRaisingEvents = true };
        _watcher.Created += (_, _) => Changed?.Invoke();
        _watcher.Changed += (_, _) => Changed?.Invoke();
        _watcher.Renamed += (_, _) => Changed?.Invoke();
    }

    /// <summary>A model was written or promoted; raised on any thread, perhaps more than once for one change.</summary>
    public event Action? Changed;

    public void Announce() => Changed?.Invoke();

    public IReadOnlyList<ModelInfo> All() => [.. Scan().Select(found => found.Info)];

    public ModelInfo? Find(string id) => All().FirstOrDefault(model => model.Id == id);

    public IReadOnlyList<ModelChange> History(string name) => [.. _ledger.History().Where(change => change.Name == name).Reverse()];

    public IScorer? OpenScorer(string name)
    {
        var versions = Scan().Where(found => found.Info.Name == name).ToArray();
        if (versions.FirstOrDefault(found => found.Info.Status is "active") is not { Info: not null } active || TryOpen(active.Folder, active.Info, active.Card) is not { } champion) return null;
        var watched = _verdicts is null ? champion : new WatchedScorer(champion, _verdicts, _drift);
        if (_trials is null) return watched;
        var challenger = versions.FirstOrDefault(found => found.Info.IsChallenger && found.Info.Kind == active.Info.Kind) is { Info: not null } other ? TryOpen(other.Folder, other.Info, other.Card) : null;
        return new PairedScorer(watched, challenger, challenger is null ? null : _trials.Between(active.Info, challenger.Model), _drift);
    }

    /// <summary>A model of another version must not stop the rules of all machines: it is not used, and the log says what to do.</summary>
    private IScorer? TryOpen(string folder, ModelInfo info, ModelFolder.Card card)
    {
        try
        {
            return OnnxFolder.Holds(folder) ? OnnxFolder.Open(folder, info, _signatures) : ModelFolder.OpenScorer(folder, info, card);
        }
        catch (InvalidDataException unreadable)
        {
            _logger.LogError("model {Model} is not used: {Reason}", info.Id, unreadable.Message);
            return null;
        }
    }

    public IReadOnlyList<GateFigure> Compare(string id) =>
        Find(id) is { } model && ActiveOf(model.Name) is { } active && active.Id != id ? Measure(model, active) : [];

    /// <summary>By what both said of the same machines where that is enough, otherwise by the held-out rows of the training.</summary>
    private IReadOnlyList<GateFigure> Measure(ModelInfo model, ModelInfo active) =>
        _trials?.Of(model) is { IsEnough: true } trial && trial.Challenger.Model == model.Id && trial.Champion.Model == active.Id ? PromotionGate.Compare(trial) : PromotionGate.Compare(model, active);

    public Outcome<ModelInfo> Promote(string id, string by, string? reason = null, bool force = false)
    {
        if (force && string.IsNullOrWhiteSpace(reason)) return Refusal.Invalid("to promote against the gate needs a reason");
        return Change(id, model =>
        {
            if (ActiveOf(model.Name) is not { } active) return new ModelChange(model.Name, id, "promoted", null, _time.GetUtcNow(), by, reason, false);
            if (active.Id == id) return Refusal.Because($"{id} is the active version already");
            var figures = Measure(model, active);
            var passes = figures.All(figure => figure.Passes);
            if (!passes && !force) return Refusal.Because(PromotionGate.Words(model, active, figures));
            return new ModelChange(model.Name, id, "promoted", active.Id, _time.GetUtcNow(), by, reason, !passes);
        });
    }

    public Outcome<ModelInfo> Shadow(string id, string by, string? reason = null) => Change(id, model =>
    {
        if (model.Status is "active") return Refusal.Because($"{id} is the active version; a challenger is another version of {model.Name}");
        if (model.IsChallenger) return Refusal.Because($"{id} is the challenger already");
        if (model.Kind is ModelFolder.Condition) return Refusal.Because($"{id} is of kind condition, which scores files only: there is nothing to score beside");
        if (ActiveOf(model.Name) is not { } active) return Refusal.Because($"no version of {model.Name} is active, so there is nothing to compare {id} with; promote it");
        if (active.Kind != model.Kind) return Refusal.Because($"{id} is of kind {model.Kind} and the active {active.Id} of kind {active.Kind}; only models of one kind can be compared");
        return new ModelChange(model.Name, id, "shadowed", null, _time.GetUtcNow(), by, reason, false);
    });

    public Outcome<ModelInfo> Return(string id, string by, string? reason = null)
    {
        if (Find(id) is not { } model) return Unknown(id);
        if (model.Status is not "active") return Refusal.Because($"{id} is not the active version; there is no promotion of it to take back");
        if (PreviousOf(model) is not { } previous) return Refusal.Because($"no version of {model.Name} was active before {id}");
        return Change(previous, back => new ModelChange(back.Name, back.Id, "returned", id, _time.GetUtcNow(), by, reason, false));
    }

    public Outcome<ModelInfo> Retire(string id, string by, string? reason = null) => Change(id, model => model.Status is "retired"
        ? Refusal.Because($"{id} is retired already")
        : new ModelChange(model.Name, id, "retired", model.Status is "active" ? id : null, _time.GetUtcNow(), by, reason, false));

    private Outcome<ModelInfo> Change(string id, Func<ModelInfo, Outcome<ModelChange>> decide)
    {
        lock (_gate)
        {
            if (Find(id) is not { } model) return Unknown(id);
            var decided = decide(model);
            if (!decided.Succeeded) return decided.Refusal;
            var change = decided.Value;
            if (change.What is "shadowed") _ledger.WriteChallenger(change);
            else _ledger.Write(change, change.What is not "retired" ? id : change.Previous == id ? "" : ActiveOf(model.Name)?.Id ?? "");
            _logger.LogInformation("model {Model} {What} by {Who}", id, change.What, change.By);
        }
        Announce();
        return Find(id) is { } changed ? changed : Unknown(id);
    }

    /// <summary>What was active before this one was promoted; of those that are still there.</summary>
    private string? PreviousOf(ModelInfo model) =>
        History(model.Name).FirstOrDefault(change => change.Id == model.Id && change.What is "promoted" or "returned")?.Previous is { } previous && Find(previous) is not null ? previous : null;

    private ModelInfo? ActiveOf(string name) => All().FirstOrDefault(model => model.Name == name && model.Status is "active");

    private static Refusal Unknown(string id) => Refusal.NotFound($"there is no model '{id}'");

    public string? FolderOf(string id) => Scan().FirstOrDefault(found => found.Info.Id == id).Folder;

    private List<(string Folder, ModelFolder.Card Card, ModelInfo Info)> Scan()
    {
        var cards = Directory.EnumerateDirectories(_directory, "*", SearchOption.AllDirectories).Where(ModelFolder.Holds)
            .Order(StringComparer.Ordinal).Select(TryRead).OfType<(string Folder, ModelFolder.Card Card)>().ToArray();
        var (promoted, retired, challengers) = (_ledger.Active(), ModelLedger.RetiredOf(_ledger.History()), _ledger.Challengers());
        return
        [
            .. cards.GroupBy(c => c.Card.Name).SelectMany(versions =>
            {
                var ordered = versions.OrderBy(v => v.Card.TrainedAt).ThenBy(v => v.Folder, StringComparer.Ordinal).ToArray();
                var active = promoted.GetValueOrDefault(versions.Key) ?? ordered.FirstOrDefault(v => v.Card.Format is not ModelFolder.Imported).Card?.Id;   // what others trained waits until somebody promotes it
                return ordered.Select(v => (v.Folder, v.Card, v.Card.Info(v.Card.Id == active ? "active" : retired.Contains(v.Card.Id) ? "retired" : "shadow") with { IsChallenger = v.Card.Id != active && challengers.GetValueOrDefault(versions.Key) == v.Card.Id }));
            }),
        ];
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

    public void Dispose() => _watcher.Dispose();
}
