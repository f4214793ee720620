using Seamless.Learning.Training;

namespace Seamless.Learning;

/// <summary>A trained model in the registry.</summary>
/// <param name="Kind"><c>failure</c>, <c>rul</c>, or <c>condition</c>, which scores files only.</param>
/// <param name="Status"><c>active</c>, <c>shadow</c> or <c>retired</c>.</param>
/// <param name="ReportJson">Evaluation report: figures, protocol, data, seed.</param>
public sealed record ModelInfo(
    string Id, string Kind, string Name, string Version, string Status, IReadOnlyList<string> Features,
    DateTimeOffset TrainedAt, int Seed, string DataHash, string ReportJson)
{
    /// <summary>Version and commit of the product that trained it; null of a model from before that was kept.</summary>
    public string? CodeVersion { get; init; }

    /// <summary>What was asked for: columns, cap, horizon.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    public ModelData? Data { get; init; }

    /// <summary>Id of the version that was active when this one was ordered.</summary>
    public string? Parent { get; init; }

    /// <summary>What of the platform's history it was trained from; null when from a file.</summary>
    public ModelHistory? History { get; init; }

    /// <summary>It came as a signed ONNX file and was not trained here.</summary>
    public bool IsImported { get; init; }

    /// <summary>Of the versions in the shadow, the one that judges what the active one judges, for comparison.</summary>
    public bool IsChallenger { get; init; }

    /// <summary>Input → the upper ends of its ten tenths in the training data.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<double>> Deciles { get; init; } = new Dictionary<string, IReadOnlyList<double>>();
}

/// <summary>The data a model was trained on.</summary>
/// <param name="Machines">For rul.</param>
/// <param name="ShortestLife">For rul, in rows.</param>
public sealed record ModelData(int Rows, int Columns, int? Machines = null, int? ShortestLife = null, int? LongestLife = null);

/// <summary>What a model says about one machine now.</summary>
/// <param name="Probability">Failure probability 0–1, or for rul the probability of failure within the planning horizon.</param>
/// <param name="RemainingLife">For rul: P50 in the model's own time unit (cycles), with P10 and P90; null for failure.</param>
/// <param name="Modes">Failure mode → probability; empty when the model has none.</param>
/// <param name="Contributions">Feature → signed share of the score.</param>
public sealed record Verdict(
    double Probability, (double P10, double P50, double P90)? RemainingLife,
    IReadOnlyDictionary<string, double> Modes, IReadOnlyDictionary<string, double> Contributions)
{
    /// <summary>Why the model does not know this machine; its figures are then as wide as its ignorance. Null when it does.</summary>
    public string? Doubt { get; init; }

    /// <summary>Confidence, 0–1, that the sample is neither normal nor of a trained failure mode. Of normal samples about 1 % reach 0.99. Null when the model cannot say.</summary>
    public double? Unknown { get; init; }
}

/// <summary>Scores samples one at a time, with the state per device that the model needs. Deterministic.</summary>
public interface IScorer
{
    ModelInfo Model { get; }

    /// <summary>Feeds the current readings of <paramref name="device"/> (metric → value). Null until the model has what it needs.</summary>
    Verdict? Observe(string device, long timestampMs, IReadOnlyDictionary<string, double> readings);

    /// <summary>State of all devices, to survive a restart.</summary>
    byte[] Snapshot();
    void Restore(ReadOnlySpan<byte> snapshot);
}

/// <summary>The models under <c>{data}/models</c>.</summary>
public interface IModels
{
    IReadOnlyList<ModelInfo> All();
    ModelInfo? Find(string id);

    /// <summary>A scorer of the active model of that name, or null when none is active.</summary>
    IScorer? OpenScorer(string name);

    event Action? Changed;
}
