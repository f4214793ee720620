namespace Seamless.Learning.Failures;

/// <summary>Judges each sample alone; needs every input of the model at once.</summary>
internal sealed class FailureScorer(ModelInfo info, FailureModel model) : IScorer
{
    private readonly string[] _inputs = [.. model.Modes.Prepend(model.Failure).SelectMany(m => m.Features.Columns.Keys).Distinct()];

    public ModelInfo Model { get; } = info;

    public Verdict? Observe(string device, long timestampMs, IReadOnlyDictionary<string, double> readings)
    {
        foreach (var input in _inputs)
            if (!readings.TryGetValue(input, out var value) || !double.IsFinite(value)) return null;
        double Number(string column) => readings[column];
        static string? Text(string column) => null;   // readings are numbers: a category that no reading names is none of them
        var modes = new double[model.Modes.Count];
        var probability = model.Probability(Number, Text, modes);
        var leading = model.FromModes ? model.Modes[Array.IndexOf(modes, modes.Max())] : model.Failure;
        return new Verdict(probability, null, model.Modes.Select((m, i) => (m.Label, modes[i])).ToDictionary(m => m.Label, m => m.Item2), leading.Explain(Number, Text))
        {
            Unknown = model.Unknown(Number, modes),
        };
    }

    public byte[] Snapshot() => [];

    public void Restore(ReadOnlySpan<byte> snapshot) { }
}
