using System.Diagnostics;
using Seamless.Fleet.Registry;
using Seamless.ServiceDesk.Dispatch.Planning;

namespace Seamless.Portal.Commands.Loads;

/// <summary>A country's visits planned at once, and again around single events; each plan is verified.</summary>
internal static class DispatchLoad
{
    private const int Cities = 350;
    private const int Partners = 450;
    private const int Day = 24 * 60;
    private const int ShiftBegin = 8 * 60;
    private const int ShiftMinutes = 10 * 60;
    private const int Replans = 50;

    private static readonly string[] Skills = ["mechanical", "electrical", "electronics", "it", "network"];

    public sealed record Figures(
        int Technicians, int Visits, int Seed, bool Solver, double FirstPlanSeconds, double GreedySeconds, double ReplanP50Seconds, double ReplanP99Seconds, double AssignedShare,
        double GreedyAssignedShare, int Violations, double TravelHours, double GreedyTravelHours, double LateHours, double GreedyLateHours, int LateVisits, int GreedyLateVisits);

    public static Figures Run(int technicians, int visits, int seed, CancellationToken ct)
    {
        var problem = Problem(technicians, visits, seed);
        var watch = Stopwatch.StartNew();
        var greedy = DispatchPlanner.Plan(problem, improve: false, ct);
        var greedySeconds = watch.Elapsed.TotalSeconds;
        watch.Restart();
        var plan = DispatchPlanner.Plan(problem, ct: ct);
        var seconds = watch.Elapsed.TotalSeconds;
        var violations = PlanVerifier.Check(problem, plan).Count + PlanVerifier.Check(problem, greedy).Count;
        var times = new List<double>();
        var (first, standing) = (plan, Standing(problem, plan));
        for (var i = 0; i < Replans; i++)
        {
            ct.ThrowIfCancellationRequested();
            var (changed, affected) = Event(standing, plan, i, seed);
            watch.Restart();
            var replanned = DispatchPlanner.Replan(changed, affected, ct);
            times.Add(watch.Elapsed.TotalSeconds);
            violations += PlanVerifier.Check(changed, replanned).Count;
            (standing, plan) = (Standing(changed, replanned), replanned);
        }
        times.Sort();
        return new Figures(
            technicians, visits, seed, first.Solver, Round(seconds), Round(greedySeconds), Round(times[times.Count / 2]), Round(times[^1]), Round((double)first.Figures.Assigned / visits),
            Round((double)greedy.Figures.Assigned / visits), violations, Round(first.Figures.TravelMinutes / 60.0), Round(greedy.Figures.TravelMinutes / 60.0),
            Round(first.Figures.LateMinutes / 60.0), Round(greedy.Figures.LateMinutes / 60.0), first.Figures.LateVisits, greedy.Figures.LateVisits);
    }

    /// <summary>Two days of work. Cities lie scattered over a large country; partners serve one to three of them; visits go where machines stand, in and around cities.</summary>
    public static DispatchProblem Problem(int technicians, int visits, int seed)
    {
#pragma warning disable CA5394   // the same seed must give the same load
        var random = new Random(seed);
        GeoPoint Around(GeoPoint p, double degrees) => new(p.Latitude + (random.NextDouble() - 0.5) * degrees, p.Longitude + (random.NextDouble() - 0.5) * degrees);
        var cities = Enumerable.Range(0, Cities).Select(_ => new GeoPoint(22 + random.NextDouble() * 22, 98 + random.NextDouble() * 28)).ToArray();
        // Large cities and small ones: the k-th has a share of about 1/k.
        int City() => Math.Min(Cities - 1, (int)Math.Pow(Cities, random.NextDouble()) - 1 + random.Next(0, 40));
        var partners = Enumerable.Range(0, Partners).Select(_ => Enumerable.Range(0, 1 + random.Next(3)).Select(_ => City()).Distinct().Select(c => new Area($"city-{c}", cities[c], 60)).ToArray()).ToArray();
        Stretch[] shifts = [new(ShiftBegin, ShiftBegin + ShiftMinutes), new(Day + ShiftBegin, Day + ShiftBegin + ShiftMinutes)];
        var workers = Enumerable.Range(0, technicians).Select(i =>
        {
            var areas = partners[i % Partners];
            var skills = Skills.OrderBy(_ => random.Next()).Take(1 + random.Next(3)).ToDictionary(s => s, _ => new SkillGrade(1 + random.Next(3), random.Next(50) == 0 ? Day : int.MaxValue));
            return new Worker(
                $"tech-{i:00000}", Around(areas[random.Next(areas.Length)].Center, 0.5), skills, new Territory(new HashSet<string>(), 80, areas), shifts,
                random.Next(40) == 0 ? [new Stretch(0, Day)] : [], 9 * 60, Suspended: i % Partners % 100 == 7);
        }).ToList();
        var jobs = Enumerable.Range(0, visits).Select(i =>
        {
            var (city, priority) = (City(), 1 + (int)(4 * Math.Sqrt(random.NextDouble())));
            var parts = random.Next(3) == 0 ? 0 : random.Next(Day + ShiftBegin);
            return new Job(
                $"T-{i:00000}", $"site-{city}", Around(cities[city], 0.8), 30 + 15 * random.Next(6), Skills[random.Next(Skills.Length)], 1 + random.Next(2), parts,
                Math.Max(parts, ShiftBegin) + priority * 120, Math.Clamp(priority, 1, 4));
        }).ToList();
        return new DispatchProblem(new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.Zero), 7 * 60, 2 * Day, workers, jobs);
    }

    /// <summary>The problem as it is once the plan is in force.</summary>
    private static DispatchProblem Standing(DispatchProblem problem, DispatchPlan plan)
    {
        var at = plan.Visits.ToLookup(v => v.Job);
        return problem with { Jobs = [.. problem.Jobs.Select(j => at[j.Id].FirstOrDefault() is { } v ? j with { Current = new Appointment([v.Worker], v.Start) } : j with { Current = null })] };
    }

    /// <summary>In turn: somebody falls ill, parts come four hours later, a new urgent visit.</summary>
    private static (DispatchProblem Problem, HashSet<string> Affected) Event(DispatchProblem problem, DispatchPlan plan, int number, int seed)
    {
        var random = new Random(seed * 1000 + number);
        var visit = plan.Visits[random.Next(plan.Visits.Count)];
        switch (number % 3)
        {
            case 0:
                var own = plan.Visits.Where(v => v.Worker == visit.Worker).Select(v => v.Job).ToHashSet();
                return (problem with { Workers = [.. problem.Workers.Select(w => w.Id == visit.Worker ? w with { Absences = [new Stretch(0, 2 * Day)] } : w)] }, own);
            case 1:
                return (problem with { Jobs = [.. problem.Jobs.Select(j => j.Id == visit.Job ? j with { Earliest = visit.Start + 240 } : j)] }, [visit.Job]);
            default:
                var like = problem.Jobs.First(j => j.Id == visit.Job);
                var urgent = like with { Id = $"T-new-{number}", Priority = 1, Earliest = 0, DueStart = problem.Now + 120, Current = null };
                return (problem with { Jobs = [.. problem.Jobs, urgent] }, [urgent.Id]);
        }
#pragma warning restore CA5394
    }

    private static double Round(double value) => Math.Round(value, 4);
}
