using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Customers.Figures;
using Seamless.ServiceDesk.Customers.Questionnaires;

namespace Seamless.ServiceDesk.Tests.Customers;

/// <summary>Golden figures: known answers give known indices.</summary>
public sealed class ScoreTests
{
    [Fact]
    public void Nps_is_the_percentage_of_nine_and_ten_less_that_of_nought_to_six()
    {
        var score = NetPromoter.Of([10, 9, 9, 8, 7, 6, 0, 10, 5, 9]);
        Assert.Equal((20.0, 10, 5, 2, 3), (score.Value, score.Count, score.Promoters, score.Passives, score.Detractors));
        // p = 5.75/13, d = 3.75/13: 15.38 ± 1.96 · √((p + d − (p − d)²)/13)
        Assert.Equal(-30.33, score.Low!.Value, 2);
        Assert.Equal(61.10, score.High!.Value, 2);
        Assert.Null(NetPromoter.Of([]).Value);
        Assert.True(NetPromoter.Of([10]).Low > -100 && NetPromoter.Of([10]).Low < 100);   // one answer proves little
    }

    [Fact]
    public void Effort_counts_the_top_box_and_satisfaction_the_top_two_with_wilsons_interval()
    {
        var effort = ShareOf.Effort([7, 7, 6, 5, 1]);
        Assert.Equal((0.4, 5, 5.2), (effort.Value, effort.Count, effort.Mean));
        var satisfaction = ShareOf.Satisfaction([5, 5, 5, 5, 5, 5, 4, 4, 3, 2]);
        Assert.Equal(0.8, satisfaction.Value);
        Assert.Equal(0.4902, satisfaction.Low!.Value, 4);
        Assert.Equal(0.9433, satisfaction.High!.Value, 4);
    }

    [Fact]
    public void The_two_indices_weigh_turn_round_and_leave_out_as_told()
    {
        var questionnaire = new Questionnaire("annual", "t", 1, new("Annual", "年度"),
        [
            new("quality", new("Quality", "质量"), SurveyIndex.Satisfaction, Weight: 3),
            new("trouble", new("Trouble", "麻烦"), SurveyIndex.Satisfaction, Reversed: true),
            new("again", new("Buy again", "再次购买"), SurveyIndex.Loyalty, 0, 10),
        ], 90, 75, "anna", default);
        // quality 4 of 1–5 = 0.75 × 3; trouble 2 turned round = 0.75 × 1; again 8 of 0–10 = 0.8
        var answers = new Dictionary<string, int> { ["quality"] = 4, ["trouble"] = 2, ["again"] = 8 };
        Assert.Equal((75.0, 80.0), (questionnaire.IndexOf(SurveyIndex.Satisfaction, answers), questionnaire.IndexOf(SurveyIndex.Loyalty, answers)));
        Assert.Equal(100.0, questionnaire.IndexOf(SurveyIndex.Satisfaction, new Dictionary<string, int> { ["quality"] = 5 }));
        Assert.Null(questionnaire.IndexOf(SurveyIndex.Loyalty, new Dictionary<string, int> { ["quality"] = 5 }));
        var index = IndexOf.Of([70, 80, 90]);
        Assert.Equal((80.0, 3), (index.Value, index.Count));
        Assert.Equal(80 - 11.316, index.Low!.Value, 3);   // 1.96 · 10 / √3
    }
}
