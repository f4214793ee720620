using Seamless.Rules.Diagnosis;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Tests.Tickets;

public sealed class VisitPlanTests
{
    [Fact]
    public void The_likeliest_cause_is_planned_for_and_the_others_parts_are_named_in_case()
    {
        var plan = Plan(("bearing", 0.7), ("coupling", 0.2), ("seal", 0.1));

        Assert.Equal(("bearing", 0.7), (plan.Cause, plan.Probability));
        Assert.Equal([new PartNeed("BRG", 1)], plan.Parts);
        Assert.Equal([("CPL", 0.2), ("SEAL", 0.1)], plan.InCase.Select(part => (part.Need.Sku, part.Probability)));
    }

    [Fact]
    public void A_part_that_two_causes_need_is_as_probable_as_both_and_never_more_than_sure()
    {
        Assert.Equal([("CPL", 0.3)], Plan(("bearing", 0.7), ("coupling", 0.2), ("coupling-worn", 0.1)).InCase.Select(part => (part.Need.Sku, Math.Round(part.Probability, 4))));
        Assert.Equal(1, Assert.Single(Plan(("bearing", 0.9), ("coupling", 0.8), ("coupling-worn", 0.7)).InCase).Probability);
    }

    [Fact]
    public void What_the_first_cause_needs_is_not_named_twice() => Assert.Empty(Plan(("coupling", 0.6), ("coupling-worn", 0.4)).InCase);

    [Fact]
    public void A_cause_around_the_machine_brings_no_parts_at_all()
    {
        var plan = Plan(("mains", 0.8), ("bearing", 0.2));
        Assert.Empty(plan.Parts);
        Assert.Empty(plan.InCase);
    }

    [Fact]
    public void Without_a_name_for_it_the_probable_ones_are_planned_for()
    {
        var plan = Plan(("unknown", 0.5), ("coupling", 0.3), ("bearing", 0.2));
        Assert.Equal(("coupling", 0.3), (plan.Cause, plan.Probability));
        Assert.Equal(["BRG"], plan.InCase.Select(part => part.Need.Sku));
    }

    private static VisitPlan Plan(params (string Code, double Probability)[] causes) =>
        VisitPlan.For(FaultOf, [.. causes.Select(c => new Cause(c.Code, new(c.Code, c.Code), c.Code == "mains" ? FaultClass.ENV : FaultClass.HW, c.Probability, [], []))], 0.15);

    private static FaultDefinition? FaultOf(string code) => code switch
    {
        "bearing" => Fault(code, "BRG"),
        "coupling" or "coupling-worn" => Fault(code, "CPL"),
        "seal" => Fault(code, "SEAL"),
        "mains" => Fault(code, "FUSE"),
        _ => null,
    };

    private static FaultDefinition Fault(string code, string sku) => new(
        code, new(code, code), FaultClass.HW, "2.4 Wear", "", 0.01, false, new Dictionary<string, double>(), [new Remedy(null, [new PartNeed(sku, 1)], "mechanical", 90, new("visit", "上门"))]);
}
