using Seamless.Fleet.Registry;

namespace Seamless.ServiceDesk.Dispatch;

/// <summary>Who can be sent. Known by an id, not by a name.</summary>
public sealed record Technician(string Id, GeoPoint Home, IReadOnlyList<string> Skills);

internal sealed class TechnicianRow
{
    public required string Tenant { get; init; }
    public required string Id { get; init; }
    public double Latitude { get; init; }
    public double Longitude { get; init; }
    public required IReadOnlyList<string> Skills { get; init; }

    public Technician ToTechnician() => new(Id, new GeoPoint(Latitude, Longitude), Skills);
}
