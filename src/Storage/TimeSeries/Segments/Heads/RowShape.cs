using Seamless.Telemetry;

namespace Seamless.Storage.TimeSeries.Segments.Heads;

/// <summary>Which metrics a row has, and what stands at each: a machine's rows look alike, so this is kept once and not with every row.</summary>
internal sealed class RowShape
{
    private const byte Text = 0x80;   // beside the quality

    private readonly byte[] _kinds;
    private readonly bool _repeats;
    private readonly string?[] _lastTexts;   // the appending thread's own: a state seldom changes
    private readonly int[] _lastTextNumbers;

    public RowShape(int number, ReadOnlySpan<int> metrics, ReadOnlySpan<string?> states, ReadOnlySpan<Quality> qualities)
    {
        (Number, Metrics, _kinds) = (number, metrics.ToArray(), new byte[metrics.Length]);
        (_lastTexts, _lastTextNumbers) = (new string?[metrics.Length], new int[metrics.Length]);
        for (var i = 0; i < _kinds.Length; i++)
        {
            _kinds[i] = Kind(states[i], qualities[i]);
            HasTexts |= states[i] is not null;
            _repeats |= metrics[..i].Contains(metrics[i]);
        }
        IsPlain = !_repeats && !_kinds.AsSpan().ContainsAnyExcept((byte)0);
    }

    public int Number { get; }
    public int[] Metrics { get; }
    public int Length => Metrics.Length;
    public bool HasTexts { get; }

    /// <summary>Whether all are good numbers, of a metric each.</summary>
    public bool IsPlain { get; }

    /// <summary>Whether here is a good number, of a metric that is not named twice: of those that are, the last stands.</summary>
    public bool IsPlainAt(int at) => _kinds[at] == 0 && !_repeats;

    /// <summary>The next in the table with the same hash.</summary>
    public RowShape? Next { get; set; }

    public bool IsText(int at) => (_kinds[at] & Text) != 0;

    public Quality QualityOf(int at) => (Quality)(_kinds[at] & ~Text);

    public bool Fits(ReadOnlySpan<int> metrics, ReadOnlySpan<string?> states, ReadOnlySpan<Quality> qualities)
    {
        if (!metrics.SequenceEqual(Metrics)) return false;
        var kinds = _kinds.AsSpan(0, metrics.Length);
        for (var i = 0; i < kinds.Length; i++)
            if (kinds[i] != Kind(states[i], qualities[i])) return false;
        return true;
    }

    private static byte Kind(string? state, Quality quality) => (byte)((byte)quality | (state is null ? 0 : Text));

    /// <summary>The text's number, when it is the one that was last at this place.</summary>
    public bool TryNumber(int at, string text, out int number)
    {
        number = _lastTextNumbers[at];
        return ReferenceEquals(_lastTexts[at], text) || string.Equals(_lastTexts[at], text, StringComparison.Ordinal);
    }

    public void Remember(int at, string text, int number) => (_lastTexts[at], _lastTextNumbers[at]) = (text, number);

    public static int HashOf(ReadOnlySpan<int> metrics, ReadOnlySpan<string?> states, ReadOnlySpan<Quality> qualities)
    {
        var hash = new HashCode();
        for (var i = 0; i < metrics.Length; i++) hash.Add((metrics[i] << 8) | Kind(states[i], qualities[i]));
        return hash.ToHashCode();
    }
}
