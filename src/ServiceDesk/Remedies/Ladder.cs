using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Seamless.Fleet.Commands;
using Seamless.Rules.Diagnosis;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Kpis;
using Seamless.ServiceDesk.Mystery;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Remedies;

/// <summary>Answers a fault, cheapest first: wait whether the site explains it, remote playbooks proven by telemetry, then the ticket.</summary>
/// <remarks>Each step is one transaction that names the next look (<see cref="CaseRow.DueAt"/>); a crash between two steps repeats the look, not the step.</remarks>
internal sealed class Ladder(
    IPacks packs, ICommands commands, Guards guards, TicketOpening tickets, IOptions<ServiceDeskOptions> options, ILogger<Ladder> logger)
{
    /// <summary>How often an unanswered command is looked at.</summary>
    private static readonly TimeSpan CommandPoll = TimeSpan.FromSeconds(1);

    /// <summary>When to act on a fault that has just been heard of.</summary>
    public DateTimeOffset FirstLook(CaseRow fault, DateTimeOffset now)
    {
        var couldBeTheSite = fault.Device is not null && fault.Diagnosis.Any(c =>
            c.Probability >= options.Value.LeastProbability && VisitPlan.FaultOf(packs, fault.Type, c.Code) is { SiteWide: true });
        return couldBeTheSite ? now + options.Value.HoldDown : now;
    }

    public async Task LookAsync(DeskWork work, CaseRow fault, CancellationToken ct)
    {
        fault.Version++;
        switch (fault.Phase)
        {
            case CasePhase.Watching when fault.PutAside:
                fault.DueAt = null;
                return;
            case CasePhase.Watching when !fault.Active && fault.Severity is not Severity.Critical:
                fault.End("cleared-by-itself", work.Now);
                work.Record(EventKind.Transient, $"{fault.AlarmId}:{fault.Step}", fault.Tenant, fault.Site, fault.Device, null, 1, fault.FaultCode);
                return;
            case CasePhase.Watching:
                await ClimbAsync(work, fault, ct);
                return;
            case CasePhase.Remedying:
                await FollowRunAsync(work, fault, ct);
                return;
            case CasePhase.Ticketed when fault is { Active: true, PutAside: false, Parent: null } && await work.TicketAsync(fault.Tenant, fault.Ticket!, ct) is { Status: TicketStatus.Closed } closed:
                fault.StartAgain(work.Now);
                await ClimbAsync(work, fault, ct);
                if (fault.Ticket is { } again && await work.TicketAsync(fault.Tenant, again, ct) is { } next)
                    work.Note(next, "note", $"the alarm lasted after {closed.Number} was closed", $"{closed.Number} 关闭后告警仍未消除");
                return;
            default:
                fault.DueAt = null;
                return;
        }
    }

    private async Task ClimbAsync(DeskWork work, CaseRow fault, CancellationToken ct)
    {
        var tried = await TriedAsync(work, fault, ct);
        foreach (var (cause, playbook) in RungsOf(fault).Where(r => !tried.Contains(r.Playbook.Name)))
        {
            var answer = await guards.AskAsync(work, fault, playbook, ct);
            if (answer.WaitUntil is { } until)
            {
                (fault.Phase, fault.DueAt) = (CasePhase.Watching, until);
                return;
            }
            var run = NewRun(work, fault, cause.Code, playbook);
            if (answer.Reason is null)
            {
                (fault.Phase, fault.DueAt) = (CasePhase.Remedying, work.Now);
                return;
            }
            run.End(RemedyState.Failed, answer.Reason, work.Now);
        }
        await OpenTicketAsync(work, fault, ct);
    }

    /// <summary>Playbooks of the probable causes, most probable first. An ENV or NET fault gets only what the pack gives that fault itself.</summary>
    private IEnumerable<(Cause Cause, Playbook Playbook)> RungsOf(CaseRow fault)
    {
        if (MysteryDevice.Is(fault.Site, fault.Device)) yield break;   // there is no machine that could take a command
        if (fault.Device is null || packs.Find(fault.Type) is not { } pack || fault.TopCause is not { } top) yield break;
        var ofTheSite = top.Class is FaultClass.ENV or FaultClass.NET;
        foreach (var cause in fault.Diagnosis.Where(c => c.Code == top.Code || (!ofTheSite && c.Probability >= options.Value.LeastProbability)))
            foreach (var remedy in pack.Faults.Fault(cause.Code)?.Remedies ?? [])
                if (pack.Playbooks.FirstOrDefault(p => p.Name == remedy.Playbook) is { } playbook)
                    yield return (cause, playbook);
    }

    /// <summary>Each playbook once for an occurrence: what did not help will not help twice.</summary>
    private static async Task<HashSet<string>> TriedAsync(DeskWork work, CaseRow fault, CancellationToken ct)
    {
        var runs = await work.Db.RemedyRuns.Where(r => r.AlarmId == fault.AlarmId && r.Playbook != null).Select(r => r.Playbook!).ToListAsync(ct);
        return [.. runs];
    }

    private static RemedyRunRow NewRun(DeskWork work, CaseRow fault, string cause, Playbook? playbook)
    {
        var run = new RemedyRunRow
        {
            AlarmId = fault.AlarmId, Tenant = fault.Tenant, Device = fault.Device, Site = fault.Site, FaultCode = cause, Step = fault.Step++,
            Playbook = playbook?.Name, Title = playbook?.Title, State = RemedyState.Commanded, StartedAt = work.Now,
        };
        work.Db.RemedyRuns.Add(run);
        return run;
    }

    private async Task FollowRunAsync(DeskWork work, CaseRow fault, CancellationToken ct)
    {
        var run = await work.Db.RemedyRuns.Where(r => r.AlarmId == fault.AlarmId).OrderByDescending(r => r.Step).FirstAsync(ct);
        var playbook = packs.Find(fault.Type)?.Playbooks.FirstOrDefault(p => p.Name == run.Playbook);
        if (playbook is null) await NextRungAsync(work, fault, run, "the playbook is no longer in the pack", ct);
        else if (run.CommandId is null) await SendAsync(work, fault, run, playbook, ct);
        else if (run.State is RemedyState.Commanded) await FollowCommandAsync(work, fault, run, playbook, ct);
        else await JudgeAsync(work, fault, run, playbook, ct);
    }

    /// <summary>The run is already saved: the same key after a crash gives the same command.</summary>
    private async Task SendAsync(DeskWork work, CaseRow fault, RemedyRunRow run, Playbook playbook, CancellationToken ct)
    {
        if (!await AutomationSwitch.IsOnAsync(work.Db, ct))
        {
            await NextRungAsync(work, fault, run, "automation is switched off", ct);
            return;
        }
        if (guards.UnderMaintenance(fault, work.Now) is { } hands)
        {
            await NextRungAsync(work, fault, run, hands, ct);   // it has begun since the guards were asked
            return;
        }
        var key = $"{fault.AlarmId}:{run.Step}";
        var sent = await commands.SendAsync(new CommandRequest(
            new DeviceKey(fault.Tenant, fault.Device!), playbook.Command, playbook.ArgsJson, playbook.Risk, playbook.ExpiresAfter, key, DeskWork.Desk), ct);
        if (!sent.Succeeded)
        {
            await NextRungAsync(work, fault, run, sent.Refusal.Reason, ct);
            return;
        }
        (run.CommandId, run.SentAt) = (sent.Value.Id, sent.Value.CreatedAt);
        run.Version++;
        fault.DueAt = work.Now + CommandPoll;
        logger.LogInformation("{Playbook} sent to {Device} for {Alarm}", playbook.Name, fault.Device, fault.AlarmId);
    }

    private async Task FollowCommandAsync(DeskWork work, CaseRow fault, RemedyRunRow run, Playbook playbook, CancellationToken ct)
    {
        var command = await commands.FindAsync(new DeviceKey(fault.Tenant, fault.Device!), run.CommandId!, ct);
        if (command is { State: CommandState.Succeeded })
        {
            (run.State, run.VerifyUntil) = (RemedyState.Verifying, (command.FinishedAt ?? work.Now) + playbook.VerifyWithin);
            run.Version++;
            fault.DueAt = run.VerifyUntil;
        }
        else if (command is null or { IsFinished: true }) await NextRungAsync(work, fault, run, $"the command {command?.State.ToString() ?? "is gone"}: {command?.Detail}", ct);
        else fault.DueAt = work.Now + CommandPoll;
    }

    /// <summary>Cleared after the command and clear for a while is proof; not clear at the end of the window is the opposite.</summary>
    private async Task JudgeAsync(DeskWork work, CaseRow fault, RemedyRunRow run, Playbook playbook, CancellationToken ct)
    {
        var decidedAt = DecidedAt(fault, run);
        if (work.Now < decidedAt)
        {
            fault.DueAt = decidedAt;
            return;
        }
        if (fault.Active)
        {
            await NextRungAsync(work, fault, run, "the telemetry does not prove it", ct);
            return;
        }
        var key = $"{fault.AlarmId}:{run.Step}";
        if (fault.ClearedAt < run.SentAt)
        {
            run.End(RemedyState.Failed, "cleared before the command", work.Now);
            fault.End("cleared-by-itself", work.Now);
            work.Record(EventKind.Transient, key, fault.Tenant, fault.Site, fault.Device, null, 1, fault.FaultCode);
            return;
        }
        run.CustomerVisibleSeconds = playbook.CustomerVisibleSeconds;
        run.End(RemedyState.Fixed, "proven", work.Now);
        fault.End("fixed", work.Now);
        work.Record(EventKind.Playbook, key, fault.Tenant, fault.Site, fault.Device, null, 1, playbook.Name);
        work.Record(EventKind.Fixed, key, fault.Tenant, fault.Site, fault.Device, null, playbook.CustomerVisibleSeconds, fault.FaultCode);
        work.Record(EventKind.Restored, key, fault.Tenant, fault.Site, fault.Device, null, ((fault.ClearedAt ?? work.Now) - fault.OnsetAt).TotalMinutes, "remote");
        logger.LogInformation("{Device}: {Fault} fixed by {Playbook}, no ticket", fault.Device, fault.FaultCode, playbook.Name);
    }

    private DateTimeOffset? DecidedAt(CaseRow fault, RemedyRunRow run)
    {
        if (fault.Active || fault.ClearedAt is not { } clearedAt || run.SentAt is not { } sentAt) return run.VerifyUntil;
        var proven = (clearedAt > sentAt ? clearedAt : sentAt) + options.Value.StaysClearFor;
        return proven < run.VerifyUntil ? proven : run.VerifyUntil;
    }

    private async Task NextRungAsync(DeskWork work, CaseRow fault, RemedyRunRow run, string why, CancellationToken ct)
    {
        run.End(RemedyState.Failed, why, work.Now);
        if (run.SentAt is not null) work.Record(EventKind.Playbook, $"{fault.AlarmId}:{run.Step}", fault.Tenant, fault.Site, fault.Device, null, 0, run.Playbook);
        await ClimbAsync(work, fault, ct);
    }

    private async Task OpenTicketAsync(DeskWork work, CaseRow fault, CancellationToken ct)
    {
        var ticket = await tickets.ForCaseAsync(work, fault, ct);
        var run = NewRun(work, fault, fault.FaultCode, null);
        run.TicketNumber = ticket.Number;
        run.End(RemedyState.Ticketed, "ticket", work.Now);
        (fault.Phase, fault.Ticket, fault.DueAt) = (CasePhase.Ticketed, ticket.Number, null);
        logger.LogInformation("{Ticket}: {Fault} at {Device}, {Priority}", ticket.Number, fault.FaultCode, fault.Device ?? fault.Site, ticket.Priority);
    }
}
