namespace Seamless.ServiceDesk.Parts.Promises;

/// <summary>What is planned for a repair when a promise is given.</summary>
/// <param name="Parts">When each consignment leaves and should be there; empty when none is needed or all are there.</param>
/// <param name="VisitStart">Null as long as no technician's slot is fixed.</param>
internal sealed record RepairPlan(DateTimeOffset Now, IReadOnlyList<PlannedArrival> Parts, DateTimeOffset? VisitStart, TimeSpan Work);

/// <param name="FromSupplier">Not in stock anywhere: it is made or imported first.</param>
internal readonly record struct PlannedArrival(DateTimeOffset Leaves, DateTimeOffset Eta, bool FromSupplier);

/// <summary>Likely is the median, latest the 95th percentile.</summary>
internal readonly record struct Spread(DateTimeOffset Likely, DateTimeOffset Latest);

internal sealed record ModelledRepair(Spread Parts, Spread Visit, Spread Done);

/// <summary>How sure the plan is: each stage varies about its plan, and a technician whose parts are late comes another time.</summary>
/// <remarks>
/// The spreads are a first guess: <see cref="PromiseCalibration"/> corrects the result by how earlier promises turned out. Drawn by a stratified sample from a fixed seed, so that the same plan gives the same promise.
/// </remarks>
internal static class PromiseModel
{
    private const int Draws = 1000;
    private const int Seed = 23;

    // Standard deviation of the logarithm of a duration beside its plan.
    private const double TransitSigma = 0.25;
    private const double SupplierSigma = 0.4;
    private const double WorkSigma = 0.4;

    private static readonly TimeSpan MeanLateness = TimeSpan.FromMinutes(20);

    /// <summary>A visit that found no parts is made again after so long.</summary>
    private static readonly TimeSpan NewSlot = TimeSpan.FromHours(4);

    public static ModelledRepair Of(RepairPlan plan)
    {
        var random = new Random(Seed);
        var (parts, visits, done) = (new DateTimeOffset[Draws], new DateTimeOffset[Draws], new DateTimeOffset[Draws]);
        var works = Strata(random);
        for (var i = 0; i < Draws; i++)
        {
            parts[i] = plan.Parts.Count == 0 ? plan.Now : plan.Parts.Max(part => Arrival(part, random));
            visits[i] = Start(plan, parts[i], random);
            done[i] = visits[i] + plan.Work * Math.Exp(WorkSigma * works[i]);
        }
        return new ModelledRepair(Of(parts), Of(visits), Of(done));
    }

    private static DateTimeOffset Arrival(PlannedArrival part, Random random)
    {
        var (way, sigma) = (part.Eta - part.Leaves, part.FromSupplier ? SupplierSigma : TransitSigma);
        return part.Leaves + way * Math.Exp(sigma * Normal(random.NextDouble()));
    }

    private static DateTimeOffset Start(RepairPlan plan, DateTimeOffset parts, Random random)
    {
        var lateness = MeanLateness * -Math.Log(1 - random.NextDouble());
        if (plan.VisitStart is not { } start) return Later(parts, plan.Now) + NewSlot + lateness;
        var waits = plan.Parts.Count > 0 && parts > start + lateness;
        return Later(waits ? parts + NewSlot + lateness : start + lateness, plan.Now);
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    /// <summary>One draw from each of equally probable slices, in random order.</summary>
    private static double[] Strata(Random random)
    {
        var strata = Enumerable.Range(0, Draws).Select(i => Normal((i + random.NextDouble()) / Draws)).ToArray();
        random.Shuffle(strata);
        return strata;
    }

    private static Spread Of(DateTimeOffset[] at)
    {
        Array.Sort(at);
        return new Spread(at[Draws / 2 - 1], at[(int)(Draws * 0.95) - 1]);
    }

    /// <summary>Normal quantile (Acklam's rational approximation, relative error below 1.2e-9 where it is used: the central part and the tails apart).</summary>
    private static double Normal(double p)
    {
        const double edge = 0.02425;
        p = Math.Clamp(p, 1e-9, 1 - 1e-9);
        if (p < edge) return Tail(Math.Sqrt(-2 * Math.Log(p)));
        if (p > 1 - edge) return -Tail(Math.Sqrt(-2 * Math.Log(1 - p)));
        double q = p - 0.5, r = q * q;
        return (((((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r + 138.3577518672690) * r - 30.66479806614716) * r + 2.506628277459239) * q
            / (((((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r + 66.80131188771972) * r - 13.28068155288572) * r + 1);
    }

    private static double Tail(double q) =>
        (((((-0.007784894002430293 * q - 0.3223964580411365) * q - 2.400758277161838) * q - 2.549732539343734) * q + 4.374664141464968) * q + 2.938163982698783)
        / ((((0.007784695709041462 * q + 0.3224671290700398) * q + 2.445134137142996) * q + 3.754408661907416) * q + 1);
}
