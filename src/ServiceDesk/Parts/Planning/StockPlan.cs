using Seamless.Rules.Packs;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Parts.Planning;

/// <summary>Why a depot is to hold so many of a part.</summary>
public enum LevelReason
{
    /// <summary>The fewest with which its customers find a unit on the shelf as often as the part's class asks for.</summary>
    Target,

    /// <summary>It supplies others: with one fewer here, more would be needed further out.</summary>
    Upstream,

    /// <summary>Asked for fewer than twice so far, and no machine is known to need it: the level of before stays.</summary>
    Unseen,

    /// <summary>The budget went where it saves more back-orders per money.</summary>
    Budget,

    /// <summary>Nobody is served from here, and it helps no depot below.</summary>
    NotNeeded,

    /// <summary>Hardly asked for yet: fewer would do by what is known of its machines, but that is not known well enough to take any away.</summary>
    InstalledBase,
}

/// <summary>The level of one part in one depot, and what it rests on.</summary>
/// <param name="Before">The level until now.</param>
/// <param name="DemandPerYear">Usual demand through this depot: its own customers and the depots below.</param>
/// <param name="KnownDemand">Units that machines with a fault now are expected to need from here.</param>
/// <param name="LeadTimeDays">From the depot above, or from the supplier, when it has stock.</param>
/// <param name="PipelineMean">Units under resupply on average, the wait at the depot above included.</param>
/// <param name="BackOrdersWithOneLess">Expected units owed with one fewer; at level 0 the same as <paramref name="BackOrders"/>.</param>
/// <param name="BackOrdersWithOneMore">Expected units owed with one more.</param>
/// <param name="FillRate">Share of demand met at once.</param>
/// <param name="TargetFillRate">What the part's criticality and cost class ask for.</param>
/// <param name="Cost">Level × unit cost, in the part's currency.</param>
public sealed record PlannedLevel(
    string Sku, string Depot, int Level, int Before, double DemandPerYear, DemandMethod Method, double KnownDemand, double LeadTimeDays,
    double PipelineMean, double PipelineVariance, double BackOrdersWithOneLess, double BackOrders, double BackOrdersWithOneMore,
    double FillRate, double TargetFillRate, decimal Cost, LevelReason Reason, LocalizedText Why);

/// <param name="Cost">Of all levels.</param>
/// <param name="CostBefore">Of the levels until now.</param>
/// <param name="Budget">What could be spent; null for no limit.</param>
public sealed record StockPlan(
    long Number, DateTimeOffset ComputedAt, string Actor, decimal? Budget, decimal Cost, decimal CostBefore, IReadOnlyList<PlannedLevel> Levels);

public interface IStockPlans
{
    /// <summary>The plan in force; null before the first.</summary>
    Task<StockPlan?> LatestAsync(string tenant, CancellationToken ct);

    /// <summary>Computes the levels anew and puts them in force: from now on they are what is ordered up to.</summary>
    /// <param name="budget">What all levels together may cost; null for the configured one.</param>
    Task<Outcome<StockPlan>> ComputeAsync(string tenant, decimal? budget, string actor, CancellationToken ct);
}

internal sealed class StockPlanRow
{
    public long Number { get; init; }
    public required string Tenant { get; init; }
    public DateTimeOffset ComputedAt { get; init; }
    public required string Actor { get; init; }
    public decimal? Budget { get; init; }
    public decimal Cost { get; init; }
    public decimal CostBefore { get; init; }
    public required IReadOnlyList<PlannedLevel> Lines { get; init; }

    public StockPlan ToPlan() => new(Number, ComputedAt, Actor, Budget, Cost, CostBefore, Lines);
}
