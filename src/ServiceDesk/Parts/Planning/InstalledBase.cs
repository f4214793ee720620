namespace Seamless.ServiceDesk.Parts.Planning;

/// <summary>What a part is exposed to.</summary>
/// <param name="Weight">Over all machines that it fits: the sum of the priors of the faults that need it.</param>
/// <param name="Demands">Units asked for so far.</param>
public readonly record struct PartExposure(double Weight, int Demands);

/// <summary>Initial provisioning: how often a part will be asked for that has hardly been asked for yet. Pure.</summary>
/// <remarks>
/// Demand of a part is Poisson with rate θ · weight. θ, the faults a year for a prior of 1, is common to all parts and learned from all of them together (Gamma–Poisson);
/// a part's own rate is then drawn from θ · weight towards what it has seen itself (empirical Bayes; Gelman et al., Bayesian Data Analysis, 3rd ed., §2.6). So the second week of a new fleet
/// already knows from its bearings how many motors it will need.
/// </remarks>
public static class InstalledBase
{
    /// <summary>A fault's prior is read as its frequency a year until demand says otherwise, and that weighs as much as a hundredth of a demand: the first few say more.</summary>
    private const double FirstScale = 1, FirstWeighs = 0.01;

    /// <summary>What all parts together say of a part weighs as much as so many demands of its own.</summary>
    private const double OthersWeigh = 2;

    private const double DaysPerYear = 365;

    /// <summary>Faults a year for a prior of 1.</summary>
    /// <param name="days">For which demand was looked at.</param>
    public static double Scale(IEnumerable<PartExposure> parts, double days)
    {
        var (weight, demands) = parts.Where(p => p.Weight > 0).Aggregate((0.0, 0), (sum, p) => (sum.Item1 + p.Weight, sum.Item2 + p.Demands));
        return (FirstWeighs + demands) / (FirstWeighs / FirstScale + weight * days / DaysPerYear);
    }

    /// <summary>Units a day; 0 for a part that no fault of any machine needs.</summary>
    public static double RatePerDay(PartExposure part, double scale, double days)
    {
        var expected = scale * part.Weight / DaysPerYear;
        return expected <= 0 ? 0 : (OthersWeigh + part.Demands) / (OthersWeigh / expected + days);
    }
}
