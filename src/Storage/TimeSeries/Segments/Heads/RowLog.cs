using System.Runtime.InteropServices;
using Seamless.Telemetry;

namespace Seamless.Storage.TimeSeries.Segments.Heads;

/// <summary>Rows one behind the other in blocks of memory, as they were written: a write touches one place instead of one for every column.</summary>
/// <remarks>
/// A row is its time, its sequence, device and shape, the device's row before, then its values; of a text the number. One thread appends; rows that
/// somebody has heard of do not change any more.
/// </remarks>
internal sealed class RowLog(RowPool pool)
{
    public const int None = -1;
    private const int HeaderWords = 4;
    private const int BlockBits = 17;
    private const int BlockMask = (1 << BlockBits) - 1;

    private readonly HeadNames _names = new();
    private Block[] _blocks = [];
    private int _count;

    private sealed class Block(long[] words)
    {
        private int _used;

        public long[] Words { get; } = words;

        public int Used
        {
            get => Volatile.Read(ref _used);
            set => Volatile.Write(ref _used, value);
        }
    }

    /// <summary>A row where it lies.</summary>
    internal readonly ref struct Row(ReadOnlySpan<long> words, HeadNames names)
    {
        private readonly ReadOnlySpan<long> _words = words;

        public long TimeMs => _words[0];
        public long Sequence => _words[1];
        public int Device => (int)_words[2];
        public int Previous => (int)_words[3];
        public RowShape Shape => names.Shape((int)(_words[2] >> 32));
        public ReadOnlySpan<double> Values(int length) => MemoryMarshal.Cast<long, double>(_words.Slice(HeaderWords, length));
        public string Text(double number) => names.Text(number);
    }

    public long Bytes
    {
        get
        {
            var bytes = 0L;
            foreach (var block in Volatile.Read(ref _blocks).AsSpan(0, Volatile.Read(ref _count))) bytes += block.Words.Length * 8L;
            return bytes;
        }
    }

    // Appending

    public RowShape ShapeOf(ReadOnlySpan<int> metrics, ReadOnlySpan<string?> states, ReadOnlySpan<Quality> qualities) => _names.Shape(metrics, states, qualities);

    public RowShape Shape(int number) => _names.Shape(number);

    /// <returns>Its number: a greater one than those before.</returns>
    /// <param name="previous">The device's row before, or <see cref="None"/>.</param>
    public int Append(int device, long timeMs, long sequence, int previous, RowShape shape, ReadOnlySpan<double> values, ReadOnlySpan<string?> states)
    {
        var size = HeaderWords + values.Length;
        var block = _count > 0 && _blocks[_count - 1] is { } last && last.Words.Length - last.Used >= size ? last : Add(size);
        var at = block.Used;
        var words = block.Words.AsSpan(at, size);
        words[0] = timeMs;
        words[1] = sequence;
        words[2] = (uint)device | ((long)shape.Number << 32);
        words[3] = previous;
        var target = MemoryMarshal.Cast<long, double>(words[HeaderWords..]);
        values.CopyTo(target);
        if (shape.HasTexts) PutTexts(shape, states, target);
        block.Used = at + size;
        return ((_count - 1) << BlockBits) | at;
    }

    private void PutTexts(RowShape shape, ReadOnlySpan<string?> states, Span<double> target)
    {
        for (var i = 0; i < states.Length; i++)
            if (states[i] is { } text) target[i] = _names.NumberOf(shape, i, text);
    }

    private Block Add(int size)
    {
        if (_count == _blocks.Length)
        {
            var larger = new Block[Math.Max(8, _count * 2)];
            _blocks.CopyTo(larger, 0);
            Volatile.Write(ref _blocks, larger);
        }
        var block = new Block(size <= RowPool.BlockWords ? pool.Rent() : new long[size]);
        _blocks[_count] = block;
        Volatile.Write(ref _count, _count + 1);
        return block;
    }

    // Reading

    public Row this[int number] => new(Volatile.Read(ref _blocks)[number >> BlockBits].Words.AsSpan(number & BlockMask), _names);

    /// <summary>Every row there is now, in the order of writing.</summary>
    public IEnumerable<int> Numbers()
    {
        var count = Volatile.Read(ref _count);
        for (var b = 0; b < count; b++)
        {
            var used = Volatile.Read(ref _blocks)[b].Used;
            for (var at = 0; at < used; at += Length(b, at)) yield return (b << BlockBits) | at;
        }
    }

    private int Length(int block, int at) => HeaderWords + _names.Shape((int)(_blocks[block].Words[at + 2] >> 32)).Length;

    /// <summary>Puts every row's number into its device's part of <paramref name="order"/>.</summary>
    /// <param name="next">By device: where its part begins; afterwards where it ends.</param>
    public void Order(Span<int> order, Span<int> next)
    {
        for (var b = 0; b < _count; b++)
        {
            var words = _blocks[b].Words.AsSpan(0, _blocks[b].Used);
            for (var at = 0; at < words.Length;)
            {
                var word = words[at + 2];
                order[next[(int)word]++] = (b << BlockBits) | at;
                at += HeaderWords + _names.Shape((int)(word >> 32)).Length;
            }
        }
    }

    /// <summary>Hands the memory back. Nobody may read any more.</summary>
    public void LetGo()
    {
        pool.Return([.. _blocks.AsSpan(0, _count).ToArray().Select(b => b.Words)]);
        (_blocks, _count) = ([], 0);
    }
}
