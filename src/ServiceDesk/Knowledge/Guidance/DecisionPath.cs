using Seamless.Rules.Diagnosis;

namespace Seamless.ServiceDesk.Knowledge.Guidance;

/// <summary>From what is seen to the cause, one test after the other: which is next, and what its result makes of the probabilities. One fault is taken to be at work.</summary>
public static class DecisionPath
{
    /// <summary>A cause as probable as this is the one.</summary>
    public const double Sure = 0.9;

    /// <summary>After so many tests without that, somebody who knows more is needed.</summary>
    public const int MostTests = 6;

    /// <summary>A less probable cause is not tested for.</summary>
    public const double LeastTested = 0.005;

    /// <summary>Of the causes that a ticket does not name, together, however sure it is: a finding may still lead to them.</summary>
    private const double LeastLeft = 0.001;

    /// <summary>A test that no pack describes: a look at the place in question.</summary>
    private const double PlainSensitivity = 0.9;
    private const double PlainSpecificity = 0.9;
    private const int PlainMinutes = 20;

    /// <summary>Probability of each cause, and of one that the model does not know, before any test; adds up to 1.</summary>
    public static IReadOnlyDictionary<string, double> Begin(FaultModel model, IReadOnlySet<string> present, IReadOnlySet<string> absent)
    {
        var belief = new Dictionary<string, double>(NoisyOr.Posterior(model, present, absent, out var unknown));
        if (present.Count > 0) belief[Diagnoser.Unknown] = unknown;
        return Normalised(belief);
    }

    /// <summary>The same from the causes that a ticket names: they know more than their symptoms tell, such as what was absent of causes that are not named. What a person has seen since changes them.</summary>
    /// <param name="present">All that is seen, by alarms and people.</param>
    public static IReadOnlyDictionary<string, double> Begin(FaultModel model, IReadOnlyList<Cause> named, IReadOnlySet<string> present, IReadOnlySet<string> absent)
    {
        var now = Begin(model, present, absent);
        if (named.All(cause => cause.For.Count == 0)) return now;   // somebody's guess
        HashSet<string> told = [.. named.SelectMany(cause => cause.For)], toldAbsent = [.. named.SelectMany(cause => cause.Against).Where(code => !told.Contains(code))];
        var then = Begin(model, told, toldAbsent);
        var rest = Math.Max(LeastLeft, 1 - named.Sum(cause => cause.Probability));
        var unnamed = now.Keys.Where(code => named.All(cause => cause.Code != code))
            .ToDictionary(code => code, code => Math.Min(Diagnoser.LeastShown, code == Diagnoser.Unknown ? rest : then.GetValueOrDefault(code)), StringComparer.Ordinal);
        var share = Math.Min(1, rest / Math.Max(double.Epsilon, unnamed.Values.Sum()));   // all of them together are no likelier than the named ones leave
        return Normalised(now.ToDictionary(cause => cause.Key, cause => Told(cause.Key) * (then.GetValueOrDefault(cause.Key) is > 0 and var before ? cause.Value / before : 1), StringComparer.Ordinal));

        double Told(string code) => named.FirstOrDefault(cause => cause.Code == code)?.Probability ?? unnamed[code] * share;
    }

    /// <summary>… after a test for <paramref name="fault"/>.</summary>
    public static IReadOnlyDictionary<string, double> After(IReadOnlyDictionary<string, double> belief, FaultDefinition fault, bool found)
    {
        var test = TestOf(fault);
        var (here, elsewhere) = found ? (test.Sensitivity, 1 - test.Specificity) : (1 - test.Sensitivity, test.Specificity);
        return Normalised(belief.ToDictionary(cause => cause.Key, cause => cause.Value * (cause.Key == fault.Code ? here : elsewhere)));
    }

    /// <summary>The tests that are left, in the order in which the cause is found with the fewest minutes.</summary>
    public static IReadOnlyList<Attempt> Order(FaultModel model, IReadOnlyDictionary<string, double> belief, IReadOnlySet<string> done) => ActionOrder.Best(model.Faults
        .Where(fault => !done.Contains(fault.Code) && belief.GetValueOrDefault(fault.Code) >= LeastTested)
        .Select(fault => new Attempt(fault.Code, belief[fault.Code], TestOf(fault).Minutes)));

    public static FaultTest TestOf(FaultDefinition fault) =>
        fault.Test ?? new FaultTest(new($"Look for: {fault.Title.En}", $"检查：{fault.Title.ZhCn}"), PlainMinutes, PlainSensitivity, PlainSpecificity, null);

    private static Dictionary<string, double> Normalised(IReadOnlyDictionary<string, double> belief)
    {
        var total = belief.Values.Sum();
        return belief.ToDictionary(cause => cause.Key, cause => total > 0 ? cause.Value / total : 1.0 / belief.Count);
    }
}
