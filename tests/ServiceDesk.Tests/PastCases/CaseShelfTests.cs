using Seamless.ServiceDesk.PastCases;

namespace Seamless.ServiceDesk.Tests.PastCases;

public sealed class CaseShelfTests
{
    private static readonly Likened Alarm = Some.Alarm(["vibration-high", "bearing-hot"], ("bearing-wear", 0.9), ("seal-leak", 0.1));

    [Fact]
    public void The_type_weighs_most_then_symptoms_then_cause_then_site_then_age()
    {
        PastCase alike = Some.Case(1, "bearing-wear", ["vibration-high", "bearing-hot"]);
        var shelf = new CaseShelf(
        [
            alike with { Sequence = 2, ClosedAt = House.Start.AddYears(-3) },
            alike with { Sequence = 3, Site = "elsewhere" },
            alike with { Sequence = 4, Cause = "seal-leak" },
            alike with { Sequence = 5, Symptoms = ["winding-hot"] },
            alike with { Sequence = 6, Type = "fan" },
            alike,
        ]);

        Assert.Equal([1, 2, 3, 4, 5, 6], shelf.MostLike(Alarm, 10).Select(found => found.Case.Sequence));
        Assert.Equal([1, 2], shelf.MostLike(Alarm, 2).Select(found => found.Case.Sequence));
    }

    [Fact]
    public void What_is_alike_in_everything_is_one_and_the_newer_ticket_comes_first()
    {
        var alarm = Some.Alarm(["vibration-high"], ("bearing-wear", 1));
        var shelf = new CaseShelf([Some.Case(7, "bearing-wear", ["vibration-high"]), Some.Case(9, "bearing-wear", ["vibration-high"]), Some.Case(8, "bearing-wear", ["vibration-high"])]);

        var found = shelf.MostLike(alarm, 5);

        Assert.Equal([9, 8, 7], found.Select(f => f.Case.Sequence));
        Assert.All(found, f => Assert.Equal(1, f.Likeness.Total, 9));
    }

    [Fact]
    public void A_rare_symptom_in_common_says_more_than_a_common_one()
    {
        var common = Enumerable.Range(10, 20).Select(i => Some.Case(i, "strainer-clogged", ["flow-low"]));
        var shelf = new CaseShelf([Some.Case(1, "strainer-clogged", ["silent", "novelty"]), Some.Case(2, "strainer-clogged", ["flow-low", "novelty"]), .. common]);

        var likeness = shelf.MostLike(Some.Alarm(["silent", "flow-low"]), 50).ToDictionary(found => found.Case.Sequence, found => found.Likeness.Symptoms);

        Assert.True(likeness[1] > likeness[2], $"{likeness[1]} must be more than {likeness[2]}");
        Assert.All(likeness.Values, share => Assert.InRange(share, 0, 1));
    }

    [Fact]
    public void Without_a_symptom_or_cause_in_common_nothing_is_told_nor_from_an_empty_shelf_nor_the_alarms_own()
    {
        Assert.Empty(CaseShelf.Empty.MostLike(Alarm, 5));
        Assert.Empty(new CaseShelf([Some.Case(1, "winding-degradation", ["winding-hot"])]).MostLike(Alarm, 5));
        Assert.Empty(new CaseShelf([Some.Case(1, "bearing-wear", []) with { Alarms = [Alarm.Alarm] }]).MostLike(Alarm, 5));
    }
}

internal static class Some
{
    public static PastCase Case(int sequence, string cause, IReadOnlyList<string> symptoms, string type = "pump", string site = "works") =>
        new(sequence, $"T-{sequence}", House.Tenant, $"{type}-1", site, type, symptoms, cause, null, [$"past-{sequence}"], House.Start);

    public static Likened Alarm(IReadOnlyList<string> symptoms, params (string Code, double Probability)[] causes) =>
        new("now", "pump", "pump-2", "works", symptoms.ToHashSet(), causes.ToDictionary(cause => cause.Code, cause => cause.Probability), House.Start);
}
