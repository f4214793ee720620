namespace Seamless.Analytics.Detectors;

/// <summary>Scores how far a stream leaves everything it has done so far: in value, in its means, against its daily rhythm, in its spread, by drift.</summary>
/// <remarks>
/// Each channel measures its relative excess over its own range ("it breaks its record by a third of the range"). Two readings are made of the
/// excesses. The <em>alert</em> weighs the sensitive channels up and ends below 0.95: worth a look, one row per event, then a refractory time.
/// The <em>tail</em> is what may raise an alarm alone: 0.99 is reached where a channel lies about 0.3 ranges outside, which stationary noise
/// does not do in months. A tail event is held for as long as the channel stays outside the range it broke, so that a rule with an
/// on-delay sees it; after <see cref="LongestHold"/> points the new level is taken for normal.
/// One configuration for every stream; about 1.5 KB of state; no allocation per point.
/// </remarks>
internal sealed class NoveltyDetector : IStreamingDetector
{
    /// <summary>Points a channel has seen before it may speak.</summary>
    private const int Learning = 200;
    private const int Refractory = 100;
    private const int LongestHold = 1000;

    /// <summary>Weighted excess that scores 0.5; ten times that scores 0.99.</summary>
    private const double HalfScore = 0.03;
    private const double AlertCeiling = 0.95;
    private const double TailBegins = 0.2;
    private const double HoldEnds = 0.1;
    private const double Forgetting = 2e-6;

    private enum Channel { Value, ShortMean, LongMean, Residual, Spread }

    private const int Channels = 5;

    private readonly Envelope[] _ranges = new Envelope[Channels];
    private readonly SlidingMoments _moments = new();
    private readonly DailyProfile _profile = new();
    private DriftScore _drift;
    private long _count;
    private long _lastAlert = -Refractory - 1;
    private int _held = -1;
    private Envelope _heldRange;
    private int _heldFor;
    private double _alert;
    private double _tail;

    public (double Low, double High) Expected { get; private set; } = (double.NaN, double.NaN);

    public double Observe(long timestampMs, double value)
    {
        if (!double.IsFinite(value)) return 0;
        (_alert, _tail) = (0, 0);
        _profile.Add(timestampMs, value);
        Expected = Band();
        Judge(Channel.Value, value, 1, 1);
        if (_profile.TryUsual(out var usual)) Judge(Channel.Residual, value - usual, 0.3, 0.5);
        _moments.Add(value);
        if (_moments.HasShort) Judge(Channel.ShortMean, _moments.ShortMean, 0.4, 0.5);
        if (_moments.HasLong)
        {
            Judge(Channel.LongMean, _moments.LongMean, 3, 0.5);
            // The logarithm makes a collapse (a sensor that sticks) as visible as a growth.
            Judge(Channel.Spread, Math.Log(_moments.LongSpread + 1e-3 * Math.Abs(_moments.LongMean) + 1e-9), 0.02, 0.02);
        }
        JudgeDrift(_drift.Observe(timestampMs, value));
        _count++;
        return Score();
    }

    /// <summary>The range of the value so far, cut to the daily rhythm where that is known.</summary>
    private (double, double) Band()
    {
        ref var range = ref _ranges[(int)Channel.Value];
        if (range.Count < Learning) return (double.NaN, double.NaN);
        ref var residual = ref _ranges[(int)Channel.Residual];
        if (residual.Count < Learning || !_profile.TryUsual(out var usual)) return (range.Low, range.High);
        var low = Math.Max(range.Low, usual + residual.Low);
        var high = Math.Min(range.High, usual + residual.High);
        return low <= high ? (low, high) : (range.Low, range.High);
    }

    private void Judge(Channel channel, double feature, double alertWeight, double tailWeight)
    {
        ref var range = ref _ranges[(int)channel];
        var excess = range.Count < Learning ? 0 : range.Excess(feature);
        _alert = Math.Max(_alert, alertWeight * excess);
        var tail = tailWeight * excess;
        if (_held == (int)channel) tail = Math.Max(tail, WhileHeld(tailWeight * _heldRange.Excess(feature)));
        else if (tail >= TailBegins && _held < 0) (_held, _heldRange, _heldFor) = ((int)channel, range, 0);
        _tail = Math.Max(_tail, tail);
        range.Include(feature, Forgetting);
    }

    private double WhileHeld(double tail)
    {
        if (tail >= HoldEnds && ++_heldFor < LongestHold) return tail;
        _held = -1;
        return 0;
    }

    /// <summary>Five sigmas are the beginning, eight reach 0.99: the spread is measured on the same stream, so these are rare in any noise.</summary>
    private void JudgeDrift(double z)
    {
        _alert = Math.Max(_alert, 0.001 * (z - 5));
        _tail = Math.Max(_tail, 0.1 * (z - 5));
    }

    private double Score()
    {
        var tail = _tail >= TailBegins ? Map(_tail) : 0;
        if (_count <= Learning) return 0;
        return Math.Max(tail, Math.Min(Alert(), AlertCeiling));
    }

    private double Alert()
    {
        var resting = _count - _lastAlert <= Refractory;
        if (resting) return 0;
        if (_alert >= HalfScore) _lastAlert = _count;
        return Map(_alert);
    }

    private static double Map(double excess) => excess * excess / (excess * excess + HalfScore * HalfScore);

    public void Snapshot(BinaryWriter writer)
    {
        writer.Write(_count);
        writer.Write(_lastAlert);
        writer.Write(_held);
        writer.Write(_heldFor);
        writer.Write(Expected.Low);
        writer.Write(Expected.High);
        _heldRange.Snapshot(writer);
        foreach (ref readonly var range in _ranges.AsSpan()) range.Snapshot(writer);
        _moments.Snapshot(writer);
        _profile.Snapshot(writer);
        _drift.Snapshot(writer);
    }

    public void Restore(BinaryReader reader)
    {
        _count = reader.ReadInt64();
        _lastAlert = reader.ReadInt64();
        _held = reader.ReadInt32();
        _heldFor = reader.ReadInt32();
        Expected = (reader.ReadDouble(), reader.ReadDouble());
        _heldRange.Restore(reader);
        foreach (ref var range in _ranges.AsSpan()) range.Restore(reader);
        _moments.Restore(reader);
        _profile.Restore(reader);
        _drift.Restore(reader);
    }
}
