using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Parts.BackOrders;

/// <summary>A part that a ticket waits for because no depot has one.</summary>
/// <param name="Since">When every shelf was found empty.</param>
/// <param name="Resourced"><c>lateral</c>: an unused unit is sent on from another site · <c>express</c>: the supplier's next delivery was hastened · null: not yet.</param>
/// <param name="Expected">When the next unit comes in; null when nothing is ordered that has a date.</param>
public sealed record BackOrder(
    string Ticket, string Sku, LocalizedText Title, int Quantity, string Site, string Customer, Priority Priority, DateTimeOffset Since, string? Resourced, DateTimeOffset? ResourcedAt, DateTimeOffset? Expected);

public interface IBackOrders
{
    /// <summary>The work list: the longest waiting first.</summary>
    Task<IReadOnlyList<BackOrder>> ListAsync(string tenant, CancellationToken ct);
}
