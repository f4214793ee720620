namespace Seamless.Machines.Chance;

/// <summary>The root of everything random about one thing. Streams are split by name, so that adding a machine shifts nobody else's chance.</summary>
public readonly record struct Seed(ulong Value)
{
    public Seed Split(string name)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in name) hash = (hash ^ c) * 1099511628211UL;
        return new Seed(Mix(Value ^ Mix(hash)));
    }

    public Seed Split(long number) => new(Mix(Value + 0x9E3779B97F4A7C15UL * (ulong)number));

    /// <summary>splitmix64's finalizer: every bit of the input moves half of the output's.</summary>
    internal static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
