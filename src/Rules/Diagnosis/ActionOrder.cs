namespace Seamless.Rules.Diagnosis;

/// <summary>Something that can be tried: what it costs and how likely it ends the fault.</summary>
/// <param name="Cost">In any one unit: minutes, or money.</param>
public readonly record struct Attempt(string Code, double Probability, double Cost);

/// <summary>The order in which to try remedies when one fault is at work: least cost per probability first (Kadane and Simon 1977).</summary>
public static class ActionOrder
{
    public static IReadOnlyList<Attempt> Best(IEnumerable<Attempt> attempts) =>
        [.. attempts.OrderBy(a => a.Probability > 0 ? a.Cost / a.Probability : double.PositiveInfinity).ThenBy(a => a.Code, StringComparer.Ordinal)];

    /// <summary>What trying them in this order costs on average: each is paid for only when all before it failed.</summary>
    public static double ExpectedCost(IEnumerable<Attempt> attempts)
    {
        var (cost, unsolved) = (0.0, 1.0);
        foreach (var attempt in attempts)
        {
            cost += unsolved * attempt.Cost;
            unsolved -= attempt.Probability;
        }
        return cost;
    }
}
