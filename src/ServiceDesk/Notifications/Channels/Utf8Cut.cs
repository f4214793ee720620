using System.Text;

namespace Seamless.ServiceDesk.Notifications.Channels;

/// <summary>Shortens a text to so many bytes of UTF-8 without breaking a character.</summary>
internal static class Utf8Cut
{
    private const char Ellipsis = '…';
    private const int EllipsisBytes = 3;

    public static string To(string text, int mostBytes)
    {
        if (Encoding.UTF8.GetByteCount(text) <= mostBytes) return text;
        var room = mostBytes - EllipsisBytes;
        var kept = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if ((room -= rune.Utf8SequenceLength) < 0) break;
            kept.Append(rune.ToString());
        }
        return kept.Append(Ellipsis).ToString();
    }
}
