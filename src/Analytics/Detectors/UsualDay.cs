namespace Seamless.Analytics.Detectors;

/// <summary>What is usual at this time of the day, weekdays and weekends apart: means by the hour over the days, joined by straight lines.</summary>
/// <remarks>Hours are UTC; a time zone only shifts the slots. An hour is folded in when it is over, so a point is never compared with itself.</remarks>
internal sealed class UsualDay
{
    private const int SlotsPerDay = 24;
    private const int Slots = 2 * SlotsPerDay;
    private const long MsPerHour = 3_600_000;

    /// <summary>A new day counts for a tenth: a lasting change is followed in two weeks, a wear of three days is not.</summary>
    private const double Rate = 0.1;

    private readonly double[] _usual = new double[Slots];
    private readonly int[] _days = new int[Slots];
    private long _hour = long.MinValue;
    private double _sum;
    private int _count;

    /// <summary>False while that time of the day has not been seen on an earlier day.</summary>
    public bool TryUsual(long timestampMs, out double usual)
    {
        var slot = SlotOf(HourOf(timestampMs));
        usual = _usual[slot];
        if (_days[slot] == 0) return false;
        // The mean of an hour belongs to its middle.
        var sinceMiddle = timestampMs - HourOf(timestampMs) * MsPerHour - MsPerHour / 2;
        var neighbour = SlotOf(HourOf(timestampMs) + (sinceMiddle < 0 ? -1 : 1));
        if (_days[neighbour] > 0) usual += (_usual[neighbour] - usual) * (Math.Abs(sinceMiddle) / (double)MsPerHour);
        return true;
    }

    /// <param name="most">The hour is not taken to differ from the usual by more.</param>
    public void Add(long timestampMs, double value, double most)
    {
        var hour = HourOf(timestampMs);
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
        var slot = SlotOf(_hour);
        var change = _sum / _count - _usual[slot];
        if (_days[slot] == 0) _usual[slot] += change;
        else _usual[slot] += Math.Max(Rate, 1.0 / (_days[slot] + 1)) * Math.Clamp(change, -most, most);
        _days[slot]++;
    }

    private static long HourOf(long timestampMs) => Math.DivRem(timestampMs, MsPerHour, out var rest) - (rest < 0 ? 1 : 0);

    private static int SlotOf(long hours)
    {
        var day = Math.DivRem(hours, SlotsPerDay, out var hour);
        if (hour < 0) (day, hour) = (day - 1, hour + SlotsPerDay);
        var weekday = ((day + 4) % 7 + 7) % 7;   // 1970-01-01 was a Thursday; 0 is Sunday
        return (int)hour + (weekday is 0 or 6 ? SlotsPerDay : 0);
    }

    public void Snapshot(BinaryWriter writer)
    {
        writer.Write(_hour);
        writer.Write(_sum);
        writer.Write(_count);
        for (var i = 0; i < Slots; i++)
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
        for (var i = 0; i < Slots; i++)
        {
            _usual[i] = reader.ReadDouble();
            _days[i] = reader.ReadInt32();
        }
    }
}
