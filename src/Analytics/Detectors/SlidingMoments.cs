namespace Seamless.Analytics.Detectors;

/// <summary>Mean and spread of the last <see cref="Long"/> values and mean of the last <see cref="Short"/>, in constant time.</summary>
internal sealed class SlidingMoments
{
    public const int Long = 96;
    public const int Short = 12;

    private readonly double[] _ring = new double[Long];
    private double _origin;      // values are summed relative to the first one: sums of squares of a large level would lose their digits
    private double _longSum;
    private double _longSquares;
    private double _shortSum;
    private long _count;

    public bool HasShort => _count >= Short;
    public bool HasLong => _count >= Long;
    public double ShortMean => _origin + _shortSum / Short;
    public double LongMean => _origin + _longSum / Long;

    public double LongSpread
    {
        get
        {
            var mean = _longSum / Long;
            return Math.Sqrt(Math.Max(0, _longSquares / Long - mean * mean));
        }
    }

    public void Add(double value)
    {
        if (_count == 0) _origin = value;
        var next = value - _origin;
        var slot = (int)(_count % Long);
        var leavesLong = _ring[slot];
        var leavesShort = _count >= Short ? _ring[(int)((_count - Short) % Long)] : 0;
        _ring[slot] = next;
        _count++;
        _longSum += next - leavesLong;
        _longSquares += next * next - leavesLong * leavesLong;
        _shortSum += next - leavesShort;
        if (slot == Long - 1) Resum();
    }

    /// <summary>Once a turn of the ring: rounding errors must not add up over months.</summary>
    private void Resum()
    {
        (_longSum, _longSquares, _shortSum) = (0, 0, 0);
        for (var i = 0; i < Long; i++)
        {
            _longSum += _ring[i];
            _longSquares += _ring[i] * _ring[i];
            if (i >= Long - Short) _shortSum += _ring[i];
        }
    }

    public void Snapshot(BinaryWriter writer)
    {
        writer.Write(_count);
        writer.Write(_origin);
        writer.Write(_longSum);
        writer.Write(_longSquares);
        writer.Write(_shortSum);
        foreach (var value in _ring) writer.Write(value);
    }

    public void Restore(BinaryReader reader)
    {
        _count = reader.ReadInt64();
        _origin = reader.ReadDouble();
        _longSum = reader.ReadDouble();
        _longSquares = reader.ReadDouble();
        _shortSum = reader.ReadDouble();
        for (var i = 0; i < Long; i++) _ring[i] = reader.ReadDouble();
    }
}
