using Seamless.Fleet.Registry;

namespace Seamless.ServiceDesk.Parts;

/// <param name="PickUpAt">When it leaves the depot.</param>
/// <param name="Eta">When it is at the site.</param>
/// <param name="Cost">In the currency of the catalogue.</param>
public sealed record CarrierQuote(string Carrier, DateTimeOffset PickUpAt, DateTimeOffset Eta, decimal Cost);

public interface ICarrier
{
    string Name { get; }

    /// <param name="distanceKm">Depot to site.</param>
    CarrierQuote Quote(Depot from, double distanceKm, DateTimeOffset readyAt);
}

/// <summary>A courier with a timetable: collects half an hour after the order, not between the evening cut-off and the morning; by road, and by air beyond 600 km.</summary>
public sealed class ScheduledCourier : ICarrier
{
    private const double RoadKmPerHour = 65;
    private const double LongestRoadKm = 600;
    private const double AirKmPerHour = 700;

    /// <summary>Depot's local hour after which the courier comes the next morning.</summary>
    private const int CutOffHour = 22;
    private const int FirstHour = 6;

    private static readonly TimeSpan PickUpDelay = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan AirHandling = TimeSpan.FromHours(4);

    public string Name => "scheduled-courier";

    public CarrierQuote Quote(Depot from, double distanceKm, DateTimeOffset readyAt)
    {
        var pickUp = PickUpAt(readyAt + PickUpDelay, from.TimeZone);
        var byRoad = distanceKm <= LongestRoadKm;
        var travel = byRoad ? TimeSpan.FromHours(distanceKm / RoadKmPerHour) : AirHandling + TimeSpan.FromHours(distanceKm / AirKmPerHour);
        var cost = byRoad ? 15 + 0.12m * (decimal)distanceKm : 60 + 0.05m * (decimal)distanceKm;
        return new CarrierQuote(Name, pickUp, pickUp + travel, decimal.Round(cost, 2));
    }

    private static DateTimeOffset PickUpAt(DateTimeOffset earliest, string timeZone)
    {
        var local = TimeZoneInfo.ConvertTime(earliest, TimeZoneInfo.FindSystemTimeZoneById(timeZone));
        var hour = local.Hour;
        if (hour is >= FirstHour and < CutOffHour) return earliest;
        var morning = local.Date.AddHours(FirstHour).AddDays(hour >= CutOffHour ? 1 : 0);
        return earliest + (morning - local.DateTime);
    }
}
