namespace Seamless.ServiceDesk.Impacts;

/// <summary>A service that suffers with a device.</summary>
/// <param name="Direct">It names the device itself.</param>
/// <param name="Path">Why: the device, the service that depends on it, the one that depends on that, and so on to this one; none is shorter.</param>
public sealed record AffectedService(string Service, string Name, string Customer, bool Direct, IReadOnlyList<string> Path);

/// <summary>Who depends on what, read from the device upwards.</summary>
/// <remarks>A service is reached once, so services that depend on each other do no harm.</remarks>
public sealed class ImpactGraph(IReadOnlyList<BusinessService> services)
{
    private readonly ILookup<string, BusinessService> _byDevice = DependentsBy(services, s => s.Devices);
    private readonly ILookup<string, BusinessService> _byService = DependentsBy(services, s => s.Services);

    /// <summary>Every device that a service names.</summary>
    public IEnumerable<string> Devices => _byDevice.Select(d => d.Key).Order(StringComparer.Ordinal);

    /// <summary>All that depends on the device, directly or not: the transitive closure. Nearest first, by id among equals.</summary>
    public IReadOnlyList<AffectedService> Of(string device)
    {
        var affected = new List<AffectedService>();
        var reached = new HashSet<string>(StringComparer.Ordinal);
        Reach(_byDevice[device], [device]);
        for (var next = 0; next < affected.Count; next++) Reach(_byService[affected[next].Service], affected[next].Path);   // it grows while we go: breadth first
        return affected;

        void Reach(IEnumerable<BusinessService> dependents, IReadOnlyList<string> path)
        {
            foreach (var service in dependents)
                if (reached.Add(service.Id)) affected.Add(new AffectedService(service.Id, service.Name, service.Customer, path.Count == 1, [.. path, service.Id]));
        }
    }

    private static ILookup<string, BusinessService> DependentsBy(IReadOnlyList<BusinessService> services, Func<BusinessService, IReadOnlyList<string>?> dependencies) => services
        .OrderBy(s => s.Id, StringComparer.Ordinal).SelectMany(s => dependencies(s) ?? [], (s, on) => (s, on)).ToLookup(d => d.on, d => d.s, StringComparer.Ordinal);
}
