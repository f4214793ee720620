using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Parts.Repairs;

public enum RepairState : byte { Open, Repaired, Condemned }

/// <summary>One unit at a repairer.</summary>
/// <param name="Id"><c>RO-000012</c>.</param>
/// <param name="Return">The return with which it came in.</param>
/// <param name="Depot">Where it goes on a shelf again.</param>
public sealed record RepairOrder(
    string Id, string Serial, string Sku, string Repairer, string Depot, string? Return, RepairState State, DateTimeOffset OrderedAt, DateTimeOffset DueAt, DateTimeOffset? EndedAt, decimal? Cost, string? Currency,
    string? Note);

/// <param name="Yield">Of those that have ended, the share that is on a shelf again; null when none has.</param>
/// <param name="CondemnationRate">The rest.</param>
/// <param name="MeanDays">From order to end.</param>
/// <param name="Cost">Of those that were repaired, in the currency of the catalogue.</param>
public sealed record RepairFigures(string Sku, int Ordered, int Open, int Overdue, int Repaired, int Condemned, double? Yield, double? CondemnationRate, double? MeanDays, decimal Cost);

/// <param name="Cost">What the repairer charges, in the currency of the catalogue.</param>
public sealed record RepairEnd(bool Repaired, decimal? Cost = null, string? Note = null);

/// <summary>The loop of repairables: from the shelf of returned units to a repairer, and back as refurbished or to scrap.</summary>
public interface IRepairs
{
    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<RepairOrder>> ListAsync(string tenant, bool openOnly, CancellationToken ct);

    Task<Outcome<RepairOrder>> OrderAsync(string tenant, string serial, string? repairer, string actor, CancellationToken ct);

    Task<Outcome<RepairOrder>> EndAsync(string tenant, string id, RepairEnd end, string actor, CancellationToken ct);

    /// <summary>By part, of the orders that were given in the period.</summary>
    Task<IReadOnlyList<RepairFigures>> MeasureAsync(string tenant, DateTimeOffset from, DateTimeOffset to, CancellationToken ct);
}
