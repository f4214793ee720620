using System.Buffers;
using System.Text;
using Seamless.Fleet.Registry;
using Seamless.Telemetry;

namespace Seamless.Ingest.Dialects.Sparkplug;

/// <summary>Device ids for Sparkplug's names, which may hold any character but <c>+ / #</c>: <c>{group}.{node}[.{device}]</c>, escaped so that it can be read back.</summary>
/// <remarks>Letters, digits, '_' and '-' stand for themselves; every other byte of the UTF-8 is ':' and two hex digits. "Plant 1" is <c>Plant:201</c>.</remarks>
internal static class SparkplugIds
{
    private const char Separator = '.';
    private const char Escape = ':';
    private static readonly SearchValues<byte> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"u8);

    public static string Of(string group, string node) => $"{Escaped(group)}{Separator}{Escaped(node)}";
    public static string Below(string nodeId, string device) => $"{nodeId}{Separator}{Escaped(device)}";

    /// <summary>The device that <paramref name="sender"/> speaks for under this name; null when it may not.</summary>
    /// <remarks>A gateway speaks for every node of its tenant. Anyone else is a node itself: its own id is the node's, with or without the group.</remarks>
    public static DeviceKey? NodeOf(DevicePrincipal sender, string group, string node)
    {
        var full = Of(group, node);
        if (sender.IsGateway) return sender.Key with { Device = full };
        var own = sender.Key.Device;
        return own == node || own == Escaped(node) || own == full ? sender.Key : null;
    }

    public static string Escaped(string name)
    {
        var utf8 = Encoding.UTF8.GetBytes(name);
        if (!utf8.AsSpan().ContainsAnyExcept(Plain)) return name;
        var escaped = new StringBuilder(name.Length + 8);
        foreach (var b in utf8)
        {
            if (Plain.Contains(b)) escaped.Append((char)b);
            else escaped.Append(Escape).Append(b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }
        return escaped.ToString();
    }

    /// <summary>The names that an id was made of: group, node and, for a device, its own. Null when it is none of ours.</summary>
    public static string[]? Names(string id)
    {
        var names = new List<string>();
        foreach (var part in id.Split(Separator))
        {
            if (Unescaped(part) is not { } name) return null;
            names.Add(name);
        }
        return names.Count is 2 or 3 ? [.. names] : null;
    }

    private static string? Unescaped(string part)
    {
        var utf8 = new List<byte>(part.Length);
        for (var i = 0; i < part.Length; i++)
        {
            if (part[i] != Escape)
            {
                utf8.Add((byte)part[i]);
                continue;
            }
            if (i + 2 >= part.Length || !byte.TryParse(part.AsSpan(i + 1, 2), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var b)) return null;
            utf8.Add(b);
            i += 2;
        }
        return utf8.Count == 0 ? null : Encoding.UTF8.GetString([.. utf8]);
    }
}
