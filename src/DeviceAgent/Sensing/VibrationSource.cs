using System.Runtime.CompilerServices;
using Seamless.Analytics.Vibration;
using Seamless.Telemetry;

namespace Seamless.DeviceAgent.Sensing;

/// <summary>Judges a waveform here and sends what was found: every window is judged, the newest verdict is sent once per sampling interval.</summary>
/// <remarks>The interval is counted in samples, so that a recording gives the same whenever it is read.</remarks>
/// <param name="rpm">The shaft's speed now; null while it is not known.</param>
/// <param name="unjudged">Told why windows cannot be judged, when the reason changes.</param>
public sealed class VibrationSource(
    SampleReader samples, BearingGeometry bearing, VibrationOptions options, Func<double?> rpm, SamplingInterval interval, TimeProvider time, Action<string> unjudged) : ISource
{
    public async IAsyncEnumerable<Measurement> ReadAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var diagnosis = new BearingDiagnosis(bearing, options);
        var window = new double[options.Window];
        string? problem = null;
        var silent = double.PositiveInfinity;   // seconds since the last report: the first window is sent at once
        while (await samples.FillAsync(window, ct))
        {
            var verdict = diagnosis.Observe(window, (rpm() ?? 0) / 60);
            if (verdict.Problem is { } why && why != problem) unjudged(why);
            problem = verdict.Problem;
            silent += options.Window / options.Rate;
            if (silent < interval.Current.TotalSeconds) continue;
            silent = 0;
            yield return new Measurement(time.GetUtcNow().ToUnixTimeMilliseconds(), Readings(verdict));
        }
    }

    private static List<Reading> Readings(in BearingVerdict verdict)
    {
        var state = new Reading("bearingState", double.NaN, verdict.State.Code());
        if (verdict.State is BearingState.Unknown) return [state];
        List<Reading> readings =
        [
            new("vibrationRms", Math.Round(verdict.Shape.Rms, 6)),
            new("vibrationPeak", Math.Round(verdict.Shape.Peak, 6)),
            new("vibrationCrestFactor", Math.Round(verdict.Shape.CrestFactor, 3)),
            new("vibrationKurtosis", Math.Round(verdict.Shape.Kurtosis, 3)),
            new("bpfoRatio", Math.Round(verdict.OuterRace.Strength, 2)),
            new("bpfiRatio", Math.Round(verdict.InnerRace.Strength, 2)),
            new("bsfRatio", Math.Round(verdict.Ball.Strength, 2)),
            new("bearingFault", Math.Round(1 - verdict.Probabilities.Normal, 4)),
            state,
        ];
        if (!double.IsNaN(verdict.HighFrequencyShare)) readings.Add(new Reading("vibrationHighFrequencyShare", Math.Round(verdict.HighFrequencyShare, 2)));
        return readings;
    }
}
