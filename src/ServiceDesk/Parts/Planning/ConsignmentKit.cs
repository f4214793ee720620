using Seamless.Rules.Packs;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Parts.Planning;

/// <summary>What a shipment of machines to another country is to be answered for.</summary>
/// <param name="Machines">How many are shipped.</param>
/// <param name="CustomsDays">What customs adds to the lead time of each replacement.</param>
/// <param name="FillRate">Share of demand that the kit is to meet from the shelf.</param>
/// <param name="FailuresPerYear">Part → failures of one machine in a year, where known; the field's own figures otherwise.</param>
/// <param name="Returns">The kit is lent and comes back: it crosses the border under a carnet.</param>
public sealed record KitRequest(string Type, int Machines, double CustomsDays, double FillRate = 0.95, IReadOnlyDictionary<string, double>? FailuresPerYear = null, bool Returns = false);

/// <param name="Mean">Failures expected while a replacement is on its way: machines × rate × (lead time + customs).</param>
/// <param name="Quantity">The fewest that reach the fill rate.</param>
/// <param name="FillRate">What they reach.</param>
public sealed record KitLine(string Sku, LocalizedText Title, double FailuresPerYear, double LeadTimeDays, double Mean, int Quantity, double FillRate, decimal Value);

/// <param name="Documents">What has to travel with it, by code.</param>
public sealed record ConsignmentKit(string Type, int Machines, double CustomsDays, double TargetFillRate, IReadOnlyList<KitLine> Lines, decimal Value, string Currency, IReadOnlyList<string> Documents);

/// <summary>Spares that are shipped with the product, since customs are slower than its users can wait. Pure.</summary>
/// <remarks>Palm's theorem: while a replacement takes T, the number on order is Poisson(λT), whatever the shape of T. The kit is a base stock at the end of a long way.</remarks>
public static class KitSizing
{
    public const double MostFillRate = 0.9999;
    private const double DaysInYear = 365.25;

    public static int Quantity(double mean, double fillRate)
    {
        var stock = 0;
        while (mean > 0 && BaseStock.FillRate(stock, mean) < fillRate) stock++;
        return stock;
    }

    /// <summary>Parts without a failure rate are left out: nothing speaks for them.</summary>
    public static Outcome<ConsignmentKit> Of(KitRequest request, IReadOnlyList<PartDefinition> catalog, IReadOnlyDictionary<string, double> field)
    {
        if (request.Machines is < 1 or > 1_000_000) return Refusal.Invalid($"'machines' is {request.Machines}; how many are shipped, 1 to 1,000,000");
        if (request.CustomsDays is < 0 or > 365) return Refusal.Invalid($"'customsDays' is {request.CustomsDays}; 0 to 365");
        if (request.FillRate is not (>= 0.5 and <= MostFillRate)) return Refusal.Invalid($"'fillRate' is {request.FillRate}; 0.5 to {MostFillRate}");
        var parts = catalog.Where(part => part.Types.Contains(request.Type)).ToList();
        if (parts.Count == 0) return Refusal.NotFound($"no part fits machines of type '{request.Type}'");
        if (request.FailuresPerYear?.Keys.FirstOrDefault(sku => parts.TrueForAll(part => part.Sku != sku)) is { } strange) return Refusal.Invalid($"'failuresPerYear' names {strange}, which is no part of type '{request.Type}'");
        if (request.FailuresPerYear?.Values.Any(rate => rate is not (>= 0 and <= 1000)) == true) return Refusal.Invalid("'failuresPerYear' are 0 to 1000 for one machine");
        var lines = parts.Select(part => Line(request, part, request.FailuresPerYear?.GetValueOrDefault(part.Sku) is > 0 and var given ? given : field.GetValueOrDefault(part.Sku))).Where(line => line.Quantity > 0).ToList();
        return new ConsignmentKit(request.Type, request.Machines, request.CustomsDays, request.FillRate, lines, lines.Sum(line => line.Value), parts[0].Currency, Documents(request));
    }

    private static KitLine Line(KitRequest request, PartDefinition part, double rate)
    {
        var days = part.LeadTimeDays + request.CustomsDays;
        var mean = request.Machines * rate * days / DaysInYear;
        var quantity = Quantity(mean, request.FillRate);
        return new KitLine(part.Sku, part.Title, rate, days, mean, quantity, BaseStock.FillRate(quantity, mean), quantity * part.UnitCost);
    }

    private static string[] Documents(KitRequest request) => request switch
    {
        { CustomsDays: 0 } => ["packing-list"],
        { Returns: true } => ["packing-list", "pro-forma-invoice", "ata-carnet", "serial-number-list"],
        _ => ["packing-list", "commercial-invoice", "certificate-of-origin", "customs-tariff-numbers", "serial-number-list"],
    };
}
