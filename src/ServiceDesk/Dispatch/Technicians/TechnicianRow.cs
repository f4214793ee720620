using Seamless.Fleet.Registry;

namespace Seamless.ServiceDesk.Dispatch.Technicians;

internal sealed class TechnicianRow
{
    public required string Tenant { get; init; }
    public required string Id { get; init; }
    public double Latitude { get; set; }
    public double Longitude { get; set; }
    public required IReadOnlyList<string> Skills { get; set; }

    /// <summary>Null: around the clock and everywhere, each skill at level 1.</summary>
    public TechnicianProfile? Profile { get; set; }

    public Technician ToTechnician()
    {
        var profile = Profile ?? TechnicianProfile.Plain;
        return new Technician(Id, new GeoPoint(Latitude, Longitude), Skills.ToDictionary(s => s, s => profile.Levels?.GetValueOrDefault(s, 1) ?? 1, StringComparer.Ordinal), profile);
    }

    public void Take(Technician technician)
    {
        (Latitude, Longitude) = (technician.Home.Latitude, technician.Home.Longitude);
        Skills = [.. technician.Skills.Keys.Order(StringComparer.Ordinal)];
        Profile = technician.Profile with { Levels = technician.Skills };
    }
}

internal sealed class PartnerRow
{
    public required string Tenant { get; init; }
    public required string Id { get; init; }
    public required string Name { get; set; }
    public required IReadOnlyList<City> Cities { get; set; }
    public bool Suspended { get; set; }
    public string? Reason { get; set; }

    public Partner ToPartner() => new(Id, Name, Cities, Suspended, Reason);
}
