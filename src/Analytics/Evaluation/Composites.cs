namespace Seamless.Analytics.Evaluation;

/// <summary>Whether rules of one device together make a composite.</summary>
internal static class Composites
{
    /// <returns>1, 0, or NaN while that depends on rules that have not judged anything yet.</returns>
    public static double Holds(RuleState state, Composite composite) => composite.Combination switch
    {
        Combination.Sequence => Sequence(state, composite),
        Combination.None => None(state, composite),
        _ => AtLeast(state, composite),
    };

    private static double AtLeast(RuleState state, Composite composite)
    {
        var (active, unknown) = Count(state, composite);
        return active >= composite.Least ? 1 : active + unknown >= composite.Least ? double.NaN : 0;
    }

    private static double None(RuleState state, Composite composite)
    {
        var (active, unknown) = Count(state, composite);
        return active > 0 ? 0 : unknown > 0 ? double.NaN : 1;
    }

    private static (int Active, int Unknown) Count(RuleState state, Composite composite)
    {
        var (active, unknown) = (0, 0);
        foreach (var rule in composite.Rules)
        {
            if (state.IsActive(rule)) active++;
            else if (!state.IsJudged(rule)) unknown++;
        }
        return (active, unknown);
    }

    private static double Sequence(RuleState state, Composite composite)
    {
        var spans = state.Spans;
        var (firstMs, beforeMs) = (spans[composite.Rules[0]].RaisedMs, long.MinValue);
        foreach (var rule in composite.Rules)
        {
            var raisedMs = spans[rule].RaisedMs;
            if (raisedMs == 0 || raisedMs < beforeMs || raisedMs - firstMs > composite.WithinMs) return 0;
            beforeMs = raisedMs;
        }
        return state.IsActive(composite.Rules[^1]) ? 1 : 0;
    }
}
