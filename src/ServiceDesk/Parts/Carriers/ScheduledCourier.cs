using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Parts;

/// <summary>A carrier as its terms say: collects between its first hour and the depot's cut-off, by road or beyond a distance by air.</summary>
public sealed class ScheduledCourier(string name, CarrierTerms terms, CarrierOutage? outage = null) : ICarrier
{
    public const string BuiltIn = "scheduled-courier";
    public const string OnCall = "on-call-courier";

    /// <summary>Who carries for a tenant that has no carriers of its own.</summary>
    public static IReadOnlyDictionary<string, CarrierTerms> BuiltIns { get; } = new Dictionary<string, CarrierTerms> { [BuiltIn] = CarrierTerms.Standard, [OnCall] = CarrierTerms.OnCall };

    public ScheduledCourier() : this(BuiltIn, CarrierTerms.Standard) { }

    public string Name => name;
    public MilestoneReports Reports => terms.Reports;
    public TimeSpan Tolerance => TimeSpan.FromHours(terms.ToleranceHours);

    public CarrierQuote? Quote(Depot from, double distanceKm, DateTimeOffset readyAt)
    {
        if (distanceKm > terms.FarthestKm) return null;
        var pickUp = PickUpAt(readyAt + TimeSpan.FromMinutes(terms.PickUpDelayMinutes), from);
        if (outage?.Covers(pickUp) == true)
        {
            if (outage.Until is not { } over) return null;
            pickUp = PickUpAt(over, from);
        }
        var byRoad = distanceKm <= terms.LongestRoadKm;
        var travel = byRoad ? TimeSpan.FromHours(distanceKm / terms.RoadKmPerHour) : TimeSpan.FromHours(terms.AirHandlingHours + distanceKm / terms.AirKmPerHour);
        var price = byRoad ? terms.RoadPrice + terms.RoadPricePerKm * (decimal)distanceKm : terms.AirPrice + terms.AirPricePerKm * (decimal)distanceKm;
        return new CarrierQuote(name, pickUp, pickUp + travel, decimal.Round(price, 2));
    }

    public Outcome<string> Book(string reference, CarrierQuote quote) =>
        outage?.Covers(quote.PickUpAt) == true ? Refusal.Because($"{name} does not collect at {quote.PickUpAt:u}: {outage.Reason}") : StableHash.Id("wb", name, reference);

    public string? Track(CarrierQuote booked, DateTimeOffset now) => terms.Reports is MilestoneReports.Messages ? null
        : now >= booked.Eta ? "delivered"
        : now >= booked.PickUpAt ? "picked-up" : "booked";

    private DateTimeOffset PickUpAt(DateTimeOffset earliest, Depot from)
    {
        var local = TimeZoneInfo.ConvertTime(earliest, TimeZoneInfo.FindSystemTimeZoneById(from.TimeZone));
        var (time, cutOff) = (TimeOnly.FromTimeSpan(local.TimeOfDay), terms.CutOffAt(from));
        if (time >= terms.FirstPickUp && time < cutOff) return earliest;
        var morning = local.Date.Add(terms.FirstPickUp.ToTimeSpan()).AddDays(time >= cutOff ? 1 : 0);
        return earliest + (morning - local.DateTime);
    }
}
