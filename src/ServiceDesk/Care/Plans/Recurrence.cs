using System.Globalization;
using NodaTime;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Care.Plans;

internal enum Frequency : byte { Daily, Weekly, Monthly, Yearly }

/// <summary>A weekday, in a month the <paramref name="Ordinal"/>-th of its kind, from the end when negative; 0 is every one.</summary>
internal readonly record struct DayRule(int Ordinal, IsoDayOfWeek Day);

/// <summary>On which days something comes round: the part of RFC 5545's RRULE that service plans need.</summary>
/// <remarks>FREQ, INTERVAL, BYDAY (a week's days, or 1MO and -1FR of a month) and BYMONTHDAY (1 to 31, -1 the last). A day that a month or a year does not have is left out, as the standard says.</remarks>
internal sealed record Recurrence(Frequency Frequency, int Interval, IReadOnlyList<DayRule> Days, IReadOnlyList<int> MonthDays)
{
    private const int LongestYears = 100;

    /// <summary>The days in order, <paramref name="start"/> the earliest that can be one.</summary>
    public IEnumerable<LocalDate> From(LocalDate start)
    {
        var end = start.PlusYears(LongestYears);
        for (var round = 0; ; round++)
        {
            var days = RoundOf(start, round * Interval, out var first);
            if (first > end) yield break;
            foreach (var day in days.Where(d => d >= start).Order()) yield return day;
        }
    }

    /// <summary>The first day after <paramref name="last"/>; null when there is none.</summary>
    public LocalDate? After(LocalDate start, LocalDate last)
    {
        foreach (var day in From(start))
            if (day > last) return day;
        return null;
    }

    private IEnumerable<LocalDate> RoundOf(LocalDate start, int steps, out LocalDate first)
    {
        switch (Frequency)
        {
            case Frequency.Daily:
                first = start.PlusDays(steps);
                return [first];
            case Frequency.Weekly:
                var monday = first = start.With(DateAdjusters.PreviousOrSame(IsoDayOfWeek.Monday)).PlusWeeks(steps);
                return (Days.Count == 0 ? [start.DayOfWeek] : Days.Select(d => d.Day)).Select(d => monday.PlusDays((int)d - 1));
            case Frequency.Monthly:
                first = start.With(DateAdjusters.StartOfMonth).PlusMonths(steps);
                return OfMonth(first, start.Day);
            default:
                first = start.PlusYears(steps);
                return first.Day == start.Day ? [first] : [];
        }
    }

    private IEnumerable<LocalDate> OfMonth(LocalDate month, int startDay)
    {
        var length = month.Calendar.GetDaysInMonth(month.Year, month.Month);
        if (Days.Count > 0) return Enumerable.Range(0, length).Select(month.PlusDays).Where(day => Days.Any(rule => Fits(rule, day, length)));
        return (MonthDays.Count == 0 ? [startDay] : MonthDays).Select(d => d < 0 ? length + d + 1 : d).Where(d => d >= 1 && d <= length).Distinct().Select(d => month.PlusDays(d - 1));
    }

    private static bool Fits(DayRule rule, LocalDate day, int length) =>
        day.DayOfWeek == rule.Day && (rule.Ordinal == 0 || rule.Ordinal == (day.Day - 1) / 7 + 1 || rule.Ordinal == -((length - day.Day) / 7 + 1));

    /// <param name="text"><c>FREQ=WEEKLY;BYDAY=MO</c>, with or without <c>RRULE:</c> before it.</param>
    public static Outcome<Recurrence> Parse(string? text)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in (text ?? "").Trim().ToUpperInvariant().Replace("RRULE:", "", StringComparison.Ordinal).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            if (part.Split('=') is not [var name, var value] || !fields.TryAdd(name, value)) return Wrong($"'{part}' is no part of a rule");
        if (fields.Keys.FirstOrDefault(k => k is not ("FREQ" or "INTERVAL" or "BYDAY" or "BYMONTHDAY")) is { } unknown) return Wrong($"'{unknown}' is not one of FREQ, INTERVAL, BYDAY, BYMONTHDAY");
        if (!Enum.TryParse<Frequency>(fields.GetValueOrDefault("FREQ"), ignoreCase: true, out var frequency) || !fields["FREQ"].All(char.IsAsciiLetter)) return Wrong("FREQ is DAILY, WEEKLY, MONTHLY or YEARLY");
        if (!int.TryParse(fields.GetValueOrDefault("INTERVAL", "1"), NumberStyles.None, CultureInfo.InvariantCulture, out var interval) || interval is < 1 or > 999) return Wrong("INTERVAL is a whole number from 1 to 999");
        var days = Listed(fields, "BYDAY").Select(DayOf).ToList();
        var monthDays = Listed(fields, "BYMONTHDAY").Select(d => int.TryParse(d, CultureInfo.InvariantCulture, out var n) && n is (>= 1 and <= 31) or (<= -1 and >= -31) ? n : 0).ToList();
        if (days.Contains(null)) return Wrong("BYDAY lists MO, TU, WE, TH, FR, SA and SU, in a month also 1MO or -1FR");
        if (monthDays.Contains(0)) return Wrong("BYMONTHDAY lists 1 to 31, or -1 for the last day");
        if (days.Count > 0 && (frequency is not (Frequency.Weekly or Frequency.Monthly) || (frequency is Frequency.Weekly && days.Any(d => d!.Value.Ordinal != 0))))
            return Wrong("BYDAY belongs to WEEKLY (MO) and MONTHLY (1MO)");
        if (monthDays.Count > 0 && (frequency is not Frequency.Monthly || days.Count > 0)) return Wrong("BYMONTHDAY belongs to MONTHLY, without BYDAY");
        return new Recurrence(frequency, interval, [.. days.Select(d => d!.Value)], monthDays);
    }

    private static string[] Listed(Dictionary<string, string> fields, string name) => fields.TryGetValue(name, out var list) ? list.Split(',') : [];

    private static DayRule? DayOf(string text)
    {
        if (text.Length < 2 || Array.IndexOf(DayNames, text[^2..]) is var day && day < 0) return null;
        if (text.Length == 2) return new DayRule(0, (IsoDayOfWeek)(day + 1));
        return int.TryParse(text[..^2], CultureInfo.InvariantCulture, out var ordinal) && ordinal is (>= 1 and <= 5) or (<= -1 and >= -5) ? new DayRule(ordinal, (IsoDayOfWeek)(day + 1)) : null;
    }

    private static readonly string[] DayNames = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

    private static Refusal Wrong(string why) => Refusal.Invalid("care-rule", $"rule: {why}; write it as FREQ=WEEKLY;BYDAY=MO or FREQ=MONTHLY;BYMONTHDAY=1");
}
