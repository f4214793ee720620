using System.Globalization;
using Seamless.Fleet.Registry;
using Seamless.ServiceDesk.Dispatch.Technicians;

namespace Seamless.ServiceDesk.Parts;

/// <summary>A line of <c>technicians.csv</c>: skills with a level as <c>mechanical:2</c>, shifts as <c>mon-fri@08:00-18:00 sat@09:00-12:00</c>.</summary>
internal sealed record TechnicianLine(string Id, GeoPoint Home, IReadOnlyDictionary<string, int> Skills, TechnicianProfile? Profile)
{
    public static readonly string[] Optional = ["kind", "partner", "timeZone", "shifts", "sites", "radiusKm", "mostHoursPerDay"];
    private static readonly string[] Days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    /// <exception cref="InvalidDataException">It says something that cannot be; names file and line.</exception>
    public static TechnicianLine Read(NetworkFiles.Row row)
    {
        var skills = Words(row["skills"]).Select(s => s.Split(':')).DistinctBy(s => s[0]).ToDictionary(s => s[0], s => s.Length == 1 ? 1 : int.TryParse(s[1], CultureInfo.InvariantCulture, out var level) ? level : throw row.Wrong($"'{s[1]}' is no level of a skill"));
        var profile = Array.TrueForAll(Optional, o => row.Maybe(o) is null) && skills.Values.All(l => l == 1) ? null : new TechnicianProfile(
            row.Maybe("kind") is not { } kind ? TechnicianKind.Mobile : Enum.TryParse<TechnicianKind>(kind, true, out var known) ? known : throw row.Wrong($"'{kind}' is no kind; mobile and resident are"),
            row.Maybe("partner"), row.Maybe("timeZone") ?? "UTC", [.. Words(row.Maybe("shifts")).Select(s => ShiftOf(s, row))], Sites: Words(row.Maybe("sites")),
            RadiusKm: row.Maybe("radiusKm") is null ? null : row.Number("radiusKm"), MostHoursPerDay: row.Maybe("mostHoursPerDay") is null ? null : row.Number("mostHoursPerDay"), Levels: skills);
        var line = new TechnicianLine(row["id"], new GeoPoint(row.Number("latitude"), row.Number("longitude")), skills, profile);
        var technician = new Technician(line.Id, line.Home, skills, profile ?? TechnicianProfile.Plain);
        return TechnicianChecks.Of(technician, profile?.Partner is { } partner ? [partner] : []) is { } refusal ? throw row.Wrong(refusal.Reason) : line;
    }

    public TechnicianRow ToRow(string tenant) =>
        new() { Tenant = tenant, Id = Id, Latitude = Home.Latitude, Longitude = Home.Longitude, Skills = [.. Skills.Keys], Profile = Profile };

    private static WeeklyShift ShiftOf(string text, NetworkFiles.Row row)
    {
        if (text.Split('@') is not [var days, var hours] || hours.Split('-') is not [var from, var to] || !TimeOnly.TryParse(from, CultureInfo.InvariantCulture, out var begin)
            || !TimeOnly.TryParse(to == "24:00" ? "00:00" : to, CultureInfo.InvariantCulture, out var end)) throw row.Wrong($"'{text}' is no shift; mon-fri@08:00-18:00 is");
        var span = days.Split('-');
        var (first, last) = (Array.IndexOf(Days, span[0]), Array.IndexOf(Days, span[^1]));
        if (first < 0 || last < 0 || span.Length > 2) throw row.Wrong($"'{days}' are no days; {string.Join(", ", Days)} are, and spans as mon-fri");
        return new WeeklyShift([.. Enumerable.Range(0, (last - first + 7) % 7 + 1).Select(i => (DayOfWeek)((first + i) % 7))], begin, end);
    }

    private static string[] Words(string? text) => (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
