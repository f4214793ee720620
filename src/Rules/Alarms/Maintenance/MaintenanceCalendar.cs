using System.Collections.Concurrent;

namespace Seamless.Rules.Alarms.Maintenance;

/// <summary>The window that holds an instant of a device.</summary>
public sealed record MaintenanceCover(MaintenanceWindow Window, Occurrence Time);

/// <summary>All windows in memory: asked for every alarm that comes. Written by <see cref="MaintenanceBook"/> alone.</summary>
internal sealed class MaintenanceCalendar
{
    private readonly ConcurrentDictionary<string, IReadOnlyList<MaintenanceWindow>> _byTenant = new(StringComparer.Ordinal);

    public IReadOnlyList<MaintenanceWindow> Of(string tenant) => _byTenant.GetValueOrDefault(tenant, []);

    public IEnumerable<string> Tenants => _byTenant.Keys;

    public void Put(MaintenanceWindow window) =>
        _byTenant.AddOrUpdate(window.Tenant, [window], (_, known) => [.. known.Where(other => other.Id != window.Id), window]);

    /// <summary>Of several windows, the one that lasts longest; of those, the one that was entered first.</summary>
    public MaintenanceCover? At(string tenant, string? device, string site, string type, DateTimeOffset at)
    {
        MaintenanceCover? found = null;
        foreach (var window in Of(tenant))
        {
            if (!window.Scope.Holds(device, site, type) || window.At(at) is not { } time) continue;
            if (found is null || time.To > found.Time.To || (time.To == found.Time.To && string.CompareOrdinal(window.Id, found.Window.Id) < 0)) found = new MaintenanceCover(window, time);
        }
        return found;
    }
}
