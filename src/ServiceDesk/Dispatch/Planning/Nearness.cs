using Seamless.Fleet.Registry;

namespace Seamless.ServiceDesk.Dispatch.Planning;

/// <summary>Technicians by distance from a place.</summary>
/// <remarks>Points on the unit sphere: the nearest has the largest scalar product, three multiplications each. Three thousand of them take ten microseconds; an index would gain nothing.</remarks>
internal sealed class Nearness
{
    private readonly IReadOnlyList<Worker> _workers;
    private readonly (double X, double Y, double Z)[] _points;

    public Nearness(IReadOnlyList<Worker> workers)
    {
        _workers = workers;
        _points = [.. workers.Select(w => OnSphere(w.Home))];
    }

    /// <summary>All who may do the job, nearest first; of equals by id.</summary>
    public List<Worker> Of(Job job, int now)
    {
        var found = new List<(double Near, Worker Worker)>();
        var place = job.Place is null ? default : OnSphere(job.Place);
        for (var i = 0; i < _workers.Count; i++)
        {
            var (worker, p) = (_workers[i], _points[i]);
            if (Qualification.May(worker, job, now)) found.Add((p.X * place.X + p.Y * place.Y + p.Z * place.Z, worker));
        }
        found.Sort((a, b) => a.Near != b.Near ? b.Near.CompareTo(a.Near) : string.CompareOrdinal(a.Worker.Id, b.Worker.Id));
        return found.ConvertAll(f => f.Worker);
    }

    private static (double X, double Y, double Z) OnSphere(GeoPoint p)
    {
        var ((sinLat, cosLat), (sinLon, cosLon)) = (Math.SinCos(double.DegreesToRadians(p.Latitude)), Math.SinCos(double.DegreesToRadians(p.Longitude)));
        return (cosLat * cosLon, cosLat * sinLon, sinLat);
    }
}
