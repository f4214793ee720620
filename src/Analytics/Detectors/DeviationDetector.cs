namespace Seamless.Analytics.Detectors;

/// <summary>Scores how far a stream lies above, or below, what is usual for it at this time of the day: wear long before a limit is reached.</summary>
/// <remarks>
/// The residual to the <see cref="UsualDay"/> is smoothed over a quarter of an hour and measured in its own spread over the days, so that what
/// wanders by nature (weather, load) counts for little. The score is what is left of the one-sided bound of Vysochanskij and Petunin
/// (Mercadier and Strobel 2021): whatever the noise, if it has one peak, no more than 1 − score of it lies that far out; 0.99 is 6.6 spreads.
/// Of every three points the middle one counts, so that a single wrong reading is nothing. Silent for the first two days and until a time of the day has
/// come for the fourth time, three days having agreed on it. What stays unusual is not learned; after a week of it, it is the new usual, and everything is learned anew. When the value
/// comes back at once, so does the score. About 700 bytes of state; no allocation per point.
/// </remarks>
/// <param name="sign">+1: above the usual is a deviation; −1: below.</param>
internal sealed class DeviationDetector(int sign) : IStreamingDetector
{
    /// <summary>Begins a snapshot; what begins otherwise is of another layout and is not read.</summary>
    private const int Layout = 0x31564544;   // "DEV1"

    private const double SmoothingMs = 15 * 60_000;
    private const long GapMs = 60 * 60_000;            // after it, smoothing begins anew
    private const double MsPerDay = 86_400_000;
    private const double SilentDays = 2;
    private const double SpreadDays = 3;               // over which the spread is measured
    private const double LongestEventDays = 7;
    private const double LearnedHours = 12;            // of an event, cut: what comes every day for an hour is usual in the end
    private const double Unusual = 4;                  // spreads from which nothing is learned
    private const double Trickle = 0.05;               // but a spread that began too small may grow
    private const double ReturnsBy = 3;                // spreads of single points by which a value jumps back
    private const double Settling = 200;               // points after which a single one no longer moves a spread much
    private const double ToSigma = 1.25;               // mean absolute deviation → standard deviation of a normal variable

    private readonly UsualDay _day = new();
    private long _count;
    private long _firstMs;
    private long _lastMs;
    private double _before;        // the last point
    private double _beforeThat;
    private double _smooth;
    private double _spread;        // of the smoothed residual
    private double _roughness;     // of single points about it
    private double _unusualMs;
    private int _returning;

    public (double Low, double High) Expected { get; private set; } = (double.NaN, double.NaN);

    public double Observe(long timestampMs, double value)
    {
        if (!double.IsFinite(value)) return 0;
        if (_firstMs == 0)
        {
            _firstMs = _lastMs = timestampMs;
            _before = _beforeThat = value;
        }
        var middle = Math.Max(Math.Min(value, _before), Math.Min(Math.Max(value, _before), _beforeThat));
        (_before, _beforeThat) = (value, _before);
        return Judge(timestampMs, middle);
    }

    private double Judge(long timestampMs, double value)
    {
        var elapsed = Math.Max(0, timestampMs - _lastMs);
        _lastMs = Math.Max(_lastMs, timestampMs);
        Expected = (double.NaN, double.NaN);
        if (!_day.TryUsual(timestampMs, out var usual, out var isSure))
        {
            _day.Add(timestampMs, value, double.PositiveInfinity);
            _smooth = 0;
            return 0;
        }
        Smooth(value - usual, elapsed);
        var spread = Math.Max(ToSigma * _spread, 1e-3 * Math.Abs(usual) + 1e-9);
        var z = _smooth / spread;
        var speaks = isSure && _count > Settling && _lastMs - _firstMs > SilentDays * MsPerDay;
        if (speaks) Expected = (usual - Unusual * spread, usual + Unusual * spread);
        Learn(timestampMs, value, value - usual, speaks && Math.Abs(z) >= Unusual, elapsed);
        return speaks ? Score(sign * z) : 0;
    }

    private void Smooth(double residual, long elapsed)
    {
        var jumpsBack = Math.Abs(residual) < Math.Abs(_smooth) && Math.Abs(residual - _smooth) > ReturnsBy * ToSigma * _roughness;
        _returning = jumpsBack ? _returning + 1 : 0;
        if (elapsed > GapMs || _returning >= 2) (_smooth, _returning) = (residual, 0);
        else _smooth += elapsed / (elapsed + SmoothingMs) * (residual - _smooth);
    }

    private void Learn(long timestampMs, double value, double residual, bool isUnusual, long elapsed)
    {
        _unusualMs = isUnusual ? _unusualMs + Math.Min(elapsed, GapMs) : 0;
        if (_unusualMs > LongestEventDays * MsPerDay)
        {
            _day.Forget();
            (_count, _firstMs, _spread, _roughness, _unusualMs, _smooth) = (0, timestampMs, 0, 0, 0, 0);
            return;
        }
        _count++;
        var settled = _count > Settling;
        var rate = Math.Max(1.0 / _count, elapsed / (elapsed + SpreadDays * MsPerDay)) * (isUnusual ? Trickle : 1);
        _spread += rate * (Cut(Math.Abs(_smooth), settled ? Unusual * ToSigma * _spread : double.PositiveInfinity) - _spread);
        _roughness += rate * (Cut(Math.Abs(residual - _smooth), settled ? Unusual * ToSigma * _roughness : double.PositiveInfinity) - _roughness);
        if (_unusualMs > LearnedHours * MsPerDay / 24) _day.SkipHour();
        else _day.Add(timestampMs, value, settled ? Unusual * ToSigma * _spread : double.PositiveInfinity);
    }

    /// <summary>A spread of nothing may become one of something.</summary>
    private static double Cut(double value, double most) => most > 0 ? Math.Min(value, most) : value;

    private static double Score(double z)
    {
        if (z <= 0) return 0;
        var bound = z * z >= 5.0 / 3 ? 4 / (9 * (1 + z * z)) : 4 / (3 * (1 + z * z)) - 1.0 / 3;
        return 1 - bound;
    }

    public void Snapshot(BinaryWriter writer)
    {
        writer.Write(Layout);
        writer.Write(_count);
        writer.Write(_firstMs);
        writer.Write(_lastMs);
        writer.Write(_before);
        writer.Write(_beforeThat);
        writer.Write(_smooth);
        writer.Write(_spread);
        writer.Write(_roughness);
        writer.Write(_unusualMs);
        writer.Write(_returning);
        writer.Write(Expected.Low);
        writer.Write(Expected.High);
        _day.Snapshot(writer);
    }

    public void Restore(BinaryReader reader)
    {
        if (reader.ReadInt32() != Layout) return;
        _count = reader.ReadInt64();
        _firstMs = reader.ReadInt64();
        _lastMs = reader.ReadInt64();
        _before = reader.ReadDouble();
        _beforeThat = reader.ReadDouble();
        _smooth = reader.ReadDouble();
        _spread = reader.ReadDouble();
        _roughness = reader.ReadDouble();
        _unusualMs = reader.ReadDouble();
        _returning = reader.ReadInt32();
        Expected = (reader.ReadDouble(), reader.ReadDouble());
        _day.Restore(reader);
    }
}
