using Microsoft.EntityFrameworkCore;
using Seamless.Rules.Alarms;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Kpis;
using Seamless.ServiceDesk.Parts;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Remedies;

/// <summary>Takes the alarms' changes in order into the desk's cases, with the position in the same transaction.</summary>
internal sealed class AlarmFollower(IAlarms alarms, Ladder ladder, TicketOpening opening, Logistics logistics)
{
    private const int PageSize = 200;

    /// <returns>Whether there may be more.</returns>
    public async Task<bool> TakePageAsync(DeskWork work, CancellationToken ct)
    {
        var position = await work.Db.Followers.FindAsync([FollowerRow.Alarms], ct);
        if (position is null) work.Db.Followers.Add(position = new FollowerRow { Name = FollowerRow.Alarms });
        var changes = await alarms.ChangesAsync(position.Position, PageSize, ct);
        foreach (var change in changes)
        {
            await TakeAsync(work, change.Alarm, change.Kind, ct);
            position.Position = change.Number;
        }
        return changes.Count == PageSize;
    }

    private async Task TakeAsync(DeskWork work, Alarm alarm, AlarmChangeKind kind, CancellationToken ct)
    {
        var fault = await work.Db.Cases.FindAsync([alarm.Id], ct);
        if (fault is null)
        {
            if (!NeedsAnswer(alarm)) return;
            work.Db.Cases.Add(fault = CaseRow.Of(alarm, work.Now));
            fault.Take(alarm);
            fault.DueAt = ladder.FirstLook(fault, work.Now);
        }
        var (wasActive, wasAside) = (fault.Active, fault.PutAside);
        fault.Take(alarm);
        if (alarm.Parent is not null) await TakeBackAsync(work, fault, $"explained-by:{alarm.Parent}", OfTheSite, ct);
        else if (kind is AlarmChangeKind.Withdrawn) await TakeBackAsync(work, fault, "withdrawn", NeverHeld, ct);
        else if (kind is AlarmChangeKind.Closed) CloseByPerson(work, fault);
        else if (alarm.IsUnderMaintenance) await SetAsideAsync(work, fault, alarm, ct);
        else if (fault.Phase is CasePhase.Ticketed) await FollowUpAsync(work, fault, wasActive && !Outlasts(alarm, kind), ct);
        else if (fault.Phase is CasePhase.Remedying) fault.DueAt = work.Now;   // the telemetry has answered: look at once
        else if (fault.Phase is CasePhase.Closed) Revive(work, fault);
        else if (wasAside && !fault.PutAside) fault.DueAt = ladder.FirstLook(fault, work.Now);
    }

    /// <summary>Low is information; the platform's own needs whoever runs it. What is not active any more needs an answer only when it was critical and no maintenance explains it.</summary>
    private static bool NeedsAnswer(Alarm alarm) =>
        alarm is { Parent: null, Severity: not Severity.Low, IsPlatform: false } && alarm.State is not AlarmState.Closed && !alarm.IsUnderMaintenance && (alarm.IsActive || alarm is { Severity: Severity.Critical, Maintenance: null });

    /// <summary>It came while its device was under maintenance, and stands when that is over: it counts as coming now.</summary>
    private static bool Outlasts(Alarm alarm, AlarmChangeKind kind) => kind is AlarmChangeKind.Unsuppressed && alarm is { IsActive: true, Maintenance.IsOver: true };

    /// <param name="Run">What a running remedy ends with.</param>
    private sealed record Reason(string Run, LocalizedText Why, LocalizedText Cancelled);

    private static readonly Reason OfTheSite = new(
        "explained by the site", new("the site's own fault explains this one", "现场故障可以解释此故障"), new("cancelled: one ticket for the site", "已取消：由现场工单统一处理"));

    private static readonly Reason NeverHeld = new(
        "withdrawn", new("telemetry that came late shows that there was no fault", "迟到的数据表明并无故障"), new("cancelled: there was no fault", "已取消：并无故障"));

    private static readonly Reason OfMaintenance = new(
        "under maintenance", new("its device was under maintenance when it came", "告警发生时设备正在维护"), new("cancelled: the device is under maintenance", "已取消：设备正在维护"));

    /// <summary>Whoever maintains the device causes it: no answer until the maintenance is over. What was wrong before it began keeps its ticket.</summary>
    private async Task SetAsideAsync(DeskWork work, CaseRow fault, Alarm alarm, CancellationToken ct)
    {
        if (alarm.Maintenance!.From <= alarm.RaisedAt)
        {
            await TakeBackAsync(work, fault, "maintenance", OfMaintenance, ct);
            return;
        }
        if (fault.Phase is CasePhase.Remedying)
        {
            await StopRunAsync(work, fault, OfMaintenance.Run, ct);
            fault.Phase = CasePhase.Watching;
        }
        if (fault.Phase is CasePhase.Watching) fault.DueAt = null;
    }

    /// <summary>The site explains it, or it never was: no answer of its own. A ticket that went out too early is taken back while nothing has left.</summary>
    private async Task TakeBackAsync(DeskWork work, CaseRow fault, string outcome, Reason reason, CancellationToken ct)
    {
        if (fault.Phase is CasePhase.Closed) return;
        var ticket = fault.Ticket is null ? null : await work.TicketAsync(fault.Tenant, fault.Ticket, ct);
        if (fault.Phase is CasePhase.Remedying) await StopRunAsync(work, fault, reason.Run, ct);
        fault.End(outcome, work.Now);
        if (ticket is not { IsOpen: true } || ticket.Key != fault.AlarmId) return;

        var moving = (await work.ShipmentsAsync(ticket.Number, ct)).Any(s => s.State is ShipmentState.InTransit or ShipmentState.Delivered);
        work.Note(ticket, "note", reason.Why.En, reason.Why.ZhCn);
        if (moving || ticket.Status is not (TicketStatus.New or TicketStatus.Acknowledged or TicketStatus.Scheduled)) return;
        await logistics.ReleaseAsync(work, ticket, DeskWork.Desk, ct);
        Endings.End(work, ticket, TicketStatus.Cancelled, ClosureClass.Explained);
        ticket.Visit = null;
        work.Note(ticket, "cancelled", reason.Cancelled.En, reason.Cancelled.ZhCn);
    }

    private static async Task StopRunAsync(DeskWork work, CaseRow fault, string outcome, CancellationToken ct)
    {
        var run = await work.Db.RemedyRuns.Where(r => r.AlarmId == fault.AlarmId).OrderByDescending(r => r.Step).FirstAsync(ct);
        if (run.EndedAt is null) run.End(RemedyState.Failed, outcome, work.Now);
    }

    private static void CloseByPerson(DeskWork work, CaseRow fault)
    {
        if (fault.Phase is CasePhase.Watching) fault.End("closed-by-person", work.Now);
    }

    private async Task FollowUpAsync(DeskWork work, CaseRow fault, bool wasActive, CancellationToken ct)
    {
        if (await work.TicketAsync(fault.Tenant, fault.Ticket!, ct) is not { } ticket) return;
        if (ticket.Status is TicketStatus.Closed or TicketStatus.Cancelled)
        {
            if (!fault.Active || wasActive) return;
            StartAgain(work, fault);   // it came back after its ticket was closed: a new occurrence
            return;
        }
        if (ticket.Status is TicketStatus.Resolved)
        {
            if (fault.Active && !wasActive) TicketClocks.Reopen(work, ticket, "the alarm came back", "告警再次出现", DeskWork.Desk);
            return;
        }
        // What is known after it has cleared says less than what was known while it lasted.
        if (fault.Active && ticket.FaultKey == fault.FaultKey) await opening.RediagnoseAsync(work, ticket, fault, ct);
        if (fault.Active == wasActive) return;
        if (fault.Active) work.Note(ticket, "note", "the alarm is back", "告警再次出现");
        else work.Note(ticket, "note", "the alarm has cleared by itself; the ticket stays until somebody has looked", "告警已自行消除；工单保留，待人工确认");
    }

    /// <summary>Fixed or gone, and here again: the ladder goes on from the next rung.</summary>
    private void Revive(DeskWork work, CaseRow fault)
    {
        if (fault.Active) StartAgain(work, fault);
    }

    private void StartAgain(DeskWork work, CaseRow fault) => fault.StartAgain(ladder.FirstLook(fault, work.Now));
}
