using Seamless.Fleet.Registry;

namespace Seamless.ServiceDesk.Dispatch.Planning;

/// <summary>How long the way is: by road, and by air beyond 600 km.</summary>
internal static class Travel
{
    public const double UnknownSiteKm = 50;
    private const double RoadKmPerHour = 60;
    private const double LongestRoadKm = 600;
    private const double AirKmPerHour = 700;

    /// <summary>Before somebody leaves.</summary>
    public static readonly TimeSpan Preparation = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan AirHandling = TimeSpan.FromHours(4);

    public static TimeSpan Time(double km) =>
        km <= LongestRoadKm ? TimeSpan.FromHours(km / RoadKmPerHour) : AirHandling + TimeSpan.FromHours(km / AirKmPerHour);

    public static double Km(GeoPoint? from, GeoPoint? to) => from is null || to is null ? UnknownSiteKm : from.DistanceKm(to);

    /// <summary>Whole minutes, rounded up.</summary>
    public static int Minutes(GeoPoint? from, GeoPoint? to) => ReferenceEquals(from, to) && from is not null ? 0 : (int)Math.Ceiling(Time(Km(from, to)).TotalMinutes - 1e-9);
}
