namespace Seamless.Analytics.Detectors;

/// <summary>What is usual at this hour of the day, weekdays and weekends apart: an exponential mean over the days.</summary>
/// <remarks>An hour is folded in when it is over, so a point is never compared with itself.</remarks>
internal sealed class DailyProfile
{
    private const double Rate = 0.3;

    /// <summary>A point meant for the full hour may come a little before it.</summary>
    private const long ClockToleranceMs = 30_000;

    private readonly double[] _usual = new double[DaySlots.Count];
    private readonly int[] _days = new int[DaySlots.Count];
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
        var slot = DaySlots.Of(DaySlots.HourOf(timestampMs + ClockToleranceMs));
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

    public void Snapshot(BinaryWriter writer)
    {
        writer.Write(_slot);
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
        _slot = reader.ReadInt32();
        _sum = reader.ReadDouble();
        _count = reader.ReadInt32();
        for (var i = 0; i < DaySlots.Count; i++)
        {
            _usual[i] = reader.ReadDouble();
            _days[i] = reader.ReadInt32();
        }
    }
}
