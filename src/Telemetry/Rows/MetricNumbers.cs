using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Seamless.Telemetry.Rows;

/// <summary>Metric names by number, from 0 without gaps, found by their UTF-8 as it stands in a payload. Any number of threads; reading takes no lock.</summary>
public sealed class MetricNumbers
{
    private readonly Lock _adding = new();
    private volatile Table _table = new(256);
    private volatile int _count;

    private sealed class Entry(byte[] utf8, string name, int number)
    {
        public readonly byte[] Utf8 = utf8;
        public readonly string Name = name;
        public readonly int Number = number;
    }

    /// <summary>Open addressing over immutable entries, at most half full; replaced whole when it must grow.</summary>
    private sealed class Table(int capacity)
    {
        public readonly Entry?[] Slots = new Entry?[capacity * 2];
        public readonly Entry[] ByNumber = new Entry[capacity];

        public Entry? Find(ReadOnlySpan<byte> utf8)
        {
            var mask = Slots.Length - 1;
            for (var at = Hash(utf8) & mask; Volatile.Read(ref Slots[at]) is { } entry; at = (at + 1) & mask)
                if (utf8.SequenceEqual(entry.Utf8)) return entry;
            return null;
        }

        public void Put(Entry entry)
        {
            var mask = Slots.Length - 1;
            var at = Hash(entry.Utf8) & mask;
            while (Slots[at] is not null) at = (at + 1) & mask;
            ByNumber[entry.Number] = entry;
            Volatile.Write(ref Slots[at], entry);
        }
    }

    public int Count => _count;

    public string this[int number] => _table.ByNumber[number].Name;

    public ReadOnlySpan<byte> Utf8Of(int number) => _table.ByNumber[number].Utf8;

    /// <summary>The number of a name seen before; −1 for a new one.</summary>
    public int Find(ReadOnlySpan<byte> utf8) => _table.Find(utf8)?.Number ?? -1;

    /// <summary>The metric's number, given on first sight.</summary>
    /// <param name="utf8">Valid UTF-8, as it reads after unescaping.</param>
    public int Of(ReadOnlySpan<byte> utf8) => _table.Find(utf8)?.Number ?? Add(utf8.ToArray());

    public int Of(string name)
    {
        var length = Encoding.UTF8.GetByteCount(name);
        Span<byte> utf8 = length <= 512 ? stackalloc byte[length] : new byte[length];
        Encoding.UTF8.GetBytes(name, utf8);
        return Of(utf8);
    }

    private int Add(byte[] utf8)
    {
        lock (_adding)
        {
            if (_table.Find(utf8) is { } known) return known.Number;
            var table = _table;
            if (_count == table.ByNumber.Length)
            {
                var larger = new Table(_count * 2);
                for (var i = 0; i < _count; i++) larger.Put(table.ByNumber[i]);
                table = larger;
            }
            var number = _count;
            table.Put(new Entry(utf8, Encoding.UTF8.GetString(utf8), number));
            _table = table;
            _count = number + 1;
            return number;
        }
    }

    /// <summary>Of the first and last eight bytes and the length: names that differ only in between are rare, and told apart by comparing.</summary>
    private static int Hash(ReadOnlySpan<byte> utf8)
    {
        ulong first, last;
        if (utf8.Length >= sizeof(ulong))
        {
            first = BinaryPrimitives.ReadUInt64LittleEndian(utf8);
            last = BinaryPrimitives.ReadUInt64LittleEndian(utf8[^sizeof(ulong)..]);
        }
        else
        {
            first = 0;
            foreach (var b in utf8) first = (first << 8) | b;
            last = first;
        }
        var hash = (first ^ (ulong)utf8.Length) * 0x9E3779B97F4A7C15UL ^ BitOperations.RotateLeft(last, 29) * 0xC2B2AE3D27D4EB4FUL;
        return (int)((hash ^ (hash >> 32)) & 0x7FFFFFFF);
    }
}
