using CsCheck;
using Seamless.ServiceDesk.Customers.Ratings;
using Seamless.ServiceDesk.Journeys;

namespace Seamless.ServiceDesk.Tests.Journeys;

public sealed class JourneyTests
{
    private static readonly HashSet<string> Devices = ["p1", "p2"];

    private static readonly Gen<StageScore> Scores =
        Gen.Select(Gen.Enum<JourneyStage>(), Gen.Int[0, 100], Gen.Int[0, 3].Select(i => ((string?[])[null, "p1", "p2", "sold"])[i])).Select((stage, score, device) => new StageScore(stage, score, device, null, House.Start, "anna"));

    [Fact]
    public void The_weakest_is_the_least_of_the_latest_scores_of_what_the_customer_has_today() => Scores.Array[0, 30].Sample(entered =>
    {
        var latest = entered.Where(s => s.Device != "sold").GroupBy(s => (s.Device, s.Stage)).Select(g => g.Last().Score).ToList();
        var journey = Journey.Of("acme", entered, [], Devices);
        return journey.Weakest?.Score == (latest.Count == 0 ? null : latest.Min()) && journey.Assets.Sum(a => a.Stages.Count) == latest.Count && journey.Timeline.Count == entered.Length;
    });

    [Theory]
    [InlineData(100, JourneyColour.Green)]
    [InlineData(80, JourneyColour.Green)]
    [InlineData(79.9, JourneyColour.Amber)]
    [InlineData(60, JourneyColour.Amber)]
    [InlineData(59.9, JourneyColour.Red)]
    [InlineData(0, JourneyColour.Red)]
    public void Colours_begin_at_80_and_60(double score, JourneyColour colour) => Assert.Equal(colour, Journey.ColourOf(score));

    [Theory]
    [InlineData(5, 7, 10, 100)]
    [InlineData(5, 7, 0, 0)]     // the worst answer counts
    [InlineData(1, 7, 10, 0)]
    [InlineData(null, 4, null, 50)]
    [InlineData(3, null, null, 50)]
    public void A_rating_is_as_good_as_its_worst_answer(int? satisfaction, int? effort, int? recommend, double score) => Assert.Equal(score, Journey.ScoreOf(new RatingAnswers(recommend, effort, satisfaction)));

    [Fact]
    public void Service_is_the_lower_of_promises_kept_and_ratings()
    {
        ServedCase Case(bool kept, double? rating) => new("p1", House.Start, kept, rating);
        double ServiceOf(params ServedCase[] cases) => Journey.Of("acme", [], cases, Devices).Weakest!.Score;
        Assert.Equal(50, ServiceOf(Case(true, 100), Case(false, null)));
        Assert.Equal(25, ServiceOf(Case(true, 25), Case(true, null)));
        Assert.Equal(100, ServiceOf(Case(true, null)));
    }
}
