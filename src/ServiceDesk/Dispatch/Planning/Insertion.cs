namespace Seamless.ServiceDesk.Dispatch.Planning;

/// <summary>Gives each open job the place where it costs least, the urgent ones first. The first solution, and the whole of it where the solver is missing.</summary>
internal sealed class Insertion(PlanState state)
{
    /// <summary>How many of the nearest qualified are tried before the next ones: enough when it is early, widened when they are full.</summary>
    private static readonly int[] Rings = [12, 48, int.MaxValue];

    private readonly Nearness _nearness = new(state.Problem.Workers);

    public void Run()
    {
        var waiting = state.Open.OrderBy(j => -j.People).ThenBy(j => j.Priority).ThenBy(j => j.DueStart).ThenBy(j => j.Earliest).ThenBy(j => j.Id, StringComparer.Ordinal).ToList();
        state.Open.Clear();
        foreach (var job in waiting)
            if (!(job.People > 1 ? SeatTogether(job) : Seat(job))) state.Open.Add(job);
    }

    private bool Seat(Job job)
    {
        var qualified = _nearness.Of(job, state.Problem.Now);
        for (var (ring, from) = (0, 0); ring < Rings.Length && from < qualified.Count; from = Rings[ring], ring++)
        {
            Choice? best = null;
            for (var i = from; i < Math.Min(Rings[ring], qualified.Count); i++)
                foreach (var route in state.RoutesOf(qualified[i])) best = Better(best, BestIn(route, job));
            if (best is not { } chosen) continue;
            chosen.Route.Take(chosen.Order, chosen.Timing);
            return true;
        }
        return false;
    }

    internal static Choice? BestIn(Route route, Job job)
    {
        Choice? best = null;
        if (route.End <= job.Earliest) return null;
        for (var position = 0; position <= route.Jobs.Count; position++)
        {
            var order = route.With(job, position);
            if (route.Time(order) is { } timing) best = Better(best, new Choice(route, order, timing));
        }
        return best;
    }

    private static Choice? Better(Choice? a, Choice? b) => a is null ? b : b is null || b.Added >= a.Added ? a : b;

    /// <summary>The earliest common start of two or more, who are then bound to it.</summary>
    private bool SeatTogether(Job job)
    {
        var qualified = _nearness.Of(job, state.Problem.Now).Take(Rings[1]).ToList();
        var firsts = qualified.Select(w => FirstOf(w, job)).OfType<Choice>().OrderBy(c => StartOf(c, job)).ThenBy(c => c.Route.Worker.Id, StringComparer.Ordinal).ToList();
        for (var from = 0; from + job.People <= firsts.Count; from++)
        {
            var team = firsts.GetRange(from, job.People);
            var start = team.Max(c => StartOf(c, job));
            var bound = job with { Pinned = true, Current = new Appointment([.. team.Select(c => c.Route.Worker.Id)], start) };
            if (team.ConvertAll(c => Meet(c.Route, job with { Earliest = start }, bound)) is not { } seats || seats.Contains(null)) continue;
            foreach (var seat in seats.OfType<Choice>()) seat.Route.Take(seat.Order, seat.Timing);
            return true;
        }
        return false;
    }

    private Choice? FirstOf(Worker worker, Job job) => state.RoutesOf(worker).Select(r => BestIn(r, job)).OfType<Choice>().MinBy(c => StartOf(c, job));

    private static int StartOf(Choice choice, Job job) => choice.Timing.Starts[choice.Order.FindIndex(j => j.Id == job.Id)];

    /// <summary>A place in the route where it begins at just that minute: tried unbound, for the checks, then bound.</summary>
    private static Choice? Meet(Route route, Job job, Job bound)
    {
        for (var position = 0; position <= route.Jobs.Count; position++)
        {
            var free = route.With(job with { Current = null }, position);
            if (route.Time(free) is not { } timing || timing.Starts[position] != bound.Current!.Start) continue;
            var order = route.With(bound, position);
            if (route.Time(order) is { } fixedTiming) return new Choice(route, order, fixedTiming);
        }
        return null;
    }

    internal sealed record Choice(Route Route, List<Job> Order, Timing Timing)
    {
        public long Added => Timing.Cost - Route.Cost;
    }
}
