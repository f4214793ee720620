using System.Text;

namespace Seamless.Fuzz;

/// <summary>Makes inputs from seeds: flips, cuts, doubles, splices, strews in numbers and words. The same seed number gives the same inputs on every machine.</summary>
internal sealed class Mutator(IReadOnlyList<byte[]> seeds, IReadOnlyList<byte[]> words, ulong seed)
{
    public const int MaxBytes = 4096;

    private static readonly byte[] Edges = [0, 1, 0x7F, 0x80, 0xFF, (byte)'"', (byte)'{', (byte)'[', (byte)',', 0x1B, 0x5F, 0x9F, 0xBF, 0x22, 0x1F];

    private readonly byte[] _buffer = new byte[2 * MaxBytes];
    private ulong _state = seed;
    private int _length;

    public ReadOnlySpan<byte> Next()
    {
        Take(seeds[Below(seeds.Count)]);
        for (var changes = 1 + Below(6); changes > 0; changes--) Change();
        return _buffer.AsSpan(0, _length);
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        _length = Math.Min(bytes.Length, MaxBytes);
        bytes[.._length].CopyTo(_buffer);
    }

    private void Change()
    {
        if (_length == 0)
        {
            Insert(0, [(byte)Random()]);
            return;
        }
        var at = Below(_length);
        switch (Below(10))
        {
            case 0: _buffer[at] ^= (byte)(1 << Below(8)); break;
            case 1: _buffer[at] = (byte)Random(); break;
            case 2: _buffer[at] = Edges[Below(Edges.Length)]; break;
            case 3: Insert(at, [Edges[Below(Edges.Length)]]); break;
            case 4: Remove(at, 1 + Below(Math.Min(16, _length - at))); break;
            case 5: Insert(at, _buffer.AsSpan(at, Math.Min(_length - at, 1 + Below(32))).ToArray()); break;
            case 6: Insert(at, words[Below(words.Count)]); break;
            case 7: Splice(at, seeds[Below(seeds.Count)]); break;
            case 8: _length = at; break;
            default: Digit(at); break;
        }
    }

    private void Insert(int at, ReadOnlySpan<byte> bytes)
    {
        if (_length + bytes.Length > MaxBytes) return;
        _buffer.AsSpan(at, _length - at).CopyTo(_buffer.AsSpan(at + bytes.Length));
        bytes.CopyTo(_buffer.AsSpan(at));
        _length += bytes.Length;
    }

    private void Remove(int at, int count)
    {
        _buffer.AsSpan(at + count, _length - at - count).CopyTo(_buffer.AsSpan(at));
        _length -= count;
    }

    private void Splice(int at, byte[] other)
    {
        if (other.Length == 0) return;
        var from = Below(other.Length);
        var tail = other.AsSpan(from, Math.Min(other.Length - from, MaxBytes - at));
        tail.CopyTo(_buffer.AsSpan(at));
        _length = at + tail.Length;
    }

    private void Digit(int at) => _buffer[at] = (byte)('0' + Below(10));

    private int Below(int limit) => (int)((Random() >> 33) % (ulong)limit);

    /// <summary>SplitMix64 (Steele, Lea, Flood 2014).</summary>
    private ulong Random()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    internal static IReadOnlyList<byte[]> WordsOf(params string[] words) => [.. words.Select(Encoding.UTF8.GetBytes)];
}
