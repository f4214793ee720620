using Seamless.Analytics.Detectors;
using Seamless.Analytics.MachineState;

namespace Seamless.Learning.Commands;

/// <summary>What scores the rows of a file: one signal by its novelty, several signals of a machine by the machine's state.</summary>
internal abstract class AnomalyStream
{
    /// <summary>From here a row is an anomaly: the detectors' "worth a look".</summary>
    public const double Threshold = MachineStateDetector.Threshold;

    public static AnomalyStream Create(int signals) => signals == 1 ? new OneSignal() : new OneMachine(signals);

    public abstract double Next(long timestampMs, ReadOnlySpan<double> values);

    /// <summary>The alarm logic an operator wants of a single signal: one row per event, then rest.</summary>
    private sealed class OneSignal : AnomalyStream
    {
        private const int RestRows = 100;

        private readonly IStreamingDetector _detector = StreamingDetectors.Create("novelty");
        private int _rest;
        private bool _on;

        public override double Next(long timestampMs, ReadOnlySpan<double> values)
        {
            var score = _detector.Observe(timestampMs, values[0]);
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

    /// <summary>A state lasts: every row from its onset to its return is marked.</summary>
    private sealed class OneMachine(int signals) : AnomalyStream
    {
        private readonly MachineStateDetector _machine = new(signals);

        public override double Next(long timestampMs, ReadOnlySpan<double> values) => _machine.Observe(values);
    }
}
