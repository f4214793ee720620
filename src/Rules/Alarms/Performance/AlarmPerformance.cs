using Seamless.Rules.Packs;

namespace Seamless.Rules.Alarms.Performance;

/// <summary>What the journal says of one change, as far as performance goes.</summary>
/// <param name="Reaches">The alarm is active and neither explained, suppressed, shelved nor out of service: a person hears of it.</param>
/// <param name="IsExplained">Another alarm explains it.</param>
public sealed record JournalStep(string Alarm, string Rule, Severity Severity, AlarmChangeKind Kind, DateTimeOffset At, bool Reaches, bool IsExplained)
{
    /// <summary>A maintenance window holds it back.</summary>
    public bool IsUnderMaintenance { get; init; }
}

/// <summary>An alarm that reaches a person and is active at the end of the period.</summary>
public sealed record StandingAlarm(string Alarm, DateTimeOffset Since);

/// <param name="Code"><c>perHour</c>, <c>peakHour</c> …</param>
/// <param name="Unit"><c>count</c>, <c>1/h</c>, <c>1/d</c> or <c>share</c>.</param>
/// <param name="Value">Null when there is nothing to measure.</param>
/// <param name="Target">The published figure, null when there is none.</param>
/// <param name="AtLeast">The target is the least, not the most.</param>
/// <param name="Source">Who published it.</param>
public sealed record PerformanceFigure(string Code, string Unit, double? Value, double? Target, bool AtLeast, string? Source)
{
    /// <summary>Null when there is no target or nothing to measure.</summary>
    public bool? Met => Value is { } value && Target is { } target ? AtLeast ? value >= target : value <= target : null;
}

/// <param name="Share">Of all alarms of the period.</param>
public sealed record RuleLoad(string Rule, int Count, double Share);

public sealed record PriorityLoad(Severity Severity, int Count, double Share);

/// <summary>How one reviewing position is loaded: a site, or the whole tenant when <paramref name="Site"/> is null.</summary>
/// <param name="TopRules">The ten rules that annunciate most.</param>
public sealed record PerformanceReport(
    DateTimeOffset From, DateTimeOffset To, string? Site, IReadOnlyList<PerformanceFigure> Figures, IReadOnlyList<RuleLoad> TopRules, IReadOnlyList<PriorityLoad> Priorities);

/// <summary>Measures an alarm system against EEMUA 191 and ISA-18.2. Pure: journal in, figures out.</summary>
public static class AlarmPerformance
{
    private const string Eemua = "EEMUA 191", Isa = "ISA-18.2";
    private const int FloodBeyond = 10, Top = 10;
    private static readonly TimeSpan TenMinutes = TimeSpan.FromMinutes(10);

    /// <param name="steps">The journal of the period in its order.</param>
    /// <param name="standing">What stands at the end of the period, however long ago it was raised.</param>
    public static PerformanceReport Measure(DateTimeOffset from, DateTimeOffset to, string? site, IReadOnlyList<JournalStep> steps, IReadOnlyList<StandingAlarm> standing)
    {
        var heard = Heard(steps);
        var times = heard.Select(h => h.At).Order().ToArray();
        var rules = heard.GroupBy(h => h.Rule).Select(g => new RuleLoad(g.Key, g.Count(), Share(g.Count(), heard.Count) ?? 0))
            .OrderByDescending(r => r.Count).ThenBy(r => r.Rule, StringComparer.Ordinal).Take(Top).ToArray();
        PriorityLoad[] priorities = [.. Enum.GetValues<Severity>().Select(s => (Severity: s, Count: heard.Count(h => h.Severity == s))).Select(s => new PriorityLoad(s.Severity, s.Count, Share(s.Count, heard.Count) ?? 0))];
        double? OfPriority(params Severity[] which) => Share(priorities.Where(p => which.Contains(p.Severity)).Sum(p => p.Count), heard.Count);
        return new PerformanceReport(from, to, site,
        [
            new("alarms", "count", heard.Count, null, false, null),
            new("perHour", "1/h", Rate(heard.Count, to - from, TimeSpan.FromHours(1)), 5, false, Eemua),
            new("perDay", "1/d", Rate(heard.Count, to - from, TimeSpan.FromDays(1)), 150, false, Isa),
            new("peakHour", "count", Peak(times, TimeSpan.FromHours(1)), 15, false, Eemua),
            new("peakTenMinutes", "count", Peak(times, TenMinutes), FloodBeyond, false, Eemua),
            new("peakMinute", "count", Peak(times, TimeSpan.FromMinutes(1)), 2, false, Eemua),
            new("floodShare", "share", Floods(times, from, to), 0.01, false, Isa),
            new("chattering", "count", Chattering(steps), 0, false, Isa),
            new("stale", "count", standing.Count(s => to - s.Since > Alarm.StaleAfter), 5, false, Isa),
            new("suppressed", "count", steps.Count(IsHeldBack), null, false, null),
            new("standing", "count", standing.Count, null, false, null),
            new("topTenShare", "share", heard.Count == 0 ? null : rules.Sum(r => r.Share), 0.05, false, Isa),
            new("criticalShare", "share", OfPriority(Severity.Critical), 0.05, false, Eemua),
            new("highShare", "share", OfPriority(Severity.High), 0.15, false, Eemua),
            new("lowMediumShare", "share", OfPriority(Severity.Medium, Severity.Low), 0.8, true, Eemua),
        ], rules, priorities);
    }

    /// <summary>What a person heard of. An alarm that another explains at the very time it came was never one for a person.</summary>
    private static List<JournalStep> Heard(IReadOnlyList<JournalStep> steps)
    {
        var heard = new List<JournalStep?>();
        var last = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var step in steps)
        {
            if (step.Kind is AlarmChangeKind.Suppressed && step.IsExplained && last.TryGetValue(step.Alarm, out var at) && step.At <= heard[at]!.At)
            {
                heard[at] = null;
                last.Remove(step.Alarm);
            }
            if (!step.Reaches || step.Kind is not (AlarmChangeKind.Raised or AlarmChangeKind.Reraised or AlarmChangeKind.Unsuppressed)) continue;
            last[step.Alarm] = heard.Count;
            heard.Add(step);
        }
        return [.. heard.OfType<JournalStep>()];
    }

    /// <summary>Came within maintenance, and would have been for a person otherwise.</summary>
    private static bool IsHeldBack(JournalStep step) => step is { IsUnderMaintenance: true, IsExplained: false, Kind: AlarmChangeKind.Raised or AlarmChangeKind.Reraised };

    private static double Rate(int count, TimeSpan period, TimeSpan unit) => Math.Round(count / (period / unit), 2);

    private static double? Share(int part, int whole) => whole == 0 ? null : Math.Round((double)part / whole, 4);

    /// <summary>Most within any span of the length, wherever it begins.</summary>
    private static int Peak(DateTimeOffset[] times, TimeSpan length)
    {
        var (peak, first) = (0, 0);
        for (var i = 0; i < times.Length; i++)
        {
            while (times[i] - times[first] >= length) first++;
            peak = Math.Max(peak, i - first + 1);
        }
        return peak;
    }

    private static double Floods(DateTimeOffset[] times, DateTimeOffset from, DateTimeOffset to)
    {
        var periods = Math.Max(1, (int)Math.Ceiling((to - from) / TenMinutes));
        var floods = times.GroupBy(at => (int)Math.Floor((at - from) / TenMinutes)).Count(g => g.Count() > FloodBeyond);
        return Math.Round((double)floods / periods, 4);
    }

    private static int Chattering(IReadOnlyList<JournalStep> steps) => steps
        .Where(s => s is { Kind: AlarmChangeKind.Cleared, IsExplained: false })
        .GroupBy(s => s.Alarm).Count(g => Chatters([.. g.Select(s => s.At).Order()]));

    private static bool Chatters(DateTimeOffset[] clears)
    {
        for (var i = AlarmDynamics.ChatterClears - 1; i < clears.Length; i++)
            if (clears[i] - clears[i - AlarmDynamics.ChatterClears + 1] <= AlarmDynamics.ChatterWindow) return true;
        return false;
    }
}
