namespace Seamless.ServiceDesk.Parts;

/// <param name="Sku">What lies there: the part, or another of the same standing.</param>
/// <param name="UnitCost">Of one; counts where parts of one standing are compared.</param>
/// <param name="OnHand">Units free there now.</param>
/// <param name="PipelineMean">Units usually under resupply: what its stock plan expects.</param>
public sealed record SourceCandidate(Depot Depot, double DistanceKm, int OnHand, double PipelineMean, CarrierQuote Quote, string Sku = "", decimal UnitCost = 0);

/// <param name="InTime">It arrives early enough to be fitted by the deadline.</param>
public sealed record Source(SourceCandidate Candidate, bool InTime);

/// <summary>From where a unit comes: early enough for what was promised, then the least of the piece, its shipping and what taking it there costs the next customer.</summary>
/// <remarks>Nobody comes before the parts, so both promises bind: being there, and where that cannot be kept any more, being done.</remarks>
public static class Sourcing
{
    /// <param name="arriveBy">When somebody is to be on site.</param>
    /// <param name="latestArrival">ResolveBy less the work on site.</param>
    /// <param name="backOrderCost">What a back-order costs: weighs scarce forward stock.</param>
    /// <returns>When nothing arrives by <paramref name="latestArrival"/>: the earliest, marked late. Null when nobody has one.</returns>
    public static Source? Choose(IEnumerable<SourceCandidate> candidates, DateTimeOffset arriveBy, DateTimeOffset latestArrival, decimal backOrderCost)
    {
        var stocked = candidates.Where(c => c.OnHand > 0).ToList();
        var inTime = Cheapest(stocked, arriveBy < latestArrival ? arriveBy : latestArrival, backOrderCost) ?? Cheapest(stocked, latestArrival, backOrderCost);
        if (inTime is not null) return new Source(inTime, true);
        var soonest = stocked.OrderBy(c => c.Quote.Eta).ThenBy(c => c.DistanceKm).ThenBy(c => c.Depot.Id, StringComparer.Ordinal).ThenBy(c => c.UnitCost).FirstOrDefault();
        return soonest is null ? null : new Source(soonest, false);
    }

    private static SourceCandidate? Cheapest(List<SourceCandidate> stocked, DateTimeOffset by, decimal backOrderCost) => stocked.Where(c => c.Quote.Eta <= by)
        .OrderBy(c => Cost(c, backOrderCost)).ThenBy(c => c.DistanceKm).ThenBy(c => c.Depot.Id, StringComparer.Ordinal).FirstOrDefault();

    private static double Cost(SourceCandidate c, decimal backOrderCost) =>
        (double)(c.UnitCost + c.Quote.Cost) + (double)backOrderCost * BaseStock.MissedProbability(c.OnHand, c.PipelineMean);
}
