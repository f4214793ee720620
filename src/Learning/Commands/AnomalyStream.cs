using Seamless.Analytics.Detectors;

namespace Seamless.Learning.Commands;

/// <summary>Several detectors side by side, and the alarm logic an operator wants: one row per event, then rest.</summary>
internal sealed class AnomalyStream(int signals)
{
    /// <summary>From here a row is an anomaly: the detector's "worth a look".</summary>
    public const double Threshold = 0.5;

    private const int RestRows = 100;

    private readonly IStreamingDetector[] _detectors = [.. Enumerable.Range(0, signals).Select(_ => StreamingDetectors.Create("novelty"))];
    private int _rest;
    private bool _on;

    public double Next(long timestampMs, ReadOnlySpan<double> values)
    {
        var score = 0.0;
        for (var i = 0; i < values.Length; i++) score = Math.Max(score, _detectors[i].Observe(timestampMs, values[i]));
        var abnormal = score >= Threshold;
        var quiet = _rest > 0 || _on;   // the event goes on, or has only just been reported
        _rest = Math.Max(0, _rest - 1);
        _on = abnormal;
        if (quiet) return 0;
        if (!abnormal) return score;
        _rest = RestRows;
        return score;
    }
}
