using System.Globalization;
using Seamless.Rules.Diagnosis;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Knowledge.Guidance;

namespace Seamless.ServiceDesk.Tests.Knowledge;

public sealed class DecisionPathTests
{
    private static readonly PackDirectory Shipped = new(Path.Combine(AppContext.BaseDirectory, "packs"), null);

    /// <summary>Kadane and Simon: psu .5 at 20, mains .3 at 5, bearing .2 at 60 are tried as mains, psu, bearing, for 31.0 on average; as listed it would be 34.5.</summary>
    [Fact]
    public void The_order_of_the_golden_tree_is_the_cheapest_of_all()
    {
        var model = Golden();
        var order = DecisionPath.Order(model, DecisionPath.Begin(model, new HashSet<string>(), new HashSet<string>()), new HashSet<string>());
        Assert.Equal(["mains", "psu", "bearing"], order.Select(t => t.Code));
        Assert.Equal(31.0, ActionOrder.ExpectedCost(order), 9);
        Assert.Equal(31.0, Permutations([.. order]).Min(ActionOrder.ExpectedCost), 9);
    }

    [Fact]
    public void What_is_believed_adds_up_to_one_and_a_test_moves_it_towards_its_result()
    {
        foreach (var pack in Shipped.All)
            foreach (var fault in pack.Faults.Faults)
            {
                var belief = DecisionPath.Begin(pack.Faults, fault.Symptoms.Keys.ToHashSet(), new HashSet<string>());
                var (yes, no) = (DecisionPath.After(belief, fault, true), DecisionPath.After(belief, fault, false));
                Assert.All([belief, yes, no], b => Assert.Equal(1, b.Values.Sum(), 9));
                Assert.True(yes[fault.Code] >= belief[fault.Code] && belief[fault.Code] >= no[fault.Code], $"{pack.Type}/{fault.Code}");
            }
    }

    [Fact]
    public void It_begins_where_the_ticket_stands_and_what_a_person_sees_moves_it()
    {
        var model = Shipped.All.Single(p => p.Type == "pump").Faults;
        Cause[] named = [new("bearing-wear", new("Bearing wear", "轴承磨损"), FaultClass.HW, 0.8, ["vibration-high"], ["bearing-hot"])];
        HashSet<string> present = ["vibration-high"], absent = ["bearing-hot"];
        var belief = DecisionPath.Begin(model, named, present, absent);
        Assert.InRange(belief["bearing-wear"], 0.9, 0.99);   // one fault is at work: what is left is shared among those that the alarm thought improbable
        Assert.InRange(belief["seal-leak"], 0, 0.02);
        Assert.True(DecisionPath.Begin(model, present, absent)["seal-leak"] > 0.1);   // from the symptoms alone it would seem worth a test
        var seen = DecisionPath.Begin(model, named, new HashSet<string>(present) { "discharge-low", "flow-low" }, absent);
        Assert.True(seen["seal-leak"] > 10 * belief["seal-leak"]);
        Assert.Equal(1, seen.Values.Sum(), 9);
    }

    [Theory]
    [InlineData(0.9936)]
    [InlineData(1)]
    public void What_the_ticket_is_sure_of_stays_as_sure_until_somebody_sees_more(double probability)
    {
        var model = Shipped.All.Single(p => p.Type == "pump").Faults;
        Cause[] named = [new("bearing-wear", new("Bearing wear", "轴承磨损"), FaultClass.HW, probability, ["vibration-high"], ["bearing-hot", "current-high"])];
        HashSet<string> present = ["vibration-high"], absent = ["bearing-hot", "current-high"];
        var belief = DecisionPath.Begin(model, named, present, absent);
        Assert.Equal(probability, belief["bearing-wear"], 0.0015);
        Assert.True(DecisionPath.Begin(model, named, new HashSet<string>(present) { "discharge-low", "flow-low" }, absent)["seal-leak"] > 10 * belief["seal-leak"]);
    }

    [Fact]
    public void Somebodys_guess_without_a_symptom_is_where_nobody_begins()
    {
        Cause[] guess = [new("psu", new("psu", "psu"), FaultClass.HW, 1, [], [])];
        var none = new HashSet<string>();
        Assert.Equal(DecisionPath.Begin(Golden(), none, none), DecisionPath.Begin(Golden(), guess, none, none));
    }

    [Fact]
    public void Every_fault_of_a_shipped_pack_says_how_it_is_tested_for() =>
        Assert.All(Shipped.All.SelectMany(p => p.Faults.Faults.Select(f => (p.Type, Fault: f))), f => Assert.True(f.Fault.Test is { Minutes: > 0 }, $"{f.Type}/{f.Fault.Code}"));

    /// <summary>Fifty novices for each fault of each pack; their senses and tests err as the pack says.</summary>
    [Fact]
    public void Novices_reach_the_true_cause_within_six_tests_for_nineteen_of_twenty_faults()
    {
        var results = new List<(string Fault, double Reached, double Tests)>();
        foreach (var pack in Shipped.All)
            foreach (var fault in pack.Faults.Faults)
            {
                var told = Enumerable.Range(0, 50).Select(seed => new Novice(pack.Faults, fault, new Random(seed)).Diagnose()).ToList();
                results.Add(($"{pack.Type}/{fault.Code}", told.Count(t => t.Cause == fault.Code) / 50.0, told.Average(t => t.Tests)));
            }
        var report = string.Join("\n", results.Where(r => r.Reached < 0.95).Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.Fault}: {r.Reached:P0}, {r.Tests:N1} tests")));
        Assert.True(results.Average(r => r.Reached) >= 0.95, $"{results.Average(r => r.Reached):P1}\n{report}");
    }

    internal static FaultModel Golden()
    {
        static FaultDefinition Fault(string code, double prior, int minutes) => new(
            code, new(code, code), FaultClass.HW, "4.1 Short circuiting", "Expected wear and tear", prior, false, new Dictionary<string, double> { ["off"] = 0.9 }, [])
        { Test = new FaultTest(new($"Look at the {code}", $"检查 {code}"), minutes, 0.999, 0.999, null) };
        return new FaultModel([new SymptomDefinition("off", new("Off", "关机"), 0.001)], [Fault("psu", 0.5, 20), Fault("mains", 0.3, 5), Fault("bearing", 0.2, 60)]);
    }

    private static IEnumerable<Attempt[]> Permutations(Attempt[] tests) =>
        tests.Length <= 1 ? [tests] : tests.SelectMany(first => Permutations([.. tests.Where(t => t.Code != first.Code)]).Select(rest => (Attempt[])[first, .. rest]));
}
