using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Parts.Resupply;

/// <summary>A part of a tenant whose stock is looked at together, over all depots.</summary>
public readonly record struct StockedPart(string Tenant, string Sku);

public enum StockOrderState : byte
{
    /// <summary>The depot above has none free; it is next in turn when one comes.</summary>
    Waiting,

    /// <summary>On the road, or ordered from the supplier.</summary>
    InTransit,
    Received,

    /// <summary>Not needed any more before it had left.</summary>
    Cancelled,

    /// <summary>Shipped and not received; another is ordered in its place.</summary>
    Lost,
}

/// <summary>One unit ordered for one depot: what was used up is ordered again, one for one.</summary>
/// <param name="Source">The depot above, <c>supplier</c>, or another depot that has more than the plan wants there.</param>
/// <param name="Serial">The unit; from a supplier known on receipt.</param>
/// <param name="Eta">When it will be there; null while it waits.</param>
public sealed record StockOrder(
    string Id, string Sku, string Depot, string Source, StockOrderState State, string? Serial,
    DateTimeOffset OrderedAt, DateTimeOffset? ShippedAt, DateTimeOffset? Eta, DateTimeOffset? ReceivedAt, string? Carrier = null)
{
    public const string Supplier = "supplier";

    public bool IsOpen => State is StockOrderState.Waiting or StockOrderState.InTransit;
}

/// <param name="Target">Base stock: on hand plus on order is kept at this.</param>
/// <param name="Origin"><c>starter</c>, <c>file</c> or <c>plan</c>.</param>
public sealed record TargetLevel(string Sku, string Depot, int Target, string Origin);

public interface IResupply
{
    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<StockOrder>> OrdersAsync(string tenant, bool openOnly, CancellationToken ct);

    Task<IReadOnlyList<TargetLevel>> LevelsAsync(string tenant, CancellationToken ct);

    /// <summary>What was ordered has come in. Twice is once.</summary>
    /// <param name="serial">The supplier's serial number; null for one of ours. From a depot it is known already.</param>
    Task<Outcome<StockOrder>> ReceiveAsync(string tenant, string id, string? serial, string actor, CancellationToken ct);
}
