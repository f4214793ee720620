using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Notifications;
using Seamless.ServiceDesk.Notifications.Messages;
using Seamless.ServiceDesk.Notifications.Outbox;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Care.Visits;

/// <summary>That a care visit was missed, or will not take place, as a message to who asked for it and to the rung that is climbed to.</summary>
internal static class CareNotice
{
    public static Notice Of(CareVisitRow visit, string rung)
    {
        var headline = MilestoneWords.Of(MilestoneWords.CareMissed, Audience.Staff);
        return new Notice(visit.Tenant, visit.Number, MilestoneWords.CareMissed, visit.EscalationLevel + 1, visit.Site, visit.Customer, (audience, signature, now) => new MessageFacts(
            visit.Number, MilestoneWords.CareMissed, headline, visit.Title, Detail(visit), Priority.P4, visit.Device, visit.Site, now, visit.From, NextStep.Care, null, visit.Technician ?? signature, audience, null), rung);
    }

    private static LocalizedText Detail(CareVisitRow visit) => visit.Status is VisitStatus.Skipped
        ? new($"will not take place: {visit.Note}", $"不再进行：{visit.Note}")
        : new($"was due until {visit.Until:u}", $"应于 {visit.Until:u} 前完成");
}
