using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Notifications;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Care.Tips;

/// <summary>Whether a tip reaches somebody. Later: when their quiet hours end. Had: the same tip about the same machine not long ago.</summary>
public enum TipFate : byte { Now, Later, Had, WeekFull, Unsubscribed, NoChannel, NobodyThere, NotRelevant }

/// <param name="Recipient">Null where nobody can be named: the machine is not meant, or has no recipient.</param>
/// <param name="Why">What the machine was measured by, or what stands against it.</param>
/// <param name="At">When it would be sent; null when it would not.</param>
public sealed record TipProspect(string Device, string Site, string Customer, string? Recipient, TipFate Fate, LocalizedText Why, DateTimeOffset? At);

/// <summary>What would happen if today were the day.</summary>
/// <param name="Machines">How many machines the scope holds.</param>
/// <param name="Counts">How often each fate, also of those that are not listed.</param>
/// <param name="Prospects">Those who would have it first; at most <see cref="ITips.MostProspects"/>.</param>
/// <param name="MissingAddress">Nothing goes out: without <c>portal.publicUrl</c> no tip has a link to unsubscribe by.</param>
public sealed record TipPreview(int Machines, IReadOnlyDictionary<TipFate, int> Counts, IReadOnlyList<TipProspect> Prospects, bool MissingAddress);

/// <summary>One tip to one recipient about one machine.</summary>
/// <param name="Week">ISO 8601 year and week at the machine's site: 202649.</param>
public sealed record TipDelivery(
    string Id, string Device, string Site, string Recipient, int Week, DateTimeOffset At, DeliveryState State, DateTimeOffset? DueAt, DateTimeOffset? SentAt, string? Reason);

/// <param name="Sent">All that were given to the outbox.</param>
/// <param name="Delivered">Taken by the receiver.</param>
/// <param name="Failed">Will not arrive.</param>
/// <param name="Unsubscribed">Recipients who unsubscribed by a tip of this campaign and have not come back.</param>
public sealed record TipFigures(int Sent, int Delivered, int Waiting, int Failed, int Unsubscribed);

/// <summary>Who wants no tips.</summary>
/// <param name="By"><c>recipient</c>, or which of us entered it.</param>
/// <param name="Campaign">By whose tip; null when one of us entered it.</param>
public sealed record TipOptOut(string Recipient, DateTimeOffset At, string By, string? Campaign);

public interface ITips
{
    const int MostProspects = 500;

    Task<IReadOnlyList<TipCampaign>> ListAsync(string tenant, CancellationToken ct);
    Task<TipCampaign?> FindAsync(string tenant, string id, CancellationToken ct);

    /// <summary>Whole: a new one is a draft; refused while it runs and once it has ended.</summary>
    Task<Outcome<TipCampaign>> PutAsync(string tenant, string id, TipCampaignOrder order, string actor, CancellationToken ct);
    Task<Outcome<TipCampaign>> StartAsync(string tenant, string id, string actor, CancellationToken ct);

    /// <summary>What waits is not sent.</summary>
    Task<Outcome<TipCampaign>> PauseAsync(string tenant, string id, string actor, CancellationToken ct);

    /// <summary>For good; what waits is not sent.</summary>
    Task<Outcome<TipCampaign>> EndAsync(string tenant, string id, string actor, CancellationToken ct);

    Task<Outcome<TipPreview>> PreviewAsync(string tenant, string id, CancellationToken ct);

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<TipDelivery>> DeliveriesAsync(string tenant, string id, CancellationToken ct);
    Task<IReadOnlyDictionary<string, TipFigures>> FiguresAsync(string tenant, CancellationToken ct);

    Task<TipPolicy> PolicyAsync(string tenant, CancellationToken ct);
    Task<Outcome<TipPolicy>> SetPolicyAsync(string tenant, TipPolicy policy, string actor, CancellationToken ct);

    Task<IReadOnlyList<TipOptOut>> OptOutsAsync(string tenant, CancellationToken ct);

    /// <summary>One of us enters what a recipient told us.</summary>
    Task<Outcome<Recipient>> SetOptOutAsync(string tenant, string recipient, bool optedOut, string actor, CancellationToken ct);
}

/// <summary>Whose link it is, and whether they have tips.</summary>
/// <param name="Title">The recipient's.</param>
/// <param name="Address">Masked.</param>
/// <param name="UnsubscribedAt">Null while they have tips.</param>
public sealed record TipSubscription(string Title, string Address, Channel Channel, DateTimeOffset? UnsubscribedAt);

/// <summary>Where a recipient goes who follows the link in a tip: no login, the link is the key.</summary>
public interface ITipDoor
{
    /// <summary>One answer for every link that is not ours: who guesses learns nothing.</summary>
    static readonly Refusal Unknown = Refusal.NotFound("tip-link-unknown", "this link is not one of ours, or its recipient is gone");

    Task<TipSubscription?> LookAsync(string token, CancellationToken ct);

    /// <summary>Doing it twice is doing it once.</summary>
    Task<Outcome<TipSubscription>> UnsubscribeAsync(string token, CancellationToken ct);
    Task<Outcome<TipSubscription>> SubscribeAsync(string token, CancellationToken ct);
}
