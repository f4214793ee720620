using System.Globalization;
using System.Text.RegularExpressions;

namespace Seamless.Portal.Pages.Viewing;

/// <summary>Instants within a text that was written down for everybody, as <c>2026-03-02 09:00:00Z</c>: each reader sees them in their own zone and language.</summary>
internal static partial class Instants
{
    /// <summary>The text cut into what is and what is not an instant, in order.</summary>
    public static IEnumerable<(string Text, DateTimeOffset? At)> PartsOf(string text)
    {
        var from = 0;
        foreach (Match match in Instant().Matches(text))
        {
            if (!DateTimeOffset.TryParse(match.Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)) continue;   // such as February 30th: stays as it is
            if (match.Index > from) yield return (text[from..match.Index], null);
            yield return (match.Value, at);
            from = match.Index + match.Length;
        }
        if (from < text.Length) yield return (text[from..], null);
    }

    /// <summary>The same where there is only text, as in a notice that a script shows.</summary>
    public static string Said(this Viewer viewer, string text) => string.Concat(PartsOf(text).Select(part => part.At is { } at ? viewer.Time(at) : part.Text));

    [GeneratedRegex(@"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}(?:\.\d{1,7})?(?:Z|[+-]\d{2}:\d{2})")]
    private static partial Regex Instant();
}
