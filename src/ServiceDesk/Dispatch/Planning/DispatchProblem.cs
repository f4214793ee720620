using Seamless.Fleet.Registry;

namespace Seamless.ServiceDesk.Dispatch.Planning;

/// <summary>Who can be sent and what is to be done. All times are whole minutes from <paramref name="Origin"/>: the same problem gives the same plan.</summary>
/// <param name="Now">Nothing that is not pinned begins before it.</param>
/// <param name="Horizon">Nothing is planned beyond it.</param>
public sealed record DispatchProblem(DateTimeOffset Origin, int Now, int Horizon, IReadOnlyList<Worker> Workers, IReadOnlyList<Job> Jobs)
{
    public DateTimeOffset At(int minute) => Origin.AddMinutes(minute);
}

/// <summary>From <paramref name="Begin"/>, before <paramref name="End"/>.</summary>
public readonly record struct Stretch(int Begin, int End);

/// <param name="Level">1 and up.</param>
/// <param name="Until">The minute at which its certificate expires.</param>
public readonly record struct SkillGrade(int Level, int Until);

/// <summary>A circle on the map.</summary>
public sealed record Area(string Name, GeoPoint Center, double RadiusKm);

/// <summary>Where somebody works: any of the sites, the radius around home, the areas; everywhere when none is told.</summary>
public sealed record Territory(IReadOnlySet<string> Sites, double? RadiusKm, IReadOnlyList<Area> Areas)
{
    public static Territory Everywhere { get; } = new(new HashSet<string>(), null, []);

    public bool IsEverywhere => Sites.Count == 0 && RadiusKm is null && Areas.Count == 0;

    /// <summary>A place that nobody knows lies in everybody's radius, and in no area.</summary>
    public bool Covers(GeoPoint home, string site, GeoPoint? place) =>
        IsEverywhere || Sites.Contains(site)
        || (RadiusKm is { } radius && (place is null || home.DistanceKm(place) <= radius))
        || (place is not null && Areas.Any(a => a.Center.DistanceKm(place) <= a.RadiusKm));
}

/// <summary>A technician as the plan sees him.</summary>
/// <param name="MostMinutes">Work and travel in one shift at most.</param>
/// <param name="ValidUntil">The minute from which nothing more may be given to him: a certificate for all work expires.</param>
/// <param name="Suspended">Himself or his partner.</param>
/// <param name="Resident">Lives at the site: needs no preparation.</param>
public sealed record Worker(
    string Id, GeoPoint Home, IReadOnlyDictionary<string, SkillGrade> Skills, Territory Territory, IReadOnlyList<Stretch> Shifts, IReadOnlyList<Stretch> Absences,
    int MostMinutes = int.MaxValue, int ValidUntil = int.MaxValue, bool Suspended = false, bool Resident = false);

/// <summary>Somebody's time, or that of <see cref="Job.People"/> who come together.</summary>
public sealed record Appointment(IReadOnlyList<string> Workers, int Start);

/// <summary>A visit to be made.</summary>
/// <param name="Place">Null when nobody knows it.</param>
/// <param name="Skill">Null: anybody.</param>
/// <param name="Earliest">When the parts are there.</param>
/// <param name="DueStart">The latest start in time: to arrive by, and to be done by less the work.</param>
/// <param name="Priority">1 to 4, 1 first.</param>
/// <param name="Current">As it is planned now: kept unless something better comes.</param>
/// <param name="Pinned">Under way, or confirmed by a person: <paramref name="Current"/> does not move.</param>
/// <param name="People">How many at once.</param>
public sealed record Job(
    string Id, string Site, GeoPoint? Place, int Minutes, string? Skill, int Level, int Earliest, int DueStart, int Priority,
    Appointment? Current = null, bool Pinned = false, int People = 1);
