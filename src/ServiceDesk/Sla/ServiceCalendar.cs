using NodaTime;

namespace Seamless.ServiceDesk.Sla;

/// <summary>One span of a service day, local time. <paramref name="To"/> of midnight means the end of the day.</summary>
public sealed record ServiceHours(LocalTime From, LocalTime To);

/// <summary>When the clock runs: hours by weekday in a time zone, with holidays and make-up working days.</summary>
/// <remarks>Holidays are stated by the one who owns the calendar and never imported in silence. China moves weekends: such days are <paramref name="WorkingDays"/>.</remarks>
/// <param name="WorkingDays">Days that count as a Monday whatever their weekday.</param>
public sealed record ServiceCalendar(
    DateTimeZone Zone, IReadOnlyDictionary<IsoDayOfWeek, IReadOnlyList<ServiceHours>> Week,
    IReadOnlySet<LocalDate> Holidays, IReadOnlySet<LocalDate> WorkingDays)
{
    private const int LongestSearchDays = 3660;

    /// <summary>24 × 7 × 365: never sleeps.</summary>
    public static ServiceCalendar Always { get; } = Weekly(DateTimeZone.Utc, LocalTime.Midnight, LocalTime.Midnight, Enum.GetValues<IsoDayOfWeek>());

    public static ServiceCalendar Weekly(DateTimeZone zone, LocalTime from, LocalTime to, params IReadOnlyList<IsoDayOfWeek> days) => new(
        zone,
        days.Where(d => d != IsoDayOfWeek.None).ToDictionary(d => d, IReadOnlyList<ServiceHours> (_) => [new ServiceHours(from, to)]),
        new HashSet<LocalDate>(), new HashSet<LocalDate>());

    /// <summary>Spans in which the clock runs, in order, from <paramref name="start"/> on.</summary>
    public IEnumerable<Interval> OpenFrom(Instant start)
    {
        if (ReferenceEquals(this, Always))
        {
            yield return new Interval(start, null);
            yield break;
        }
        var day = start.InZone(Zone).Date;
        for (var i = 0; i < LongestSearchDays; i++, day = day.PlusDays(1))
            foreach (var hours in HoursOf(day))
            {
                var (from, to) = (At(day, hours.From), hours.To == LocalTime.Midnight ? At(day.PlusDays(1), hours.To) : At(day, hours.To));
                if (to > start) yield return new Interval(Instant.Max(from, start), to);
            }
    }

    private IReadOnlyList<ServiceHours> HoursOf(LocalDate day)
    {
        if (WorkingDays.Contains(day)) return Week.GetValueOrDefault(IsoDayOfWeek.Monday, []);
        return Holidays.Contains(day) ? [] : Week.GetValueOrDefault(day.DayOfWeek, []);
    }

    /// <summary>Leniently: a time that daylight saving skips is the instant after the gap.</summary>
    private Instant At(LocalDate day, LocalTime time) => (day + time).InZoneLeniently(Zone).ToInstant();
}
