namespace Seamless.Analytics.Detectors;

/// <summary>What is usual at this time of the day, weekdays and weekends apart: means by the hour over the days, joined by straight lines.</summary>
/// <remarks>An hour is folded in when it is over, so a point is never compared with itself.</remarks>
internal sealed class UsualDay
{
    /// <summary>A new day counts for a tenth: a lasting change is followed in two weeks, a wear of three days is not.</summary>
    private const double Rate = 0.1;

    private readonly double[] _usual = new double[DaySlots.Count];
    private readonly int[] _days = new int[DaySlots.Count];
    private long _hour = long.MinValue;
    private double _sum;
    private int _count;

    /// <summary>So many days must agree on an hour. Until then one that does not agree begins anew: one of them was no usual day, and it is not known which.</summary>
    private const int Sure = 3;

    /// <summary>False while that time of the day has not been seen on an earlier day.</summary>
    /// <param name="isSure">Three days at least agree on it.</param>
    public bool TryUsual(long timestampMs, out double usual, out bool isSure)
    {
        var slot = DaySlots.Of(DaySlots.HourOf(timestampMs));
        usual = _usual[slot];
        isSure = _days[slot] >= Sure;
        if (_days[slot] == 0) return false;
        // The mean of an hour belongs to its middle.
        var sinceMiddle = timestampMs - DaySlots.HourOf(timestampMs) * DaySlots.MsPerHour - DaySlots.MsPerHour / 2;
        var neighbour = DaySlots.Of(DaySlots.HourOf(timestampMs) + (sinceMiddle < 0 ? -1 : 1));
        if (_days[neighbour] >= Sure) usual += (_usual[neighbour] - usual) * (Math.Abs(sinceMiddle) / (double)DaySlots.MsPerHour);
        return true;
    }

    /// <param name="most">The hour is not taken to differ from the usual by more.</param>
    public void Add(long timestampMs, double value, double most)
    {
        var hour = DaySlots.HourOf(timestampMs);
        if (hour != _hour)
        {
            FoldIn(most);
            (_hour, _sum, _count) = (hour, 0, 0);
        }
        _sum += value;
        _count++;
    }

    /// <summary>Leaves out the hour that has begun.</summary>
    public void SkipHour() => _count = 0;

    public void Forget()
    {
        Array.Clear(_days);
        (_hour, _sum, _count) = (long.MinValue, 0, 0);
    }

    private void FoldIn(double most)
    {
        if (_count == 0) return;
        var slot = DaySlots.Of(_hour);
        var change = _sum / _count - _usual[slot];
        if (_days[slot] == 0 || (_days[slot] < Sure && Math.Abs(change) > most)) (_usual[slot], _days[slot]) = (_usual[slot] + change, 0);
        else _usual[slot] += Math.Max(Rate, 1.0 / (_days[slot] + 1)) * Math.Clamp(change, -most, most);
        _days[slot]++;
    }

    public void Snapshot(BinaryWriter writer)
    {
        writer.Write(_hour);
        writer.Write(_sum);
        writer.Write(_count);
        for (var i = 0; i < DaySlots.Count; i++)
        {
            writer.Write(_usual[i]);
            writer.Write(_days[i]);
        }
    }

    public void Restore(BinaryReader reader)
    {
        _hour = reader.ReadInt64();
        _sum = reader.ReadDouble();
        _count = reader.ReadInt32();
        for (var i = 0; i < DaySlots.Count; i++)
        {
            _usual[i] = reader.ReadDouble();
            _days[i] = reader.ReadInt32();
        }
    }
}
