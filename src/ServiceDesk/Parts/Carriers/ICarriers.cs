using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Parts;

public sealed record CarrierState(string Id, CarrierTerms Terms, CarrierOutage? Outage);

/// <param name="Items">The cheapest first.</param>
public sealed record CarrierQuotes(string Depot, double Km, IReadOnlyList<CarrierQuote> Items);

/// <param name="SameDay">Of those delivered, the share that arrived on the day on which they were booked, local to the depot; null when none was.</param>
/// <param name="OnTime">Of those delivered, the share that arrived when promised.</param>
public sealed record CarrierFigures(string Carrier, int Booked, int Delivered, int Lost, double? SameDay, double? OnTime);

/// <summary>The carriers of a tenant. Without one of its own it has the built-in courier.</summary>
public interface ICarriers
{
    Task<IReadOnlyList<CarrierState>> ListAsync(string tenant, CancellationToken ct);

    Task<Outcome<CarrierState>> PutAsync(string tenant, string id, CarrierTerms terms, CancellationToken ct);

    Task<Outcome<CarrierState>> RemoveAsync(string tenant, string id, CancellationToken ct);

    /// <summary>What has not been collected goes with another carrier at once. Null ends the outage.</summary>
    Task<Outcome<CarrierState>> SetOutageAsync(string tenant, string id, CarrierOutage? outage, CancellationToken ct);

    /// <summary>What each would do, the cheapest first.</summary>
    Task<Outcome<CarrierQuotes>> QuoteAsync(string tenant, string depot, double distanceKm, DateTimeOffset? readyAt, CancellationToken ct);

    /// <summary>Of the shipments that were booked in the period.</summary>
    Task<IReadOnlyList<CarrierFigures>> MeasureAsync(string tenant, DateTimeOffset from, DateTimeOffset to, CancellationToken ct);
}
