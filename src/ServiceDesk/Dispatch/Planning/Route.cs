using Seamless.Fleet.Registry;

namespace Seamless.ServiceDesk.Dispatch.Planning;

/// <summary>One technician on one shift, or on the part of it that an absence leaves: from home, through the jobs in order, back home by the end.</summary>
internal sealed class Route(Worker worker, int ordinal, int begin, int end, int most, int now)
{
    private List<Job> _jobs = [];
    private int[] _starts = [];

    public Worker Worker => worker;
    public int Ordinal => ordinal;
    public int Begin => begin;
    public int End => end;
    public int Most => most;

    /// <summary>When somebody who has not left yet can leave.</summary>
    public int Depart { get; } = Math.Max(begin, now + (worker.Resident ? 0 : (int)Travel.Preparation.TotalMinutes));

    public IReadOnlyList<Job> Jobs => _jobs;
    public IReadOnlyList<int> Starts => _starts;
    public long Cost { get; private set; }

    /// <summary>Each job as early as it can be in this order: lateness only grows with time, so that is the best.</summary>
    /// <returns>Null when the order breaks a constraint.</returns>
    public Timing? Time(List<Job> order)
    {
        var starts = new int[order.Count];
        var (at, worked, cost, onlyPinned) = (Depart, 0, 0L, true);
        GeoPoint? place = worker.Home;
        for (var i = 0; i < order.Count; i++)
        {
            var job = order[i];
            var way = Travel.Minutes(place, job.Place);
            var start = job.Pinned ? job.Current!.Start : Math.Max(at + way, Earliest(job));   // a pinned job has an appointment
            // What persons have fixed among themselves is theirs to answer for; what we add must fit.
            if (job.Pinned ? at + way > start && !onlyPinned : start + job.Minutes > LatestEnd(job)) return null;
            onlyPinned &= job.Pinned;
            starts[i] = start;
            worked += way + job.Minutes;
            cost += way + PlanCosts.Preference(job, worker) + Math.Max(0, start - job.DueStart) * PlanCosts.LateMinute(job);
            (at, place) = (Math.Max(start + job.Minutes, Depart), job.Place);
        }
        var home = order.Count == 0 ? 0 : Travel.Minutes(place, worker.Home);
        return !onlyPinned && (at + home > end || worked + home > most) ? null : new Timing(starts, cost + home);
    }

    public void Take(List<Job> order, Timing timing) => (_jobs, _starts, Cost) = (order, timing.Starts, timing.Cost);

    public List<Job> With(Job job, int position)
    {
        var order = new List<Job>(_jobs.Count + 1);
        order.AddRange(_jobs);
        order.Insert(position, job);
        return order;
    }

    /// <summary>What the customer was told is kept when it is in time.</summary>
    private int Earliest(Job job) =>
        job.Current is { } current && current.Start <= job.DueStart && current.Workers.Contains(worker.Id) ? Math.Max(job.Earliest, current.Start) : job.Earliest;

    private int LatestEnd(Job job) =>
        Math.Min(worker.ValidUntil, job.Skill is not null && worker.Skills.TryGetValue(job.Skill, out var grade) ? grade.Until : int.MaxValue);
}

internal sealed record Timing(int[] Starts, long Cost);
