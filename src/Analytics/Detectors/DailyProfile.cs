namespace Seamless.Analytics.Detectors;

/// <summary>What is usual at this hour of the day, weekdays and weekends apart: an exponential mean over the days.</summary>
/// <remarks>Hours are UTC; a time zone only shifts the slots. An hour is folded in when it is over, so a point is never compared with itself.</remarks>
internal sealed class DailyProfile
{
    private const int SlotsPerDay = 24;
    private const int Slots = 2 * SlotsPerDay;
    private const long MsPerHour = 3_600_000;
    private const double Rate = 0.3;

    /// <summary>A point meant for the full hour may come a little before it.</summary>
    private const long ClockToleranceMs = 30_000;

    private readonly double[] _usual = new double[Slots];
    private readonly int[] _days = new int[Slots];
    private int _slot = -1;
    private double _sum;
    private int _count;

    /// <summary>The usual value at the hour of the last <see cref="Add"/>; false while that hour has not been seen on an earlier day.</summary>
    public bool TryUsual(out double usual)
    {
        usual = _slot < 0 ? 0 : _usual[_slot];
        return _slot >= 0 && _days[_slot] > 0;
    }

    public void Add(long timestampMs, double value)
    {
        var slot = SlotOf(timestampMs + ClockToleranceMs);
        if (slot != _slot)
        {
            FoldIn();
            (_slot, _sum, _count) = (slot, 0, 0);
        }
        _sum += value;
        _count++;
    }

    private void FoldIn()
    {
        if (_count == 0) return;
        var mean = _sum / _count;
        var rate = Math.Max(Rate, 1.0 / (_days[_slot] + 1));
        _usual[_slot] += rate * (mean - _usual[_slot]);
        _days[_slot]++;
    }

    private static int SlotOf(long timestampMs)
    {
        var hours = Math.DivRem(timestampMs, MsPerHour, out var rest);
        if (rest < 0) hours--;
        var day = Math.DivRem(hours, SlotsPerDay, out var hour);
        if (hour < 0) (day, hour) = (day - 1, hour + SlotsPerDay);
        var weekday = ((day + 4) % 7 + 7) % 7;   // 1970-01-01 was a Thursday; 0 is Sunday
        return (int)hour + (weekday is 0 or 6 ? SlotsPerDay : 0);
    }

    public void Snapshot(BinaryWriter writer)
    {
        writer.Write(_slot);
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
        _slot = reader.ReadInt32();
        _sum = reader.ReadDouble();
        _count = reader.ReadInt32();
        for (var i = 0; i < Slots; i++)
        {
            _usual[i] = reader.ReadDouble();
            _days[i] = reader.ReadInt32();
        }
    }
}
