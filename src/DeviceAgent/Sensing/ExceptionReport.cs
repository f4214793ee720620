using Seamless.Telemetry;

namespace Seamless.DeviceAgent.Sensing;

/// <summary>Report by exception: of many measurements only those that say something new, and one now and then that all is as it was.</summary>
/// <remarks>
/// What has moved further from what was last sent than its deadband is an exception (send-on-delta; Miskowicz 2006), and so is a state, a quality or a metric that comes or goes. Without a deadband of its own
/// a metric's is six times the mean step between two measurements, which is learned; until that is known everything goes. What goes one way all the time, such as a counter, is an exception when it leaves its way. A metric that jumps all the time becomes more tolerant with each exception and forgets that slowly. The measurement before an exception goes too, so that a jump stays a jump, and for a while everything after it.
/// </remarks>
public sealed class ExceptionReport
{
    /// <summary>Mean steps that are still noise.</summary>
    public const double NoiseSteps = 6;

    private const double Forgetting = 1.0 / 64;
    private const int LearnsFrom = 8;

    /// <summary>Of its value: what has hardly moved for long is no news when it moves a little.</summary>
    private const double Trifle = 0.02;
    private const double MostTolerance = 20;
    private const double ToleranceForgetting = 1.0 / 2048;

    /// <summary>Of its steps so much is one way where a metric goes one way all the time.</summary>
    private const double OneWay = 0.9;

    /// <summary>So far beside its way such a metric may be, in shares of what it has gone.</summary>
    private const double SteadyWithin = 0.1;

    private readonly long _everyMs;
    private readonly long _attentiveMs;
    private readonly IReadOnlyDictionary<string, double> _deadbands;
    private readonly Dictionary<string, Track> _tracks = new(StringComparer.Ordinal);
    private readonly List<Reading> _before = [];
    private long _beforeMs;
    private long _sentMs = long.MinValue;
    private long _attentiveUntilMs = long.MinValue;
    private volatile bool _isAsked;

    /// <param name="every">Between two measurements that go although nothing has changed.</param>
    /// <param name="attentive">For how long after an exception everything goes.</param>
    /// <param name="deadbands">Metric → change in its own unit up to which nothing has changed; 0 makes every change an exception.</param>
    public ExceptionReport(TimeSpan every, TimeSpan attentive, IReadOnlyDictionary<string, double>? deadbands = null) =>
        (_everyMs, _attentiveMs, _deadbands) = ((long)every.TotalMilliseconds, (long)attentive.TotalMilliseconds, deadbands ?? new Dictionary<string, double>());

    /// <summary>Exceptions so far.</summary>
    public long Exceptions { get; private set; }

    /// <summary>From the next measurement on everything goes for a while: somebody wants to see what a command has done.</summary>
    public void Attend() => _isAsked = true;

    /// <summary>Whether <paramref name="measurement"/> is to be sent.</summary>
    /// <param name="before">The one before it, when that goes first; null when there is none or it has gone.</param>
    public bool Takes(in Measurement measurement, out Measurement? before)
    {
        before = null;
        var isFirst = _sentMs == long.MinValue;
        var isException = Learn(measurement.Readings, out var isLearning) && !isFirst;
        if (isException)
        {
            Exceptions++;
            _attentiveUntilMs = measurement.TimestampMs + _attentiveMs;
            if (_before.Count > 0) before = new Measurement(_beforeMs, [.. _before]);
        }
        if (_isAsked)
        {
            _isAsked = false;
            _attentiveUntilMs = Math.Max(_attentiveUntilMs, measurement.TimestampMs + _attentiveMs);
        }
        if (!isFirst && !isException && !isLearning && measurement.TimestampMs > _attentiveUntilMs && measurement.TimestampMs - _sentMs < _everyMs)
        {
            Remember(measurement);
            return false;
        }
        Sent(measurement);
        return true;
    }

    /// <summary>Takes in the values; true when one of them is an exception.</summary>
    private bool Learn(IReadOnlyList<Reading> readings, out bool isLearning)
    {
        var isException = isLearning = false;
        foreach (var reading in readings)
        {
            if (!_tracks.TryGetValue(reading.Metric, out var track))
            {
                _tracks[reading.Metric] = new Track(reading);
                isException = true;   // a metric that comes
                continue;
            }
            isException |= IsException(track, reading);
            track.Learn(reading);
            isLearning |= !IsKnown(track, reading);
        }
        return isException;
    }

    private bool IsException(Track track, in Reading now)
    {
        var sent = track.Sent;
        if (now.Quality != sent.Quality || now.State != sent.State) return true;
        if (now.IsState || !IsKnown(track, now)) return false;
        if (double.IsNaN(now.Value) != double.IsNaN(sent.Value)) return true;
        var moved = now.Value - sent.Value;
        if (_deadbands.TryGetValue(now.Metric, out var own)) return Math.Abs(moved) > own;
        var expected = track.IsSteady ? track.WayWhenSent * (track.StepsSinceSent + 1) : 0;
        var noise = track.IsSteady ? NoiseSteps * track.MeanSpread + SteadyWithin * Math.Abs(expected) : NoiseSteps * track.MeanStep;
        if (Math.Abs(moved - expected) <= Math.Max(track.Tolerance * noise, Trifle * Math.Abs(sent.Value))) return false;
        track.Tolerate();
        return true;
    }

    private bool IsKnown(Track track, in Reading reading) => reading.IsState || track.Steps >= LearnsFrom || _deadbands.ContainsKey(reading.Metric);

    private void Remember(in Measurement measurement)
    {
        _before.Clear();
        _before.AddRange(measurement.Readings);
        _beforeMs = measurement.TimestampMs;
    }

    private void Sent(in Measurement measurement)
    {
        foreach (var reading in measurement.Readings) _tracks[reading.Metric].IsSent(reading);
        _before.Clear();
        _sentMs = measurement.TimestampMs;
    }

    private sealed class Track(Reading first)
    {
        private Reading _last = first;

        public Reading Sent { get; private set; } = first;
        public int StepsSinceSent { get; private set; }
        public double WayWhenSent { get; private set; }
        public int Steps { get; private set; }

        /// <summary>Mean of |step|, forgetting slowly; what is an exception itself hardly counts.</summary>
        public double MeanStep { get; private set; }

        /// <summary>Mean of the step, with its sign.</summary>
        public double MeanWay { get; private set; }

        /// <summary>Mean of |step − mean step|.</summary>
        public double MeanSpread { get; private set; }

        public bool IsSteady => Math.Abs(MeanWay) > OneWay * MeanStep;

        /// <summary>Times its noise that it has to move.</summary>
        public double Tolerance { get; private set; } = 1;

        public void Tolerate() => Tolerance = Math.Min(MostTolerance, 1.5 * Tolerance);

        public void IsSent(in Reading reading) => (Sent, StepsSinceSent, WayWhenSent) = (reading, 0, MeanWay);

        public void Learn(in Reading now)
        {
            var step = now.Value - _last.Value;
            _last = now;
            StepsSinceSent++;
            Tolerance += ToleranceForgetting * (1 - Tolerance);
            if (!double.IsFinite(step)) return;
            Steps++;
            if (Steps > LearnsFrom) step = Math.Clamp(step, -NoiseSteps * MeanStep, NoiseSteps * MeanStep);
            var weight = Math.Max(Forgetting, 1.0 / Steps);
            MeanStep += weight * (Math.Abs(step) - MeanStep);
            MeanSpread += weight * (Math.Abs(step - MeanWay) - MeanSpread);
            MeanWay += weight * (step - MeanWay);
        }
    }
}
