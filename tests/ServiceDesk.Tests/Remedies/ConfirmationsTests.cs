using Seamless.Analytics.MachineState;
using Seamless.Rules.Diagnosis;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.PastCases;
using Seamless.ServiceDesk.Remedies;
using Seamless.ServiceDesk.Tests.PastCases;

namespace Seamless.ServiceDesk.Tests.Remedies;

public sealed class ConfirmationsTests
{
    private static readonly FaultModel Model = new(
        [new SymptomDefinition("vibration", new("Vibration", "振动"), 0.001)], [Fault("bearing", 0.9), Fault("seal", 0.3)]);

    [Fact]
    public void Without_closed_cases_the_diagnosis_stands() => Assert.Same(Named, Weigh());

    [Fact]
    public void What_was_always_confirmed_becomes_surer() => Assert.Equal((2 * 0.9 + 20) / 22, Weigh(("bearing", "bearing", 20))[0].Probability, 4);

    [Fact]
    public void What_no_pack_knows_takes_its_share_under_the_name_that_technicians_gave_it()
    {
        // The pack's word counts like two cases beside nine.
        var causes = Weigh(("bearing", "bearing", 6), ("bearing", "misalignment", 3));
        Assert.Equal([("bearing", Math.Round((2 * 0.9 + 6) / 11, 4)), ("misalignment", Math.Round(3 / 11.0, 4))], causes.Where(c => c.Code != "seal").Select(c => (c.Code, Math.Round(c.Probability, 4))));
        Assert.Equal(["vibration"], causes[1].For);
    }

    [Theory]
    [InlineData("no-fault-found")]
    [InlineData("other")]
    [InlineData("unknown")]
    public void A_closure_that_names_no_fault_makes_it_unknown(string found) =>
        Assert.Equal([("bearing", 0.6), ("unknown", Math.Round(1 / 3.0, 4))], Weigh(("bearing", found, 1)).Where(c => c.Code != "seal").Select(c => (c.Code, Math.Round(c.Probability, 4))));

    [Fact]
    public void What_had_no_name_is_called_after_the_first_case_and_something_new_stays_possible()
    {
        IReadOnlyList<Cause> unknown = [Diagnoser.OfUnknown(1, ["vibration"])];
        List<PastCase> past = [Past("unknown", "misalignment")];
        Assert.Equal([("misalignment", 0.5), ("unknown", 0.5)], Confirmations.Weigh(unknown, past, Model, LearnedFaults.Of(past, Model)).Select(c => (c.Code, c.Probability)));
    }

    [Fact]
    public void A_case_that_looked_otherwise_says_less()
    {
        Assert.Equal(Part(1), OfMisalignment(["vibration", "heat"], []), 4);
        Assert.Equal(Part(2 / 3.0), OfMisalignment(["vibration", "heat", "noise"], []), 4);          // what it showed later counts once
        Assert.Equal(Part(2 / 3.0 * 0.3), OfMisalignment(["vibration", "heat", "smell"], []), 4);    // and again where it is looked for now and is not there
        Assert.Equal(Part(1 / 4.0 / 2), OfMisalignment(["vibration"], []), 4);
        Assert.Equal(Part(1 / 4.0 / 2 * 0.3), OfMisalignment(["vibration"], ["heat"]), 4);
        Assert.Equal(0, OfMisalignment(["noise"], []));

        static double Part(double likeness) => likeness / (2 + likeness);

        static double OfMisalignment(string[] shown, string[] absent)
        {
            List<PastCase> past = [Past("bearing", "misalignment") with { Symptoms = shown, Absent = absent }];
            IReadOnlyList<Cause> named = [Of("bearing", 0.9) with { For = ["vibration", "heat"], Against = ["smell"] }];
            return Confirmations.Weigh(named, past, Model, LearnedFaults.Of(past, Model)).FirstOrDefault(c => c.Code == "misalignment")?.Probability ?? 0;
        }
    }

    [Fact]
    public void The_runner_up_that_never_was_it_fades_too()
    {
        // Named second for years, found never: a table of first names would not see it.
        var causes = Weigh(("bearing", "bearing", 50));
        Assert.True((causes.FirstOrDefault(c => c.Code == "seal")?.Probability ?? 0) < 0.05 / 10);
    }

    [Fact]
    public void A_known_cause_that_was_found_instead_rises_and_may_come_first()
    {
        var causes = Weigh(("bearing", "seal", 30));
        Assert.Equal("seal", causes[0].Code);
        Assert.Equal((2 * 0.05 + 30) / 32, causes[0].Probability, 4);
    }

    [Fact]
    public void Each_case_has_one_cause() =>   // 0.95 of two cases are the pack's word, ten were something
        Assert.Equal((2 * 0.95 + 10) / 12, Weigh(("bearing", "seal", 3), ("bearing", "misalignment", 2), ("seal", "seal", 5)).Sum(c => c.Probability), 3);

    [Fact]
    public void Cases_with_the_same_symptoms_are_told_apart_by_what_was_measured()
    {
        List<PastCase> past = [.. Enumerable.Repeat(Past("bearing", "bearing") with { Signature = Departing(vibration: 0.8, heat: 0.6) }, 6), .. Enumerable.Repeat(Past("bearing", "misalignment") with { Signature = Departing(1, 0) }, 3)];
        Assert.Equal("bearing", Top(null));
        Assert.Equal("bearing", Top(Departing(0.8, 0.6)));
        Assert.Equal("misalignment", Top(Departing(1, 0)));
        Assert.InRange(Sum(Departing(1, 0)) - Sum(null), -0.01, 0.01);   // it moves from one to the other; what is too little to be shown is left out

        string Top(FaultSignature? seen) => Found(seen)[0].Code;
        double Sum(FaultSignature? seen) => Found(seen).Sum(c => c.Probability);
        IReadOnlyList<Cause> Found(FaultSignature? seen) => Confirmations.Weigh(Named, past, Model, LearnedFaults.Of(past, Model), seen);
        static FaultSignature Departing(double vibration, double heat) => new(new Dictionary<string, double> { ["vibration"] = vibration, ["heat"] = heat }, 5, 0.5, 0.2);
    }

    [Fact]
    public void A_learned_fault_has_the_parts_that_most_of_its_cases_took_and_the_usual_skill_and_time()
    {
        var learned = LearnedFaults.Of(
        [
            Past("bearing", "misalignment") with { Parts = [new("CPL", 1), new("OIL", 1)], Skill = "mechanical", WorkMinutes = 60 },
            Past("bearing", "misalignment") with { Parts = [new("CPL", 1)], Skill = "mechanical", WorkMinutes = 90 },
            Past("bearing", "misalignment") with { Parts = [new("CPL", 2)], Skill = "electrical", WorkMinutes = 200 },
            Past("bearing", "bug") with { Mechanism = "3.5 Software error" },
            Past("bearing", "seal") with { Parts = [new("SEAL", 1)] },
        ], Model);

        var visit = Assert.Single(learned.Find("misalignment")!.Remedies);
        Assert.Equal([new PartNeed("CPL", 1)], visit.Parts);
        Assert.Equal(("mechanical", 90), (visit.Skill, visit.Minutes));
        Assert.Equal((FaultClass.HW, FaultClass.SW), (learned.Find("misalignment")!.Class, learned.Find("bug")!.Class));
        Assert.Null(learned.Find("seal"));   // the pack knows it
    }

    private static IReadOnlyList<Cause> Named { get; } = [Of("bearing", 0.9), Of("seal", 0.05)];

    private static Cause Of(string code, double probability) => new(code, new(code, code), FaultClass.HW, probability, ["vibration"], []);

    private static FaultDefinition Fault(string code, double shows) =>
        new(code, new(code, code), FaultClass.HW, "2.4 Wear", "Expected wear and tear", 0.01, false, new Dictionary<string, double> { ["vibration"] = shows }, []);

    private static PastCase Past(string named, string found) => Some.Case(1, found, ["vibration"]) with { Named = [named] };

    private static IReadOnlyList<Cause> Weigh(params (string Named, string Found, int Count)[] cases)
    {
        var past = cases.SelectMany(c => Enumerable.Repeat(Past(c.Named, c.Found), c.Count)).ToList();
        return Confirmations.Weigh(Named, past, Model, LearnedFaults.Of(past, Model));
    }
}
