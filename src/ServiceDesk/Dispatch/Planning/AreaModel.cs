using Google.OrTools.ConstraintSolver;
using Seamless.Fleet.Registry;

namespace Seamless.ServiceDesk.Dispatch.Planning;

/// <summary>A neighbourhood in the words of the routing solver. Nodes: the jobs, then a beginning and a home for each vehicle.</summary>
internal sealed class AreaModel
{
    private readonly DispatchProblem _problem;
    private readonly List<Start> _starts;
    private readonly GeoPoint?[] _places;
    private readonly int[] _service;

    /// <summary>The route that a job is in; by position, for two who come together have equal jobs.</summary>
    private readonly int[] _owners;

    public AreaModel(Neighbourhood area, DispatchProblem problem)
    {
        _problem = problem;
        var starts = area.Routes.Select(r => (Route: r, Start: StartOf(r))).Where(s => s.Start.At <= s.Route.End && s.Route.End - s.Start.At > 0).ToList();
        Routes = starts.ConvertAll(s => s.Route);
        _starts = starts.ConvertAll(s => s.Start);
        Jobs = [.. Routes.SelectMany((r, v) => r.Jobs.Skip(_starts[v].Done)), .. area.Open];
        _owners = [.. Routes.SelectMany((r, v) => Enumerable.Repeat(v, r.Jobs.Count - _starts[v].Done)), .. Enumerable.Repeat(-1, area.Open.Count)];
        _places = [.. Jobs.Select(j => j.Place), .. Routes.SelectMany((r, v) => new[] { _starts[v].Place, r.Worker.Home })];
        _service = [.. Jobs.Select(j => j.Minutes), .. Enumerable.Repeat(0, 2 * Routes.Count)];
    }

    public List<Route> Routes { get; }
    public List<Job> Jobs { get; }

    /// <returns>The order of each route, what is done already in front; null when there is no solution.</returns>
    public List<List<Job>>? Solve(int mostSolutions)
    {
        int[] from = [.. Routes.Select((_, v) => Jobs.Count + 2 * v)], to = [.. Routes.Select((_, v) => Jobs.Count + 2 * v + 1)];
        using var manager = new RoutingIndexManager(_places.Length, Routes.Count, from, to);
        using var routing = new RoutingModel(manager);
        var minutes = Matrix((a, b) => _service[a] + Travel.Minutes(_places[a], _places[b]));
        SetCosts(routing, minutes);
        var transit = routing.RegisterTransitMatrix(minutes);
        SetTimes(manager, routing, transit);
        SetChoices(manager, routing);
        var parameters = operations_research_constraint_solver.DefaultRoutingSearchParameters();
        parameters.LocalSearchMetaheuristic = LocalSearchMetaheuristic.Types.Value.GreedyDescent;
        parameters.SolutionLimit = mostSolutions;
        routing.CloseModelWithParameters(parameters);
        using var first = routing.ReadAssignmentFromRoutes([.. Routes.Select((_, v) => Enumerable.Range(0, Jobs.Count).Where(i => _owners[i] == v).Select(i => (long)manager.NodeToIndex(i)).ToArray())], true);
        using var solution = first is null ? null : routing.SolveFromAssignmentWithParameters(first, parameters);
        return solution is null ? null : [.. Routes.Select((r, v) => OrderOf(r, v, manager, routing, solution))];
    }

    /// <summary>Travel and preference; vehicles for which they are equal share a matrix.</summary>
    private void SetCosts(RoutingModel routing, long[][] minutes)
    {
        var shared = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var v = 0; v < Routes.Count; v++)
        {
            var preference = Jobs.ConvertAll(j => PlanCosts.Preference(j, Routes[v].Worker));
            var key = string.Join(',', preference);
            if (!shared.TryGetValue(key, out var evaluator))
                shared[key] = evaluator = routing.RegisterTransitMatrix(Matrix((a, b) => minutes[a][b] - _service[a] + (b < Jobs.Count ? preference[b] : 0)));
            routing.SetArcCostEvaluatorOfVehicle(evaluator, v);
        }
    }

    private void SetTimes(RoutingIndexManager manager, RoutingModel routing, int transit)
    {
        routing.AddDimension(transit, _problem.Horizon, _problem.Horizon * 2L, false, "time");
        routing.AddDimensionWithVehicleCapacity(transit, 0, [.. Routes.Select((r, v) => r.Most == int.MaxValue ? long.MaxValue / 4 : Math.Max(0L, r.Most - _starts[v].Worked))], true, "work");
        using var time = routing.GetMutableDimension("time");
        for (var v = 0; v < Routes.Count; v++)
        {
            using var begin = time.CumulVar(routing.Start(v));
            using var end = time.CumulVar(routing.End(v));
            begin.SetMin(_starts[v].At);
            end.SetMax(Math.Max(Routes[v].End, _starts[v].At + Travel.Minutes(_starts[v].Place, Routes[v].Worker.Home)));
        }
        for (var i = 0; i < Jobs.Count; i++)
        {
            var (job, index) = (Jobs[i], manager.NodeToIndex(i));
            using var start = time.CumulVar(index);
            if (job.Pinned) start.SetValue(job.Current!.Start);
            else start.SetMin(job.Earliest);
            time.SetCumulVarSoftUpperBound(index, Math.Max(0, job.DueStart), PlanCosts.LateMinute(job));
        }
    }

    private void SetChoices(RoutingIndexManager manager, RoutingModel routing)
    {
        for (var i = 0; i < Jobs.Count; i++)
        {
            var (job, index) = (Jobs[i], manager.NodeToIndex(i));
            var at = _owners[i];
            if (job.Pinned)
            {
                using var vehicle = routing.VehicleVar(index);
                vehicle.SetValue(at);
                continue;
            }
            routing.AddDisjunction([index], PlanCosts.LeftOut(job));
            using var choice = routing.VehicleVar(index);
            choice.SetValues([-1, .. Enumerable.Range(0, Routes.Count).Where(v => v == at || MayAllShift(Routes[v], job)).Select(v => (long)v)]);   // -1: left out
        }
    }

    /// <summary>The solver knows no expiry within a route: it gets a job only where that cannot happen.</summary>
    private bool MayAllShift(Route route, Job job) =>
        Qualification.May(route.Worker, job, _problem.Now) && route.Worker.ValidUntil >= route.End && (job.Skill is null || route.Worker.Skills[job.Skill].Until >= route.End);

    private List<Job> OrderOf(Route route, int vehicle, RoutingIndexManager manager, RoutingModel routing, Assignment solution)
    {
        var order = route.Jobs.Take(_starts[vehicle].Done).ToList();
        for (var index = solution.Value(routing.NextVar(routing.Start(vehicle))); !routing.IsEnd(index); index = solution.Value(routing.NextVar(index)))
            order.Add(Jobs[manager.IndexToNode(index)]);
        return order;
    }

    private long[][] Matrix(Func<int, int, long> value)
    {
        var matrix = new long[_places.Length][];
        for (var a = 0; a < matrix.Length; a++)
        {
            var row = matrix[a] = new long[_places.Length];
            for (var b = 0; b < row.Length; b++) row[b] = a == b ? 0 : value(a, b);
        }
        return matrix;
    }

    /// <summary>A route that is under way begins where its last pinned job ends that began before anybody could leave.</summary>
    private static Start StartOf(Route route)
    {
        var (done, at, worked, place) = (0, route.Depart, 0, (GeoPoint?)route.Worker.Home);
        for (var i = 0; i < route.Jobs.Count && route.Jobs[i] is { Pinned: true } job && route.Starts[i] < at + Travel.Minutes(place, job.Place); i++)
        {
            worked += Travel.Minutes(place, job.Place) + job.Minutes;
            (done, at, place) = (i + 1, Math.Max(at, route.Starts[i] + job.Minutes), job.Place);
        }
        return new Start(done, at, worked, place);
    }

    private readonly record struct Start(int Done, int At, int Worked, GeoPoint? Place);
}
