using Google.OrTools.ConstraintSolver;

namespace Seamless.ServiceDesk.Dispatch.Planning;

/// <summary>Improves a neighbourhood by the routing solver: a vehicle for each route, a disjunction for each job. Taken only when it is better.</summary>
/// <remarks>Bounded by a number of solutions, never by the clock: the same problem gives the same plan on any machine.</remarks>
internal static class RouteImprovement
{
    /// <summary>A neighbourhood comes to rest long before; this bounds the one that does not.</summary>
    private const int MostSolutions = 500;

    private static readonly Lazy<bool> Loaded = new(() =>
    {
        try
        {
            using var manager = new RoutingIndexManager(1, 1, 0);
            return true;
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException or EntryPointNotFoundException or BadImageFormatException)
        {
            return false;
        }
    });

    /// <summary>Whether the native library of the solver can be loaded here.</summary>
    public static bool IsAvailable => Loaded.Value;

    /// <returns>The open jobs that are left; null when nothing was gained.</returns>
    public static List<Job>? Improve(Neighbourhood area, DispatchProblem problem)
    {
        var model = new AreaModel(area, problem);
        if (model.Jobs.Count == 0 || model.Routes.Count == 0) return null;
        if (model.Solve(MostSolutions) is not { } orders) return null;
        var timings = new Timing[orders.Count];
        for (var v = 0; v < orders.Count; v++)
        {
            if (model.Routes[v].Time(orders[v]) is not { } timing) return null;
            timings[v] = timing;
        }
        var served = orders.SelectMany(o => o).Select(j => j.Id).ToHashSet(StringComparer.Ordinal);
        var open = model.Jobs.FindAll(j => !served.Contains(j.Id));
        var (before, after) = (model.Routes.Sum(r => r.Cost) + area.Open.Sum(PlanCosts.LeftOut), timings.Sum(t => t.Cost) + open.Sum(PlanCosts.LeftOut));
        if (after >= before) return null;
        for (var v = 0; v < orders.Count; v++) model.Routes[v].Take(orders[v], timings[v]);
        return open;
    }
}
