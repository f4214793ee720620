namespace Seamless.ServiceDesk.Commerce;

/// <summary>How a tenant quotes, bills and values its work. Kept as versions; until one is set, these values hold.</summary>
public sealed record CommercePolicy
{
    /// <summary>ISO 4217: what is quoted in when nothing else is asked for, and what costs are kept in.</summary>
    public string Currency { get; init; } = "EUR";

    /// <summary>How long the customer may think about a quote.</summary>
    public int QuoteValidDays { get; init; } = 14;

    /// <summary>How far invoices may go beyond the approved quote, as a share of it; 0: not by a cent.</summary>
    public decimal InvoiceTolerance { get; init; }

    /// <summary>No visit that the customer is to pay for is planned or sent before the customer has approved its quote.</summary>
    public bool HoldVisits { get; init; } = true;

    public CostRates Costs { get; init; } = new();

    /// <returns>What is wrong with it; null when nothing is.</returns>
    public string? Fault() => this switch
    {
        _ when !Currencies.IsCode(Currency) => $"'currency' is '{Currency}'; three capital letters as in ISO 4217 are expected, such as EUR",
        { QuoteValidDays: < 1 or > 365 } => "'quoteValidDays' is 1 to 365",
        { InvoiceTolerance: < 0 or > 1 } => "'invoiceTolerance' is a share, 0 to 1: 0.1 lets an invoice go a tenth beyond the quote",
        { Costs: null } => "leave 'costs' out to keep its values; null is none",
        { Costs: { LabourPerHour: < 0 } or { TravelPerVisit: < 0 } or { FreightPerShipment: < 0 } or { RepairShare: < 0 or > 1 } } => "costs are not negative, and 'repairShare' is 0 to 1",
        _ => null,
    };
}

/// <summary>What our own work costs us, in the currency of the policy.</summary>
public sealed record CostRates
{
    public decimal LabourPerHour { get; init; } = 60;
    public decimal TravelPerVisit { get; init; } = 80;
    public decimal FreightPerShipment { get; init; } = 25;

    /// <summary>What mending a returned part costs, as a share of its value.</summary>
    public decimal RepairShare { get; init; } = 0.35m;
}
