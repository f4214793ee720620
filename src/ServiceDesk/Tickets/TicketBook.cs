using Microsoft.EntityFrameworkCore;
using Seamless.Fleet.Audit;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Customers;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Knowledge.Supervision;
using Seamless.ServiceDesk.Parts;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Tickets;

/// <summary>Tickets as the other rooms see them.</summary>
internal sealed class TicketBook(
    Workbench workbench, TicketOpening opening, TicketActions actions, Network network, DeskSignals signals, IAudit audit, TimeProvider clock) : ITickets
{
    private const int MostPerPage = 1000;

    /// <summary>What the customer's page shows of the timeline.</summary>
    internal static readonly IReadOnlyList<string> Milestones =
        ["opened", "acknowledged", "promised", "promise-revised", "back-order", "shipment-picked-up", "parts-delivered", "visit-planned", "quote-sent", "quote-approved", "en-route", "on-site", "part-installed", "advance-replacement", "return-reminder", "return-billed", "return-refunded", "resolved", "reopened", "closed", "article-updated",
         "session-asked", "session-opened", "session-ended", "session-not-opened"];

    public event Action? Changed
    {
        add => signals.Changed += value;
        remove => signals.Changed -= value;
    }

    public Task<Ticket?> FindAsync(string tenant, string number, CancellationToken ct) => workbench.ReadAsync(async db =>
        await db.Tickets.FirstOrDefaultAsync(t => t.Tenant == tenant && t.Number == number, ct) is { } row ? (await TicketsOfAsync(db, [row], ct))[0] : null, ct);

    public Task<IReadOnlyList<Ticket>> ListAsync(TicketFilter filter, CancellationToken ct) => workbench.ReadAsync(async db =>
    {
        var rows = db.Tickets.Where(t => t.Tenant == filter.Tenant);
        if (filter.Numbers is { } numbers) rows = rows.Where(t => numbers.Contains(t.Number));
        if (filter.Device is not null) rows = rows.Where(t => t.Device == filter.Device);
        if (filter.Site is not null) rows = rows.Where(t => t.Site == filter.Site);
        if (filter.Status is { } status) rows = rows.Where(t => t.Status == status);
        if (filter.Priority is { } priority) rows = rows.Where(t => t.Priority == priority);
        if (filter.OpenOnly) rows = rows.Where(t => t.Status != TicketStatus.Resolved && t.Status != TicketStatus.Closed && t.Status != TicketStatus.Cancelled);
        if (filter.After is { } after) rows = rows.Where(t => t.Sequence < db.Tickets.Where(a => a.Number == after).Select(a => a.Sequence).FirstOrDefault());
        var page = await rows.OrderByDescending(t => t.Sequence).Take(Math.Clamp(filter.Limit, 1, MostPerPage)).ToListAsync(ct);
        return await TicketsOfAsync(db, page, ct);
    }, ct);

    public async Task<Outcome<Ticket>> OpenAsync(NewTicket ticket, string actor, CancellationToken ct)
    {
        await network.EnsureAsync(ticket.Tenant, clock.GetUtcNow(), ct);
        var opened = await workbench.TryAsync(clock.GetUtcNow(), work => opening.ByHandAsync(work, ticket, actor, ct), ct);
        return await ReportAsync(ticket.Tenant, actor, "ticket.open", opened.Value?.Number ?? "-", opened.Refusal, ct);
    }

    public async Task<Outcome<Ticket>> SetPriorityAsync(string tenant, string number, Priority priority, string actor, CancellationToken ct)
    {
        var done = await ChangeAsync(tenant, number, async (work, row) =>
        {
            if (await NoviceLimits.WhyNotLowerAsync(work, row, priority, actor, ct) is { } beyond) return beyond;
            actions.SetPriority(work, row, priority, actor);
            return null;
        }, ct);
        return await ReportAsync(tenant, actor, "ticket.priority", number, done.Refusal, ct);
    }

    public async Task<Outcome<Ticket>> ActAsync(string tenant, string number, TicketAction action, CancellationToken ct)
    {
        var done = await ChangeAsync(tenant, number, (work, row) => actions.ActAsync(work, row, action, ct), ct);
        return await ReportAsync(tenant, action.Actor, $"ticket.{action.Name}", number, done.Refusal, ct);
    }

    public IReadOnlyList<string> AllowedActions(Ticket ticket) => TicketStatuses.Allowed(ticket.Status);

    public Task<TrackedRepair?> TrackAsync(string code, string? serial, CancellationToken ct) => workbench.ReadAsync(async db =>
    {
        if (await db.TrackedAsync(code, serial, ct) is not { } row) return null;
        var timeline = await db.Timeline.Where(t => t.Ticket == row.Number && Milestones.Contains(t.Kind)).OrderBy(t => t.Id).ToListAsync(ct);
        var milestones = timeline.ConvertAll(t => new TimelineEntry(t.At, t.Kind, "service", MilestoneTexts.Of(t.Kind)));
        var promise = row.IsOpen ? await db.Promises.Where(p => p.Ticket == row.Number).OrderByDescending(p => p.Revision).FirstOrDefaultAsync(ct) : null;
        var expected = row.IsOpen ? promise?.Likely ?? row.Visit?.End ?? row.ResolveBy : (DateTimeOffset?)null;
        return new TrackedRepair(row.Number, row.Status.ToString(), MilestoneTexts.Of(row.Status), row.OpenedAt, expected, milestones, promise?.Latest);
    }, ct);

    private Task<Outcome<TicketRow>> ChangeAsync(string tenant, string number, Func<DeskWork, TicketRow, Task<Refusal?>> change, CancellationToken ct) =>
        workbench.TryAsync<TicketRow>(clock.GetUtcNow(), async work =>
        {
            if (await work.TicketAsync(tenant, number, ct) is not { } row) return Refusal.NotFound("ticket-unknown", $"there is no ticket {number}");
            return await change(work, row) is { } refusal ? refusal : row;
        }, ct);

    private async Task<Outcome<Ticket>> ReportAsync(string tenant, string actor, string action, string number, Refusal? refusal, CancellationToken ct)
    {
        await audit.RecordAsync(tenant, actor, action, $"ticket:{number}", null, refusal?.Code ?? "ok", refusal?.Reason, ct);
        if (refusal is not null) return refusal;
        signals.Touch();
        return await FindAsync(tenant, number, ct) is { } ticket ? ticket : Refusal.NotFound("ticket-unknown", $"there is no ticket {number}");
    }

    private static async Task<IReadOnlyList<Ticket>> TicketsOfAsync(DeskContext db, IReadOnlyList<TicketRow> rows, CancellationToken ct)
    {
        var numbers = rows.Select(r => r.Number).ToList();
        var timeline = (await db.Timeline.Where(t => numbers.Contains(t.Ticket)).OrderBy(t => t.Id).ToListAsync(ct)).ToLookup(t => t.Ticket);
        var lines = (await db.PartLines.Where(l => numbers.Contains(l.Ticket)).OrderBy(l => l.Sku).ToListAsync(ct)).ToLookup(l => l.Ticket);
        var reservations = (await db.Reservations.Where(r => numbers.Contains(r.Ticket) && r.State != ReservationState.Released).OrderBy(r => r.Ordinal).ToListAsync(ct))
            .ToLookup(r => r.Ticket);
        return [.. rows.Select(row => TicketOf(row, timeline[row.Number], [.. lines[row.Number]], [.. reservations[row.Number]]))];
    }

    private static Ticket TicketOf(TicketRow r, IEnumerable<TimelineRow> timeline, List<PartLineRow> lines, List<ReservationRow> reservations) => new(
        r.Number, r.Key, r.Tenant, r.Device, r.Serial, r.Site, r.Customer, r.Tier, r.Status, r.Priority, r.Class, r.Title, r.Causes, r.Alarms, ClocksOf(r),
        [.. lines.Select(l => new TicketPart(
            l.Sku, l.Title, l.Quantity, [.. reservations.Where(x => IsFor(x, l, lines)).Select(x => x.Serial).Distinct()], l.Depot, l.Status, l.Eta, l.Shipment))],
        r.Visit, r.Assignee, [.. timeline.Select(t => new TimelineEntry(t.At, t.Kind, t.Actor, t.Text, t.OccurredAt, t.Late, t.Place, t.Proof))], r.Closure, r.OpenedAt, r.UpdatedAt, r.TrackingCode, r.Version, r.ClosedAs, r.Grading, r.Team, r.Follows, r.CustomerWroteAt) { Signature = r.Signature };

    /// <summary>By what was asked for; a stand-in from before that was written down, by the way it came.</summary>
    private static bool IsFor(ReservationRow reservation, PartLineRow line, List<PartLineRow> lines) =>
        reservation.WantedSku == line.Sku || (reservation.Shipment == line.Shipment && lines.TrueForAll(other => other.Sku != reservation.WantedSku));

    private static SlaClocks ClocksOf(TicketRow r) => new(
        r.Policy, r.RespondBy, r.ArriveBy, r.ResolveBy, r.RespondedAt, r.ArrivedAt, r.ResolvedAt,
        Met(r.RespondedAt, r.RespondBy, r.Marks.HasFlag(ClockMarks.RespondBreached)),
        Met(r.ArrivedAt, r.ArriveBy, r.Marks.HasFlag(ClockMarks.ArriveBreached)),
        Met(r.ResolvedAt, r.ResolveBy, r.Marks.HasFlag(ClockMarks.ResolveBreached)),
        r.Marks.HasFlag(ClockMarks.RespondWarned), r.Marks.HasFlag(ClockMarks.ArriveWarned), r.Marks.HasFlag(ClockMarks.ResolveWarned));

    private static bool? Met(DateTimeOffset? at, DateTimeOffset by, bool breached) => breached ? false : at is null ? null : at <= by;
}

/// <summary>What a customer reads: plain words, nothing about causes, people or stock.</summary>
internal static class MilestoneTexts
{
    public static LocalizedText Of(TicketStatus status) => status switch
    {
        TicketStatus.New => new("We have noticed the fault", "我们已发现故障"),
        TicketStatus.Acknowledged => new("We are working on it", "我们正在处理"),
        TicketStatus.Scheduled => new("A visit is planned", "已安排上门服务"),
        TicketStatus.EnRoute => new("The technician is on the way", "技术员正在途中"),
        TicketStatus.OnSite => new("The technician is on site", "技术员已到场"),
        TicketStatus.Paused => new("Waiting", "等待中"),
        TicketStatus.Resolved => new("Repaired; we keep watching", "已修复，我们将继续观察"),
        TicketStatus.Closed => new("Done", "已完成"),
        _ => new("Cancelled", "已取消"),
    };

    public static LocalizedText Of(string milestone) => milestone switch
    {
        "opened" => new("Fault noticed", "发现故障"),
        "acknowledged" => new("Work has begun", "开始处理"),
        "shipment-picked-up" => new("Parts on their way", "备件已发出"),
        "parts-delivered" => new("Parts have arrived", "备件已送达"),
        "visit-planned" => new("Visit planned", "已安排上门"),
        "promised" => new("Repair promised", "已承诺修复时间"),
        "promise-revised" => new("Takes longer than promised: new time", "修复时间有变，已更新承诺"),
        "back-order" => new("A part is missing; it comes another way", "备件缺货，已改由其他途径供应"),
        "en-route" => new("Technician on the way", "技术员出发"),
        "on-site" => new("Technician on site", "技术员到场"),
        "part-installed" => new("Part replaced", "已更换部件"),
        "advance-replacement" => new("Replacement sent in advance", "已先行发出替换件"),
        "return-reminder" => new("Please send the defective part back", "请退回故障件"),
        "return-billed" => new("Defective part not returned: billed", "故障件未退回：已计费"),
        "return-refunded" => new("Defective part returned: refunded", "故障件已退回：已退款"),
        "quote-sent" => new("A quote waits for your answer", "报价待您确认"),
        "quote-approved" => new("Quote approved", "报价已确认"),
        Notifications.Messages.MilestoneWords.ContractExpires => new("Contract ends soon", "合同即将到期"),
        "resolved" => new("Repaired", "已修复"),
        "reopened" => new("Taken up again", "重新处理"),
        "session-asked" => new("Remote access waits for your consent", "远程接入待您同意"),
        "session-opened" => new("Remote session open", "远程会话已开启"),
        "session-ended" => new("Remote session ended", "远程会话已结束"),
        "session-not-opened" => new("Remote session not opened", "远程会话未开启"),
        "article-updated" => new("An article that you follow has changed", "您关注的文章已更新"),
        _ => new("Done", "已完成"),
    };
}
