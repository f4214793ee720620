using NodaTime;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Dispatch.Technicians;

/// <summary>What a technician or a partner must be to be planned with.</summary>
internal static class TechnicianChecks
{
    public static Refusal? Of(Technician technician, IReadOnlyCollection<string> partners)
    {
        var profile = technician.Profile;
        if (!IsId(technician.Id)) return Refusal.Invalid($"'{technician.Id}' is no id: 1 to 64 letters, digits, '-', '_' or '.'");
        if (!IsPlace(technician.Home.Latitude, technician.Home.Longitude)) return Refusal.Invalid("home needs a latitude of -90 to 90 and a longitude of -180 to 180");
        if (technician.Skills.Any(s => string.IsNullOrWhiteSpace(s.Key) || s.Value is < 1 or > 9)) return Refusal.Invalid("a skill has a name and a level of 1 to 9");
        if (DateTimeZoneProviders.Tzdb.GetZoneOrNull(profile.TimeZone) is null) return Refusal.Invalid($"'{profile.TimeZone}' is no IANA time zone");
        if (technician.Shifts.Any(s => s.Days.Count == 0)) return Refusal.Invalid("a shift needs at least one day of the week");
        if (profile.RadiusKm is <= 0 or > 20_038) return Refusal.Invalid($"radiusKm is {profile.RadiusKm}; it must be more than 0 and at most 20038");
        if (profile.MostHoursPerDay is <= 0 or > 24) return Refusal.Invalid($"mostHoursPerDay is {profile.MostHoursPerDay}; it must be more than 0 and at most 24");
        if (profile.Van?.Any(v => v.Value < 0) == true) return Refusal.Invalid("a van carries no negative numbers of parts");
        if (profile.Kind is TechnicianKind.Resident && (profile.Sites ?? []).Count == 0) return Refusal.Invalid("a resident needs the sites where he lives");
        if (profile.Partner is { } partner && !partners.Contains(partner)) return Refusal.Invalid($"there is no partner '{partner}'; make it with PUT /api/v1/partners/{partner}");
        return null;
    }

    public static Refusal? Of(Absence absence) =>
        absence.To <= absence.From ? Refusal.Invalid("an absence ends after it begins") : string.IsNullOrWhiteSpace(absence.Reason) ? Refusal.Invalid("an absence needs a reason") : null;

    public static Refusal? Of(Partner partner)
    {
        if (!IsId(partner.Id)) return Refusal.Invalid($"'{partner.Id}' is no id: 1 to 64 letters, digits, '-', '_' or '.'");
        if (partner.Cities.Any(c => string.IsNullOrWhiteSpace(c.Name) || !IsPlace(c.Latitude, c.Longitude) || c.RadiusKm is not (> 0 and <= 20_038)))
            return Refusal.Invalid("a city has a name, a place and a radiusKm of more than 0");
        return partner is { Suspended: true, Reason: null or "" } ? Refusal.Invalid("a suspension needs a reason") : null;
    }

    internal static bool IsId(string id) => id.Length is > 0 and <= 64 && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
    private static bool IsPlace(double latitude, double longitude) => latitude is >= -90 and <= 90 && longitude is >= -180 and <= 180;
}
