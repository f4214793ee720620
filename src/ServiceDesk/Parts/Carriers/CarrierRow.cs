namespace Seamless.ServiceDesk.Parts;

internal sealed class CarrierRow
{
    public required string Tenant { get; init; }
    public required string Id { get; init; }
    public required CarrierTerms Terms { get; set; }
    public CarrierOutage? Outage { get; set; }
    public int Version { get; set; }

    public CarrierState ToState() => new(Id, Terms, Outage);

    public ICarrier ToCarrier() => new ScheduledCourier(Id, Terms, Outage);
}
