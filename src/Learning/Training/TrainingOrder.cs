using Seamless.Learning.Models;
using Seamless.Telemetry;

namespace Seamless.Learning.Training;

/// <summary>What is to be learned from a stored file, or from history.</summary>
/// <param name="Kind"><c>rul</c> or <c>failure</c>.</param>
/// <param name="File">Id of the file; empty when it is learned from <see cref="History"/>.</param>
/// <param name="Name">The model's name, by which rules call it.</param>
public sealed record TrainingOrder(string Kind, string File, string Name)
{
    /// <summary>For rul: the column that names the machine.</summary>
    public string? Unit { get; init; }

    /// <summary>For rul: the column that orders its rows.</summary>
    public string? Time { get; init; }

    /// <summary>For failure: the 0/1 column to learn.</summary>
    public string? Label { get; init; }

    /// <summary>For failure: 0/1 columns of its modes.</summary>
    public IReadOnlyList<string> Modes { get; init; } = [];

    /// <summary>For rul: longest remaining life that is told apart, in rows.</summary>
    public double Cap { get; init; } = 125;

    /// <summary>For rul: rows within which a failure counts as near.</summary>
    public double Horizon { get; init; } = 30;

    /// <summary>The same seed and data, the same model.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Learn from the platform's own history; null for a file. The columns are known then: <see cref="Modes"/> may name the failure modes.</summary>
    public TrainingHistory? History { get; init; }

    /// <summary>Nobody ordered it: a model is trained again with what came since.</summary>
    public bool IsRefit { get; init; }

    /// <summary>Why this cannot be learned from that file; null when it can be tried.</summary>
    internal Refusal? WhatIsWrong(TrainingFile file) => WhatIsWrong() ?? (Kind is ModelFolder.Rul ? WhatIsWrongWithLife(file) : WhatIsWrongWithLabels(file));

    /// <summary>What can be said before the data is known.</summary>
    internal Refusal? WhatIsWrong()
    {
        if (Kind is not (ModelFolder.Rul or ModelFolder.Failure)) return Refusal.Invalid($"kind is '{Kind}'; it must be rul or failure");
        if (!IsModelName(Name)) return Refusal.Invalid($"'{Name}' cannot name a model; use letters, digits, '_', '.', '-' (up to 128), not a '.' first");
        if (Seed < 0) return Refusal.Invalid("seed must be 0 or more");
        return Kind is ModelFolder.Rul && (!(Cap > 0) || !(Horizon > 0)) ? Refusal.Invalid("cap and horizon must be above 0") : null;
    }

    private Refusal? WhatIsWrongWithLife(TrainingFile file)
    {
        if (Missing(file, "unit", Unit) is { } unit) return unit;
        if (Missing(file, "time", Time) is { } time) return time;
        return Unit == Time ? Refusal.Invalid("unit and time must be two columns") : null;
    }

    private Refusal? WhatIsWrongWithLabels(TrainingFile file)
    {
        if (Missing(file, "label", Label) is { } label) return label;
        foreach (var mode in Modes)
        {
            if (Missing(file, "modes", mode) is { } wrong) return wrong;
            if (mode == Label) return Refusal.Invalid($"modes: '{mode}' is the label");
        }
        return Modes.Distinct().Count() == Modes.Count ? null : Refusal.Invalid("modes: a column is named twice");
    }

    private static Refusal? Missing(TrainingFile file, string field, string? column)
    {
        if (string.IsNullOrWhiteSpace(column)) return Refusal.Invalid($"{field}: name a column of {file.Name}");
        return file.Columns.Any(c => c.Name == column)
            ? null
            : Refusal.Invalid($"{field}: {file.Name} has no column '{column}'; its columns are: {string.Join(", ", file.Columns.Select(c => c.Name))}");
    }

    /// <summary>It is also the name of a folder.</summary>
    internal static bool IsModelName(string name) => DeviceKey.IsValidName(name) && name[0] != '.';
}
