namespace Seamless.ServiceDesk.Dispatch.Planning;

/// <summary>A plan in the making: the routes, and who has none yet.</summary>
internal sealed class PlanState
{
    private readonly ILookup<string, Route> _routesOf;

    public PlanState(DispatchProblem problem)
    {
        Problem = problem;
        Routes = Roster.RoutesOf(problem);
        _routesOf = Routes.ToLookup(r => r.Worker.Id, StringComparer.Ordinal);
    }

    public DispatchProblem Problem { get; }
    public List<Route> Routes { get; }
    public List<Job> Open { get; } = [];

    public IEnumerable<Route> RoutesOf(Worker worker) => _routesOf[worker.Id];

    /// <summary>Seats what is pinned, then what is planned already, each with its technician; what no longer fits is open.</summary>
    /// <param name="keepLate">Also what begins too late; otherwise somebody else may be sooner there.</param>
    public void SeatCurrent(bool keepLate = true)
    {
        foreach (var job in Problem.Jobs.Where(j => j.Pinned).OrderBy(j => j.Current!.Start).ThenBy(j => j.Id, StringComparer.Ordinal))
            foreach (var worker in job.Current!.Workers) SeatPinned(worker, job);
        foreach (var job in Problem.Jobs.Where(j => !j.Pinned).OrderBy(j => j.Current?.Start ?? int.MaxValue).ThenBy(j => j.Id, StringComparer.Ordinal))
            if (job.Current is not { } current || job.People > 1 || (!keepLate && current.Start > job.DueStart) || !Reseat(job, current.Workers[0])) Open.Add(job);
    }

    private void SeatPinned(string worker, Job job)
    {
        var start = job.Current!.Start;
        if (_routesOf[worker].FirstOrDefault(r => r.Begin <= start && start < r.End) is not { } route) return;
        var position = route.Jobs.TakeWhile(j => j.Current!.Start <= start).Count();
        var order = route.With(job, position);
        if (route.Time(order) is { } timing) route.Take(order, timing);
    }

    private bool Reseat(Job job, string worker)
    {
        foreach (var route in _routesOf[worker].Where(r => Qualification.May(r.Worker, job, Problem.Now)))
        {
            if (job.Current!.Start < route.Begin || job.Current.Start >= route.End) continue;
            var order = route.With(job, route.Starts.TakeWhile(s => s <= job.Current.Start).Count());
            if (route.Time(order) is not { } timing) continue;
            route.Take(order, timing);
            return true;
        }
        return false;
    }

    public long Cost() => Routes.Sum(r => r.Cost) + Open.Sum(PlanCosts.LeftOut);
}
