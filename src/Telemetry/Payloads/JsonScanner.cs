using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;

namespace Seamless.Telemetry.Payloads;

internal enum JsonKind : byte { Object, Array, Text, Number, True, False, Null, NotFinite }

/// <summary>Walks JSON text (RFC 8259) without throwing or allocating, and tells where it went wrong.</summary>
/// <remarks>
/// Stands in for <c>Utf8JsonReader</c> for two reasons. It takes the tokens <c>NaN</c>, <c>Infinity</c> and <c>-Infinity</c>, which field
/// devices do send, as values of kind <see cref="JsonKind.NotFinite"/>, so that one broken sensor costs one metric and not the message.
/// And it reports faults as a value, on a path where faults are everyday.
/// A method that returns false has set <see cref="Fault"/>; the walk ends there.
/// </remarks>
/// <param name="strict">Refuses <c>NaN</c> and the infinities like any other word that is not JSON.</param>
internal ref struct JsonScanner(ReadOnlySpan<byte> text, bool strict = false)
{
    private const int MaxDepth = 64;
    private static readonly SearchValues<byte> StringStops = SearchValues.Create([.. Enumerable.Range(0, 32).Select(b => (byte)b), (byte)'"', (byte)'\\']);

    private readonly ReadOnlySpan<byte> _text = text;

    public int Position { get; private set; } = text.StartsWith("\uFEFF"u8) ? 3 : 0;

    /// <summary>What is wrong, at <see cref="Position"/>; null while all is well.</summary>
    public string? Fault { get; private set; }

    public readonly ReadOnlySpan<byte> Since(int start) => _text[start..Position];

    /// <summary>The kind of the value that begins here (after white space), without taking it.</summary>
    public bool TryPeek(out JsonKind kind)
    {
        kind = default;
        SkipWhiteSpace();
        if (Position >= _text.Length) return Fail("the text ends where a value is expected");
        switch (_text[Position])
        {
            case (byte)'{': kind = JsonKind.Object; return true;
            case (byte)'[': kind = JsonKind.Array; return true;
            case (byte)'"': kind = JsonKind.Text; return true;
            case (byte)'t': kind = JsonKind.True; return true;
            case (byte)'f': kind = JsonKind.False; return true;
            case (byte)'n': kind = JsonKind.Null; return true;
            case (byte)'N' or (byte)'I' when !strict: kind = JsonKind.NotFinite; return true;
            case (byte)'-' when !strict && Position + 1 < _text.Length && _text[Position + 1] == (byte)'I': kind = JsonKind.NotFinite; return true;
            case (byte)'-' or (>= (byte)'0' and <= (byte)'9'): kind = JsonKind.Number; return true;
            default: return Fail($"unexpected {Describe(_text[Position])}");
        }
    }

    /// <summary>Takes <paramref name="mark"/> if it is next; otherwise stays, without a fault.</summary>
    public bool Takes(byte mark)
    {
        SkipWhiteSpace();
        if (Position >= _text.Length || _text[Position] != mark) return false;
        Position++;
        return true;
    }

    public bool TryTake(byte mark) => Takes(mark) || Fail($"'{(char)mark}' expected");

    /// <summary>After a member or an element: takes the comma (<paramref name="more"/>) or the closing mark.</summary>
    public bool TryNext(byte closing, out bool more)
    {
        more = Takes((byte)',');
        return more || Takes(closing) || Fail($"',' or '{(char)closing}' expected");
    }

    /// <summary>Nothing but white space is left.</summary>
    public bool TryEnd()
    {
        SkipWhiteSpace();
        return Position == _text.Length || Fail("something follows the end of the JSON text");
    }

    public bool TryName(out JsonText name) => TryText(out name) && TryTake((byte)':');

    public bool TryText(out JsonText text)
    {
        text = default;
        if (!TryTake((byte)'"')) return false;
        var start = Position;
        var escaped = false;
        while (true)
        {
            var stop = _text[Position..].IndexOfAny(StringStops);
            if (stop < 0)
            {
                Position = _text.Length;
                return Fail("the text ends within a string");
            }
            Position += stop;
            var c = _text[Position];
            if (c == (byte)'"') break;
            if (c != (byte)'\\') return Fail("a control character within a string");
            escaped = true;
            if (!TrySkipEscape()) return false;
        }
        var raw = _text[start..Position];
        if (!Utf8.IsValid(raw)) return Fail("a string that is not UTF-8");
        Position++;
        text = new JsonText(raw, escaped);
        return true;
    }

    private bool TrySkipEscape()
    {
        if (Position + 1 >= _text.Length) return Fail("the text ends within a string");
        var c = _text[Position + 1];
        if (c == (byte)'u') return TrySkipCodePoint();
        if (!"\"\\/bfnrt"u8.Contains(c)) return Fail("an unknown escape within a string");
        Position += 2;
        return true;
    }

    private bool TrySkipCodePoint()
    {
        if (!TryHex4(Position + 2, out var unit)) return Fail("a \\u escape without four hex digits");
        if (char.IsLowSurrogate(unit)) return Fail("half a surrogate pair");
        if (char.IsHighSurrogate(unit))
        {
            var pairs = Position + 7 < _text.Length && _text[Position + 6] == (byte)'\\' && _text[Position + 7] == (byte)'u';
            if (!pairs || !TryHex4(Position + 8, out var low) || !char.IsLowSurrogate(low)) return Fail("half a surrogate pair");
            Position += 6;
        }
        Position += 6;
        return true;
    }

    private readonly bool TryHex4(int at, out char unit)
    {
        unit = '\0';
        if (at + 4 > _text.Length) return false;
        if (!Utf8Parser.TryParse(_text.Slice(at, 4), out ushort value, out var used, 'x') || used != 4) return false;
        unit = (char)value;
        return true;
    }

    /// <summary>A JSON number; infinite when it is beyond the range of a double.</summary>
    public bool TryNumber(out double value)
    {
        var start = Position;
        value = 0;
        if (!TrySkipNumber()) return false;
        var digits = _text[start..Position];
        if (TryShortDecimal(digits, out value)) return true;
        return (Utf8Parser.TryParse(digits, out value, out var used) && used == digits.Length) || Fail("not a number");
    }

    /// <summary>An integer without fraction or exponent; when the number is something else, takes it and gives null.</summary>
    public bool TryInteger(out long? value)
    {
        var start = Position;
        value = null;
        if (!TrySkipNumber()) return false;
        var digits = _text[start..Position];
        if (Utf8Parser.TryParse(digits, out long integer, out var used) && used == digits.Length) value = integer;
        return true;
    }

    private bool TrySkipNumber()
    {
        if (Position < _text.Length && _text[Position] == (byte)'-') Position++;
        if (Position < _text.Length && _text[Position] == (byte)'0') Position++;
        else if (!TrySkipDigits()) return false;
        if (Position < _text.Length && _text[Position] == (byte)'.')
        {
            Position++;
            if (!TrySkipDigits()) return false;
        }
        if (Position < _text.Length && _text[Position] is (byte)'e' or (byte)'E')
        {
            Position++;
            if (Position < _text.Length && _text[Position] is (byte)'+' or (byte)'-') Position++;
            if (!TrySkipDigits()) return false;
        }
        return true;
    }

    private bool TrySkipDigits()
    {
        var start = Position;
        while (Position < _text.Length && _text[Position] is >= (byte)'0' and <= (byte)'9') Position++;
        return Position > start || Fail("a digit expected");
    }

    private static ReadOnlySpan<double> PowersOfTen => [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    /// <summary>Up to 15 digits: mantissa and power of ten are both exact doubles, so one division rounds correctly (Clinger 1990). What sensors send.</summary>
    private static bool TryShortDecimal(ReadOnlySpan<byte> digits, out double value)
    {
        value = 0;
        var negative = digits[0] == (byte)'-';
        if (negative) digits = digits[1..];
        if (digits.Length > 16) return false;
        long mantissa = 0;
        var point = -1;
        for (var i = 0; i < digits.Length; i++)
        {
            var c = digits[i];
            if (c == (byte)'.') point = i;
            else if (c is (byte)'e' or (byte)'E') return false;
            else mantissa = mantissa * 10 + (c - '0');
        }
        if (point < 0 && digits.Length > 15) return false;
        value = point < 0 ? mantissa : mantissa / PowersOfTen[digits.Length - 1 - point];
        if (negative) value = -value;
        return true;
    }

    /// <summary>Takes <c>true</c>, <c>false</c>, <c>null</c>, <c>NaN</c>, <c>Infinity</c> or <c>-Infinity</c>, as <see cref="TryPeek"/> announced it.</summary>
    public bool TryWord(JsonKind kind)
    {
        var rest = _text[Position..];
        var word = kind switch
        {
            JsonKind.True => "true"u8,
            JsonKind.False => "false"u8,
            JsonKind.Null => "null"u8,
            _ when rest[0] == (byte)'N' => "NaN"u8,
            _ when rest[0] == (byte)'-' => "-Infinity"u8,
            _ => "Infinity"u8,
        };
        if (!rest.StartsWith(word)) return Fail($"unexpected {Describe(rest[0])}");
        Position += word.Length;
        return true;
    }

    /// <summary>Takes a whole value of any kind.</summary>
    public bool TrySkip() => TrySkip(0);

    private bool TrySkip(int depth)
    {
        if (!TryPeek(out var kind)) return false;
        return kind switch
        {
            JsonKind.Object => TrySkipMembers(depth),
            JsonKind.Array => TrySkipElements(depth),
            JsonKind.Text => TryText(out _),
            JsonKind.Number => TrySkipNumber(),
            _ => TryWord(kind),
        };
    }

    private bool TrySkipMembers(int depth)
    {
        if (depth == MaxDepth) return Fail("nested too deeply");
        Position++;
        if (Takes((byte)'}')) return true;
        for (var more = true; more;)
            if (!TryName(out _) || !TrySkip(depth + 1) || !TryNext((byte)'}', out more)) return false;
        return true;
    }

    private bool TrySkipElements(int depth)
    {
        if (depth == MaxDepth) return Fail("nested too deeply");
        Position++;
        if (Takes((byte)']')) return true;
        for (var more = true; more;)
            if (!TrySkip(depth + 1) || !TryNext((byte)']', out more)) return false;
        return true;
    }

    private void SkipWhiteSpace()
    {
        while (Position < _text.Length && _text[Position] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t') Position++;
    }

    private bool Fail(string fault)
    {
        Fault = fault;
        return false;
    }

    private static string Describe(byte b) => b is > 0x20 and < 0x7F ? $"'{(char)b}'" : $"byte 0x{b:X2}";
}

/// <summary>A string as it stands in the text, valid UTF-8 with valid escapes.</summary>
internal readonly ref struct JsonText(ReadOnlySpan<byte> raw, bool escaped)
{
    public ReadOnlySpan<byte> Raw { get; } = raw;
    public bool Escaped { get; } = escaped;

    public bool Is(ReadOnlySpan<byte> name) => Escaped ? name.SequenceEqual(Unescape()) : name.SequenceEqual(Raw);

    public override string ToString() => Encoding.UTF8.GetString(Escaped ? Unescape() : Raw);

    private byte[] Unescape()
    {
        var output = new byte[Raw.Length];
        var length = 0;
        for (var i = 0; i < Raw.Length;)
        {
            if (Raw[i] != (byte)'\\')
            {
                output[length++] = Raw[i++];
                continue;
            }
            if (Raw[i + 1] != (byte)'u')
            {
                output[length++] = Simple(Raw[i + 1]);
                i += 2;
                continue;
            }
            var rune = TakeRune(Raw, ref i);
            length += rune.EncodeToUtf8(output.AsSpan(length));
        }
        return output[..length];
    }

    private static byte Simple(byte c) => c switch
    {
        (byte)'b' => (byte)'\b',
        (byte)'f' => (byte)'\f',
        (byte)'n' => (byte)'\n',
        (byte)'r' => (byte)'\r',
        (byte)'t' => (byte)'\t',
        _ => c,
    };

    private static Rune TakeRune(ReadOnlySpan<byte> raw, ref int i)
    {
        var high = Unit(raw, i);
        i += 6;
        if (!char.IsHighSurrogate(high)) return new Rune(high);
        var low = Unit(raw, i);
        i += 6;
        return new Rune(high, low);
    }

    private static char Unit(ReadOnlySpan<byte> raw, int at)
    {
        var read = Utf8Parser.TryParse(raw.Slice(at + 2, 4), out ushort value, out _, 'x');   // checked when the string was taken
        return read ? (char)value : '\uFFFD';
    }
}
