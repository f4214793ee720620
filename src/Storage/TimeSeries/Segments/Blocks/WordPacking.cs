using System.Numerics;

namespace Seamless.Storage.TimeSeries.Segments.Blocks;

/// <summary>Numbers below a limit that is no power of two, several in one word: three below 100 need 20 bits together, and 21 one by one.</summary>
/// <remarks>
/// Numbers are the digits of a word to the base of their limit. Where n numbers make w words, the first w are the lowest digits of the words in turn, the
/// next w the second digits and so on, so that folding and unfolding are one loop each, in place.
/// </remarks>
/// <param name="Range">The greatest number.</param>
/// <param name="PerWord">Numbers a word; 1 when they are not folded.</param>
internal readonly record struct WordPacking(ulong Range, int PerWord)
{
    public const int MaxPerWord = 8;
    private const int MaxBits = 63;   // of a word times the base: up to there one multiplication divides exactly

    /// <summary>As many a word as take the fewest bits.</summary>
    public static WordPacking For(ulong range)
    {
        var best = new WordPacking(range, 1);
        if (range == 0) return best;
        for (var perWord = 2; perWord <= MaxPerWord && Fits(range, perWord); perWord++)
        {
            var next = new WordPacking(range, perWord);
            if (next.Width * best.PerWord < best.Width * perWord) best = next;
        }
        return best;
    }

    public static bool Fits(ulong range, int perWord) => perWord == 1 || range > 0 && (perWord + 1) * Math.Log2(range + 1.0) <= MaxBits;

    /// <summary>Bits of a word.</summary>
    public int Width => 64 - BitOperations.LeadingZeroCount(Greatest);

    private ulong Greatest
    {
        get
        {
            var greatest = Range;
            for (var i = 1; i < PerWord; i++) greatest += (greatest + 1) * Range;
            return greatest;
        }
    }

    public int Words(int count) => (count + PerWord - 1) / PerWord;

    public int Bytes(int count) => BitPacking.BytesFor(Words(count), Width);

    /// <summary>Makes the first of <paramref name="numbers"/> words.</summary>
    public ReadOnlySpan<ulong> Fold(Span<ulong> numbers)
    {
        var words = numbers[..Words(numbers.Length)];
        var limit = Range + 1;
        for (var i = numbers.Length - 1; i >= words.Length; i--) numbers[i - words.Length] += numbers[i] * limit;
        return words;
    }

    /// <summary>Makes numbers of the words that <paramref name="numbers"/> begins with.</summary>
    public void Unfold(Span<ulong> numbers)
    {
        if (PerWord == 1) return;
        var words = Words(numbers.Length);
        var limit = Range + 1;
        var reciprocal = ulong.MaxValue / limit + 1;   // Lemire, Kaser, Kurz 2019: the upper half of the product is the quotient
        var low = numbers[..^words];
        var high = numbers[words..];
        for (var i = 0; i < low.Length && i < high.Length; i++)
        {
            var quotient = Math.BigMul(reciprocal, low[i], out _);
            low[i] -= quotient * limit;
            high[i] = quotient;
        }
    }
}
