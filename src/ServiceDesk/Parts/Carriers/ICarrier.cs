using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Parts;

/// <param name="PickUpAt">When it leaves the depot.</param>
/// <param name="Eta">When it is at the site.</param>
/// <param name="Cost">In the currency of the catalogue.</param>
public sealed record CarrierQuote(string Carrier, DateTimeOffset PickUpAt, DateTimeOffset Eta, decimal Cost);

/// <summary>How a carrier's milestones become known.</summary>
public enum MilestoneReports : byte
{
    /// <summary>The carrier is played: it does by itself what its timetable says.</summary>
    Timetable,

    /// <summary>Somebody reports pick-up and delivery. What is not reported in time is lost in transit.</summary>
    Messages,
}

/// <summary>Somebody who brings parts from depots to sites. Called within a transaction: what needs the network is reported to us, not asked for.</summary>
public interface ICarrier
{
    string Name { get; }
    MilestoneReports Reports { get; }

    /// <summary>How long after the promised arrival a silent shipment counts as lost.</summary>
    TimeSpan Tolerance { get; }

    /// <param name="distanceKm">Depot to site.</param>
    /// <returns>Null when it does not go there, or does not collect then.</returns>
    CarrierQuote? Quote(Depot from, double distanceKm, DateTimeOffset readyAt);

    /// <summary>The number by which the carrier knows the consignment, or why it does not take it.</summary>
    /// <param name="reference">Ours; the same reference is the same booking.</param>
    Outcome<string> Book(string reference, CarrierQuote quote);

    /// <summary>Where by now the consignment is, as far as the carrier knows by itself: null when it waits to be told.</summary>
    /// <returns><c>booked</c>, <c>picked-up</c> or <c>delivered</c>.</returns>
    string? Track(CarrierQuote booked, DateTimeOffset now);
}
