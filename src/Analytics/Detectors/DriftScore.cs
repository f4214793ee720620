namespace Seamless.Analytics.Detectors;

/// <summary>Robust z of a fast mean against a slow one: finds what creeps too slowly to break a record.</summary>
/// <remarks>
/// The spread is that of the fast mean itself (its mean absolute deviation), so noise with memory does not look like a drift. Updates are cut
/// at four spreads: an anomaly is learned slowly, but it is learned, or a new permanent level would alarm for ever. A job that lifts the mean
/// every day is no drift either: what the days before have reached counts as usual.
/// </remarks>
internal struct DriftScore
{
    private const double FastRate = 1.0 / 20;
    private const double SlowestRate = 1.0 / 2000;
    private const double SlowDays = 2;
    private const double MsPerDay = 86_400_000;
    private const int Settling = 200;
    private const double UsualPeak = 4;      // what noise reaches within a day
    private const double PeakKept = 0.9;     // a day
    private const double ToSigma = 1.25;   // mean absolute deviation → standard deviation of a normal variable

    private double _fast;
    private double _slow;
    private double _spread;
    private long _count;
    private long _firstMs;
    private long _lastMs;
    private double _peak;        // of the days that are over
    private double _todaysPeak;
    private long _todayMs;

    /// <summary>Feeds a value and returns |z|, less where every day has its peak; 0 until it has seen two days, since one day's rhythm looks like a drift.</summary>
    public double Observe(long timestampMs, double value)
    {
        if (_count == 0) (_fast, _slow, _firstMs, _lastMs, _todayMs) = (value, value, timestampMs, timestampMs, timestampMs);
        var days = Math.Max(0, (timestampMs - _lastMs) / MsPerDay);
        _lastMs = Math.Max(_lastMs, timestampMs);
        _fast += FastRate * (value - _fast);
        var deviation = _fast - _slow;
        var mature = _count > 2 * Settling && _lastMs - _firstMs > SlowDays * MsPerDay;
        var z = mature && _spread > 0 ? Math.Abs(deviation) / (ToSigma * _spread) : 0;
        Learn(deviation, days);
        return z * UsualPeak / Math.Max(UsualPeak, PeakBefore(z));
    }

    private double PeakBefore(double z)
    {
        if (_lastMs - _todayMs >= MsPerDay)
        {
            (_peak, _todaysPeak) = (Math.Max(_todaysPeak, PeakKept * _peak), 0);
            _todayMs = _lastMs;
        }
        _todaysPeak = Math.Max(_todaysPeak, z);
        return _peak;
    }

    private void Learn(double deviation, double days)
    {
        _count++;
        var rate = Math.Max(1.0 / _count, Math.Min(SlowestRate, days / SlowDays));
        var most = _count < Settling ? double.PositiveInfinity : 4 * _spread + 1e-9 * (1 + Math.Abs(_slow));
        _slow += rate * Math.Clamp(deviation, -most, most);
        _spread += rate * (Math.Min(Math.Abs(deviation), most) - _spread);
    }

    public readonly void Snapshot(BinaryWriter writer)
    {
        writer.Write(_fast);
        writer.Write(_slow);
        writer.Write(_spread);
        writer.Write(_count);
        writer.Write(_firstMs);
        writer.Write(_lastMs);
        writer.Write(_peak);
        writer.Write(_todaysPeak);
        writer.Write(_todayMs);
    }

    public void Restore(BinaryReader reader)
    {
        _fast = reader.ReadDouble();
        _slow = reader.ReadDouble();
        _spread = reader.ReadDouble();
        _count = reader.ReadInt64();
        _firstMs = reader.ReadInt64();
        _lastMs = reader.ReadInt64();
        _peak = reader.ReadDouble();
        _todaysPeak = reader.ReadDouble();
        _todayMs = reader.ReadInt64();
    }
}
