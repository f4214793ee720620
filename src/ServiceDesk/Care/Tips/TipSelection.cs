using NodaTime;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Care.Contacts;
using Seamless.ServiceDesk.Notifications;
using Seamless.ServiceDesk.Notifications.Recipients;

namespace Seamless.ServiceDesk.Care.Tips;

/// <summary>Who has a tip and who has not, one machine after the other: what one machine uses up of a recipient's week the next one does not have. Pure.</summary>
internal sealed class TipSelection(
    TipCampaignRow campaign, int mostPerWeek, IReadOnlyList<RecipientRow> recipients, ContactRouting routing, IReadOnlySet<string> optedOut, IEnumerable<TipSentRow> sent)
{
    private static readonly LocalizedText Nobody = new("no recipient of this customer is kept", "该客户没有登记接收人");
    private readonly List<TipSentRow> _sent = [.. sent];

    /// <param name="at">When it would be sent, if no quiet hours stood against it.</param>
    public IEnumerable<TipChoice> Of(MachineFacts facts, DateTimeZone zone, DateTimeOffset at)
    {
        var relevance = TipRelevance.Of(campaign.Conditions, facts);
        if (!relevance.Holds) return [new TipChoice(facts, null, TipFate.NotRelevant, relevance.Why, null, 0)];
        var owners = recipients.Where(r => r.Audience is Audience.Customer && r.IsFor(facts.Device.Site, facts.Device.Customer))
            .Select(r => routing.Of(r, at)).OfType<RecipientRow>().DistinctBy(r => r.Id).ToList();
        if (owners.Count == 0) return [new TipChoice(facts, null, TipFate.NobodyThere, Nobody, null, 0)];
        return [.. owners.Select(owner => Of(facts, owner, relevance.Why, zone, at))];
    }

    private TipChoice Of(MachineFacts facts, RecipientRow owner, LocalizedText why, DateTimeZone zone, DateTimeOffset at)
    {
        var week = TipCalendar.WeekOf(at, zone);
        TipChoice Not(TipFate fate, string en, string zh) => new(facts, owner, fate, new(en, zh), null, week);
        if (optedOut.Contains(owner.Id)) return Not(TipFate.Unsubscribed, "wants no tips", "已退订提示");
        if (!owner.Enabled) return Not(TipFate.NoChannel, "is switched off", "接收人已停用");
        if (owner is { Channel: Channel.Sms, OptedIn: false }) return Not(TipFate.NoChannel, "has not agreed to text messages", "未同意接收短信");
        if (_sent.Any(s => s.Recipient == owner.Id && s.Campaign == campaign.Id && s.Device == facts.Device.Id && (s.Week == week || TipCalendar.DaysBetween(s.At, at, zone) < campaign.RepeatDays)))
            return Not(TipFate.Had, $"had it about this machine in the last {campaign.RepeatDays} days", $"最近 {campaign.RepeatDays} 天内已收到过该设备的本提示");
        if (_sent.Count(s => s.Recipient == owner.Id && s.Week == week) >= mostPerWeek)
            return Not(TipFate.WeekFull, $"has had as many tips this week as may be: {mostPerWeek}", $"本周提示已达上限：{mostPerWeek}");
        _sent.Add(new TipSentRow { Id = "", Tenant = campaign.Tenant, Campaign = campaign.Id, Device = facts.Device.Id, Site = facts.Device.Site, Recipient = owner.Id, Week = week, At = at });
        var quietEnd = QuietHours.EndOf(at, owner);
        return new TipChoice(facts, owner, quietEnd is null ? TipFate.Now : TipFate.Later, why, quietEnd ?? at, week);
    }
}

/// <param name="At">When it goes; null when it does not.</param>
internal sealed record TipChoice(MachineFacts Facts, RecipientRow? Recipient, TipFate Fate, LocalizedText Why, DateTimeOffset? At, int Week)
{
    public bool Goes => Fate is TipFate.Now or TipFate.Later;

    public TipProspect ToProspect() => new(Facts.Device.Id, Facts.Device.Site, Facts.Device.Customer, Recipient?.Id, Fate, Why, At);
}
