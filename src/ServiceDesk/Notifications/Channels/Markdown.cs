using Seamless.ServiceDesk.Notifications.Messages;

namespace Seamless.ServiceDesk.Notifications.Channels;

/// <summary>The little markdown that robots understand: bold, list, link.</summary>
internal static class Markdown
{
    public static string Of(Message message)
    {
        var lines = message.Lines.Select(line => $"- {Plain(line)}").Prepend($"**{Plain(message.Subject)}**");
        return string.Join('\n', message.Link is null ? lines : lines.Append($"[{message.LinkText}]({message.Link})"));
    }

    /// <summary>What people and devices wrote stays text.</summary>
    private static string Plain(string text)
    {
        var plain = new System.Text.StringBuilder(text.Length);
        foreach (var c in text.ReplaceLineEndings(" "))
        {
            if (c is '*' or '_' or '`' or '[' or ']' or '<' or '>' or '#' or '\\') plain.Append('\\');
            plain.Append(c);
        }
        return plain.ToString();
    }
}
