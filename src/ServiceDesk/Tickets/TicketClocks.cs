using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Seamless.ServiceDesk.Commerce.Quotes;
using Seamless.ServiceDesk.Customers;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Dispatch;
using Seamless.ServiceDesk.Knowledge.Articles;
using Seamless.ServiceDesk.Kpis;
using Seamless.ServiceDesk.Parts;
using Seamless.ServiceDesk.Parts.BackOrders;
using Seamless.ServiceDesk.Parts.Promises;
using Seamless.ServiceDesk.Reliability;
using Seamless.ServiceDesk.Sla;

namespace Seamless.ServiceDesk.Tickets;

/// <summary>Everything about a ticket that happens by time alone: warnings, breaches and breaches foreseen, stalls, ends of pauses, proof of repair, closing.</summary>
internal sealed class TicketClocks(Agreements agreements, BackOrderDesk backOrders, ClosingArticle articles, IOptions<ServiceDeskOptions> options)
{
    public const string Respond = "respond";
    public const string Arrive = "arrive";
    public const string Resolve = "resolve";

    private static readonly TimeSpan SupplyRetry = TimeSpan.FromHours(1);
    private static readonly TimeSpan DispatchRetry = TimeSpan.FromMinutes(15);

    /// <summary>The three deadlines from the opening, pauses carried: also after a change of priority.</summary>
    public void SetDeadlines(TicketRow ticket)
    {
        var inForce = agreements.Of(ticket);
        var policy = inForce.PolicyFor(ticket.Customer, ticket.Tier, ticket.Priority);
        ticket.Policy = inForce.NameOf(policy);
        ticket.RespondBy = At(policy, ticket, policy.RespondWithin, 1);
        ticket.ArriveBy = At(policy, ticket, policy.ArriveWithin, 1);
        ticket.ResolveBy = At(policy, ticket, policy.ResolveWithin, 1);
    }

    /// <summary>Looks at the ticket again in this beat.</summary>
    public static void Schedule(DeskWork work, TicketRow ticket) => ticket.DueAt = work.Now;

    /// <summary>Ends a clock with what it came to; once. A breach that turns out to have been none, because the entry came late and not the person, is taken back.</summary>
    public static void End(DeskWork work, TicketRow ticket, string clock, bool met)
    {
        var breached = clock switch { Respond => ClockMarks.RespondBreached, Arrive => ClockMarks.ArriveBreached, _ => ClockMarks.ResolveBreached };
        if (!ticket.Marks.HasFlag(breached)) work.Record(EventKind.Clock, $"{clock}:{ticket.Reopened}", ticket, met ? 1 : 0, clock);
        else if (met) TakeBreachBack(work, ticket, clock, breached);
        if (!met) ticket.Marks |= breached;
    }

    private static void TakeBreachBack(DeskWork work, TicketRow ticket, string clock, ClockMarks breached)
    {
        ticket.Marks &= ~breached;
        work.Record(EventKind.ClockCorrected, $"{clock}:{ticket.Reopened}", ticket, 1, clock);
        work.Note(ticket, "sla-corrected", $"time to {clock} was met; only the entry came late", "时限实际已达成，仅录入较晚");
    }

    /// <summary>How long a stage took, for the tables of turn-around.</summary>
    public static void Took(DeskWork work, TicketRow ticket, string stage, DateTimeOffset from, DateTimeOffset to) =>
        work.Record(EventKind.Turnaround, $"{stage}:{ticket.Reopened}", ticket, (to - from).TotalMinutes, stage, ticket.Assignee);

    /// <summary>Does what is due, and names when to look again.</summary>
    public async Task SweepAsync(DeskWork work, TicketRow ticket, Logistics logistics, Dispatcher dispatcher, CancellationToken ct)
    {
        if (ticket.Status is TicketStatus.Closed or TicketStatus.Cancelled)
        {
            ticket.DueAt = null;
            return;
        }
        if (ticket.Status is TicketStatus.Resolved) await WhileResolvedAsync(work, ticket, logistics, ct);
        else await WhileOpenAsync(work, ticket, logistics, dispatcher, ct);
        ticket.Version++;
    }

    private async Task WhileResolvedAsync(DeskWork work, TicketRow ticket, Logistics logistics, CancellationToken ct)
    {
        var resolvedAt = ticket.ResolvedAt ?? ticket.StateChangedAt;
        var (proofAt, closeAt) = (resolvedAt + options.Value.ProofOfRepairWithin, resolvedAt + options.Value.ReopenWindow);
        if (work.Now < proofAt)
        {
            ticket.DueAt = proofAt;
            return;
        }
        var lasting = await work.Db.Cases.Where(c => c.Ticket == ticket.Number && c.Active && !c.PutAside && c.Parent == null).Select(c => c.Origin).ToListAsync(ct);
        var wearProofAt = resolvedAt + options.Value.ProofOfWearWithin;
        if (lasting.Count > 0 && work.Now < wearProofAt && lasting.TrueForAll(TicketOrigin.IsPredicted))
        {
            ticket.DueAt = wearProofAt;
            return;
        }
        if (lasting.Count > 0)
        {
            Reopen(work, ticket, "the alarm still lasts", "告警仍未消除", DeskWork.Desk);
            return;
        }
        if (work.Now < closeAt)
        {
            ticket.DueAt = closeAt;
            return;
        }
        if (ticket.Closure is null)
        {
            // Only the codes are missing; the desk asks for them rather than inventing them.
            Stall(work, ticket);
            return;
        }
        await articles.CloseAsync(work, ticket, ct);
        await CloseAsync(work, ticket, logistics, Endings.OfWhatHappened(ticket), DeskWork.Desk, ct);
    }

    public static async Task CloseAsync(DeskWork work, TicketRow ticket, Logistics logistics, ClosureClass closedAs, string actor, CancellationToken ct)
    {
        Endings.End(work, ticket, TicketStatus.Closed, closedAs);
        await logistics.ReleaseAsync(work, ticket, actor, ct);
        work.Note(ticket, "closed", "closed", "已关闭", actor);
        if (ticket.DispatchedFor is { } diagnosed)
            work.Record(EventKind.Diagnosis, "closed", ticket, diagnosed == ticket.Closure?.FaultCode ? 1 : 0, $"{diagnosed}>{ticket.Closure?.FaultCode}");
        await PromiseDesk.ScoreAsync(work, ticket, ct);
        Took(work, ticket, Turnaround.Total, ticket.OpenedAt, ticket.ResolvedAt ?? work.Now);
        if (ticket.Arrivals > 0) work.Record(EventKind.FirstTimeFix, "closed", ticket, ticket is { Arrivals: 1, Reopened: 0 } ? 1 : 0);
    }

    /// <summary>Somebody has closed it before its telemetry had proven the repair: an alarm that lasts beyond the time for that is answered again.</summary>
    public async Task WatchAfterAsync(DeskWork work, TicketRow ticket, CancellationToken ct)
    {
        var resolvedAt = ticket.ResolvedAt ?? work.Now;
        foreach (var fault in await work.Db.Cases.Where(c => c.Ticket == ticket.Number && c.Active && !c.PutAside && c.Parent == null).ToListAsync(ct))
        {
            var provenAt = resolvedAt + (TicketOrigin.IsPredicted(fault.Origin) ? options.Value.ProofOfWearWithin : options.Value.ProofOfRepairWithin);
            fault.DueAt = provenAt > work.Now ? provenAt : work.Now;
        }
    }

    public static void Reopen(DeskWork work, TicketRow ticket, string en, string zh, string actor)
    {
        ticket.MoveTo(ticket.RespondedAt is null ? TicketStatus.New : TicketStatus.Acknowledged, work.Now);
        (ticket.ResolvedAt, ticket.Visit, ticket.Closure) = (null, null, null);
        ticket.Reopened++;
        work.Touch(ticket, $"repeat:{ticket.Reopened}", Touches.Repeat);
        work.Note(ticket, "reopened", $"taken back: {en}", $"重新打开：{zh}", actor);
        Schedule(work, ticket);
    }

    private async Task WhileOpenAsync(DeskWork work, TicketRow ticket, Logistics logistics, Dispatcher dispatcher, CancellationToken ct)
    {
        var now = work.Now;
        if (ticket.Status is TicketStatus.Paused && ticket.Pauses[^1].Until <= now) Resume(work, ticket, DeskWork.Desk);
        var missing = (await work.LinesAsync(ticket.Number, ct)).Any(l => l.Status is PartLineStatus.Unavailable);
        if (missing)
        {
            await logistics.SupplyMissingAsync(work, ticket, ct);
            await backOrders.ReviewAsync(work, ticket, ct);
            missing = (await work.LinesAsync(ticket.Number, ct)).Any(l => l.Status is PartLineStatus.Unavailable);
        }
        var unplanned = NeedsPlan(ticket) && !missing && await work.VisitHeldAsync(ticket, ct) is null;   // held: its quote's decision looks again
        if (unplanned) unplanned = !await dispatcher.PlanAsync(work, ticket, ct);
        WatchClocks(work, ticket);
        await ForeseeAsync(work, ticket, ct);
        if (now >= StallAt(ticket)) Stall(work, ticket);

        ticket.DueAt = Earliest(
            now, [.. ClockInstants(ticket), StallAt(ticket), missing ? now + SupplyRetry : null, unplanned ? now + DispatchRetry : null,
            ticket.Status is TicketStatus.Paused ? ticket.Pauses[^1].Until : null]);
    }

    /// <summary>A visit is planned by the desk once its parts have been sent; a person may plan another.</summary>
    private static bool NeedsPlan(TicketRow ticket) =>
        ticket is { NeedsVisit: true, Visit: null, Status: TicketStatus.New or TicketStatus.Acknowledged };

    private void WatchClocks(DeskWork work, TicketRow ticket)
    {
        if (ticket.Status is TicketStatus.Paused) return;
        Watch(work, ticket, ticket.RespondedAt, WarnAt(ticket, Respond), ticket.RespondBy, ClockMarks.RespondWarned, ClockMarks.RespondBreached, Respond, "响应");
        Watch(work, ticket, ticket.ArrivedAt, WarnAt(ticket, Arrive), ticket.ArriveBy, ClockMarks.ArriveWarned, ClockMarks.ArriveBreached, Arrive, "到场");
        Watch(work, ticket, ticket.ResolvedAt, WarnAt(ticket, Resolve), ticket.ResolveBy, ClockMarks.ResolveWarned, ClockMarks.ResolveBreached, Resolve, "修复");
    }

    private void Watch(
        DeskWork work, TicketRow ticket, DateTimeOffset? done, DateTimeOffset warnAt, DateTimeOffset by, ClockMarks warned, ClockMarks breached, string clock, string zh)
    {
        if (done is not null || (clock is Arrive && !ticket.NeedsVisit)) return;
        if (work.Now >= by && !ticket.Marks.HasFlag(breached))
        {
            End(work, ticket, clock, met: false);
            ticket.Marks |= warned;
            work.Note(ticket, "sla-breached", $"time to {clock} is over ({by:u})", $"{zh}时限已超（{by:u}）");
            Escalation.Climb(work, ticket, options.Value, $"breach:{clock}:{ticket.Reopened}", $"time to {clock} is over", $"{zh}时限已超");
        }
        else if (work.Now >= warnAt && !ticket.Marks.HasFlag(warned))
        {
            ticket.Marks |= warned;
            work.Note(ticket, "sla-warning", $"{options.Value.WarnAt:P0} of the time to {clock} has gone; due {by:u}", $"{zh}时限已用 {options.Value.WarnAt:P0}，截止 {by:u}");
            Escalation.Climb(work, ticket, options.Value, $"warning:{clock}", $"time to {clock} is running out", $"{zh}时限即将到期");
        }
    }

    /// <summary>A breach that the plan already implies is said now, not when it happens.</summary>
    private async Task ForeseeAsync(DeskWork work, TicketRow ticket, CancellationToken ct)
    {
        var eta = (await work.LinesAsync(ticket.Number, ct)).Where(l => l.Status is PartLineStatus.Reserved or PartLineStatus.Shipped).Max(l => l.Eta);
        var hours = TimeSpan.FromMinutes(ticket.WorkMinutes);
        var finish = ticket.Visit?.End ?? (eta is null ? null : eta + hours);
        if (ticket.ArrivedAt is null && ticket.Visit is { } visit && visit.Start > ticket.ArriveBy)
            Foresee(work, ticket, ClockMarks.ArrivePredicted, Arrive, "到场", visit.Start, ticket.ArriveBy);
        if (ticket.ResolvedAt is null && finish > ticket.ResolveBy)
            Foresee(work, ticket, ClockMarks.ResolvePredicted, Resolve, "修复", finish.Value, ticket.ResolveBy);
    }

    private void Foresee(DeskWork work, TicketRow ticket, ClockMarks mark, string clock, string zh, DateTimeOffset expected, DateTimeOffset by)
    {
        if (ticket.Marks.HasFlag(mark)) return;
        ticket.Marks |= mark;
        work.Note(ticket, "sla-predicted", $"as planned, {clock} at {expected:u} misses {by:u}", $"按当前计划，{zh}时间 {expected:u} 将晚于 {by:u}");
        Escalation.Climb(work, ticket, options.Value, $"predicted:{clock}", $"the plan misses the time to {clock}", $"当前计划将超出{zh}时限");
    }

    private void Stall(DeskWork work, TicketRow ticket)
    {
        ticket.Stalls++;
        var days = (int)(work.Now - ticket.StateChangedAt).TotalDays;
        work.Record(EventKind.Stalled, $"{ticket.StateChangedAt.ToUnixTimeMilliseconds()}:{ticket.Stalls}", ticket, days);
        work.Note(ticket, "stalled", $"no progress for {days} days", $"已 {days} 天没有进展");
        Escalation.Climb(work, ticket, options.Value, $"stall:{ticket.StateChangedAt.ToUnixTimeMilliseconds()}:{ticket.Stalls}", $"no progress for {days} days", $"已 {days} 天没有进展");
        ticket.DueAt = StallAt(ticket);
    }

    /// <summary>Ends a pause; the deadlines move by what it really took.</summary>
    public void Resume(DeskWork work, TicketRow ticket, string actor)
    {
        ticket.Pauses = [.. ticket.Pauses.SkipLast(1), ticket.Pauses[^1] with { To = work.Now }];
        SetDeadlines(ticket);
        ticket.MoveTo(ticket.Resumes ?? TicketStatus.Acknowledged, work.Now);
        ticket.Resumes = null;
        work.Note(ticket, "resumed", "clocks run again", "计时已恢复", actor);
    }

    private DateTimeOffset StallAt(TicketRow ticket) => ticket.StateChangedAt + agreements.Of(ticket).StallAfterFor(ticket.Tier) * (ticket.Stalls + 1);

    private IEnumerable<DateTimeOffset?> ClockInstants(TicketRow ticket)
    {
        if (ticket.RespondedAt is null) foreach (var at in (DateTimeOffset?[])[WarnAt(ticket, Respond), ticket.RespondBy]) yield return at;
        if (ticket.ArrivedAt is null) foreach (var at in (DateTimeOffset?[])[WarnAt(ticket, Arrive), ticket.ArriveBy]) yield return at;
        if (ticket.ResolvedAt is null) foreach (var at in (DateTimeOffset?[])[WarnAt(ticket, Resolve), ticket.ResolveBy]) yield return at;
    }

    private DateTimeOffset WarnAt(TicketRow ticket, string clock)
    {
        var policy = agreements.Of(ticket).PolicyFor(ticket.Customer, ticket.Tier, ticket.Priority);
        var budget = clock switch { Respond => policy.RespondWithin, Arrive => policy.ArriveWithin, _ => policy.ResolveWithin };
        return At(policy, ticket, budget, options.Value.WarnAt);
    }

    private static DateTimeOffset At(SlaPolicy policy, TicketRow ticket, TimeSpan budget, double share) =>
        SlaTimer.Deadline(policy.Calendar, ticket.OpenedAt, budget * share, ticket.Pauses);

    private static DateTimeOffset? Earliest(DateTimeOffset after, IReadOnlyList<DateTimeOffset?> instants) => instants.Where(at => at > after).Min();
}
