namespace Seamless.ServiceDesk.Dispatch.Planning;

/// <summary>The finished plan, and for each job left out the first reason that holds for everybody.</summary>
internal static class PlanReport
{
    public static DispatchPlan Of(PlanState state, bool solver)
    {
        var visits = new List<PlannedVisit>();
        var (travel, moved) = (0L, 0);
        var late = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var route in state.Routes.Where(r => r.Jobs.Count > 0))
        {
            var place = route.Worker.Home;
            for (var i = 0; i < route.Jobs.Count; i++)
            {
                var (job, start) = (route.Jobs[i], route.Starts[i]);
                visits.Add(new PlannedVisit(job.Id, route.Worker.Id, start, start + job.Minutes));
                travel += Travel.Minutes(place, job.Place);
                if (start > job.DueStart) late[job.Id] = start - job.DueStart;
                if (PlanCosts.IsChange(job, route.Worker)) moved++;
                place = job.Place;
            }
            travel += Travel.Minutes(place, route.Worker.Home);
        }
        var open = state.Open.OrderBy(j => j.Priority).ThenBy(j => j.DueStart).ThenBy(j => j.Id, StringComparer.Ordinal).Select(j => new UnassignedJob(j.Id, ReasonOf(j, state.Problem))).ToList();
        var seated = visits.Select(v => v.Job).ToHashSet(StringComparer.Ordinal);
        // What persons have fixed where no route is (an unknown technician) stays as it is.
        foreach (var job in state.Problem.Jobs.Where(j => j.Pinned && !seated.Contains(j.Id)))
            visits.AddRange(job.Current!.Workers.Select(w => new PlannedVisit(job.Id, w, job.Current.Start, job.Current.Start + job.Minutes)));
        var assigned = visits.Select(v => v.Job).Distinct(StringComparer.Ordinal).Count();
        return new DispatchPlan(
            [.. visits.OrderBy(v => v.Worker, StringComparer.Ordinal).ThenBy(v => v.Start).ThenBy(v => v.Job, StringComparer.Ordinal)], open,
            new PlanFigures(assigned, open.Count, late.Values.Sum(), late.Count, travel, moved, state.Cost()), solver);
    }

    public static UnassignedReason ReasonOf(Job job, DispatchProblem problem)
    {
        var skilled = problem.Workers.Where(w => Qualification.Has(w, job)).ToList();
        if (skilled.Count < job.People) return UnassignedReason.NoSkill;
        var allowed = skilled.FindAll(w => Qualification.IsAllowed(w, job, problem.Now));
        if (allowed.Count < job.People) return UnassignedReason.NotAllowed;
        var near = allowed.FindAll(w => Qualification.WorksThere(w, job));
        if (near.Count < job.People) return UnassignedReason.NoTerritory;
        return near.Count(w => w.Shifts.Any(s => s.End > Math.Max(problem.Now, job.Earliest) && !w.Absences.Any(a => a.Begin <= Math.Max(s.Begin, problem.Now) && a.End >= s.End))) < job.People
            ? UnassignedReason.NoShift : UnassignedReason.NoTime;
    }
}
