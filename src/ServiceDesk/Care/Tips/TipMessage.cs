using System.Globalization;
using Seamless.ServiceDesk.Notifications;
using Seamless.ServiceDesk.Notifications.Messages;
using Seamless.ServiceDesk.Notifications.Outbox;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Care.Tips;

/// <summary>A tip as a message in the outbox: the same week, machine and recipient give the same key, however often it is written.</summary>
internal static class TipMessage
{
    public const string Milestone = "tip";

    /// <summary>What the campaign's messages are found by in the outbox; no ticket is called so.</summary>
    public static string SubjectOf(string campaign) => $"tip:{campaign}";

    public static OutboxRow Of(TipCampaignRow campaign, TipChoice choice, string signature, DateTimeOffset now)
    {
        var recipient = choice.Recipient!;   // it goes to somebody
        var device = choice.Facts.Device;
        var key = string.Create(CultureInfo.InvariantCulture, $"{campaign.Tenant}/{SubjectOf(campaign.Id)}/{device.Id}/{choice.Week}/{recipient.Id}");
        var facts = new MessageFacts(
            SubjectOf(campaign.Id), Milestone, campaign.Subject, choice.Why, campaign.Body, Priority.P4, device.Id, device.Site, now, now, NextStep.Nothing, null, signature, Audience.Customer, null) { Tip = campaign.Id };
        return new OutboxRow
        {
            Id = StableHash.Id("msg", key).Replace('-', '_'), Key = key, Tenant = campaign.Tenant, Ticket = facts.Ticket, Milestone = Milestone, Occurrence = choice.Week, Recipient = recipient.Id,
            Channel = recipient.Channel, Facts = facts, At = now, State = choice.Fate is TipFate.Later ? DeliveryState.Held : DeliveryState.Pending, DueAt = choice.At > now ? choice.At : now,
        };
    }

    public static TipSentRow LedgerOf(TipCampaignRow campaign, TipChoice choice, OutboxRow message) => new()
    {
        Id = message.Id, Tenant = campaign.Tenant, Campaign = campaign.Id, Device = choice.Facts.Device.Id, Site = choice.Facts.Device.Site, Recipient = message.Recipient, Week = choice.Week, At = message.At,
    };
}
