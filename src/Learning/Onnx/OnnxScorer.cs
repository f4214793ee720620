using Seamless.Learning.Models;

namespace Seamless.Learning.Onnx;

/// <summary>Scores samples with an imported graph, each alone. Bounds and probability of a remaining life come from the error that its card tells.</summary>
internal sealed class OnnxScorer(ModelInfo info, OnnxSession session, double horizon, double error) : IScorer
{
    /// <summary>Where a tenth of a normal distribution lies below.</summary>
    private const double Tenth = 1.2816;
    private static readonly IReadOnlyDictionary<string, double> Nothing = new Dictionary<string, double>();

    public ModelInfo Model { get; } = info;

    public Verdict? Observe(string device, long timestampMs, IReadOnlyDictionary<string, double> readings)
    {
        var row = new double[Model.Features.Count];
        for (var i = 0; i < row.Length; i++)
            if (!readings.TryGetValue(Model.Features[i], out row[i]) || !double.IsFinite(row[i])) return null;
        var said = session.Run(row);
        if (!Array.TrueForAll(said, double.IsFinite)) return null;
        return Model.Kind is ModelFolder.Rul ? Life(Math.Max(0, said[0])) : Failure(said);
    }

    private Verdict Life(double cycles) => new(
        Normal((horizon - cycles) / error), (Math.Max(0, cycles - Tenth * error), cycles, cycles + Tenth * error), Nothing, Nothing);

    private Verdict Failure(double[] said) => new(
        Math.Clamp(said[0], 0, 1), null, session.Outputs.Skip(1).Select((name, i) => (Mode: name[OnnxExport.ModePrefix.Length..], P: Math.Clamp(said[i + 1], 0, 1))).ToDictionary(m => m.Mode, m => m.P), Nothing);

    /// <summary>Share of a normal distribution below <paramref name="z"/>, by the logistic function of Bowling et al. (2009): right to 0.0002.</summary>
    private static double Normal(double z) => 1 / (1 + Math.Exp(-(0.07056 * z * z * z + 1.5976 * z)));

    public byte[] Snapshot() => [];

    public void Restore(ReadOnlySpan<byte> snapshot) { }
}
