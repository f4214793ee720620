namespace Seamless.ServiceDesk.Parts;

/// <param name="OnHand">Units free there now.</param>
/// <param name="PipelineMean">Units usually under resupply: what its stock plan expects.</param>
public sealed record SourceCandidate(Depot Depot, double DistanceKm, int OnHand, double PipelineMean, CarrierQuote Quote);

/// <param name="InTime">It arrives early enough to be fitted by the deadline.</param>
public sealed record Source(SourceCandidate Candidate, bool InTime);

/// <summary>From where a unit comes: feasible by the deadline, then the least of shipping plus what taking it there costs the next customer.</summary>
public static class Sourcing
{
    /// <param name="latestArrival">ResolveBy less the work on site.</param>
    /// <param name="backOrderCost">What a back-order costs: weighs scarce forward stock.</param>
    /// <returns>When nothing arrives in time: the earliest, marked late. Null when nobody has one.</returns>
    public static Source? Choose(IEnumerable<SourceCandidate> candidates, DateTimeOffset latestArrival, decimal backOrderCost)
    {
        var stocked = candidates.Where(c => c.OnHand > 0).ToList();
        var inTime = stocked.Where(c => c.Quote.Eta <= latestArrival)
            .OrderBy(c => Cost(c, backOrderCost)).ThenBy(c => c.DistanceKm).ThenBy(c => c.Depot.Id, StringComparer.Ordinal).FirstOrDefault();
        if (inTime is not null) return new Source(inTime, true);
        var soonest = stocked.OrderBy(c => c.Quote.Eta).ThenBy(c => c.DistanceKm).ThenBy(c => c.Depot.Id, StringComparer.Ordinal).FirstOrDefault();
        return soonest is null ? null : new Source(soonest, false);
    }

    private static double Cost(SourceCandidate c, decimal backOrderCost) =>
        (double)c.Quote.Cost + (double)backOrderCost * BaseStock.MissedProbability(c.OnHand, c.PipelineMean);
}
