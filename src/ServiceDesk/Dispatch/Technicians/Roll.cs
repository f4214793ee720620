using NodaTime;
using Seamless.Fleet.Registry;
using Seamless.ServiceDesk.Dispatch.Planning;

namespace Seamless.ServiceDesk.Dispatch.Technicians;

/// <summary>A technician as the planner wants him: shifts of the coming days, what his certificates allow until when, where he works.</summary>
internal static class Roll
{
    private const int PastDays = 2;

    public static Worker WorkerOf(Technician technician, Partner? partner, DateTimeOffset origin, int horizon)
    {
        int At(DateTimeOffset at) => (int)Math.Clamp(Math.Floor((at - origin).TotalMinutes), int.MinValue / 4, int.MaxValue / 4);
        var profile = technician.Profile;
        var validUntil = technician.Certificates.Where(c => c.Skills.Count == 0).Select(c => At(c.ExpiresAt)).DefaultIfEmpty(int.MaxValue).Min();
        var skills = technician.Skills.ToDictionary(
            s => s.Key, s => new SkillGrade(s.Value, technician.Certificates.Where(c => c.Skills.Contains(s.Key)).Select(c => At(c.ExpiresAt)).DefaultIfEmpty(int.MaxValue).Min()), StringComparer.Ordinal);
        return new Worker(
            technician.Id, technician.Home, skills, TerritoryOf(profile, partner), ShiftsOf(profile, origin, horizon, At),
            [.. technician.Absences.Select(a => new Stretch(At(a.From), At(a.To)))], profile.MostHoursPerDay is { } hours ? (int)(hours * 60) : int.MaxValue, validUntil,
            partner is { Suspended: true }, profile.Kind is TechnicianKind.Resident);
    }

    private static Territory TerritoryOf(TechnicianProfile profile, Partner? partner) => new(
        (profile.Sites ?? []).ToHashSet(StringComparer.Ordinal), profile.RadiusKm,
        profile.Kind is TechnicianKind.Resident ? [] : [.. (partner?.Cities ?? []).Select(c => new Area(c.Name, new GeoPoint(c.Latitude, c.Longitude), c.RadiusKm))]);

    private static List<Stretch> ShiftsOf(TechnicianProfile profile, DateTimeOffset origin, int horizon, Func<DateTimeOffset, int> at)
    {
        var shifts = profile.Shifts ?? [];
        if (shifts.Count == 0 && profile.MostHoursPerDay is null) return [new Stretch(-PastDays * 24 * 60, horizon)];
        // A limit per day needs days.
        if (shifts.Count == 0) shifts = [new WeeklyShift(Enum.GetValues<DayOfWeek>(), TimeOnly.MinValue, TimeOnly.MinValue)];
        var zone = DateTimeZoneProviders.Tzdb[profile.TimeZone];
        var first = Instant.FromDateTimeOffset(origin).InZone(zone).Date.PlusDays(-PastDays);
        var found = new List<Stretch>();
        for (var day = first; day <= first.PlusDays(PastDays + 1 + horizon / (24 * 60)); day = day.PlusDays(1))
            foreach (var shift in shifts.Where(s => s.Days.Contains((DayOfWeek)((int)day.DayOfWeek % 7))))
                found.Add(new Stretch(at(Instants(zone, day, shift.From)), at(Instants(zone, shift.To <= shift.From ? day.PlusDays(1) : day, shift.To))));
        return Joined(found);
    }

    private static DateTimeOffset Instants(DateTimeZone zone, LocalDate day, TimeOnly time) => (day + LocalTime.FromTimeOnly(time)).InZoneLeniently(zone).ToDateTimeOffset();

    /// <summary>Overlapping shifts are one; those that only touch stay two, each with its day's limit.</summary>
    private static List<Stretch> Joined(List<Stretch> shifts)
    {
        var joined = new List<Stretch>();
        foreach (var shift in shifts.OrderBy(s => s.Begin).ThenBy(s => s.End))
        {
            if (joined.Count > 0 && shift.Begin < joined[^1].End) joined[^1] = new Stretch(joined[^1].Begin, Math.Max(joined[^1].End, shift.End));
            else joined.Add(shift);
        }
        return joined;
    }
}
