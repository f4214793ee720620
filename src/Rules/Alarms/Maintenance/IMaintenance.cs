using Seamless.Telemetry;

namespace Seamless.Rules.Alarms.Maintenance;

/// <summary>A window that somebody wants to enter.</summary>
/// <param name="Begin">On the clock of the place, or an instant (<see cref="LocalTime.Read"/>); now when null. May lie in the past: what was forgotten is entered late.</param>
/// <param name="End">The same; needed unless it is weekly or has a length.</param>
/// <param name="For">How long it lasts, in place of an end.</param>
/// <param name="Zone">IANA id of the time zone in which it is meant; the site's when null, UTC for everything of the tenant.</param>
public sealed record MaintenanceOrder(
    MaintenanceScope Scope, string? Begin, string? End, TimeSpan? For, WeeklyPlan? Weekly, string Reason, string? Zone = null);

/// <summary>What changes of a window; null leaves it as it is.</summary>
/// <param name="End">When it ends; of a weekly one, until when it is held.</param>
/// <param name="Until">When the time that runs ends: earlier, or prolonged.</param>
public sealed record MaintenanceChange(string? End = null, string? Until = null, string? Reason = null);

/// <summary>Planned maintenance: what comes within it is listed, but reaches nobody until it is over.</summary>
public interface IMaintenance
{
    /// <summary>All that were ever entered, newest begin first.</summary>
    IReadOnlyList<MaintenanceWindow> List(string tenant);

    MaintenanceWindow? Find(string tenant, string id);

    /// <summary>The window that holds <paramref name="at"/> for a device, or null.</summary>
    MaintenanceCover? At(string tenant, string? device, string site, string type, DateTimeOffset at);

    Task<Outcome<MaintenanceWindow>> AddAsync(string tenant, MaintenanceOrder order, string actor, CancellationToken ct);
    Task<Outcome<MaintenanceWindow>> ChangeAsync(string tenant, string id, MaintenanceChange change, string actor, CancellationToken ct);

    /// <summary>Ends the time that runs, now. A weekly window comes back.</summary>
    Task<Outcome<MaintenanceWindow>> EndAsync(string tenant, string id, string actor, CancellationToken ct);

    /// <summary>Calls it off, from now on and for good.</summary>
    Task<Outcome<MaintenanceWindow>> CancelAsync(string tenant, string id, string actor, CancellationToken ct);

    /// <summary>A window was entered or changed.</summary>
    event Action? Changed;
}
