using Seamless.Rules.Diagnosis;
using Seamless.Rules.Packs;
using Seamless.Rules.Packs.Drawings;
using Seamless.Rules.Packs.Files;

namespace Seamless.Rules.Tests.Packs.Drawings;

/// <summary>Causes point at components: the shipped pump.</summary>
public sealed class SuspicionTests
{
    private static readonly EquipmentPack Pump = PackReader.Read(Path.Combine(Repository.Packs, "pump"), new Dictionary<string, string>(), out _).Pack;

    [Fact]
    public void The_parts_of_probable_causes_are_suspected_the_most_probable_first()
    {
        var suspicion = Suspicion.Of(Pump, [Cause("seal-leak", 0.3), Cause("bearing-wear", 0.5), Cause("winding-degradation", 0.04), Cause("supply-undervoltage", 0.1), Cause("unheard-of", 0.06)]);

        Assert.Equal([("PMP-BRG-6309", true), ("PMP-SEAL-45", false)], suspicion.Parts.Select(p => (p.Part.Sku, p.IsOfMostProbable)));
        Assert.All(suspicion.Parts, part => Assert.Equal(part.Part.Sku, part.Drawn!.Sku));
        Assert.Equal(["supply-undervoltage", "unheard-of"], suspicion.WithoutPart.Select(c => c.Code));
    }

    [Fact]
    public void Where_the_most_probable_cause_needs_no_part_none_is_the_most_probable()
    {
        var suspicion = Suspicion.Of(Pump, [Cause("supply-undervoltage", 0.7), Cause("winding-degradation", 0.2)]);
        Assert.False(Assert.Single(suspicion.Parts).IsOfMostProbable);
    }

    [Fact]
    public void A_part_that_several_causes_need_is_named_once_with_all_of_them_and_one_that_is_not_drawn_says_so()
    {
        var wear = Pump.Faults.Fault("bearing-wear")!;
        var two = Pump with { Faults = Pump.Faults with { Faults = [.. Pump.Faults.Faults, wear with { Code = "bearing-dry" }] }, Drawing = null };
        var part = Assert.Single(Suspicion.Of(two, [Cause("bearing-dry", 0.2), Cause("bearing-wear", 0.6)]).Parts);
        Assert.Equal((true, null), (part.IsOfMostProbable, part.Drawn));
        Assert.Equal(["bearing-wear", "bearing-dry"], part.Causes.Select(c => c.Code));
    }

    private static Cause Cause(string code, double probability) => new(code, new(code, code), FaultClass.HW, probability, [], []);
}
