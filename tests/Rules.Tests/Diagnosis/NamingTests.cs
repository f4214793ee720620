using Seamless.Rules.Diagnosis;
using Seamless.Rules.Packs;

namespace Seamless.Rules.Tests.Diagnosis;

public sealed class NamingTests
{
    [Theory]
    [InlineData(0.67, "bearing", "Bearing wear", true)]
    [InlineData(0.66, "unknown", "Bearing wear or Coupling misaligned", false)]
    public void A_cause_is_named_when_it_is_probable_enough(double probability, string code, string title, bool certain)
    {
        var naming = Naming.Of([Of("bearing", "Bearing wear", probability), Of("coupling", "Coupling misaligned", 0.33), Of("seal", "Seal leaks", 0.01)])!;
        Assert.Equal((code, title, certain), (naming.Code, naming.Title.En, naming.IsCertain));
    }

    [Fact]
    public void A_single_doubtful_cause_stands_beside_what_nobody_knows() =>
        Assert.Equal(("unknown", "Bearing wear or Unknown cause", "Bearing wear（中文）或未知原因"), Naming.Of([Of("bearing", "Bearing wear", 0.3)]) is { } n ? (n.Code, n.Title.En, n.Title.ZhCn) : default);

    [Theory]
    [InlineData(0.9, true)]
    [InlineData(0.5, false)]
    public void That_nobody_knows_the_cause_can_be_certain_or_not(double probability, bool certain)
    {
        var naming = Naming.Of([Diagnoser.OfUnknown(probability, ["vibration"]), Of("bearing", "Bearing wear", 1 - probability)])!;
        Assert.Equal((Diagnoser.Unknown, certain), (naming.Code, naming.IsCertain));
    }

    [Fact]
    public void Without_causes_there_is_nothing_to_name() => Assert.Null(Naming.Of([]));

    private static Cause Of(string code, string title, double probability) => new(code, new LocalizedText(title, title + "（中文）"), FaultClass.HW, probability, [], []);
}
