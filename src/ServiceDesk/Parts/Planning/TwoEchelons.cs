namespace Seamless.ServiceDesk.Parts.Planning;

/// <param name="Rate">Demand at the base, per unit of time.</param>
/// <param name="RepairShare">Share repaired at the base itself, 0–1; the rest goes to the depot.</param>
/// <param name="RepairTime">Time of a repair at the base.</param>
/// <param name="OrderTime">From the depot's shelf to the base.</param>
public sealed record Base(double Rate, double RepairShare, double RepairTime, double OrderTime)
{
    public double DepotRate => Rate * (1 - RepairShare);
    internal double OwnPipeline => Rate * RepairShare * RepairTime + DepotRate * OrderTime;
}

/// <summary>One depot that replenishes bases one for one, and how the depot's back-orders lengthen their pipelines.</summary>
/// <param name="depotTime">Resupply time of the depot.</param>
public sealed class TwoEchelons(IReadOnlyList<Base> bases, double depotTime)
{
    private readonly double _depotRate = bases.Sum(b => b.DepotRate);

    public IReadOnlyList<Base> Bases => bases;
    public PipelineLaw Depot { get; } = PipelineLaw.Poisson(bases.Sum(b => b.DepotRate) * depotTime);

    /// <summary>METRIC (Sherbrooke, Operations Research 16, 1968): the wait at the depot is added to the order time and the pipeline stays Poisson. Too hopeful: it leaves out the variance.</summary>
    public PipelineLaw Metric(int baseIndex, int depotStock) =>
        PipelineLaw.Poisson(bases[baseIndex].OwnPipeline + Share(baseIndex) * Depot.ExpectedBackOrders(depotStock));

    /// <summary>VARI-METRIC (Graves 1985; Sherbrooke 1986): mean and variance of the depot's back-orders, a binomial split, a negative binomial fitted.</summary>
    public PipelineLaw VariMetric(int baseIndex, int depotStock)
    {
        var (mean, variance) = BackOrderShare.Add(bases[baseIndex].OwnPipeline, Share(baseIndex), Depot.ExpectedBackOrders(depotStock), Depot.BackOrderVariance(depotStock));
        return PipelineLaw.Fit(mean, variance);
    }

    /// <summary>The exact law for deterministic order times, first come first served: B_j | B₀ ~ Binomial(B₀, f_j), plus Poisson (Simon 1971; Graves 1985).</summary>
    public PipelineLaw Exact(int baseIndex, int depotStock) =>
        PipelineLaw.Thinned(Depot.BackOrderMass(depotStock), Share(baseIndex)).Plus(PipelineLaw.Poisson(bases[baseIndex].OwnPipeline));

    private double Share(int baseIndex) => _depotRate <= 0 ? 0 : bases[baseIndex].DepotRate / _depotRate;
}

/// <summary>What a share of the back-orders one echelon up adds to a pipeline.</summary>
internal static class BackOrderShare
{
    /// <summary>E = own + f·EBO₀; Var = own + f(1−f)·EBO₀ + f²·VBO₀ (Sherbrooke eq. 3.26–3.30).</summary>
    public static (double Mean, double Variance) Add(double own, double share, double expected, double variance) =>
        (own + share * expected, own + share * (1 - share) * expected + share * share * variance);
}
