namespace Seamless.Analytics.Detectors;

/// <summary>Scores how far a stream leaves everything it has done so far: in value, in its means, against its daily rhythm, in its spread, by drift.</summary>
/// <remarks>
/// Each channel measures its relative excess over its own range ("it breaks its record by a third of the range"). Two readings are made of the
/// excesses. The <em>alert</em> (<see cref="AlertReading"/>) weighs the sensitive channels up and ends below 0.95: worth a look, one row per
/// event, then a rest. The <em>tail</em> (<see cref="TailReading"/>) is what may raise an alarm alone: 0.99 is reached where a channel lies
/// about 0.3 ranges outside, which stationary noise does not do in months, and is held while the event lasts.
/// One configuration for every stream; about 2 KB of state; no allocation per point.
/// </remarks>
internal sealed class NoveltyDetector : IStreamingDetector
{
    /// <summary>Points a channel has seen before it may speak.</summary>
    public const int Learning = 200;

    /// <summary>Begins a snapshot. What begins otherwise is of another layout: a detector with a few days to learn again beats one that misreads its past.</summary>
    private const int Layout = 0x324C564E;   // "NVL2"

    private AlertReading _alert = new();
    private TailReading _tail = new();
    private SlidingMoments _moments = new();
    private DailyProfile _profile = new();
    private long _count;

    public (double Low, double High) Expected { get; private set; } = (double.NaN, double.NaN);

    public double Observe(long timestampMs, double value)
    {
        if (!double.IsFinite(value)) return 0;
        _alert.Begin();
        _tail.Begin();
        _profile.Add(timestampMs, value);
        Expected = Band();
        Judge(Channel.Value, value);
        if (_profile.TryUsual(out var usual)) Judge(Channel.Residual, value - usual);
        if (_moments.HasLong) Judge(Channel.Jolt, (value - _moments.LongMean) / (_moments.LongSpread + Floor()));
        _moments.Add(value);
        if (_moments.HasShort) Judge(Channel.ShortMean, _moments.ShortMean);
        if (_moments.HasLong)
        {
            Judge(Channel.LongMean, _moments.LongMean);
            Judge(Channel.Spread, Math.Log(_moments.LongSpread + Floor()));
        }
        _tail.JudgeDrift(timestampMs, value);
        return ++_count <= Learning ? 0 : Math.Max(_tail.Score(), _alert.Score());
    }

    private void Judge(Channel channel, double feature)
    {
        _alert.Judge(channel, feature);
        _tail.Judge(channel, feature);
    }

    /// <summary>A spread below a thousandth of the level counts as that: the last digit of a quiet sensor is no event.</summary>
    private double Floor() => 1e-3 * Math.Abs(_moments.LongMean) + 1e-9;

    /// <summary>The range of the value so far, cut to the daily rhythm where that is known.</summary>
    private (double, double) Band()
    {
        if (!_tail.TryRange(Channel.Value, out var low, out var high)) return (double.NaN, double.NaN);
        if (!_tail.TryRange(Channel.Residual, out var below, out var above) || !_profile.TryUsual(out var usual)) return (low, high);
        var (from, to) = (Math.Max(low, usual + below), Math.Min(high, usual + above));
        return from <= to ? (from, to) : (low, high);
    }

    public void Snapshot(BinaryWriter writer)
    {
        writer.Write(Layout);
        writer.Write(_count);
        writer.Write(Expected.Low);
        writer.Write(Expected.High);
        _alert.Snapshot(writer);
        _tail.Snapshot(writer);
        _moments.Snapshot(writer);
        _profile.Snapshot(writer);
    }

    public void Restore(BinaryReader reader)
    {
        (_alert, _tail, _moments, _profile) = (new(), new(), new(), new());
        (_count, Expected) = (0, (double.NaN, double.NaN));
        if (reader.ReadInt32() != Layout) return;
        _count = reader.ReadInt64();
        Expected = (reader.ReadDouble(), reader.ReadDouble());
        _alert.Restore(reader);
        _tail.Restore(reader);
        _moments.Restore(reader);
        _profile.Restore(reader);
    }
}
