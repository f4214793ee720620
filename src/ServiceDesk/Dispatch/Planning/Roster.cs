namespace Seamless.ServiceDesk.Dispatch.Planning;

/// <summary>Makes the routes: each shift less its absences and what lies pinned outside all shifts.</summary>
internal static class Roster
{
    public static List<Route> RoutesOf(DispatchProblem problem)
    {
        var pinned = problem.Jobs.Where(j => j.Pinned).SelectMany(j => j.Current!.Workers.Select(w => (Worker: w, Job: j))).ToLookup(p => p.Worker, p => p.Job);
        return [.. problem.Workers.SelectMany(w => RoutesOf(w, [.. pinned[w.Id]], problem))];
    }

    private static List<Route> RoutesOf(Worker worker, List<Job> pinned, DispatchProblem problem)
    {
        var shifts = worker.Shifts.Where(s => s.End > problem.Now && s.Begin < problem.Horizon).OrderBy(s => s.Begin).ToList();
        var free = shifts.SelectMany(s => Less(s, worker.Absences)).ToList();
        // What a person has fixed outside the shifts, or so that it does not fit into one with its ways, stands by itself.
        var outside = pinned.FindAll(j => Travel.Minutes(worker.Home, j.Place) is var way && !free.Any(p => p.Part.Begin <= j.Current!.Start - way && j.Current.Start + j.Minutes + way <= p.Part.End));
        var own = outside.ConvertAll(j => new Stretch(j.Current!.Start, j.Current.Start + j.Minutes));
        var kept = outside.ConvertAll(j =>
        {
            var way = Travel.Minutes(worker.Home, j.Place);
            return new Stretch(j.Current!.Start - way, j.Current.Start + j.Minutes + way);
        });
        var parts = free.SelectMany(f => Less(f.Part, kept).Select(p => (p.Part, Most: Share(f.Most(Rest(worker, f.Whole, f.Whole == f.Part ? outside : pinned)), f.Part, p.Part))));
        return [.. parts.Concat(own.Select(o => (Part: o, Most: int.MaxValue))).OrderBy(p => p.Part.Begin)
            .Select((p, i) => new Route(worker, i, p.Part.Begin, Math.Min(p.Part.End, problem.Horizon), p.Most, problem.Now))];
    }

    /// <summary>What the jobs that persons have fixed leave of a day's limit, where a day is cut: one part does not see what is fixed in another.</summary>
    private static int Rest(Worker worker, Stretch shift, List<Job> pinned) => worker.MostMinutes == int.MaxValue ? int.MaxValue : Math.Max(0, worker.MostMinutes
        - pinned.Where(j => j.Current!.Start >= shift.Begin && j.Current.Start < shift.End).Sum(j => j.Minutes + 2 * Travel.Minutes(worker.Home, j.Place)));

    /// <summary>A shift that is cut in two has its day's limit cut with it.</summary>
    private static int Share(int most, Stretch whole, Stretch part) =>
        most == int.MaxValue ? most : (int)((long)most * (part.End - part.Begin) / Math.Max(1, whole.End - whole.Begin));

    private static IEnumerable<Piece> Less(Stretch shift, IReadOnlyList<Stretch> gaps)
    {
        var begin = shift.Begin;
        foreach (var gap in gaps.Where(g => g.End > shift.Begin && g.Begin < shift.End).OrderBy(g => g.Begin))
        {
            if (gap.Begin > begin) yield return new Piece(shift, new Stretch(begin, gap.Begin));
            begin = Math.Max(begin, gap.End);
        }
        if (begin < shift.End) yield return new Piece(shift, new Stretch(begin, shift.End));
    }

    private readonly record struct Piece(Stretch Whole, Stretch Part)
    {
        // A whole shift keeps its whole limit even when that is longer than the shift.
        public int Most(int most) => Whole == Part ? most : Share(most, Whole, Part);
    }
}
