using Seamless.Machines.Faults;
using Seamless.Machines.Rest;
using Seamless.Machines.Scoring;

namespace Seamless.Machines.Tests.Scoring;

public sealed class ScorerTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_month_of_known_answers_has_known_figures()
    {
        TrueFault[] faults =
        [
            Fault("wear", "bearing-wear", "pump-1", onset: 0, failure: 24, part: "PMP-BRG-6309", ended: 30),
            Fault("hang", "service-hang", "server-1", onset: 10, failure: 10, fixable: true, ended: 10.2),
            Fault("leak", "memory-leak", "server-2", onset: 10, failure: 20, fixable: true, ended: 40),
            Fault("brown-out", "supply-undervoltage", null, onset: 50, failure: 50, ended: 51),
            Fault("missed", "seal-leak", "pump-2", onset: 60, failure: 80, part: "PMP-SEAL-45"),
        ];
        TicketView[] tickets =
        [
            Ticket("T-1", "pump-1", 18, "bearing-wear", part: "PMP-BRG-6309"),
            Ticket("T-2", "server-2", 16, "disk-wear"),
            Ticket("T-3", null, 50.1, "supply-undervoltage"),
            Ticket("T-4", "server-1", 50.2, "supply-undervoltage"),
            Ticket("T-5", "tv-1", 70, "firmware-bug", site: "elsewhere"),
        ];
        RemedyView[] remedies = [Remedy("server-1", 10.1, 10.2, "service-hang", "fixed"), Remedy("server-2", 15, 15.1, "memory-leak", "failed")];
        var report = new Scorer(new GroundTruth("test", 1, Start, Start.AddDays(4), faults), [], tickets, remedies).Score(5, 1000, TimeSpan.FromSeconds(1));
        var totals = report.Totals;

        Assert.Equal((5, 4, 0.8), (totals.Faults, totals.Detected, totals.Recall));
        Assert.Equal(0.8333, totals.Precision);             // four tickets and one fix are about true faults, T-5 is not
        Assert.Equal(1.3333, totals.DuplicatesPerFault);    // the brown-out has two
        Assert.Equal(0.75, totals.DiagnosisTop1);           // disk-wear was a memory leak
        Assert.Equal((0.2, 0.5, 1.0), (totals.RemoteFixShare, totals.RemoteFixShareOfFixable, totals.UnnoticedShare));
        Assert.Equal(1.0, totals.PartsHitRate);
        Assert.Equal(5, totals.MedianLeadHours);            // 24 − 18 and 20 − 16
        Assert.Equal(0.325, totals.MedianLeadShare);          // 6 of 24, 4 of 10
        Assert.Equal("T-5", Assert.Single(report.FalseTickets).Ticket);
        Assert.Equal(["remote-fix", "ticket", "missed"], report.Faults.Where(outcome => outcome.Fault.Id is "hang" or "leak" or "missed").Select(outcome => outcome.Answer));
    }

    [Fact]
    public void Without_faults_and_tickets_nothing_is_claimed()
    {
        var totals = new Scorer(new GroundTruth("test", 1, Start, Start, []), [], [], []).Score(0, 0, TimeSpan.Zero).Totals;

        Assert.Equal((0, null, null, null), (totals.Faults, totals.Recall, totals.Precision, totals.DiagnosisTop1));
    }

    [Fact]
    public void What_a_customer_had_to_call_about_was_not_found_and_is_no_false_ticket()
    {
        var call = Ticket("T-1", "pump-1", 25, "bearing-wear") with { Alarms = [], Causes = [] };
        var report = new Scorer(new GroundTruth("t", 1, Start, Start.AddDays(2), [Fault("wear", "bearing-wear", "pump-1", onset: 0, failure: 24, ended: 30)]), [], [call], []).Score(1, 1, TimeSpan.Zero);
        Assert.Equal(("missed", 0, 0), (report.Faults[0].Answer, report.Faults[0].Tickets.Count, report.FalseTickets.Count));
    }

    [Fact]
    public void A_ticket_that_names_one_of_two_faults_is_about_that_one()
    {
        TrueFault[] faults = [Fault("site", "supply-undervoltage", null, onset: 9, failure: 9, ended: 12), Fault("wear", "bearing-wear", "pump-1", onset: 0, failure: 24)];
        var report = new Scorer(new GroundTruth("t", 1, Start, Start, faults), [], [Ticket("T-1", "pump-1", 10, "bearing-wear")], []).Score(1, 1, TimeSpan.Zero);

        Assert.Equal(["missed", "ticket"], report.Faults.Select(outcome => outcome.Answer));
    }

    [Fact]
    public void What_was_called_unknown_was_not_called_by_its_name_though_its_cause_came_first()
    {
        TrueFault[] faults = [Fault("wear", "bearing-wear", "pump-1", onset: 0, failure: 24)];
        var report = new Scorer(new GroundTruth("t", 1, Start, Start, faults), [], [Ticket("T-1", "pump-1", 10, "bearing-wear") with { Diagnosis = "unknown" }], []).Score(1, 1, TimeSpan.Zero);

        Assert.Equal(("ticket", "unknown", (bool?)false), (report.Faults[0].Answer, report.Faults[0].Diagnosis, report.Faults[0].DiagnosisCorrect));
    }

    [Fact]
    public void A_part_that_had_to_be_ordered_on_site_was_not_the_right_part_in_time()
    {
        TrueFault[] faults = [Fault("wear", "bearing-wear", "pump-1", onset: 0, failure: 24, part: "PMP-BRG-6309", ended: 30)];
        var truth = new GroundTruth("t", 1, Start, Start.AddDays(2), faults);
        TicketView[] tickets = [Ticket("T-1", "pump-1", 10, "bearing-wear", part: "PMP-BRG-6309")];
        Assert.True(new Scorer(truth, [], tickets, []).Score(1, 1, TimeSpan.Zero).Faults[0].RightPart);
        Assert.False(new Scorer(truth, [], tickets, []) { Missed = new HashSet<string> { "T-1" } }.Score(1, 1, TimeSpan.Zero).Faults[0].RightPart);
    }

    [Fact]
    public void Probabilities_that_are_too_low_or_about_nothing_are_counted()
    {
        TrueFault[] faults = [Fault("wear", "bearing-wear", "pump-1", onset: 0, failure: 24)];
        AlarmView[] alarms =
        [
            Alarm("A-1", "pump-1", 2, new CauseView("bearing-wear", 0.85)),
            Alarm("A-2", "pump-2", 3, new CauseView("seal-leak", 0.65)),
            Alarm("A-3", "pump-2", 3, new CauseView("seal-leak", 0.65)) with { Parent = "A-2" },
        ];
        var calibration = new Scorer(new GroundTruth("t", 1, Start, Start.AddDays(1), faults), alarms, [], []).Score(2, 1, TimeSpan.Zero).Calibration;

        Assert.Equal((2, 0.4, 2, 0.4), (calibration.Causes, calibration.CauseError, calibration.Alarms, calibration.FaultError));   // (0.15 + 0.65) / 2
    }

    private static AlarmView Alarm(string id, string device, double raised, CauseView cause) =>
        new(id, device, "site-1", "high", "unacknowledged", true, Start.AddHours(raised), Start.AddHours(raised), null, [cause], null);

    private static TrueFault Fault(string id, string code, string? device, double onset, double failure, string? part = null, bool fixable = false, double? ended = null) => new(
        id, code, FaultKinds.Find(code)!.Class, device, "site-1", Start.AddHours(onset), Start.AddHours(failure), FaultKinds.Find(code)!.IsProgressive, part, fixable,
        ended is { } end ? Start.AddHours(end) : null, null);

    private static TicketView Ticket(string id, string? device, double opened, string cause, string? part = null, string site = "site-1") => new(
        id, device, site, "closed", "HW", [new CauseView(cause, 0.9)], [$"A-{id}"], part is null ? [] : [new TicketPartView(part, 1, ["S-1"], "installed", null)], null, Start.AddHours(opened), [], cause);

    private static RemedyView Remedy(string device, double started, double ended, string fault, string state) =>
        new("A-1", device, "site-1", fault, state, Start.AddHours(started), Start.AddHours(ended), 0, null);
}
