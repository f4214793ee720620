using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Notifications.Messages;

/// <summary>The milestones that can be told, and what they are called.</summary>
internal static class MilestoneWords
{
    public const string Escalated = "escalated";
    public const string Breached = "sla-breached";

    private static readonly Dictionary<string, LocalizedText> OfStaff = new()
    {
        ["opened"] = new("Ticket opened", "新工单"),
        ["acknowledged"] = new("Acknowledged", "已受理"),
        ["diagnosis-changed"] = new("Diagnosis changed", "诊断已变更"),
        ["alarm-joined"] = new("Another alarm joined", "已并入新告警"),
        ["priority-changed"] = new("Priority changed", "优先级已变更"),
        ["parts-reserved"] = new("Parts reserved", "备件已预留"),
        ["shipment-created"] = new("Parts sent", "备件已安排发货"),
        ["shipment-picked-up"] = new("Parts on their way", "备件已发出"),
        ["parts-delivered"] = new("Parts have arrived", "备件已送达"),
        ["visit-planned"] = new("Visit planned", "已安排上门"),
        ["en-route"] = new("Technician on the way", "技术员出发"),
        ["on-site"] = new("Technician on site", "技术员到场"),
        ["part-installed"] = new("Part replaced", "已更换部件"),
        ["paused"] = new("Paused", "已暂停"),
        ["resumed"] = new("Resumed", "已恢复"),
        ["sla-warning"] = new("Time is running out", "时限即将到期"),
        ["sla-predicted"] = new("Plan misses the promised time", "当前计划将超时"),
        [Breached] = new("Promised time is over", "已超时"),
        ["stalled"] = new("No progress", "长时间无进展"),
        [Escalated] = new("Escalated to you", "已升级至您处"),
        ["resolved"] = new("Repaired", "已修复"),
        ["reopened"] = new("Taken up again", "重新处理"),
        ["closed"] = new("Closed", "已关闭"),
        ["cancelled"] = new("Cancelled", "已取消"),
        ["release-asked"] = new("A release is asked for", "请求放行"),
        ["needs-expert"] = new("An expert is needed", "需要专家支援"),
        ["note"] = new("Note", "备注"),
    };

    private static readonly string[] UsualForStaff = ["opened", Breached, "stalled", "resolved", "reopened"];
    private static readonly string[] UsualForCustomers = ["opened", "visit-planned", "en-route", "resolved", "reopened", "article-updated"];

    public static IReadOnlyCollection<string> For(Audience audience) => audience is Audience.Customer ? TicketBook.Milestones : OfStaff.Keys;

    /// <summary>Whoever stands on the ladder is told when it is climbed; more only when asked for.</summary>
    public static IReadOnlyList<string> Usual(Audience audience, string? rung) =>
        audience is Audience.Customer ? UsualForCustomers : rung is null ? UsualForStaff : [];

    public static LocalizedText Of(string milestone, Audience audience) => audience is Audience.Customer ? MilestoneTexts.Of(milestone) : OfStaff.GetValueOrDefault(milestone) ?? new LocalizedText(milestone, milestone);
}
