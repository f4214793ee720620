using Seamless.Fleet.Registry;
using Seamless.ServiceDesk.Dispatch.Planning;

namespace Seamless.ServiceDesk.Dispatch;

/// <summary>When one technician could make one more visit.</summary>
/// <param name="Limits">The job whose skill must still be certified at the end; null when a person answers for it.</param>
internal sealed record VisitCalendar(Worker Worker, DateTimeOffset Now, IEnumerable<Engagement> Busy, Job? Limits)
{
    /// <summary>The first start that leaves the way from home, back home by the end of the shift, and the ways to and from the visits around it.</summary>
    /// <returns>Null when there is none within the coming week.</returns>
    public DateTimeOffset? FirstFree(DateTimeOffset earliest, TimeSpan length, GeoPoint? place)
    {
        var (way, visits) = (Way(Worker.Home, place), Busy.OrderBy(v => v.Start).ToList());
        var ready = Now + (Worker.Resident ? TimeSpan.Zero : Travel.Preparation) + way;
        foreach (var (begin, end) in Windows())
        {
            var start = Between(visits, Later(earliest, Later(ready, begin == DateTimeOffset.MinValue ? ready : begin + way)), length, place);
            if (end != DateTimeOffset.MaxValue && start + length + way > end) continue;
            if (!IsWithinDay(visits, begin, end, start, length, place) || !IsCertified(start + length)) continue;
            return start;
        }
        return null;
    }

    private static DateTimeOffset Between(List<Engagement> visits, DateTimeOffset start, TimeSpan length, GeoPoint? place)
    {
        foreach (var visit in visits)
        {
            var way = Way(visit.Place, place);
            if (start + length + way <= visit.Start) break;
            if (visit.End + way > start) start = visit.End + way;
        }
        return start;
    }

    private bool IsWithinDay(List<Engagement> visits, DateTimeOffset begin, DateTimeOffset end, DateTimeOffset start, TimeSpan length, GeoPoint? place)
    {
        if (Worker.MostMinutes == int.MaxValue) return true;
        var day = visits.Where(v => v.Start >= begin && v.Start < end).Append(new Engagement(start, start + length, place)).OrderBy(v => v.Start).ToList();
        var total = Way(Worker.Home, day[0].Place) + Way(day[^1].Place, Worker.Home) + day.Aggregate(TimeSpan.Zero, (sum, v) => sum + (v.End - v.Start));
        for (var i = 1; i < day.Count; i++) total += Way(day[i - 1].Place, day[i].Place);
        return total.TotalMinutes <= Worker.MostMinutes;
    }

    private bool IsCertified(DateTimeOffset end)
    {
        if (Limits is null) return true;
        var until = Math.Min(Worker.ValidUntil, Limits.Skill is null ? int.MaxValue : Worker.Skills[Limits.Skill].Until);
        return (end - Now).TotalMinutes <= until;
    }

    /// <summary>Shifts less absences. Who is there around the clock and never absent has no limits at all.</summary>
    private IEnumerable<(DateTimeOffset Begin, DateTimeOffset End)> Windows()
    {
        if (Worker is { Shifts: [{ Begin: < 0, End: >= JobBook.HorizonMinutes }], Absences.Count: 0 }) return [(DateTimeOffset.MinValue, DateTimeOffset.MaxValue)];
        return Worker.Shifts.SelectMany(Pieces).Where(p => p.End > 0).Select(p => (Now.AddMinutes(p.Begin), Now.AddMinutes(p.End)));
    }

    private IEnumerable<Stretch> Pieces(Stretch shift)
    {
        var begin = shift.Begin;
        foreach (var gap in Worker.Absences.Where(a => a.End > shift.Begin && a.Begin < shift.End).OrderBy(a => a.Begin))
        {
            if (gap.Begin > begin) yield return new Stretch(begin, gap.Begin);
            begin = Math.Max(begin, gap.End);
        }
        if (begin < shift.End) yield return new Stretch(begin, shift.End);
    }

    private static TimeSpan Way(GeoPoint? from, GeoPoint? to) => Travel.Time(Travel.Km(from, to));
    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
