using System.Collections.Concurrent;

namespace Seamless.Learning.Live;

/// <summary>What a model said of a machine last.</summary>
/// <param name="AtMs">Time of the sample, Unix milliseconds.</param>
public sealed record LatestVerdict(ModelInfo Model, long AtMs, Verdict Verdict);

/// <summary>What each model in force said of each machine last, for whoever shows it. In memory: after a start it fills with the next samples.</summary>
public sealed class LatestVerdicts
{
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, LatestVerdict>> _byDevice = new(StringComparer.Ordinal);

    /// <param name="device">As scorers are given it: <c>tenant/device</c>.</param>
    /// <returns>By the model's name.</returns>
    public IReadOnlyList<LatestVerdict> Of(string device) =>
        _byDevice.TryGetValue(device, out var verdicts) ? [.. verdicts.Values.OrderBy(verdict => verdict.Model.Name, StringComparer.Ordinal)] : [];

    public void Put(string device, LatestVerdict verdict) =>
        _byDevice.GetOrAdd(device, static _ => new(StringComparer.Ordinal))[verdict.Model.Name] = verdict;
}

/// <summary>Passes everything on; remembers what was said last, and counts what was asked about.</summary>
internal sealed class WatchedScorer(IScorer scorer, LatestVerdicts verdicts, InputDrift? drift) : IScorer
{
    public ModelInfo Model => scorer.Model;

    public Verdict? Observe(string device, long timestampMs, IReadOnlyDictionary<string, double> readings)
    {
        var verdict = scorer.Observe(device, timestampMs, readings);
        if (verdict is null) return null;
        verdicts.Put(device, new LatestVerdict(Model, timestampMs, verdict));
        drift?.Count(Model, readings);
        return verdict;
    }

    public byte[] Snapshot() => scorer.Snapshot();
    public void Restore(ReadOnlySpan<byte> snapshot) => scorer.Restore(snapshot);
}
