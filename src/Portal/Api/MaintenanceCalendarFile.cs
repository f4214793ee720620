using System.Globalization;
using System.Text;
using Seamless.Rules.Alarms.Maintenance;

namespace Seamless.Portal.Api;

/// <summary>Windows as iCalendar (RFC 5545). Each time is an event of its own in UTC, so that ended early, prolonged and daylight saving are right in every calendar.</summary>
internal static class MaintenanceCalendarFile
{
    public const string ContentType = "text/calendar; charset=utf-8";
    private const int LongestLine = 75;
    private static readonly TimeSpan Back = TimeSpan.FromDays(30), Ahead = TimeSpan.FromDays(90);

    public static string Of(IEnumerable<MaintenanceWindow> windows, DateTimeOffset now)
    {
        var text = new StringBuilder();
        foreach (var line in (string[])["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Seamless//Maintenance//EN"]) Line(text, line);
        foreach (var window in windows)
            foreach (var time in window.Between(now - Back, now + Ahead)) Event(text, window, time);
        Line(text, "END:VCALENDAR");
        return text.ToString();
    }

    private static void Event(StringBuilder text, MaintenanceWindow window, Occurrence time)
    {
        Line(text, "BEGIN:VEVENT");
        Line(text, $"UID:{window.Id}-{time.From.ToUnixTimeSeconds()}@seamless");
        Line(text, $"DTSTAMP:{Stamp(window.CreatedAt)}");
        Line(text, $"DTSTART:{Stamp(time.From)}");
        Line(text, $"DTEND:{Stamp(time.To)}");
        Line(text, $"SEQUENCE:{window.Version}");
        Line(text, $"SUMMARY:{Escaped($"Maintenance {ScopeOf(window.Scope)}: {window.Reason}")}");
        Line(text, $"DESCRIPTION:{Escaped($"Entered by {window.Author}")}");
        Line(text, "END:VEVENT");
    }

    private static string ScopeOf(MaintenanceScope scope) => scope switch
    {
        { Device: { } device } => device,
        { Site: { } site, Type: { } type } => $"{type} at {site}",
        { Site: { } site } => site,
        _ => "everything",
    };

    private static string Stamp(DateTimeOffset at) => at.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    private static string Escaped(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(";", "\\;", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal).ReplaceLineEndings("\\n");

    /// <summary>Folded at 75 octets, between characters.</summary>
    private static void Line(StringBuilder text, string line)
    {
        var octets = 0;
        foreach (var rune in line.EnumerateRunes())
        {
            if (octets + rune.Utf8SequenceLength > LongestLine)
            {
                text.Append("\r\n ");
                octets = 1;
            }
            text.Append(rune.ToString());
            octets += rune.Utf8SequenceLength;
        }
        text.Append("\r\n");
    }
}
