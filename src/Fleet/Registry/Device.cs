using Seamless.Telemetry;

namespace Seamless.Fleet.Registry;

/// <summary>WGS 84, degrees.</summary>
public sealed record GeoPoint(double Latitude, double Longitude)
{
    /// <summary>Great-circle distance in km (haversine, mean earth radius 6371.0088 km).</summary>
    public double DistanceKm(GeoPoint other)
    {
        const double EarthRadiusKm = 6371.0088;
        var (lat1, lat2) = (double.DegreesToRadians(Latitude), double.DegreesToRadians(other.Latitude));
        var dLat = lat2 - lat1;
        var dLon = double.DegreesToRadians(other.Longitude - Longitude);
        var a = Math.Pow(Math.Sin(dLat / 2), 2) + Math.Cos(lat1) * Math.Cos(lat2) * Math.Pow(Math.Sin(dLon / 2), 2);
        return 2 * EarthRadiusKm * Math.Asin(Math.Min(1, Math.Sqrt(a)));
    }
}

public enum DeviceStatus : byte { NeverSeen, Online, Offline }

/// <summary>A machine that speaks to us, or for which a gateway speaks.</summary>
/// <param name="Type">The equipment type, the name of a pack (<c>pump</c>), <c>gateway</c>, or <c>generic</c>.</param>
/// <param name="Tier">The customer's service tier; decides the SLA policy and queue weight. <c>standard</c> by default.</param>
/// <param name="RedundancyGroup">Devices that stand in for each other; automation never touches two of a group at once.</param>
public sealed record Device(
    DeviceKey Key, string Type, string Site, string Customer, string? Serial, GeoPoint? Location,
    IReadOnlyDictionary<string, string> Tags, string Tier, string? Gateway, string? RedundancyGroup,
    DateTimeOffset RegisteredAt, int Version)
{
    public string Id => Key.Device;
}

/// <summary>Where machines stand together: one power line, one network, one door.</summary>
/// <param name="TimeZone">IANA id.</param>
public sealed record Site(string Tenant, string Id, string Name, GeoPoint? Location, string TimeZone, string Customer);

/// <summary>Who is on the other end of a connection.</summary>
/// <param name="IsGateway">May speak for every device of its tenant.</param>
public sealed record DevicePrincipal(DeviceKey Key, bool IsGateway);

/// <param name="Text">Matches id, serial or customer, case-insensitive.</param>
/// <param name="After">The id after which the page begins.</param>
public sealed record DeviceFilter(string Tenant, string? Type = null, string? Site = null, string? Text = null, string? After = null, int Limit = 100);

/// <summary>What changes; null leaves it as it is.</summary>
public sealed record DeviceChange(
    string? Type = null, string? Site = null, string? Customer = null, string? Serial = null, GeoPoint? Location = null,
    IReadOnlyDictionary<string, string>? Tags = null, string? Tier = null, string? RedundancyGroup = null);

/// <summary>When a device was last heard, kept in memory and written behind.</summary>
public sealed record Presence(DeviceStatus Status, DateTimeOffset? LastSeen, string? AgentVersion);
