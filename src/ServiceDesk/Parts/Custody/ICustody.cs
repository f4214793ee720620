using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Parts.Custody;

/// <param name="Sku">A part of the catalogue, or one that the compatibility catalogue names.</param>
public sealed record NewUnit(string Serial, string Sku, string Depot, string Quality = UnitQuality.New);

/// <param name="Name"><c>move</c>, <c>install</c>, <c>remove</c>, <c>return</c>, <c>scrap</c>.</param>
public sealed record UnitAction(string Name, string Actor, string? Depot = null, string? Device = null, string? Carrier = null, string? Reason = null);

public enum HandOverState : byte
{
    /// <summary>Given; the receiver has not said yet that it is there. Until then the giver answers for it.</summary>
    Offered,

    /// <summary>The receiver has been silent too long.</summary>
    Overdue,
    Confirmed,
    Refused,
}

/// <param name="To"><c>technician:ID</c> or <c>depot:ID</c>.</param>
/// <param name="Receiver">Who alone may confirm; anybody but the giver when null.</param>
public sealed record HandOver(
    string Id, string Serial, string Sku, string From, string To, string Giver, string? Receiver, HandOverState State, DateTimeOffset At, DateTimeOffset? DecidedAt, string? DecidedBy, string? Reason);

public enum LossState : byte { Open, Found, WrittenOff }

/// <summary>A unit that was shipped and not received within the carrier's promise and tolerance, or that a count did not find.</summary>
/// <param name="Consignment">The shipment, stock order or return that it travelled with, or the count: <c>count:DEPOT:TIME</c>.</param>
/// <param name="Carrier">Empty for a count.</param>
/// <param name="Value">What the part costs in the catalogue.</param>
/// <param name="Replacement">The serial that goes to the ticket instead; of stock that is ordered anew by itself, null.</param>
public sealed record Loss(
    string Id, string Serial, string Sku, string Consignment, string Carrier, string From, string To, string? Ticket, DateTimeOffset ShippedAt, DateTimeOffset ExpectedAt, DateTimeOffset LostAt,
    decimal Value, string Currency, string? Replacement, LossState State, DateTimeOffset? ClosedAt, string? ClosedBy, string? Reason);

/// <summary>The first move that does not fit.</summary>
public sealed record CustodyBreak(string Serial, int Number, string Why);

/// <param name="Whole">No move is changed, missing, added or out of place.</param>
/// <param name="Units">How many units were checked.</param>
public sealed record CustodyCheck(bool Whole, int Units, int Moves, CustodyBreak? Break);

/// <summary>Where all units of a part are, counted twice: as the units stand, and from the ledger alone.</summary>
/// <param name="Entered">How many have ever come in.</param>
/// <param name="Conserved">What came in is all there, and both counts agree.</param>
public sealed record UnitBalance(string Sku, int Entered, int InStock, int InTransit, int AtSite, int Held, int Installed, int InRepair, int Scrapped, int Lost, bool Conserved);

/// <summary>The custody ledger: who has which unit, who handed it over, and what is missing.</summary>
public interface ICustody
{
    /// <summary>A unit enters the ledger.</summary>
    Task<Outcome<PartUnit>> EnterAsync(string tenant, NewUnit unit, string actor, CancellationToken ct);

    Task<Outcome<PartUnit>> ActAsync(string tenant, string serial, UnitAction action, CancellationToken ct);

    /// <summary>The giver's half. The unit stays where it is until the receiver confirms.</summary>
    Task<Outcome<HandOver>> OfferAsync(string tenant, string serial, string to, string? receiver, string actor, CancellationToken ct);

    /// <param name="confirm">False: the receiver does not take it, and says why.</param>
    Task<Outcome<HandOver>> DecideAsync(string tenant, string id, bool confirm, string actor, string? reason, CancellationToken ct);

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<HandOver>> HandOversAsync(string tenant, bool openOnly, CancellationToken ct);

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<Loss>> LossesAsync(string tenant, bool openOnly, CancellationToken ct);

    /// <summary>It has turned up in <paramref name="depot"/>.</summary>
    Task<Outcome<Loss>> FindAsync(string tenant, string id, string depot, string actor, CancellationToken ct);

    Task<Outcome<Loss>> WriteOffAsync(string tenant, string id, string reason, string actor, CancellationToken ct);

    /// <summary>Computes the chains of all units anew, or of one.</summary>
    Task<CustodyCheck> CheckAsync(string tenant, string? serial, CancellationToken ct);

    Task<IReadOnlyList<UnitBalance>> BalanceAsync(string tenant, string? sku, CancellationToken ct);
}
