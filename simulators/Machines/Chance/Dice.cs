namespace Seamless.Machines.Chance;

/// <summary>A sequence of chances from a seed (splitmix64): the same on every machine and in every version.</summary>
public sealed class Dice(Seed seed)
{
    private ulong _state = seed.Value;

    public ulong Next() => Seed.Mix(_state += 0x9E3779B97F4A7C15UL);

    /// <summary>0 ≤ x &lt; 1.</summary>
    public double Fraction() => (Next() >> 11) * (1.0 / (1UL << 53));

    public double Between(double low, double high) => low + (high - low) * Fraction();

    public TimeSpan Between(TimeSpan low, TimeSpan high) => low + (high - low) * Fraction();

    public int Below(int limit) => (int)(Fraction() * limit);

    public T Pick<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    /// <summary>One of the items, each as often as its weight says.</summary>
    public T Pick<T>(IReadOnlyList<T> items, Func<T, double> weight)
    {
        var left = Fraction() * items.Sum(weight);
        foreach (var item in items)
        {
            left -= weight(item);
            if (left < 0) return item;
        }
        return items[^1];
    }
}
