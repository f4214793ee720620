using Seamless.Machines.Chance;
using Seamless.Machines.Equipment;
using Seamless.Machines.Faults;
using Seamless.Machines.People;
using Seamless.Machines.Rest;
using Seamless.Machines.Scenarios;
using Seamless.Machines.Scoring;

namespace Seamless.Machines.Tests.Scoring;

/// <summary>The scoreboard by hand, and the twin that it is measured against.</summary>
public sealed class ServiceScoreboardTests
{
    private static readonly DateTimeOffset Monday = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Wilson_holds_a_share_between_nought_and_one_and_names_what_it_rests_on()
    {
        var all = Estimate.Share(100, 100);
        Assert.Equal((1.0, 1.0, 100), (all.Value, all.High, all.Samples));
        Assert.Equal(0.9630, all.Low!.Value, 4);
        var half = Estimate.Share(50, 100);
        Assert.Equal((0.4038, 0.5962), (Math.Round(half.Low!.Value, 4), Math.Round(half.High!.Value, 4)));
        Assert.Null(Estimate.Share(0, 0).Value);
    }

    [Fact]
    public void Five_runs_have_students_interval_and_one_run_has_none()
    {
        var five = Estimate.Mean([0.6, 0.7, 0.8, 0.7, 0.7]);
        Assert.Equal((0.7, 0.6122, 0.7878), (Math.Round(five.Value!.Value, 4), Math.Round(five.Low!.Value, 4), Math.Round(five.High!.Value, 4)));
        Assert.Null(Estimate.Mean([0.7]).Low);
        Assert.Equal((3.0, 1.0, 5.0), Estimate.Median([5, 1, 3, 2, 4]) is var median ? (median.Value, median.Low, median.High) : default);
    }

    [Fact]
    public void A_fault_that_nobody_meets_is_not_noticed_and_one_at_noon_is()
    {
        var world = World();
        var (night, noon) = (Monday.AddHours(1), Monday.AddHours(13));
        Assert.Null(CustomerView.NoticedAt(world.Sites["s1"], night, night.AddMinutes(30)));
        Assert.InRange(CustomerView.NoticedAt(world.Sites["s1"], noon, noon.AddMinutes(30))!.Value - noon, TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(4));
    }

    [Fact]
    public void What_is_mended_before_it_fails_costs_the_customer_the_repair_alone()
    {
        var world = World();
        var worn = world.Inject("F-1", FaultKinds.Find("bearing-wear")!, "pump-01", "s1", Monday, TimeSpan.FromHours(48));
        worn.TryEnd(Monday.AddHours(20), "technician");
        var hung = world.Inject("F-2", FaultKinds.Find("service-hang")!, "server-01", "s1", Monday.AddHours(12), TimeSpan.FromHours(1));
        hung.TryEnd(Monday.AddHours(12).AddMinutes(9), "command");
        Assert.Equal(new CustomerView(60, false), CustomerView.Of(worn, world.Sites["s1"], Monday.AddDays(3)));
        Assert.Equal(new CustomerView(9, true), CustomerView.Of(hung, world.Sites["s1"], Monday.AddDays(3)));
    }

    [Fact]
    public void The_twin_waits_for_the_failure_and_for_somebody_to_call()
    {
        var world = World();
        for (var i = 0; i < 400; i++) world.Inject($"F-{i}", FaultKinds.Find("bearing-wear")!, "pump-01", "s1", Monday.AddHours(i), TimeSpan.FromHours(48));
        var twin = new ReactiveTwin(world, new Seed(1), Pace.Real).Play(Monday.AddDays(40));
        Assert.InRange(twin.Visits, 400 * 1.15, 400 * 1.31);                   // 77 % end at the first
        Assert.Equal(0, twin.InVain);
        Assert.InRange(twin.DowntimeMinutes / 400, 3 * 60, 24 * 60);           // hours, and a day more for each second visit
        Assert.Equal(twin, new ReactiveTwin(world, new Seed(1), Pace.Real).Play(Monday.AddDays(40)));
    }

    [Fact]
    public void A_scoreboard_of_two_runs_pools_the_counts_and_takes_the_mean_of_the_savings()
    {
        var board = ServiceScoreboard.Of([Run(visits: 20, second: 1, inVain: 1, of: 100, down: 500), Run(visits: 40, second: 0, inVain: 0, of: 100, down: 100)]).ToDictionary(score => score.Code);
        Assert.Equal(2, board["recall"].Figure.Samples);
        Assert.Equal((0.5, false), (board["recall"].Figure.Value, board["recall"].Met));
        Assert.Equal(0.7, board["visitsSaved"].Figure.Value!.Value, 10);
        Assert.Equal(0.7, board["downtimeSaved"].Figure.Value!.Value, 10);
        Assert.Equal((57.0 / 58, 58), (board["firstTimeFix"].Figure.Value!.Value, board["firstTimeFix"].Figure.Samples));
        Assert.Equal((1.0 / 60, false), (board["noFaultFound"].Figure.Value!.Value, board["noFaultFound"].Met));
        Assert.Equal((0.9, 200), (Math.Round(board["respondMet"].Figure.Value!.Value, 4), board["respondMet"].Figure.Samples));
        Assert.Null(board["unmodelledNotMisnamed"].Met);
    }

    [Fact]
    public void Of_what_no_pack_knows_no_name_and_the_name_that_technicians_gave_it_are_right()
    {
        var run = Run(visits: 20, second: 0, inVain: 0, of: 100, down: 500);
        var fault = run.Faults[0].Fault with { Code = "coupling-misalignment", Unmodelled = true };
        FaultOutcome Named(string cause) => run.Faults[0] with { Fault = fault, Diagnosis = cause, DiagnosisCorrect = cause == fault.Code };
        var board = ServiceScoreboard.Of([run with { Faults = [Named("unknown"), Named("coupling-misalignment"), Named("bearing-wear")] }]);
        Assert.Equal((2.0 / 3, 3), board.Single(score => score.Code == "unmodelledNotMisnamed").Figure is var figure ? (figure.Value!.Value, figure.Samples) : default);
    }

    private static SimulationReport Run(int visits, int second, int inVain, int of, double down)
    {
        var fault = new TrueFault(down < 200 ? "missed" : "seen", "bearing-wear", FaultClass.HW, "pump-01", "s1", Monday, Monday.AddHours(48), true, "PMP-BRG-6309", false, null, null);
        var seen = fault.Id == "seen";
        var outcome = new FaultOutcome(fault, seen ? "ticket" : "missed", seen ? Monday.AddHours(10) : null, seen ? ["T-1"] : [], [], seen ? "bearing-wear" : null, seen ? true : null, null, seen ? true : null, seen ? 38 : null);
        var empty = new Totals(1, seen ? 1 : 0, null, null, null, null, null, null, null, null, null, null, null, 0);
        return new SimulationReport("test", 1, Monday, Monday.AddDays(3), 1, 1, 1, empty, new Dictionary<string, Totals>(), new Dictionary<string, Totals>(), [outcome], [],
            AlarmLoad.Of([], Monday, Monday.AddDays(3)), new Calibration(0, null, 0, null, [], []))
        {
            Service = new ServiceOutcome(visits, inVain, second, down, new TwinOutcome(of, 0, 1000), [new KpiView("respondMet", 0.9, 100), new KpiView("other", 0, 100)]),
        };
    }

    private static World World() => new(new Scenario("test", Monday, TimeSpan.FromDays(40), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10),
        [new ScenarioSite("s1", "S", 0, 0, "Etc/UTC", "c")], [new ScenarioMachine("pump-01", "pump", "s1", "gold"), new ScenarioMachine("server-01", "server", "s1", "gold")], [], 0), new Seed(1), TimeProvider.System);
}
