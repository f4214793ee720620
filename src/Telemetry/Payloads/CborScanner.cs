using System.Buffers.Binary;
using System.Text.Unicode;

namespace Seamless.Telemetry.Payloads;

internal enum CborKind : byte { Unsigned, Negative, Bytes, Text, Array, Map, Tag, Boolean, Null, Float, Other, Break }

/// <summary>Walks CBOR (RFC 8949) without throwing, and tells where it went wrong. Only a text sent in pieces allocates.</summary>
/// <remarks>
/// No length is believed before its bytes are there, so a payload of ten bytes cannot ask for gigabytes.
/// A method that returns false has set <see cref="Fault"/>; the walk ends there.
/// </remarks>
internal ref struct CborScanner(ReadOnlySpan<byte> item)
{
    private const int MaxDepth = 64;
    private const byte BreakByte = 0xFF;

    private readonly ReadOnlySpan<byte> _item = item;
    private int _depth;

    public int Position { get; private set; }

    /// <summary>What is wrong, at <see cref="Position"/>; null while all is well.</summary>
    public string? Fault { get; private set; }

    /// <summary>The kind of the item that begins here, without taking it.</summary>
    public bool TryPeek(out CborKind kind)
    {
        kind = default;
        if (Position == _item.Length) return Fail("the bytes end where an item is expected");
        var first = _item[Position];
        kind = (first >> 5, first & 0x1F) switch
        {
            (0, _) => CborKind.Unsigned,
            (1, _) => CborKind.Negative,
            (2, _) => CborKind.Bytes,
            (3, _) => CborKind.Text,
            (4, _) => CborKind.Array,
            (5, _) => CborKind.Map,
            (6, _) => CborKind.Tag,
            (_, 20 or 21) => CborKind.Boolean,
            (_, 22) => CborKind.Null,
            (_, 25 or 26 or 27) => CborKind.Float,
            (_, 31) => CborKind.Break,
            _ => CborKind.Other,
        };
        return true;
    }

    /// <summary>Passes over the tags before an item; the last of them is the one next to it.</summary>
    public bool TrySkipTags(out ulong? last)
    {
        last = null;
        while (TryPeek(out var kind))
        {
            if (kind is not CborKind.Tag) return true;
            if (!TryHead(out var tag, out _)) return false;
            last = tag;
        }
        return false;
    }

    public bool TrySkipTags() => TrySkipTags(out _);

    /// <summary>Takes the head of an array or a map.</summary>
    /// <param name="left">How many elements follow (of a map: pairs); negative when a break will tell.</param>
    public bool TryBegin(out long left)
    {
        left = -1;
        if (++_depth > MaxDepth) return Fail("nested too deeply");
        if (!TryHead(out var count, out var indefinite)) return false;
        if (indefinite) return true;
        if (count > (ulong)(_item.Length - Position)) return Fail("more elements announced than there are bytes");
        left = (long)count;
        return true;
    }

    /// <summary>Whether another element comes; otherwise leaves the array or map, and takes the break that ends an indefinite one.</summary>
    public bool TryNext(ref long left, out bool more)
    {
        more = left-- > 0;
        if (left < -1)   // a break will tell: it stays negative
        {
            left = -1;
            if (Position == _item.Length) return Fail("the bytes end within an array or a map");
            more = _item[Position] != BreakByte;
            if (!more) Position++;
        }
        if (!more) _depth--;
        return true;
    }

    /// <summary>A text; in pieces or whole.</summary>
    public bool TryText(out ReadOnlySpan<byte> utf8)
    {
        utf8 = default;
        if (!TryPeek(out var kind)) return false;
        if (kind is not CborKind.Text) return Fail("a text expected");
        if (!TryHead(out var length, out var indefinite)) return false;
        return indefinite ? TryPieces(out utf8) : TryPiece(length, out utf8);
    }

    private bool TryPiece(ulong length, out ReadOnlySpan<byte> utf8)
    {
        utf8 = default;
        if (length > (ulong)(_item.Length - Position)) return Fail("the bytes end within a text");
        utf8 = _item.Slice(Position, (int)length);
        if (!Utf8.IsValid(utf8)) return Fail("a text that is not UTF-8");
        Position += (int)length;
        return true;
    }

    private bool TryPieces(out ReadOnlySpan<byte> utf8)
    {
        utf8 = default;
        var gathered = new List<byte>();
        while (true)
        {
            if (Position == _item.Length) return Fail("the bytes end within a text");
            if (_item[Position] == BreakByte) break;
            if (_item[Position] >> 5 != 3 || (_item[Position] & 0x1F) == 31) return Fail("a text in pieces holds something else");
            if (!TryHead(out var length, out _) || !TryPiece(length, out var piece)) return false;
            gathered.AddRange(piece);
        }
        Position++;
        utf8 = gathered.ToArray();
        return true;
    }

    /// <summary>An integer, positive or negative, as far as a long reaches; null beyond.</summary>
    public bool TryInteger(out long? value)
    {
        value = null;
        var negative = _item[Position] >> 5 == 1;
        if (!TryHead(out var magnitude, out _)) return false;
        if (magnitude <= long.MaxValue) value = negative ? -1 - (long)magnitude : (long)magnitude;
        return true;
    }

    /// <summary>A number of any width.</summary>
    public bool TryNumber(out double value)
    {
        value = 0;
        var first = _item[Position];
        if (!TryHead(out var bits, out _)) return false;
        value = (first >> 5, first & 0x1F) switch
        {
            (0, _) => bits,
            (1, _) => -1.0 - bits,
            (_, 25) => (double)BitConverter.UInt16BitsToHalf((ushort)bits),
            (_, 26) => BitConverter.UInt32BitsToSingle((uint)bits),
            _ => BitConverter.UInt64BitsToDouble(bits),
        };
        return true;
    }

    public bool TryBoolean(out bool value)
    {
        value = (_item[Position++] & 0x1F) == 21;
        return true;
    }

    /// <summary>Takes a whole item of any kind.</summary>
    public bool TrySkip()
    {
        if (!TrySkipTags() || !TryPeek(out var kind)) return false;
        switch (kind)
        {
            case CborKind.Text: return TryText(out _);
            case CborKind.Bytes: return TrySkipBytes();
            case CborKind.Break: return Fail("a break where an item is expected");
            case CborKind.Array or CborKind.Map: return TrySkipElements(kind);
            default: return TryHead(out _, out _);
        }
    }

    private bool TrySkipBytes()
    {
        if (!TryHead(out var length, out var indefinite)) return false;
        if (!indefinite) return TryPass(length);
        while (true)
        {
            if (Position == _item.Length) return Fail("the bytes end within a byte string");
            if (_item[Position] == BreakByte) break;
            if (_item[Position] >> 5 != 2 || (_item[Position] & 0x1F) == 31) return Fail("a byte string in pieces holds something else");
            if (!TryHead(out length, out _) || !TryPass(length)) return false;
        }
        Position++;
        return true;
    }

    private bool TryPass(ulong length)
    {
        if (length > (ulong)(_item.Length - Position)) return Fail("the bytes end within a byte string");
        Position += (int)length;
        return true;
    }

    private bool TrySkipElements(CborKind kind)
    {
        if (!TryBegin(out var left)) return false;
        while (true)
        {
            if (!TryNext(ref left, out var more)) return false;
            if (!more) return true;
            if (!TrySkip() || (kind is CborKind.Map && !TrySkip())) return false;
        }
    }

    public bool TryEnd() => Position == _item.Length || Fail("something follows the end of the CBOR item");

    /// <summary>The first byte and the argument that follows it (§3).</summary>
    private bool TryHead(out ulong argument, out bool indefinite)
    {
        (argument, indefinite) = (0, false);
        var first = _item[Position];
        var (major, size) = (first >> 5, first & 0x1F);
        if (size == 31)
        {
            if (major is 0 or 1 or 6 or 7) return Fail("an item without an end");
            Position++;
            return indefinite = true;
        }
        if (size > 27) return Fail("a reserved length");
        var width = size < 24 ? 0 : 1 << (size - 24);
        if (_item.Length - Position - 1 < width) return Fail("the bytes end within an item");
        var bytes = _item.Slice(Position + 1, width);
        argument = width switch
        {
            0 => (ulong)size,
            1 => bytes[0],
            2 => BinaryPrimitives.ReadUInt16BigEndian(bytes),
            4 => BinaryPrimitives.ReadUInt32BigEndian(bytes),
            _ => BinaryPrimitives.ReadUInt64BigEndian(bytes),
        };
        if (major == 7 && size == 24 && argument < 32) return Fail("a simple value in two bytes that fits in one");
        Position += 1 + width;
        return true;
    }

    private bool Fail(string fault)
    {
        Fault = fault;
        return false;
    }
}
