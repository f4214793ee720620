using NodaTime;

namespace Seamless.ServiceDesk.Sla;

/// <summary>Deadlines as a pure function of policy, opening and pauses; nothing is counted down.</summary>
public static class SlaTimer
{
    /// <summary>The instant at which <paramref name="budget"/> of running time has passed since <paramref name="openedAt"/>.</summary>
    /// <remarks>A pause in closed hours adds nothing. An open pause counts up to its latest end.</remarks>
    public static DateTimeOffset Deadline(ServiceCalendar calendar, DateTimeOffset openedAt, TimeSpan budget, IReadOnlyList<Pause> pauses)
    {
        var left = Duration.FromTimeSpan(budget);
        foreach (var span in Running(calendar, openedAt, pauses))
        {
            if (!span.HasEnd || span.Duration >= left) return (span.Start + left).ToDateTimeOffset();
            left -= span.Duration;
        }
        throw new InvalidOperationException($"the service calendar is closed for ten years after {openedAt:O}");
    }

    /// <summary>Running time between two instants.</summary>
    public static TimeSpan Elapsed(ServiceCalendar calendar, DateTimeOffset openedAt, DateTimeOffset until, IReadOnlyList<Pause> pauses)
    {
        var end = Instant.FromDateTimeOffset(until);
        var sum = Duration.Zero;
        foreach (var span in Running(calendar, openedAt, pauses))
        {
            if (span.Start >= end) break;
            sum += (span.HasEnd && span.End < end ? span.End : end) - span.Start;
        }
        return sum.ToTimeSpan();
    }

    /// <summary>Open hours without the pauses.</summary>
    private static IEnumerable<Interval> Running(ServiceCalendar calendar, DateTimeOffset openedAt, IReadOnlyList<Pause> pauses)
    {
        var stops = pauses
            .Select(p => new Interval(Instant.FromDateTimeOffset(p.From), Instant.FromDateTimeOffset(p.To ?? p.Until)))
            .OrderBy(p => p.Start).ToList();
        foreach (var open in calendar.OpenFrom(Instant.FromDateTimeOffset(openedAt)))
        {
            var at = open.Start;
            foreach (var stop in stops)
            {
                if (stop.End <= at) continue;
                if (open.HasEnd && stop.Start >= open.End) break;
                if (stop.Start > at) yield return new Interval(at, stop.Start);
                at = stop.End;
            }
            if (!open.HasEnd) yield return new Interval(at, null);
            else if (at < open.End) yield return new Interval(at, open.End);
        }
    }
}
