using Seamless.Rules.Diagnosis;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Remedies;

namespace Seamless.ServiceDesk.Tests.Remedies;

public sealed class TriedRemediesTests
{
    [Fact]
    public void A_playbook_that_did_not_help_brings_the_next_cause_to_the_top()
    {
        var causes = TriedRemedies.Weigh([Cause("firmware-bug", 0.69), Cause("mainboard-overheating", 0.22)], new HashSet<string> { "firmware-bug" });

        Assert.Equal(["mainboard-overheating", "firmware-bug"], causes.Select(cause => cause.Code));
        Assert.Equal(0.6386, causes[0].Probability);   // 0.22 / (1 − 0.69 · 0.95)
        Assert.Equal(0.1001, causes[1].Probability);   // 0.69 · 0.05 / (1 − 0.69 · 0.95)
    }

    [Fact]
    public void What_was_not_tried_stays_as_it_is()
    {
        Cause[] causes = [Cause("firmware-bug", 0.69), Cause("mainboard-overheating", 0.22)];
        Assert.Equal(causes, TriedRemedies.Weigh(causes, new HashSet<string> { "wifi-interference" }));
    }

    private static Cause Cause(string code, double probability) => new(code, new LocalizedText(code, code), FaultClass.SW, probability, [], []);
}
