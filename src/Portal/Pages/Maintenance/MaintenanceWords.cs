using System.Globalization;
using Seamless.Portal.Pages.Viewing;
using Seamless.Rules.Alarms.Maintenance;
using Seamless.Rules.Packs.Files;

namespace Seamless.Portal.Pages.Maintenance;

/// <summary>How the pages say when a window comes back.</summary>
internal static class MaintenanceWords
{
    /// <summary>Monday first.</summary>
    public static IEnumerable<(string Value, string Text)> Days(Viewer viewer) =>
        RuleWords.Days.OrderBy(day => (day.Value + 6) % 7).Select(day => (day.Key, viewer.Culture.DateTimeFormat.GetAbbreviatedDayName((DayOfWeek)day.Value)));

    public static string Of(WeeklyPlan plan, string zone, Viewer viewer, Words words) => words["maintenance.every",
        plan.Days == WeeklyPlan.EveryDay ? words["maintenance.everyDay"] : string.Join(' ', Days(viewer).Where(day => plan.Begins((DayOfWeek)RuleWords.Days[day.Value])).Select(day => day.Text)),
        plan.At.ToString("HH:mm", CultureInfo.InvariantCulture), words.Span(plan.Duration), zone];
}
