using Seamless.Rules.Evaluation;
using Seamless.ServiceDesk.Customers.Figures;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Kpis;

/// <summary>The figures of service as a pure function of the event log and a period. Nothing else goes in: a log from a file gives the same.</summary>
/// <remarks>95 % intervals: of a share after Wilson, of a mean ± 1.96 s/√n, of a rate after Byar's approximation to the Poisson limits.</remarks>
public static class ServiceFigures
{
    private const double Z = 1.959964;

    /// <param name="events">In the order of their numbers; what lies outside of the period is left out, but for what was found out later: a repeated fault voids an earlier fix, a corrected clock was met.</param>
    public static IReadOnlyList<Kpi> Measure(IReadOnlyList<LoggedEvent> events, DateTimeOffset from, DateTimeOffset to)
    {
        var of = events.Where(e => e.At >= from && e.At < to).ToLookup(e => e.Kind);
        var repeated = events.Where(e => e.Kind == EventKind.Repeated).Select(e => e.Detail).ToHashSet(StringComparer.Ordinal);
        var corrected = events.Where(e => e.Kind == EventKind.ClockCorrected).Select(Happening).ToHashSet(StringComparer.Ordinal);
        var (remote, opened) = (of[EventKind.Fixed].ToList(), of[EventKind.TicketOpened].ToList());
        var faults = remote.Count + opened.Count;
        var visits = of[EventKind.FirstTimeFix].ToList();
        return
        [
            new("faults", "count", faults, faults, null),
            Share("remoteFixShare", remote.Count, faults, 0.65),
            Share("unnoticedShare", remote.Count(e => e.Value <= 0), remote.Count, 0.95),
            Count("transients", of[EventKind.Transient]),
            Share("playbookSuccess", of[EventKind.Playbook], 0.98),
            Count("ticketsOpened", opened),
            Count("ticketsByHand", of[EventKind.TicketByHand]),
            Share("predictedShare", of[EventKind.Origin], 0.8),
            Share("reactiveShare", of[EventKind.Origin].Count(e => e.Value <= 0), of[EventKind.Origin].Count(), 0.2),
            Duplicates(opened),
            Share("diagnosisTop1", of[EventKind.Diagnosis], 0.97),
            Share("partsHitRate", of[EventKind.PartLine], 0.97),
            Share("firstTimeFix", visits.Count(e => e.Value > 0 && !repeated.Contains(e.Ticket)), visits.Count, 0.97),
            Clock("respondMet", TicketClocks.Respond, 1.0),
            Clock("arriveMet", TicketClocks.Arrive, 0.995),
            Clock("resolveMet", TicketClocks.Resolve, 0.999),
            Mean("meanTimeToRestoreMinutes", "min", of[EventKind.Restored]),
            Mean("turnaroundMinutes", "min", of[EventKind.Turnaround].Where(e => e.Detail == Turnaround.Total)),
            Share("promiseKept", of[EventKind.Promise].Where(e => e.Detail == "latest"), 0.95),
            Share("promiseLikelyMet", of[EventKind.Promise].Where(e => e.Detail == "likely"), 0.5),
            Share("timePointsOnTime", of[EventKind.TimePoint].Count(e => e.Value <= TimePoints.LimitMinutes), of[EventKind.TimePoint].Count(), 0.999),
            P99("alarmToTicketP99Seconds", of[EventKind.Answered], 5),
            Rate("alarmsPerEngineerHour", opened.Count, (to - from).TotalHours, 2),
            Count("escalations", of[EventKind.Escalated]),
            Count("stalled", of[EventKind.Stalled], 0),
            .. CustomerKpis.Of(of),
            Share("planAdherence", of[EventKind.CareVisit], 0.95),
            Share("objectivesReached", of[EventKind.CareObjective], 0.9),
        ];

        Kpi Clock(string code, string clock, double target)
        {
            var ended = of[EventKind.Clock].Where(e => e.Detail == clock).ToList();
            return Share(code, ended.Count(e => e.Value > 0 || corrected.Contains(Happening(e))), ended.Count, target);
        }
    }

    /// <summary>The key without the kind before it.</summary>
    private static string Happening(LoggedEvent happened) => happened.Key[(happened.Key.IndexOf(':', StringComparison.Ordinal) + 1)..];

    private static Kpi Count(string code, IEnumerable<LoggedEvent> events, double? target = null)
    {
        var count = events.Count();
        return new(code, "count", count, count, target);
    }

    private static Kpi Share(string code, IEnumerable<LoggedEvent> events, double target)
    {
        var all = events.ToList();
        return Share(code, all.Count(e => e.Value > 0), all.Count, target);
    }

    private static Kpi Share(string code, int part, int whole, double target) =>
        Precision.Of(part, whole) is { } share ? new(code, "share", share.Share, whole, target, share.Low, share.High) : new(code, "share", null, 0, target);

    /// <summary>Tickets for each distinct fault: the inverse of the share that are no duplicates, and so is its interval.</summary>
    private static Kpi Duplicates(List<LoggedEvent> opened)
    {
        var distinct = opened.Count(e => e.Value <= 0);
        return Precision.Of(distinct, opened.Count) is { Share: > 0 } share
            ? new("duplicatesPerFault", "ratio", (double)opened.Count / distinct, opened.Count, 1.01, Math.Max(1, 1 / share.High), 1 / share.Low)
            : new("duplicatesPerFault", "ratio", null, opened.Count, 1.01);
    }

    private static Kpi Mean(string code, string unit, IEnumerable<LoggedEvent> events)
    {
        var values = events.Select(e => e.Value).ToList();
        if (values.Count == 0) return new(code, unit, null, 0, null);
        var mean = values.Average();
        if (values.Count == 1) return new(code, unit, mean, 1, null);
        var half = Z * Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1) / values.Count);
        return new(code, unit, mean, values.Count, null, mean - half, mean + half);
    }

    private static Kpi P99(string code, IEnumerable<LoggedEvent> events, double target)
    {
        var seconds = events.Select(e => e.Value).Order().ToList();
        return new(code, "s", seconds.Count == 0 ? null : seconds[(int)Math.Ceiling(seconds.Count * 0.99) - 1], seconds.Count, target);
    }

    private static Kpi Rate(string code, int count, double hours, double target)
    {
        if (hours <= 0) return new(code, "1/h", null, count, target);
        return new(code, "1/h", count / hours, count, target, count == 0 ? 0 : Byar(count, -Z) / hours, Byar(count + 1, Z) / hours);
    }

    /// <summary>N. E. Breslow, N. E. Day, Statistical Methods in Cancer Research II (1987), p. 69.</summary>
    private static double Byar(double count, double z) => count * Math.Pow(1 - 1 / (9 * count) + z / (3 * Math.Sqrt(count)), 3);
}
