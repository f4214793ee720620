using Microsoft.Extensions.Logging;

namespace Seamless.Learning.Trials;

/// <summary>The trial of each model's name: the one that runs, or the last. Kept in <c>{data}/training/trials</c>, one file each, over a restart.</summary>
/// <remarks>What was seen since the last <see cref="Save"/> is lost when the platform breaks down; the rows are judged again from the log, and count then.</remarks>
public sealed partial class TrialBook(LearningOptions options, TimeProvider time, ILogger<TrialBook> logger) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Trial?> _trials = new(StringComparer.Ordinal);

    private string Folder => Path.Combine(options.TrainingFolder, "trials");
    private string FileOf(string name) => Path.Combine(Folder, Uri.EscapeDataString(name) + ".trial");

    /// <summary>The trial in which this version is, or was last, one of the two; null when there is none.</summary>
    public TrialReport? Of(ModelInfo model) =>
        TrialOf(model.Name) is { } trial && (trial.Terms.Champion == model.Id || trial.Terms.Challenger == model.Id) ? trial.Report() : null;

    /// <summary>Machines, as <c>tenant/device</c>, that both have judged.</summary>
    public IReadOnlyList<string> MachinesOf(string name) => TrialOf(name)?.Machines() ?? [];

    /// <summary>A failure of the machine was confirmed.</summary>
    /// <param name="device"><c>tenant/device</c>.</param>
    /// <param name="failedAt">When it was noticed; told twice, it counts once.</param>
    /// <param name="overAt">When it was over.</param>
    public bool Confirm(string name, string device, DateTimeOffset failedAt, DateTimeOffset overAt) => TrialOf(name)?.Confirm(device, failedAt, overAt) is true;

    /// <summary>The trial of these two, begun anew when the last was of others.</summary>
    internal Trial Between(ModelInfo champion, ModelInfo challenger)
    {
        lock (_gate)
        {
            if (TrialOf(champion.Name) is { } running && running.Terms.Champion == champion.Id && running.Terms.Challenger == challenger.Id) return running;
            return (_trials[champion.Name] = new Trial(TrialTerms.Of(champion, challenger), time.GetUtcNow()))!;
        }
    }

    /// <summary>Writes what has changed.</summary>
    public void Save()
    {
        Trial[] trials;
        lock (_gate) trials = [.. _trials.Values.OfType<Trial>()];
        foreach (var trial in trials)
        {
            var file = FileOf(trial.Terms.Name);
            Directory.CreateDirectory(Folder);
            if (trial.Write(() => new BinaryWriter(File.Create(file + ".new")))) File.Move(file + ".new", file, overwrite: true);
        }
    }

    private Trial? TrialOf(string name)
    {
        lock (_gate) return _trials.TryGetValue(name, out var trial) ? trial : _trials[name] = Load(FileOf(name));
    }

    private Trial? Load(string file)
    {
        if (!File.Exists(file)) return null;
        try
        {
            using var reader = new BinaryReader(File.OpenRead(file));
            return Trial.Read(reader);
        }
        catch (Exception broken) when (broken is IOException or InvalidDataException or ArgumentException)
        {
            Unreadable(broken, file);
            return null;
        }
    }

    public void Dispose() => Save();

    [LoggerMessage(Level = LogLevel.Warning, Message = "{File} is unreadable; the trial begins anew")]
    private partial void Unreadable(Exception failure, string file);
}
