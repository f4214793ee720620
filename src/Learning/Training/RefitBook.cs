using System.Text.Json;

namespace Seamless.Learning.Training;

/// <summary>Whether a model is trained again each night, and what came of it last.</summary>
/// <param name="By">Who switched it.</param>
public sealed record Refit(string Name, bool IsNightly, string By, DateTimeOffset SwitchedAt)
{
    /// <summary>When it was last looked at.</summary>
    public DateTimeOffset? LookedAt { get; init; }

    /// <summary>When it was last trained again, by which job, and which version came of it.</summary>
    public DateTimeOffset? RefitAt { get; init; }
    public string? Job { get; init; }
    public string? Model { get; init; }

    /// <summary>Why it was not trained again when it was last looked at, or what went wrong; null when nothing did.</summary>
    public string? Skipped { get; init; }
}

/// <summary>The switches, by the model's name, in <c>refits.json</c>.</summary>
public sealed class RefitBook(LearningOptions options)
{
    private readonly Lock _gate = new();
    private Dictionary<string, Refit>? _refits;

    private string File => Path.Combine(options.TrainingFolder, "refits.json");

    public Refit? Of(string name)
    {
        lock (_gate) return Read().GetValueOrDefault(name);
    }

    public IReadOnlyList<Refit> Nightly()
    {
        lock (_gate) return [.. Read().Values.Where(refit => refit.IsNightly).OrderBy(refit => refit.Name, StringComparer.Ordinal)];
    }

    public Refit Put(Refit refit)
    {
        lock (_gate)
        {
            Read()[refit.Name] = refit;
            Directory.CreateDirectory(options.TrainingFolder);
            System.IO.File.WriteAllText(File + ".new", JsonSerializer.Serialize(_refits, TrainingJson.Options));
            System.IO.File.Move(File + ".new", File, overwrite: true);
            return refit;
        }
    }

    private Dictionary<string, Refit> Read() =>
        _refits ??= System.IO.File.Exists(File) ? JsonSerializer.Deserialize<Dictionary<string, Refit>>(System.IO.File.ReadAllText(File), TrainingJson.Options) ?? [] : [];
}
