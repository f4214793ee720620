namespace Seamless.ServiceDesk.Impacts;

/// <summary>What a customer's business lives on, such as bottling or billing.</summary>
/// <param name="Devices">Ids of the devices that it depends on.</param>
/// <param name="Services">Ids of the services that it depends on; they may depend on it in turn.</param>
public sealed record BusinessService(string Id, string Name, string Customer, IReadOnlyList<string>? Devices = null, IReadOnlyList<string>? Services = null);

/// <summary>All business services of a tenant, whosever they are: those of two customers may depend on the same device.</summary>
public sealed record BusinessServices(IReadOnlyList<BusinessService> Services)
{
    public const int Most = 5000;
    public const int MostDependencies = 1000;

    public static BusinessServices None { get; } = new([]);

    /// <returns>What is wrong with them; null when nothing is.</returns>
    public string? Fault()
    {
        if (Services is not { Count: <= Most } || Services.Any(s => s is null)) return $"'services' has at most {Most} services, none of them null";
        if (Services.Any(s => string.IsNullOrWhiteSpace(s.Id))) return "every service has an 'id'";
        if (Services.FirstOrDefault(s => string.IsNullOrWhiteSpace(s.Name) || string.IsNullOrWhiteSpace(s.Customer)) is { } nameless) return $"service '{nameless.Id}' needs a 'name' and the 'customer' whose it is";
        if (Services.FirstOrDefault(s => s.Devices?.Count > MostDependencies || s.Services?.Count > MostDependencies) is { } wide) return $"service '{wide.Id}' depends on {MostDependencies} devices and {MostDependencies} services at most";
        if (Services.GroupBy(s => s.Id, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { Key: { } twice }) return $"two services are called '{twice}'; each has an id of its own";
        var known = Services.Select(s => s.Id).ToHashSet(StringComparer.Ordinal);
        var lost = Services.SelectMany(s => s.Services ?? [], (s, on) => (s.Id, On: on)).FirstOrDefault(d => !known.Contains(d.On ?? ""));
        return lost.Id is null ? null : $"service '{lost.Id}' depends on the service '{lost.On}', which is not in the list; add it or take the dependency away";
    }
}
