using Seamless.Fleet.Limits;

namespace Seamless.Ingest.Limits;

/// <summary>What met a limit, minute by minute for an hour; and when the dead letters are due another example. Any number of threads; nothing for who stays within.</summary>
internal sealed class Refusals
{
    private const int Minutes = 60;
    private const int Kinds = 4;
    private const int Columns = Kinds + 1;   // the last one: slowed
    private const long MinuteMs = 60_000;

    private readonly Lock _counting = new();
    private long[]? _minuteOf;
    private int[] _counts = [];
    private readonly long[] _letterMs = new long[Kinds];
    private readonly long[] _sinceLetter = new long[Kinds];

    public void Count(LimitKind limit, long nowMs)
    {
        lock (_counting)
        {
            CountersOf(nowMs)[(int)limit]++;
            _sinceLetter[(int)limit]++;
        }
    }

    public void CountSlowed(long nowMs)
    {
        lock (_counting) CountersOf(nowMs)[Kinds]++;
    }

    /// <summary>Whether a refused message is to be kept: the first of a minute is, as an example of those that follow.</summary>
    /// <param name="refused">So many since the last one that was kept, this one among them.</param>
    public bool IsLetterDue(LimitKind limit, long nowMs, out long refused)
    {
        lock (_counting)
        {
            refused = _sinceLetter[(int)limit];
            if (nowMs - _letterMs[(int)limit] is >= 0 and < MinuteMs) return false;
            (_letterMs[(int)limit], _sinceLetter[(int)limit]) = (nowMs, 0);
            return true;
        }
    }

    public LimitCounts LastHour(long nowMs)
    {
        var sums = new long[Columns];
        lock (_counting)
        {
            for (var row = 0; _minuteOf is not null && row < Minutes; row++)
            {
                if (nowMs / MinuteMs - _minuteOf[row] is < 0 or >= Minutes) continue;
                for (var column = 0; column < Columns; column++) sums[column] += _counts[row * Columns + column];
            }
        }
        return new LimitCounts(sums[(int)LimitKind.MessagesPerSecond], sums[(int)LimitKind.BytesPerDay], sums[(int)LimitKind.Metrics], sums[Kinds], sums[(int)LimitKind.Devices]);
    }

    private Span<int> CountersOf(long nowMs)
    {
        if (_minuteOf is null) (_minuteOf, _counts) = (new long[Minutes], new int[Minutes * Columns]);
        var minute = nowMs / MinuteMs;
        var row = (int)(minute % Minutes);
        var counters = _counts.AsSpan(row * Columns, Columns);
        if (_minuteOf[row] == minute) return counters;
        _minuteOf[row] = minute;
        counters.Clear();
        return counters;
    }
}
