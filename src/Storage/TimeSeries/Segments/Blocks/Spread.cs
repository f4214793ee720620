namespace Seamless.Storage.TimeSeries.Segments.Blocks;

/// <summary>Least and greatest of some numbers in each <see cref="Differencing"/>.</summary>
/// <param name="Bits">About as many as they take in the narrowest.</param>
internal readonly record struct Spread(int Count, long Low, long High, long LowStep, long HighStep, long LowBend, long HighBend, double Bits)
{
    public static Spread Of(ReadOnlySpan<long> values, Before before)
    {
        var (low, high, lowStep, highStep, lowBend, highBend) = (long.MaxValue, long.MinValue, long.MaxValue, long.MinValue, long.MaxValue, long.MinValue);
        var (previous, slope) = (before.Value, before.Step);
        foreach (var value in values)
        {
            var step = unchecked(value - previous);
            var bend = unchecked(step - slope);
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
            (lowStep, highStep) = (Math.Min(lowStep, step), Math.Max(highStep, step));
            (lowBend, highBend) = (Math.Min(lowBend, bend), Math.Max(highBend, bend));
            (previous, slope) = (value, step);
        }
        return new Spread(values.Length, low, high, lowStep, highStep, lowBend, highBend, 0).Weighed();
    }

    public Spread And(in Spread next) => new Spread(
        Count + next.Count, Math.Min(Low, next.Low), Math.Max(High, next.High), Math.Min(LowStep, next.LowStep), Math.Max(HighStep, next.HighStep),
        Math.Min(LowBend, next.LowBend), Math.Max(HighBend, next.HighBend), 0).Weighed();

    public (Differencing Differencing, long Lowest, ulong Range) Narrowest
    {
        get
        {
            var (range, steps, bends) = (Range(Low, High), Range(LowStep, HighStep), Range(LowBend, HighBend));
            if (range <= steps && range <= bends) return (Differencing.None, Low, range);
            return steps <= bends ? (Differencing.Once, LowStep, steps) : (Differencing.Twice, LowBend, bends);
        }
    }

    private Spread Weighed() => this with { Bits = Count * Math.Log2(Narrowest.Range + 1.0) };

    private static ulong Range(long low, long high) => unchecked((ulong)(high - low));
}
