namespace Seamless.Rules.Training;

/// <summary>Keeps at most so many of a stream, evenly: when they are more, every second one goes, and of those to come too.</summary>
internal sealed class EvenRows<T>(int most)
{
    private readonly List<T> _kept = [];

    public IReadOnlyList<T> Kept => _kept;

    public int Seen { get; private set; }

    /// <summary>Of so many one is kept.</summary>
    public int Stride { get; private set; } = 1;

    public void Add(T row)
    {
        if (Seen++ % Stride != 0) return;
        _kept.Add(row);
        if (_kept.Count <= most) return;
        Stride *= 2;
        for (var at = 0; 2 * at < _kept.Count; at++) _kept[at] = _kept[2 * at];
        _kept.RemoveRange((_kept.Count + 1) / 2, _kept.Count / 2);
    }
}
