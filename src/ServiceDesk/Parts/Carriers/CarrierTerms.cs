using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Parts;

/// <summary>What is agreed with a carrier: hours, speeds, prices.</summary>
/// <remarks>The defaults are the built-in courier's: by road, and by air beyond 600 km; collects half an hour after the order, not between the evening cut-off and the morning.</remarks>
public sealed record CarrierTerms
{
    public static CarrierTerms Standard { get; } = new();

    /// <summary>Somebody who comes at any hour and drives there directly: dear, and not far. What keeps a promise of two hours at night.</summary>
    public static CarrierTerms OnCall { get; } = new()
    {
        FirstPickUp = TimeOnly.MinValue, CutOff = new(23, 59), FarthestKm = 150, RoadPrice = 45, RoadPricePerKm = 0.9m,
    };

    /// <summary>Local hours of the depot between which it collects.</summary>
    public TimeOnly FirstPickUp { get; init; } = new(6, 0);
    public TimeOnly CutOff { get; init; } = new(22, 0);

    /// <summary>Cut-off times of their own, by depot or by IANA time zone; the depot's goes first.</summary>
    public IReadOnlyDictionary<string, TimeOnly> CutOffs { get; init; } = new Dictionary<string, TimeOnly>();

    public int PickUpDelayMinutes { get; init; } = 30;
    public double RoadKmPerHour { get; init; } = 65;
    public double LongestRoadKm { get; init; } = 600;
    public double AirKmPerHour { get; init; } = 700;
    public double AirHandlingHours { get; init; } = 4;

    /// <summary>Farther it does not go; null for everywhere.</summary>
    public double? FarthestKm { get; init; }

    /// <summary>Prices in the currency of the catalogue.</summary>
    public decimal RoadPrice { get; init; } = 15;
    public decimal RoadPricePerKm { get; init; } = 0.12m;
    public decimal AirPrice { get; init; } = 60;
    public decimal AirPricePerKm { get; init; } = 0.05m;

    public MilestoneReports Reports { get; init; } = MilestoneReports.Timetable;

    /// <summary>How long after the promised arrival a silent shipment counts as lost.</summary>
    public double ToleranceHours { get; init; } = 12;

    public TimeOnly CutOffAt(Depot depot) =>
        CutOffs.TryGetValue(depot.Id, out var own) || CutOffs.TryGetValue(depot.TimeZone, out own) ? own : CutOff;

    public Refusal? Check()
    {
        if (CutOffs is null) return Refusal.Invalid("'cutOffs' names depots or time zones with a time each; leave it out for none");
        if (FirstPickUp >= CutOff) return Refusal.Invalid($"firstPickUp {FirstPickUp:HH:mm} must be before cutOff {CutOff:HH:mm}");
        foreach (var (zone, cutOff) in CutOffs)
            if (FirstPickUp >= cutOff) return Refusal.Invalid($"the cut-off of '{zone}' must be after firstPickUp {FirstPickUp:HH:mm}; {cutOff:HH:mm} is not");
        if (RoadKmPerHour <= 0 || AirKmPerHour <= 0) return Refusal.Invalid("roadKmPerHour and airKmPerHour are speeds above 0");
        if (PickUpDelayMinutes is < 0 or > 10_080) return Refusal.Invalid("pickUpDelayMinutes is 0 to 10080, which is a week");
        if (ToleranceHours is < 0 or > 8760) return Refusal.Invalid("toleranceHours is 0 to 8760, which is a year");
        return RoadPrice < 0 || RoadPricePerKm < 0 || AirPrice < 0 || AirPricePerKm < 0 || LongestRoadKm < 0 || AirHandlingHours < 0 || FarthestKm <= 0
            ? Refusal.Invalid("prices, longestRoadKm and airHandlingHours are 0 or more, farthestKm is more than 0")
            : null;
    }
}

/// <summary>When a carrier does not collect.</summary>
/// <param name="Until">Null for until further notice.</param>
public sealed record CarrierOutage(DateTimeOffset From, DateTimeOffset? Until, string Reason)
{
    public bool Covers(DateTimeOffset at) => at >= From && (Until is null || at < Until);
}
