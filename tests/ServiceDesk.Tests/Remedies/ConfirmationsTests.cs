using Seamless.Rules.Diagnosis;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Remedies;

namespace Seamless.ServiceDesk.Tests.Remedies;

public sealed class ConfirmationsTests
{
    private static readonly FaultModel Model = new(
        [new SymptomDefinition("vibration", new("Vibration", "振动"), 0.001)], [Fault("bearing", 0.9), Fault("seal", 0.3)]);

    [Fact]
    public void Without_closed_cases_the_diagnosis_stands() =>
        Assert.Same(Named, Confirmations.Weigh(Named, Cases(), Model));

    [Fact]
    public void What_was_always_confirmed_keeps_its_probability() =>
        Assert.Equal(0.9, Confirmations.Weigh(Named, Cases(("bearing", "bearing", 20)), Model)[0].Probability, 4);

    [Fact]
    public void What_no_pack_knows_takes_its_share_as_unknown()
    {
        // 6 + 6 of 6 + 9: the pack's word counts like six cases.
        var causes = Confirmations.Weigh(Named, Cases(("bearing", "bearing", 6), ("bearing", "misalignment", 3)), Model);
        Assert.Equal([("bearing", 0.72), ("unknown", 0.18)], causes.Where(c => c.Code != "seal").Select(c => (c.Code, Math.Round(c.Probability, 4))));
        Assert.Equal(["vibration"], causes[1].For);
    }

    [Fact]
    public void A_known_cause_that_was_found_instead_rises_and_may_come_first()
    {
        var causes = Confirmations.Weigh(Named, Cases(("bearing", "seal", 30)), Model);
        Assert.Equal("seal", causes[0].Code);
        Assert.Equal(Math.Round(0.05 + 0.9 * 30 / 36, 4), causes[0].Probability, 4);
    }

    [Fact]
    public void Nothing_is_won_or_lost() =>
        Assert.Equal(Named.Sum(c => c.Probability), Confirmations.Weigh(Named, Cases(("bearing", "seal", 3), ("bearing", "misalignment", 2), ("seal", "seal", 5)), Model).Sum(c => c.Probability), 3);

    private static IReadOnlyList<Cause> Named { get; } = [Of("bearing", 0.9), Of("seal", 0.05)];

    private static Cause Of(string code, double probability) => new(code, new(code, code), FaultClass.HW, probability, ["vibration"], []);

    private static FaultDefinition Fault(string code, double shows) =>
        new(code, new(code, code), FaultClass.HW, "2.4 Wear", "Expected wear and tear", 0.01, false, new Dictionary<string, double> { ["vibration"] = shows }, []);

    private static ILookup<string, string> Cases(params (string Named, string Found, int Count)[] cases) =>
        cases.SelectMany(c => Enumerable.Repeat((c.Named, c.Found), c.Count)).ToLookup(c => c.Named, c => c.Found);
}
