using Seamless.Fleet.Registry;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Knowledge.Context;

/// <param name="Firmware">The version that the device says it runs; null when it never did.</param>
public sealed record Asset(string Device, string Type, string? Serial, string Site, string Tier, DeviceStatus Status, DateTimeOffset? LastSeen, string? Firmware);

/// <param name="Cause">Confirmed at closure, else the most probable; null when none is known.</param>
public sealed record RecentCase(string Ticket, string? Device, LocalizedText Title, TicketStatus Status, Priority Priority, string? Cause, DateTimeOffset OpenedAt, DateTimeOffset? ResolvedAt);

/// <summary>Something that was done to a machine.</summary>
/// <param name="Kind"><c>command</c>, <c>part</c>, <c>fix</c> (a remote remedy).</param>
public sealed record RecentChange(DateTimeOffset At, string Kind, string Device, string What, string Result, string Actor);

public sealed record OpenPart(string Ticket, string Sku, LocalizedText Title, int Quantity, string Status, DateTimeOffset? Eta);

/// <summary>What the customer said of the last repairs.</summary>
/// <param name="Recommend">Mean of the last answers, 0–10; null without any.</param>
/// <param name="Satisfaction">Mean of the last answers, 1–5.</param>
public sealed record Sentiment(int Answers, double? Recommend, double? Satisfaction, int OpenComplaints, string? LastComment, DateTimeOffset? LastAt);

/// <param name="Policies">What is promised at P1, P2 … of the best tier.</param>
public sealed record ContractTerms(string Tier, int AgreementVersion, IReadOnlyList<Promised> Policies);

public sealed record Promised(Priority Priority, string Policy);

/// <summary>What one should know before talking to a customer.</summary>
/// <param name="Device">The one that is talked about; null when it is the customer as a whole.</param>
/// <param name="Language">In which they are written to; null when nobody has said.</param>
/// <param name="Assets">The device that is talked about first, then by id; at most <see cref="IContextCards.MostAssets"/> of <paramref name="AssetCount"/>.</param>
/// <param name="Cases">The last five, newest first; of the device where one is talked about.</param>
public sealed record ContextCard(
    string Customer, string? Device, string? Language, ContractTerms Contract, int AssetCount, IReadOnlyList<Asset> Assets, int OpenTickets, IReadOnlyList<RecentCase> Cases, IReadOnlyList<RecentChange> Changes,
    IReadOnlyList<OpenPart> Parts, Sentiment Sentiment);

public interface IContextCards
{
    const int MostAssets = 50;
    const int MostCases = 5;
    const int MostChanges = 10;

    Task<Outcome<ContextCard>> OfDeviceAsync(string tenant, string device, CancellationToken ct);
    Task<Outcome<ContextCard>> OfCustomerAsync(string tenant, string customer, CancellationToken ct);
}
