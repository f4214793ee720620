using Seamless.Fleet.Registry;

namespace Seamless.ServiceDesk.Dispatch.Planning;

/// <summary>Cuts the routes into neighbourhoods small enough to be solved, by halving the map; always the same way.</summary>
internal static class Areas
{
    /// <summary>More in one neighbourhood would take longer than it gains.</summary>
    private const int MostRoutes = 24;
    private const int MostJobs = 48;

    /// <param name="turned">Cuts along the diagonals instead, so that what one cut has parted lies together in the other.</param>
    public static List<Neighbourhood> Of(PlanState state, bool turned)
    {
        var routes = state.Routes.Where(r => r.Jobs.Count > 0 || !r.Worker.Suspended).ToList();
        var open = state.Open.Where(j => j.People == 1).ToList();
        var found = new List<Neighbourhood>();
        Halve(routes, open, 0, turned, found);
        return found;
    }

    private static void Halve(List<Route> routes, List<Job> open, int depth, bool turned, List<Neighbourhood> found)
    {
        if (routes.Count == 0) return;
        if (routes.Count == 1 || (routes.Count <= MostRoutes && routes.Sum(r => r.Jobs.Count) + open.Count <= MostJobs))
        {
            found.Add(new Neighbourhood(routes, open));
            return;
        }
        double Key(GeoPoint p) => (depth % 2 == 0, turned) switch
        {
            (true, false) => p.Longitude,
            (false, false) => p.Latitude,
            (true, true) => p.Longitude + p.Latitude,
            (false, true) => p.Longitude - p.Latitude,
        };
        var sorted = routes.OrderBy(r => Key(r.Worker.Home)).ThenBy(r => r.Worker.Id, StringComparer.Ordinal).ThenBy(r => r.Ordinal).ToList();
        var middle = sorted.Count / 2;
        var border = Key(sorted[middle].Worker.Home);
        Halve(sorted[..middle], open.FindAll(j => j.Place is not null && Key(j.Place) < border), depth + 1, turned, found);
        Halve(sorted[middle..], open.FindAll(j => j.Place is null || Key(j.Place) >= border), depth + 1, turned, found);
    }
}

/// <summary>What is solved as one: these routes, their jobs, and the open jobs among them.</summary>
internal sealed record Neighbourhood(List<Route> Routes, List<Job> Open);
