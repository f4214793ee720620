using CsCheck;
using Seamless.ServiceDesk.Parts.Compatibility;

namespace Seamless.ServiceDesk.Tests.Parts;

/// <summary>A → B one way, B ⇄ C, C → D one way.</summary>
public sealed class InterchangesTests
{
    private static readonly Interchanges Chain = new(new PartCatalogue(
        [new("A", Generations: ["1"]), new("B", Generations: ["1", "2"]), new("D", Type: "pump", Model: "X", Generations: ["3"])],
        [new("A", "B"), new("B", "C", Interchange.TwoWay), new("C", "D")]), []);

    [Theory]
    [InlineData("A", "D C B A")]
    [InlineData("B", "D C B")]
    [InlineData("C", "D C B")]
    [InlineData("D", "D")]
    [InlineData("E", "E")]
    public void The_newest_comes_first_and_nothing_goes_back_over_a_one_way_step(string sku, string standIns) =>
        Assert.Equal(standIns.Split(' '), Chain.StandInsFor(sku));

    [Theory]
    [InlineData("1", "C B A")]
    [InlineData("2", "C B")]
    [InlineData("3", "D C")]
    [InlineData(null, "C")]
    public void Of_them_only_those_that_fit(string? generation, string candidates) =>
        Assert.Equal(candidates.Split(' '), Chain.CandidatesFor("A", new Machine("pump", "X", generation)));

    [Fact]
    public void Who_serves_whom_is_the_same_question_from_the_other_side()
    {
        string[] all = ["A", "B", "C", "D"];
        foreach (var sku in all) Assert.Equal(all.Where(other => Chain.StandInsFor(other).Contains(sku)), Chain.ServedBy(sku));
    }

    /// <summary>A random forest of supersessions that has passed the check: every walk ends, no candidate is unfit, the part itself is among its stand-ins.</summary>
    [Fact]
    public void Any_catalogue_that_passes_the_check_can_be_walked() => Gen.Select(Gen.Int[0, 11], Gen.Int[0, 11], Gen.Bool).Array[0, 14].Sample(steps =>
    {
        var catalogue = new PartCatalogue([new("P3", Generations: ["1"])], [.. steps.Select(s => new Supersession($"P{s.Item1}", $"P{s.Item2}", s.Item3 ? Interchange.TwoWay : Interchange.OneWay))]);
        if (catalogue.Check() is not null) return;
        var interchanges = new Interchanges(catalogue, []);
        for (var i = 0; i < 12; i++)
        {
            Assert.Contains($"P{i}", interchanges.StandInsFor($"P{i}"));
            Assert.DoesNotContain("P3", interchanges.CandidatesFor($"P{i}", new Machine("pump", null, "2")));
            Assert.Equal(0, interchanges.PriceOf($"P{i}").Amount);
        }
    });
}
