using System.Globalization;
using Seamless.Rules.Backtests;

namespace Seamless.Rules.Tests.Backtests;

public sealed class ScoringTests
{
    private const string Hot = "p/hot 10-20";

    // Outcomes as verdict device from-failure-end symptom, in minutes. True, false, known, unlabelled; faults, found.
    [Theory]
    [InlineData(Hot, "True p 5-15-25 h", 1, 0, 0, 0, 1, 1)]
    [InlineData(Hot, "False p 5-15-25 h", 0, 1, 0, 0, 0, 0)]
    [InlineData(Hot, "Known p 5-15-25 h", 0, 0, 1, 0, 0, 0)]
    [InlineData(Hot, "True q 5-15-25 h", 0, 0, 0, 1, 1, 0)]                    // another device: unlabelled, and missed
    [InlineData(Hot, "True p 5-15-25 h, False p 8-9-30 h", 1, 0, 0, 0, 1, 1)]  // the real fault counts
    [InlineData(Hot, "True p 5000-5100-5200 h", 1, 0, 0, 0, 1, 1)]             // a warning within the week before
    [InlineData(Hot, "True p 20000-20100-20200 h", 0, 0, 0, 1, 1, 0)]          // too long before to be one
    [InlineData(Hot, "False p 5000-5100-5200 h", 0, 0, 0, 1, 0, 0)]            // a denial reaches no further than what it denies
    [InlineData("p/hot 30-40", "True p 5-15-25 h", 0, 0, 0, 1, 1, 0)]          // over already
    [InlineData("", "True p 5-15-25 h", 0, 0, 0, 0, 1, 0)]
    [InlineData("p/hot 10-20, p/hot 22-24, q/hot 1-2", "True p 5-15-25 h", 2, 0, 0, 1, 1, 1)]
    public void An_alarm_is_judged_by_the_outcome_it_overlaps_with_a_symptom_of_its_rule(
        string alarms, string outcomes, int right, int wrong, int known, int unlabelled, int faults, int found)
    {
        var score = Scoring.Of(Judged.Rules("hot=h", alarms), Judged.Rules("hot=h"), Outcomes(outcomes))!.New;
        Assert.Equal((right, wrong, known, unlabelled, faults, found), (score.True, score.False, score.Known, score.Unlabelled, score.Faults, score.Found));
        Assert.Equal(right + wrong == 0 ? null : (double)right / (right + wrong), score.Precision);
        Assert.Equal(faults == 0 ? null : (double)found / faults, score.Recall);
    }

    [Fact]
    public void Where_nobody_has_said_anything_about_these_symptoms_there_is_no_score()
    {
        Assert.Null(Scoring.Of(Judged.Rules("hot=h", Hot), Judged.Rules("hot=h"), []));
        Assert.Null(Scoring.Of(Judged.Rules("hot=h", Hot), Judged.Rules("hot=h"), Outcomes("True p 5-15-25 other")));
        Assert.NotNull(Scoring.Of(Judged.Rules("hot=h", Hot), Judged.Rules("loud=other"), Outcomes("True p 5-15-25 other")));
    }

    [Fact]
    public void Lead_time_is_from_onset_and_from_raise_to_the_failure_and_negative_behind_it()
    {
        var score = Scoring.Of(Judged.Rules("hot=h", "p/hot 10-20, p/hot 30-40, q/hot 120-130, r/hot 5-6"), Judged.Rules("hot=h"),
            Outcomes("True p 5-70-80 h, True q 100-110-140 h, True r 0-105-110 h, True s 0-1-2 h"))!.New;
        Assert.Equal((4, 3), (score.Faults, score.Found));
        Assert.Equal(new LeadTime(3, 4, 60, 92), Rounded(score.LeadFromOnset!));    // -10, 60, 100
        Assert.Equal(new LeadTime(3, 3, 59, 91), Rounded(score.LeadFromRaise!));
        static LeadTime Rounded(LeadTime lead) => new(lead.Count, Math.Round(lead.P10Minutes, 6), Math.Round(lead.MedianMinutes, 6), Math.Round(lead.P90Minutes, 6));
    }

    [Fact]
    public void A_ticket_and_its_alarm_are_one_outcome_and_the_ticket_stands()
    {
        var alarm = Outcomes("False p 5-15-25 h")[0] with { Alarms = ["al-1"] };
        var other = alarm with { Alarms = ["al-2"] };
        var ticket = Outcomes("True p 5-15-25 h")[0] with { Alarms = ["al-1", "al-3"] };
        Assert.Equal([ticket, other], Scoring.Distinct([alarm, other, ticket]));
    }

    [Theory]
    [InlineData("true", OutcomeVerdict.True)]
    [InlineData("false: sensor loose", OutcomeVerdict.False)]
    [InlineData("known: until the overhaul: accepted", OutcomeVerdict.Known)]
    [InlineData("true enough, I think", null)]
    [InlineData("", null)]
    public void The_journals_note_begins_with_the_verdict(string note, OutcomeVerdict? verdict) => Assert.Equal(verdict, AlarmOutcomes.VerdictIn(note));

    private static List<ConfirmedOutcome> Outcomes(string text) => [.. text.Split(", ").Select(Outcome)];

    private static ConfirmedOutcome Outcome(string text)
    {
        var parts = text.Split(' ');
        var times = parts[2].Split('-').Select(minute => Judged.At(double.Parse(minute, CultureInfo.InvariantCulture))).ToArray();
        return new ConfirmedOutcome(parts[1], Enum.Parse<OutcomeVerdict>(parts[0]), times[0], times[1], times[2], new HashSet<string> { parts[3] }, []);
    }
}
