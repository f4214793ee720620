using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Notifications.Messages;

/// <summary>The milestones that can be told, and what they are called.</summary>
internal static class MilestoneWords
{
    public const string Escalated = "escalated";
    public const string Breached = "sla-breached";
    public const string ContractExpires = "contract-expires";
    public const string CareMissed = "care-missed";

    private static readonly Dictionary<string, LocalizedText> OfStaff = new()
    {
        ["opened"] = new("Ticket opened", "新工单"),
        ["acknowledged"] = new("Acknowledged", "已受理"),
        ["rerouted"] = new("Another team has it now", "已转由其他坐席组处理"),
        ["diagnosis-changed"] = new("Diagnosis changed", "诊断已变更"),
        ["alarm-joined"] = new("Another alarm joined", "已并入新告警"),
        ["priority-changed"] = new("Priority changed", "优先级已变更"),
        ["parts-reserved"] = new("Parts reserved", "备件已预留"),
        ["shipment-created"] = new("Parts sent", "备件已安排发货"),
        ["shipment-picked-up"] = new("Parts on their way", "备件已发出"),
        ["parts-delivered"] = new("Parts have arrived", "备件已送达"),
        ["carrier-changed"] = new("Another carrier takes the parts", "已更换承运商"),
        ["lost-in-transit"] = new("Parts lost in transit", "备件运输途中丢失"),
        ["advance-replacement"] = new("Replacement sent in advance", "已先行发出替换件"),
        ["return-reminder"] = new("Defective part is due back", "故障件待退回"),
        ["return-overdue"] = new("Defective part did not come back", "故障件逾期未退回"),
        ["return-billed"] = new("Unreturned part billed", "未退回件已计费"),
        ["return-refunded"] = new("Returned part refunded", "退回件已退款"),
        ["visit-planned"] = new("Visit planned", "已安排上门"),
        ["en-route"] = new("Technician on the way", "技术员出发"),
        ["on-site"] = new("Technician on site", "技术员到场"),
        ["part-installed"] = new("Part replaced", "已更换部件"),
        ["promised"] = new("Repair promised", "已承诺修复时间"),
        ["promise-revised"] = new("Promise cannot be kept: new time", "承诺无法兑现，已更新时间"),
        ["back-order"] = new("Missing part got another way", "缺货备件已改由其他途径供应"),
        ["paused"] = new("Paused", "已暂停"),
        ["resumed"] = new("Resumed", "已恢复"),
        ["sla-warning"] = new("Time is running out", "时限即将到期"),
        ["sla-predicted"] = new("Plan misses the promised time", "当前计划将超时"),
        [Breached] = new("Promised time is over", "已超时"),
        ["stalled"] = new("No progress", "长时间无进展"),
        [Escalated] = new("Escalated to you", "已升级至您处"),
        ["quote-sent"] = new("Quote made", "已发出报价"),
        ["quote-approved"] = new("Quote approved", "报价已获同意"),
        ["quote-declined"] = new("Quote declined", "报价未获同意"),
        ["quote-expired"] = new("Quote expired", "报价已过期"),
        ["invoiced"] = new("Billed", "已开账单"),
        [ContractExpires] = new("Contract ends soon", "合同即将到期"),
        [CareMissed] = new("Care visit missed", "错过保养上门"),
        ["resolved"] = new("Repaired", "已修复"),
        ["reopened"] = new("Taken up again", "重新处理"),
        ["closed"] = new("Closed", "已关闭"),
        ["cancelled"] = new("Cancelled", "已取消"),
        ["release-asked"] = new("A release is asked for", "请求放行"),
        ["needs-expert"] = new("An expert is needed", "需要专家支援"),
        ["customer-message"] = new("The customer wrote", "客户来信"),
        ["session-asked"] = new("Remote session asked for", "已请求远程会话"),
        ["session-opened"] = new("Remote session open", "远程会话已开启"),
        ["session-ended"] = new("Remote session ended", "远程会话已结束"),
        ["session-not-opened"] = new("Remote session not opened", "远程会话未开启"),
        ["note"] = new("Note", "备注"),
    };

    private static readonly string[] UsualForStaff = ["opened", Breached, "stalled", "resolved", "reopened", ContractExpires, CareMissed, "customer-message"];
    private static readonly string[] UsualForCustomers = ["opened", "visit-planned", "promise-revised", "back-order", "en-route", "return-reminder", "return-billed", "quote-sent", "resolved", "reopened", ContractExpires, "article-updated", "session-asked"];

    public static IReadOnlyCollection<string> For(Audience audience) => audience is Audience.Customer ? [.. TicketBook.Milestones, ContractExpires] : OfStaff.Keys;

    /// <summary>Whoever stands on the ladder is told when it is climbed; more only when asked for.</summary>
    public static IReadOnlyList<string> Usual(Audience audience, string? rung) =>
        audience is Audience.Customer ? UsualForCustomers : rung is null ? UsualForStaff : [];

    public static LocalizedText Of(string milestone, Audience audience) => audience is Audience.Customer ? MilestoneTexts.Of(milestone) : OfStaff.GetValueOrDefault(milestone) ?? new LocalizedText(milestone, milestone);
}
