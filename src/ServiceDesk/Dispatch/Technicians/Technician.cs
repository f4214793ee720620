using Seamless.Fleet.Registry;

namespace Seamless.ServiceDesk.Dispatch.Technicians;

/// <summary>Travels to sites, or lives at one.</summary>
public enum TechnicianKind : byte { Mobile, Resident }

/// <summary>Hours of the week in the technician's time zone. <paramref name="To"/> at or before <paramref name="From"/> is on the next day.</summary>
public sealed record WeeklyShift(IReadOnlyList<DayOfWeek> Days, TimeOnly From, TimeOnly To);

/// <param name="Skills">What may not be done without it; none: nothing at all.</param>
public sealed record Certificate(string Code, IReadOnlyList<string> Skills, DateTimeOffset ExpiresAt);

public sealed record Absence(DateTimeOffset From, DateTimeOffset To, string Reason);

/// <param name="Shifts">None: around the clock.</param>
/// <param name="Sites">With <paramref name="RadiusKm"/> and the partner's cities the territory: any of them; everywhere when none is told.</param>
/// <param name="Van">Pieces of each part that are always on the van.</param>
/// <param name="MostHoursPerDay">Work and travel in one shift.</param>
public sealed record TechnicianProfile(
    TechnicianKind Kind = TechnicianKind.Mobile, string? Partner = null, string TimeZone = "UTC", IReadOnlyList<WeeklyShift>? Shifts = null,
    IReadOnlyList<Certificate>? Certificates = null, IReadOnlyList<Absence>? Absences = null, IReadOnlyList<string>? Sites = null, double? RadiusKm = null,
    IReadOnlyList<string>? Languages = null, IReadOnlyDictionary<string, int>? Van = null, double? MostHoursPerDay = null, IReadOnlyDictionary<string, int>? Levels = null)
{
    public static TechnicianProfile Plain { get; } = new();
}

/// <summary>Who can be sent. Known by an id, not by a name.</summary>
/// <param name="Skills">Each with its level, 1 and up.</param>
public sealed record Technician(string Id, GeoPoint Home, IReadOnlyDictionary<string, int> Skills, TechnicianProfile Profile)
{
    public IReadOnlyList<Certificate> Certificates => Profile.Certificates ?? [];
    public IReadOnlyList<Absence> Absences => Profile.Absences ?? [];
    public IReadOnlyList<WeeklyShift> Shifts => Profile.Shifts ?? [];
}

/// <summary>A circle that a partner serves.</summary>
public sealed record City(string Name, double Latitude, double Longitude, double RadiusKm);

/// <summary>A service company whose technicians we send.</summary>
public sealed record Partner(string Id, string Name, IReadOnlyList<City> Cities, bool Suspended, string? Reason);
