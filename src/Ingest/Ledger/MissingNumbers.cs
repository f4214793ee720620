using System.Runtime.InteropServices;

namespace Seamless.Ingest.Ledger;

/// <summary>A row of missing numbers and what was done about it.</summary>
internal struct MissingRange
{
    public long From;
    public long To;
    public long SinceMs;

    /// <summary>Requests in all; part of their idempotency key.</summary>
    public int Asked;
    public long AskedAtMs;

    /// <summary>Requests since the last time somebody said to ask again.</summary>
    public int Tries;
    public string? GivenUp;

    public readonly long Count => To - From + 1;
}

/// <summary>Missing numbers as disjoint ranges in order, at most <see cref="MaxRanges"/>: beyond that the oldest go.</summary>
internal sealed class MissingNumbers
{
    public const int MaxRanges = 1000;

    private readonly List<MissingRange> _ranges = [];

    public int Ranges => _ranges.Count;

    /// <summary>Numbers in all ranges together.</summary>
    public long Count { get; private set; }

    /// <summary>In order, to be read and marked; valid until the next call that adds or takes out.</summary>
    public Span<MissingRange> AsSpan() => CollectionsMarshal.AsSpan(_ranges);

    /// <summary>Adds a range above all others.</summary>
    /// <returns>How many numbers had to go for it.</returns>
    public long Add(in MissingRange range)
    {
        var gone = 0L;
        if (_ranges.Count == MaxRanges)
        {
            gone = _ranges[0].Count;
            _ranges.RemoveAt(0);
        }
        _ranges.Add(range);
        Count += range.Count - gone;
        return gone;
    }

    /// <summary>Takes out one number that has come after all; false when it was not missing.</summary>
    public bool Remove(long number)
    {
        var at = Find(number);
        if (at < 0) return false;
        var range = _ranges[at];
        Count--;
        if (range.From == range.To) _ranges.RemoveAt(at);
        else if (number == range.From) _ranges[at] = range with { From = number + 1 };
        else if (number == range.To) _ranges[at] = range with { To = number - 1 };
        else Split(at, range, number);
        return true;
    }

    public long Clear()
    {
        var gone = Count;
        _ranges.Clear();
        Count = 0;
        return gone;
    }

    private void Split(int at, MissingRange range, long number)
    {
        _ranges[at] = range with { To = number - 1 };
        _ranges.Insert(at + 1, range with { From = number + 1 });
    }

    private int Find(long number)
    {
        var (low, high) = (0, _ranges.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (number < _ranges[middle].From) high = middle - 1;
            else if (number > _ranges[middle].To) low = middle + 1;
            else return middle;
        }
        return -1;
    }
}
