using Seamless.Storage.TimeSeries.Segments.Rollups;

namespace Seamless.Storage.TimeSeries.Segments.Queries;

/// <summary>Points and cells, in order of time, folded into buckets. Of texts, which have no mean, a bucket shows the last.</summary>
internal sealed class BucketFold(long bucketMs, Aggregate aggregate)
{
    private readonly List<SeriesPoint> _points = [];
    private long _start;
    private long _count;
    private long _numbers;
    private double _sum;
    private double _low;
    private double _high;
    private double _last;
    private string? _text;

    public void Add(long timeMs, double value, string? text)
    {
        Open(timeMs);
        _count++;
        (_last, _text) = (value, text);
        if (text is not null) return;
        _numbers++;
        _sum += value;
        _low = Math.Min(_low, value);
        _high = Math.Max(_high, value);
    }

    public void Add(Cells cells, int i)
    {
        Open(cells.Starts[i]);
        _count += cells.Counts[i];
        _numbers += cells.Counts[i];
        _sum += cells.Sums[i];
        _low = Math.Min(_low, cells.Lows[i]);
        _high = Math.Max(_high, cells.Highs[i]);
        (_last, _text) = (cells.Lasts[i], null);
    }

    public List<SeriesPoint> Finish()
    {
        Close();
        return _points;
    }

    private void Open(long timeMs)
    {
        if (_count > 0 && timeMs - _start < bucketMs) return;
        Close();
        _start = Cells.StartOf(timeMs, bucketMs);
        (_count, _numbers, _sum, _low, _high) = (0, 0, 0, double.PositiveInfinity, double.NegativeInfinity);
    }

    private void Close()
    {
        if (_count > 0) _points.Add(new SeriesPoint(_start, Value(), _text));
    }

    private double Value() => aggregate switch
    {
        Aggregate.Count => _count,
        Aggregate.Last => _last,
        _ when _numbers == 0 => double.NaN,
        Aggregate.Min => _low,
        Aggregate.Max => _high,
        _ => _sum / _numbers,
    };
}
