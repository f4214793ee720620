using System.Globalization;
using System.Text;
using Seamless.Telemetry;

namespace Seamless.Ingest.Dialects.ThingsBoard;

/// <summary>A gateway calls its devices as it likes (<c>Dev A</c>); ids have an alphabet. What lies outside it is escaped, byte by byte of its UTF-8, so that the name can be had back: <c>Dev_x20A</c>.</summary>
internal static class GatewayDeviceNames
{
    /// <returns>Null when the id would be longer than ids may be, or the name is empty.</returns>
    public static string? ToId(string name)
    {
        if (name.Length is 0 or > DeviceKey.MaxNameLength) return null;
        var id = new StringBuilder(name.Length);
        var at = 0;
        foreach (var rune in name.EnumerateRunes())
        {
            at += rune.Utf16SequenceLength;
            // An underscore before an x would read as the beginning of an escape.
            var looksLikeEscape = rune.Value == '_' && at < name.Length && name[at] == 'x';
            if (rune.IsAscii && DeviceKey.IsValidName([(char)rune.Value]) && !looksLikeEscape) id.Append((char)rune.Value);
            else Escape(id, rune);
        }
        return id.Length <= DeviceKey.MaxNameLength ? id.ToString() : null;
    }

    /// <summary>The name of which <see cref="ToId"/> made <paramref name="id"/>.</summary>
    public static string ToName(string id)
    {
        var utf8 = new List<byte>(id.Length);
        for (var i = 0; i < id.Length; i++)
        {
            if (id.AsSpan(i) is ['_', 'x', var high, var low, ..] && byte.TryParse([high, low], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var escaped))
            {
                utf8.Add(escaped);
                i += 3;
            }
            else utf8.Add((byte)id[i]);
        }
        return Encoding.UTF8.GetString([.. utf8]);
    }

    private static void Escape(StringBuilder id, Rune rune)
    {
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var unit in utf8[..rune.EncodeToUtf8(utf8)]) id.Append(CultureInfo.InvariantCulture, $"_x{unit:X2}");
    }
}
