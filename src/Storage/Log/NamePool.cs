using System.Text;

namespace Seamless.Storage.Log;

/// <summary>The same string object for the same bytes, for one reader. Bounded: it starts anew when full.</summary>
internal sealed class NamePool
{
    private const int MaxNames = 16 * 1024;
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _byText;

    public NamePool() => _byText = _names.GetAlternateLookup<ReadOnlySpan<char>>();

    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > 256) return Encoding.UTF8.GetString(utf8);   // payload text, not a name
        Span<char> text = stackalloc char[utf8.Length];
        text = text[..Encoding.UTF8.GetChars(utf8, text)];
        if (_byText.TryGetValue(text, out var known)) return known;
        if (_names.Count == MaxNames) _names.Clear();
        var name = text.ToString();
        _names.Add(name, name);
        return name;
    }
}
