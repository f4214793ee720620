using CsCheck;
using Seamless.Rules.Diagnosis;
using Seamless.Rules.Packs;

namespace Seamless.Rules.Tests.Diagnosis;

/// <summary>The golden vectors of the service reference: bearing, power supply, mains.</summary>
public sealed class NoisyOrTests
{
    private static readonly FaultModel Tibet = new(
        [Symptom("vib", 0.01), Symptom("reset", 0.005), Symptom("temp", 0.02)],
        [
            Fault("bearing", 0.01, ("vib", 0.9), ("temp", 0.5)),
            Fault("psu", 0.02, ("reset", 0.7), ("temp", 0.4)),
            Fault("mains", 0.05, ("reset", 0.8)),
        ]);

    [Theory]
    [InlineData("reset", "vib temp", "mains", 0.758848)]
    [InlineData("reset", "vib temp", "psu", 0.163180)]
    [InlineData("reset", "vib temp", "bearing", 0.000505)]
    [InlineData("reset temp", "vib", "psu", 0.867342)]
    [InlineData("reset temp", "vib", "mains", 0.175750)]
    [InlineData("vib temp", "reset", "bearing", 0.954093)]
    public void Gives_the_golden_posteriors(string present, string absent, string fault, double expected) =>
        Assert.Equal(expected, NoisyOr.Posterior(Tibet, Set(present), Set(absent))[fault], 6);

    [Fact]
    public void Where_nothing_known_is_likely_the_cause_is_unknown_and_comes_first()
    {
        // A bearing shows vibration too: without it, heat alone is more often something else.
        var causes = Diagnoser.Diagnose(Tibet, Set("temp"), Set("vib reset"));
        Assert.Equal((Diagnoser.Unknown, "temp"), (causes[0].Code, Assert.Single(causes[0].For)));
        Assert.True(causes[0].Probability > causes[1].Probability);
        Assert.DoesNotContain(Diagnoser.Diagnose(Tibet, Set("vib temp"), Set("reset")), cause => cause.Code == Diagnoser.Unknown);
        Assert.Empty(Diagnoser.Diagnose(Tibet, Set("smell"), Set("")));
    }

    [Fact]
    public void The_unmodelled_fault_takes_its_share_from_the_known_ones()
    {
        var (present, absent) = (Set("temp"), Set("vib reset"));
        var pure = NoisyOr.Posterior(Tibet, present, absent);
        var shared = NoisyOr.Posterior(Tibet, present, absent, out var unknown);
        Assert.All(Tibet.Faults.Where(fault => fault.Symptoms.ContainsKey("temp")), fault => Assert.InRange(shared[fault.Code], pure[fault.Code] / 2, pure[fault.Code] * 0.99));
        Assert.All(shared.Values, known => Assert.InRange(known, 0, 1 - unknown));
    }

    [Fact]
    public void A_symptom_that_no_fault_shows_makes_the_cause_unknown_though_another_is_explained()
    {
        var model = Tibet with { Symptoms = [.. Tibet.Symptoms, Symptom("load", 0.0001)] };
        var causes = Diagnoser.Diagnose(model, Set("temp load"), Set("vib reset"));
        Assert.Equal((Diagnoser.Unknown, 2), (causes[0].Code, causes[0].For.Count));
    }

    [Fact]
    public void Where_every_known_cause_is_out_of_the_question_it_is_unknown_and_not_nothing()
    {
        var model = new FaultModel([Symptom("a", 0.001), Symptom("b", 0.0001)], [Fault("known", 0.001, ("a", 0.5))]);
        Assert.Equal([Diagnoser.Unknown], Diagnoser.Diagnose(model, Set("a b"), Set("")).Where(cause => cause.Probability > 0.5).Select(cause => cause.Code));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void Two_faults_of_a_machine_hardly_begin_in_the_same_hours(bool together, bool isUnknown)
    {
        var model = new FaultModel([Symptom("memory", 0.0001), Symptom("disk", 0.0001)], [Fault("leak", 0.02, ("memory", 0.9)), Fault("wear", 0.02, ("disk", 0.9))]);
        Assert.Equal(isUnknown, Diagnoser.Diagnose(model, Set("memory disk"), Set(""), together)[0].Code == Diagnoser.Unknown);
        var site = model with { Faults = [model.Faults[0], model.Faults[1] with { SiteWide = true }] };
        Assert.NotEqual(Diagnoser.Unknown, Diagnoser.Diagnose(site, Set("memory disk"), Set(""), together)[0].Code);
    }

    [Fact]
    public void What_was_not_observed_speaks_neither_for_nor_against()
    {
        var unobserved = NoisyOr.Posterior(Tibet, Set("vib"), Set(""))["bearing"];
        var absent = NoisyOr.Posterior(Tibet, Set("vib"), Set("temp"))["bearing"];
        Assert.True(unobserved > absent);
    }

    [Fact]
    public void The_short_cut_equals_the_full_enumeration() =>
        Gen.Select(Gen.Int[0, 7], Gen.Int[0, 7]).Sample((seen, looked) =>
        {
            string[] codes = ["vib", "reset", "temp"];
            var present = codes.Where((_, i) => (seen >> i & 1) == 1).ToHashSet();
            var absent = codes.Where((c, i) => (looked >> i & 1) == 1 && !present.Contains(c)).ToHashSet();
            var fast = NoisyOr.Posterior(Tibet, present, absent);
            var slow = Brute(present, absent);
            return Tibet.Faults.All(f => Math.Abs(fast[f.Code] - slow[f.Code]) < 1e-12);
        });

    [Fact]
    public void Causes_name_what_speaks_for_and_against_them()
    {
        var top = Diagnoser.Diagnose(Tibet, Set("reset"), Set("vib temp"))[0];
        Assert.Equal(("mains", 0.7554), (top.Code, top.Probability));
        Assert.Equal(["reset"], top.For);
        Assert.Empty(top.Against);
    }

    [Fact]
    public void Remedies_are_tried_by_cost_per_probability()
    {
        Attempt[] listed = [new("psu", 0.5, 20), new("mains", 0.3, 5), new("bearing", 0.2, 60)];
        var best = ActionOrder.Best(listed);
        Assert.Equal(["mains", "psu", "bearing"], best.Select(a => a.Code));
        Assert.Equal(31.0, ActionOrder.ExpectedCost(best), 9);
        // 20 + 0.5·5 + 0.2·60: the listed order always pays for the supply first.
        Assert.Equal(34.5, ActionOrder.ExpectedCost(listed), 9);
    }

    private static Dictionary<string, double> Brute(HashSet<string> present, HashSet<string> absent)
    {
        var (with, total) = (Tibet.Faults.ToDictionary(f => f.Code, _ => 0.0), 0.0);
        for (var set = 0; set < 1 << Tibet.Faults.Count; set++)
        {
            var at = Tibet.Faults.Where((_, i) => (set >> i & 1) == 1).ToList();
            var weight = Tibet.Faults.Aggregate(1.0, (w, f) => w * (at.Contains(f) ? f.Prior : 1 - f.Prior));
            foreach (var symptom in Tibet.Symptoms)
            {
                var shows = 1 - at.Aggregate(1 - symptom.Leak, (w, f) => w * (1 - f.Symptoms.GetValueOrDefault(symptom.Code)));
                // The leak of an absent symptom is the same for every set and cancels out.
                if (present.Contains(symptom.Code)) weight *= shows;
                else if (absent.Contains(symptom.Code)) weight *= 1 - shows;
            }
            total += weight;
            foreach (var fault in at) with[fault.Code] += weight;
        }
        return with.ToDictionary(f => f.Key, f => f.Value / total);
    }

    private static HashSet<string> Set(string codes) => [.. codes.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
    private static SymptomDefinition Symptom(string code, double leak) => new(code, new LocalizedText(code, code), leak);

    private static FaultDefinition Fault(string code, double prior, params (string, double)[] shows) =>
        new(code, new LocalizedText(code, code), FaultClass.HW, "", "", prior, false, shows.ToDictionary(s => s.Item1, s => s.Item2), []);
}
