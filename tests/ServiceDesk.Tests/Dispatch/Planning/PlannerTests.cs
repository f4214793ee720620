using Seamless.Fleet.Registry;
using Seamless.ServiceDesk.Dispatch.Planning;

namespace Seamless.ServiceDesk.Tests.Dispatch.Planning;

public sealed class PlannerTests
{
    [Fact]
    public void The_routing_solver_is_there() => Assert.True(DispatchPlanner.HasSolver);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void No_plan_of_a_random_problem_breaks_a_hard_constraint(bool improve)
    {
        for (var seed = 1; seed <= (improve ? 40 : 300); seed++)
        {
            var problem = RandomProblem.Of(seed);
            var found = PlanVerifier.Check(problem, DispatchPlanner.Plan(problem, improve));
            Assert.True(found.Count == 0, $"seed {seed}: {string.Join("; ", found)}");
        }
    }

    [Fact]
    public void The_solver_never_makes_a_plan_worse_and_often_makes_it_better()
    {
        var better = 0;
        for (var seed = 1; seed <= 30; seed++)
        {
            var problem = RandomProblem.Of(seed);
            var (greedy, plan) = (DispatchPlanner.Plan(problem, improve: false).Figures, DispatchPlanner.Plan(problem).Figures);
            Assert.True(plan.Cost <= greedy.Cost, $"seed {seed}: {plan.Cost} after {greedy.Cost}");
            if (plan.Cost < greedy.Cost) better++;
        }
        Assert.True(better >= 15, $"better in {better} of 30");
    }

    [Fact]
    public void The_same_problem_gives_the_same_plan()
    {
        var problem = RandomProblem.Of(7, 60, 200);   // several areas, solved in parallel
        var first = DispatchPlanner.Plan(problem);
        for (var i = 0; i < 3; i++) Assert.Equal(first.Visits, DispatchPlanner.Plan(problem).Visits);
    }

    [Fact]
    public void A_replan_after_an_absence_keeps_the_constraints_and_all_that_is_far_away()
    {
        for (var seed = 1; seed <= 30; seed++)
        {
            var problem = RandomProblem.Of(seed);
            var plan = DispatchPlanner.Plan(problem);
            var at = plan.Visits.ToLookup(v => v.Job);
            var standing = problem with { Jobs = [.. problem.Jobs.Where(j => j.People == 1).Select(j => j.Pinned || at[j.Id].FirstOrDefault() is not { } v ? j : j with { Current = new Appointment([v.Worker], v.Start) })] };
            if (plan.Visits.FirstOrDefault(v => !standing.Jobs.Any(j => j.Id == v.Job && j.Pinned)) is not { } hit) continue;
            var changed = standing with { Workers = [.. standing.Workers.Select(w => w.Id == hit.Worker ? w with { Absences = [new Stretch(0, 2880)] } : w)] };
            var replanned = DispatchPlanner.Replan(changed, plan.Visits.Where(v => v.Worker == hit.Worker).Select(v => v.Job).ToHashSet());
            var found = PlanVerifier.Check(changed, replanned);
            Assert.True(found.Count == 0, $"seed {seed}: {string.Join("; ", found)}");
        }
    }

    [Theory]
    [InlineData("it", 1, UnassignedReason.NoSkill)]
    [InlineData("mechanical", 3, UnassignedReason.NoSkill)]
    [InlineData("electrical", 1, UnassignedReason.NotAllowed)]
    public void What_nobody_can_do_says_why(string skill, int level, UnassignedReason reason)
    {
        var home = new GeoPoint(48.8, 2.3);
        Dictionary<string, SkillGrade> skills = new() { ["mechanical"] = new(2, int.MaxValue), ["electrical"] = new(2, 0) };
        var worker = new Worker("w", home, skills, new Territory(new HashSet<string>(), 50, []), [new Stretch(0, 600)], []);
        DispatchPlan Of(Job job, Worker who) => DispatchPlanner.Plan(new DispatchProblem(DateTimeOffset.UnixEpoch, 0, 2880, [who], [job]));
        var job = new Job("j", "s", home, 60, skill, level, 0, 120, 2);
        Assert.Equal(reason, Assert.Single(Of(job, worker).Unassigned).Reason);
        var plain = job with { Skill = "mechanical", Level = 1 };
        Assert.Empty(Of(plain, worker).Unassigned);
        Assert.Equal(UnassignedReason.NoTerritory, Assert.Single(Of(plain with { Place = new GeoPoint(40, 2.3) }, worker).Unassigned).Reason);
        Assert.Equal(UnassignedReason.NoShift, Assert.Single(Of(plain with { Earliest = 700 }, worker).Unassigned).Reason);
        Assert.Equal(UnassignedReason.NoTime, Assert.Single(Of(plain with { Minutes = 700 }, worker).Unassigned).Reason);
        Assert.Equal(UnassignedReason.NotAllowed, Assert.Single(Of(plain, worker with { Suspended = true }).Unassigned).Reason);
    }

    [Fact]
    public void The_more_urgent_gets_the_only_slot()
    {
        var home = new GeoPoint(48.8, 2.3);
        var worker = new Worker("w", home, new Dictionary<string, SkillGrade>(), Territory.Everywhere, [new Stretch(0, 100)], []);
        Job Of(string id, int priority) => new(id, "s", home, 60, null, 1, 0, 30, priority);
        var plan = DispatchPlanner.Plan(new DispatchProblem(DateTimeOffset.UnixEpoch, 0, 2880, [worker], [Of("a", 3), Of("b", 1), Of("c", 2)]));
        Assert.Equal("b", Assert.Single(plan.Visits).Job);
        Assert.Equal(["c", "a"], plan.Unassigned.Select(u => u.Job));
    }

    [Fact]
    public void What_was_promised_stays_when_it_is_in_time()
    {
        var home = new GeoPoint(48.8, 2.3);
        Worker Of(string id) => new(id, home, new Dictionary<string, SkillGrade>(), Territory.Everywhere, [new Stretch(0, 600)], []);
        var job = new Job("j", "s", home, 60, null, 1, 0, 300, 2, new Appointment(["w2"], 200));
        var visit = Assert.Single(DispatchPlanner.Plan(new DispatchProblem(DateTimeOffset.UnixEpoch, 0, 2880, [Of("w1"), Of("w2")], [job])).Visits);
        Assert.Equal(("w2", 200), (visit.Worker, visit.Start));
    }
}
