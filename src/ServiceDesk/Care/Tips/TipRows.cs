using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Notifications.Outbox;

namespace Seamless.ServiceDesk.Care.Tips;

internal sealed class TipCampaignRow
{
    public required string Tenant { get; init; }
    public required string Id { get; init; }
    public required LocalizedText Title { get; set; }
    public required LocalizedText Subject { get; set; }
    public required LocalizedText Body { get; set; }
    public required TipScope Scope { get; set; }
    public required IReadOnlyList<TipCondition> Conditions { get; set; }
    public DayOfWeek Day { get; set; }
    public TimeOnly At { get; set; }
    public DateOnly From { get; set; }
    public DateOnly? Until { get; set; }
    public int RepeatDays { get; set; }
    public TipState State { get; set; }

    /// <summary>Until when its times have been seen to, those of its sites that lie behind included.</summary>
    public DateTimeOffset LookedAt { get; set; }

    /// <summary>When the first of its sites has its time.</summary>
    public DateTimeOffset? NextAt { get; set; }

    /// <summary>When the desk must look again; null unless it runs.</summary>
    public DateTimeOffset? DueAt { get; set; }
    public int Version { get; set; }

    public TipCampaign ToCampaign() => new(Tenant, Id, Title, Subject, Body, Scope, Conditions, Day, At, From, Until, RepeatDays, State, NextAt, Version);
}

/// <summary>That a recipient was given a tip, kept as long as it may count: the outbox forgets its ends sooner.</summary>
internal sealed class TipSentRow
{
    /// <summary>The message's in the outbox.</summary>
    public required string Id { get; init; }
    public required string Tenant { get; init; }
    public required string Campaign { get; init; }
    public required string Device { get; init; }
    public required string Site { get; init; }
    public required string Recipient { get; init; }
    public int Week { get; init; }
    public DateTimeOffset At { get; init; }

    public TipDelivery ToDelivery(OutboxRow message) => new(Id, Device, Site, Recipient, Week, At, message.State, message.DueAt, message.SentAt, message.Reason);
}

/// <summary>A recipient who wants no tips.</summary>
internal sealed class TipOptOutRow
{
    public required string Tenant { get; init; }
    public required string Recipient { get; init; }
    public DateTimeOffset At { get; init; }
    public required string By { get; init; }
    public string? Campaign { get; init; }

    public TipOptOut ToOptOut() => new(Recipient, At, By, Campaign);
}
