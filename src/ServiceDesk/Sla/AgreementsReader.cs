using System.Globalization;
using NodaTime;
using NodaTime.Text;
using Seamless.Rules.Packs.Files;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Sla;

/// <summary>Reads a tenant's service agreements from YAML (or JSON, which is YAML): calendars, policies, who has which.</summary>
public static class AgreementsReader
{
    public const string FileName = "agreements.yaml";
    private const string Always = "always";

    private static readonly LocalDatePattern DatePattern = LocalDatePattern.Iso;

    /// <returns>Null when there are problems.</returns>
    public static ServiceAgreements? Read(string text, int version, List<PackProblem> problems)
    {
        if (YamlSection.Open(FileName, text, problems) is not { } root) return null;
        var calendars = Calendars(root);
        var policies = Policies(root, calendars);
        var tiers = Assignments(root, "tiers", policies);
        var customers = Assignments(root, "customers", policies);
        var stall = Stall(root);
        root.RefuseOthers();
        if (!tiers.ContainsKey(ServiceAgreements.Default) && problems.Count == 0)
            root.Problem("tiers", "'tiers' has no 'default'", "default: the name of a policy, for whoever has no other");
        return problems.Count == 0 ? new ServiceAgreements(version, tiers, customers, stall) : null;
    }

    private static Dictionary<string, ServiceCalendar> Calendars(YamlSection root)
    {
        var calendars = new Dictionary<string, ServiceCalendar>(StringComparer.Ordinal) { [Always] = ServiceCalendar.Always };
        if (root.Section("calendars") is not { } all) return calendars;
        foreach (var name in all.Keys)
        {
            if (name == Always) all.Problem(name, "'always' is 24 hours on 365 days and cannot be another", "another name");
            else if (all.Section(name) is { } section) calendars[name] = Calendar(section);
        }
        return calendars;
    }

    private static ServiceCalendar Calendar(YamlSection section)
    {
        var zoneName = section.Text("timeZone");
        var zone = DateTimeZoneProviders.Tzdb.GetZoneOrNull(zoneName);
        if (zone is null && zoneName.Length > 0) section.Problem("timeZone", $"there is no time zone '{zoneName}'", "a name of the IANA database, such as Europe/Berlin or Asia/Shanghai");
        var week = new Dictionary<IsoDayOfWeek, IReadOnlyList<ServiceHours>>();
        if (section.Section("hours") is { } hours)
        {
            foreach (var days in hours.Keys)
            {
                var spans = Hours(hours, days);
                foreach (var day in Days(hours, days)) week[day] = spans;
            }
        }
        if (week.Values.All(spans => spans.Count == 0)) section.Problem("hours", "the calendar is never open", "hours: { mon-fri: [08:00-18:00] }");
        var calendar = new ServiceCalendar(zone ?? DateTimeZone.Utc, week, Dates(section, "holidays"), Dates(section, "workingDays"));
        section.RefuseOthers();
        return calendar;
    }

    private static IEnumerable<IsoDayOfWeek> Days(YamlSection hours, string key)
    {
        var ends = key.Split('-', 2);
        if (ends.All(WeekDays.Names.Contains)) return WeekDays.Between(ends[0], ends[^1]);
        hours.Problem(key, $"'{key}' is no day and no span of days", "mon, tue … sun, or mon-fri");
        return [];
    }

    private static List<ServiceHours> Hours(YamlSection hours, string key)
    {
        var spans = new List<ServiceHours>();
        foreach (var text in hours.Texts(key))
        {
            if (Span(text) is not { } span) hours.Problem(key, $"'{text}' is no span of a day", "08:00-18:00; 24:00 is the end of the day");
            else if (spans.Count > 0 && (spans[^1].To == LocalTime.Midnight || span.From < spans[^1].To)) hours.Problem(key, $"'{text}' begins before the one before it ends", "spans of a day in order");
            else spans.Add(span);
        }
        return spans;
    }

    private static ServiceHours? Span(string text)
    {
        var ends = text.Split('-', 2);
        if (ends.Length != 2 || Time(ends[0]) is not { } from || Time(ends[1]) is not { } to) return null;
        return to == LocalTime.Midnight || from < to ? new ServiceHours(from, to) : null;
    }

    private static LocalTime? Time(string text) =>
        text.Trim() is "24:00" ? LocalTime.Midnight
        : TimeOnly.TryParseExact(text.Trim(), "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? new LocalTime(time.Hour, time.Minute) : null;

    private static HashSet<LocalDate> Dates(YamlSection section, string key)
    {
        var dates = new HashSet<LocalDate>();
        foreach (var text in section.Texts(key))
        {
            if (DatePattern.Parse(text).TryGetValue(default, out var date)) dates.Add(date);
            else section.Problem(key, $"'{text}' is no date", "2026-12-25");
        }
        return dates;
    }

    private static Dictionary<string, SlaPolicy> Policies(YamlSection root, Dictionary<string, ServiceCalendar> calendars)
    {
        var policies = new Dictionary<string, SlaPolicy>(StringComparer.Ordinal);
        if (root.Section("policies") is not { } all) return policies;
        foreach (var name in all.Keys)
            if (all.Section(name) is { } section) policies[name] = Policy(name, section, calendars);
        return policies;
    }

    private static SlaPolicy Policy(string name, YamlSection section, Dictionary<string, ServiceCalendar> calendars)
    {
        var (respond, arrive, resolve) = (Within(section, "respond"), Within(section, "arrive"), Within(section, "resolve"));
        if (respond > arrive || arrive > resolve) section.Problem("resolve", "the three times must not fall: respond ≤ arrive ≤ resolve", "respond: 15m, arrive: 2h, resolve: 24h");
        var calendar = section.Has("calendar") ? section.Word("calendar", calendars, ServiceCalendar.Always) : ServiceCalendar.Always;
        section.RefuseOthers();
        return new SlaPolicy(name, respond, arrive, resolve, calendar);
    }

    private static TimeSpan Within(YamlSection section, string key)
    {
        if (section.Text(key).Length == 0) return TimeSpan.Zero;
        var time = section.Duration(key, TimeSpan.FromMinutes(1));
        if (time < TimeSpan.FromMinutes(1)) section.Problem(key, $"'{key}' is less than a minute", "15m, 2h, 24h");
        return time;
    }

    private static Dictionary<string, SlaPolicy> Assignments(YamlSection root, string key, Dictionary<string, SlaPolicy> policies)
    {
        var assigned = new Dictionary<string, SlaPolicy>(StringComparer.OrdinalIgnoreCase);
        if (root.Section(key) is not { } all) return assigned;
        foreach (var who in all.Keys)
        {
            if (who.Split('/') is [_, var priority] && !(Enum.TryParse<Priority>(priority, ignoreCase: true, out var known) && Enum.IsDefined(known) && !char.IsDigit(priority[0])))
                all.Problem(who, $"'{priority}' in '{who}' is no priority", "P1, P2, P3 or P4");
            assigned[who] = all.Word(who, policies, SlaPolicy.AroundTheClock);
        }
        return assigned;
    }

    private static Dictionary<string, TimeSpan> Stall(YamlSection root)
    {
        var stall = new Dictionary<string, TimeSpan>(StringComparer.OrdinalIgnoreCase) { [ServiceAgreements.Default] = TimeSpan.FromDays(10) };
        if (root.Section("stall") is not { } all) return stall;
        foreach (var tier in all.Keys)
        {
            stall[tier] = all.Duration(tier, TimeSpan.FromDays(10));
            if (stall[tier] < TimeSpan.FromHours(1)) all.Problem(tier, "a ticket that stands still for less than an hour is none", "10d");
        }
        return stall;
    }
}

/// <summary>Days of the week as they are written in files.</summary>
internal static class WeekDays
{
    public static readonly IReadOnlyList<string> Names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    public static string Name(IsoDayOfWeek day) => Names[(int)day - 1];

    /// <summary>Both included, over the end of the week when need be.</summary>
    public static IEnumerable<IsoDayOfWeek> Between(string from, string to)
    {
        var (first, last) = (IndexOf(from), IndexOf(to));
        for (var day = first; ; day = (day + 1) % 7)
        {
            yield return (IsoDayOfWeek)(day + 1);
            if (day == last) yield break;
        }
    }

    private static int IndexOf(string name) => Names.ToList().IndexOf(name);
}
