namespace Seamless.ServiceDesk.Dispatch.Planning;

/// <summary>Plans everything, or again around what has happened. Pure: no clock, no database; the same problem gives the same plan.</summary>
public static class DispatchPlanner
{
    /// <summary>How many routes around an affected job may be changed by a re-plan.</summary>
    private const int NearbyRoutes = 24;
    private const int NearbyJobs = 64;

    /// <summary>Whether the routing solver's native library is there; without it plans come from insertion alone.</summary>
    public static bool HasSolver => RouteImprovement.IsAvailable;

    /// <summary>The whole plan. What is planned already is kept unless another technician is clearly better.</summary>
    /// <param name="improve">False: insertion alone, for comparison.</param>
    public static DispatchPlan Plan(DispatchProblem problem, bool improve = true, CancellationToken ct = default)
    {
        var state = new PlanState(problem);
        state.SeatCurrent(keepLate: false);
        new Insertion(state).Run();
        var solver = improve && HasSolver;
        if (solver)
            foreach (var turned in (bool[])[false, true])
            {
                Improve(state, Areas.Of(state, turned), ct);
                if (state.Open.Count > 0) new Insertion(state).Run();
            }
        return PlanReport.Of(state, solver);
    }

    /// <summary>Plans <paramref name="affected"/> anew; of the others only those near them may move, and nothing else.</summary>
    public static DispatchPlan Replan(DispatchProblem problem, IReadOnlySet<string> affected, CancellationToken ct = default)
    {
        var jobs = problem.Jobs.Where(j => affected.Contains(j.Id) && !j.Pinned).ToList();
        var state = new PlanState(problem);
        state.SeatCurrent();
        // Who had no place before and is not meant has none now: the whole plan tries again for them.
        var waiting = state.Open.FindAll(j => j.Current is null && !affected.Contains(j.Id));
        state.Open.RemoveAll(waiting.Contains);
        new Insertion(state).Run();
        if (HasSolver && jobs.Count > 0) Improve(state, [Around(state, jobs)], ct);
        state.Open.AddRange(waiting);
        return PlanReport.Of(state, HasSolver);
    }

    private static void Improve(PlanState state, List<Neighbourhood> areas, CancellationToken ct)
    {
        // Areas share nothing, so that it does not matter which is solved first.
        var left = new List<Job>?[areas.Count];
        Parallel.For(0, areas.Count, new ParallelOptions { CancellationToken = ct, MaxDegreeOfParallelism = Environment.ProcessorCount }, i => left[i] = RouteImprovement.Improve(areas[i], state.Problem));
        var settled = areas.Where((_, i) => left[i] is not null).SelectMany(a => a.Open).Select(j => j.Id).ToHashSet(StringComparer.Ordinal);
        state.Open.RemoveAll(j => settled.Contains(j.Id));
        state.Open.AddRange(left.OfType<List<Job>>().SelectMany(l => l));
    }

    private static Neighbourhood Around(PlanState state, List<Job> jobs)
    {
        var nearness = new Nearness(state.Problem.Workers);
        var wanted = new List<Route>();
        var ids = jobs.Select(j => j.Id).ToHashSet(StringComparer.Ordinal);
        wanted.AddRange(state.Routes.Where(r => r.Jobs.Any(j => ids.Contains(j.Id))));
        var each = Math.Max(2, NearbyRoutes / jobs.Count);
        foreach (var job in jobs) wanted.AddRange(nearness.Of(job, state.Problem.Now).SelectMany(state.RoutesOf).Where(r => r.End > job.Earliest).Take(each));
        var routes = new List<Route>();
        var load = 0;
        foreach (var route in wanted.Distinct())
        {
            if (routes.Count >= NearbyRoutes * 2 || load + route.Jobs.Count > NearbyJobs) break;
            routes.Add(route);
            load += route.Jobs.Count;
        }
        return new Neighbourhood(routes, state.Open.FindAll(j => ids.Contains(j.Id) && j.People == 1));
    }
}
