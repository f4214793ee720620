using System.Globalization;
using Seamless.Analytics.Evaluation;

namespace Seamless.Rules.Packs.Files;

/// <summary>Reads <c>schedule: { days: [mon, fri], from: "08:00", to: "18:00", zone: Europe/Berlin }</c>.</summary>
internal static class ScheduleReader
{
    private const byte EveryDay = 0x7F;

    public static Schedule? Read(YamlSection rule)
    {
        if (rule.Section("schedule") is not { } section) return null;
        var (days, from, to, zone) = (Days(section), Time(section, "from"), Time(section, "to"), Zone(section));
        if (from is not null && from == to) section.Problem("to", "a schedule that begins and ends at one time is never open", "another time, or no schedule");
        section.RefuseOthers();
        return from is null || to is null || zone is null ? null : new Schedule(days, from.Value, to.Value, zone);
    }

    private static byte Days(YamlSection section)
    {
        if (!section.Has("days")) return EveryDay;
        byte days = 0;
        foreach (var day in section.Texts("days"))
        {
            if (RuleWords.Days.TryGetValue(day, out var bit)) days |= (byte)(1 << bit);
            else section.Problem("days", $"'{day}' is no day", Nearest.Hint(day, RuleWords.Days.Keys));
        }
        if (days == 0) section.Problem("days", "no day is left", "days: [mon, tue, wed, thu, fri]");
        return days;
    }

    private static TimeSpan? Time(YamlSection section, string key)
    {
        var text = section.Text(key);
        if (text.Length == 0) return null;
        if (text == "24:00") return TimeSpan.FromDays(1);
        if (TimeSpan.TryParseExact(text, "hh\\:mm", CultureInfo.InvariantCulture, out var time)) return time;
        section.Problem(key, $"'{text}' is no time of day", "hours and minutes in quotes: \"08:00\"");
        return null;
    }

    private static string? Zone(YamlSection section)
    {
        var zone = section.Text("zone");
        if (zone.Length == 0) return null;
        if (TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _)) return zone;
        section.Problem("zone", $"there is no time zone '{zone}'", "an IANA name such as Europe/Berlin or UTC");
        return null;
    }
}
