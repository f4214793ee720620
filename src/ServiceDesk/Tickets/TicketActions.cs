using System.Globalization;
using Microsoft.Extensions.Options;
using Seamless.ServiceDesk.Commerce.Quotes;
using Seamless.ServiceDesk.Customers;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Dispatch;
using Seamless.ServiceDesk.Knowledge.Articles;
using Seamless.ServiceDesk.Knowledge.Supervision;
using Seamless.ServiceDesk.Kpis;
using Seamless.ServiceDesk.Parts;
using Seamless.ServiceDesk.Sla;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Tickets;

/// <summary>What people do to a ticket.</summary>
internal sealed class TicketActions(TicketClocks clocks, Logistics logistics, Dispatcher dispatcher, ClosingArticle articles, IOptions<ServiceDeskOptions> options)
{
    /// <returns>Null when done, else why not.</returns>
    public async Task<Refusal?> ActAsync(DeskWork work, TicketRow ticket, TicketAction action, CancellationToken ct)
    {
        var allowed = TicketStatuses.Allowed(ticket.Status);
        if (!allowed.Contains(action.Name))
            return Refusal.Because("ticket-not-now", $"{ticket.Number} is {ticket.Status}; '{action.Name}' is not possible now, {string.Join(", ", allowed)} are");
        if (SendsSomebody(ticket, action.Name) && await work.VisitHeldAsync(ticket, ct) is { } held) return held;
        if (await NoviceLimits.WhyNotAsync(work, ticket, action, ct) is { } beyond) return beyond;
        var read = TimePoints.Read(work, ticket, action);
        if (!read.Succeeded) return read.Refusal;
        var point = read.Value;
        var refusal = action.Name switch
        {
            "acknowledge" => Acknowledge(work, ticket, action, point),
            "assign" => await AssignAsync(work, ticket, action, ct),
            "schedule" => await ScheduleAsync(work, ticket, action, ct),
            "depart" => Depart(work, ticket, action, point),
            "arrive" => Arrive(work, ticket, action, point),
            "install-part" => await InstallAsync(work, ticket, action, point, ct),
            "resolve" => Resolve(work, ticket, action, point),
            "reopen" => Reopen(work, ticket, action),
            "close" => await CloseAsync(work, ticket, action, ct),
            "cancel" => await CancelAsync(work, ticket, action, ct),
            "pause" => Pause(work, ticket, action),
            "resume" => Resume(work, ticket, action),
            _ => Note(work, ticket, action),
        };
        if (refusal is null) TimePoints.Count(work, ticket, action, point);
        if (refusal is null && ticket.Status is not (TicketStatus.Closed or TicketStatus.Cancelled)) TicketClocks.Schedule(work, ticket);
        return refusal;
    }

    public void SetPriority(DeskWork work, TicketRow ticket, Priority priority, string actor)
    {
        if (ticket.Priority == priority) return;
        var before = ticket.Priority;
        (ticket.Priority, ticket.Grading) = (priority, null);
        clocks.SetDeadlines(ticket);
        work.Note(ticket, "priority-changed", $"{before} → {priority}", $"{before} → {priority}", actor);
        TicketClocks.Schedule(work, ticket);
    }

    /// <summary>Whoever is under way already is let in.</summary>
    private static bool SendsSomebody(TicketRow ticket, string action) => action is "schedule" or "depart" || (action is "arrive" && ticket.Status is not TicketStatus.EnRoute);

    private static Refusal? Acknowledge(DeskWork work, TicketRow ticket, TicketAction action, TimePoint point)
    {
        Responded(work, ticket, point.At);
        ticket.MoveTo(ticket.Visit is null ? TicketStatus.Acknowledged : TicketStatus.Scheduled, work.Now, point.At);
        work.Note(ticket, "acknowledged", "somebody is on it", "已受理", action.Actor, point: point);
        return null;
    }

    private async Task<Refusal?> AssignAsync(DeskWork work, TicketRow ticket, TicketAction action, CancellationToken ct)
    {
        if (!action.Args.TryGetValue("technician", out var technician)) return Missing("technician");
        var visit = await dispatcher.ProposeAsync(work, ticket, technician, null, ct);
        if (visit is null) return Refusal.NotFound("technician-unknown", $"there is no technician {technician}");
        if (ticket.Assignee is { } before && before != technician) work.Touch(ticket, $"transfer:{ticket.Version}", Touches.Transfer);
        if (ticket.Visit is null) ticket.Assignee = technician;
        else Dispatcher.Assign(work, ticket, visit with { Confirmed = true }, action.Actor);
        work.Note(ticket, "note", $"assigned to {technician}", $"已指派给 {technician}", action.Actor);
        return null;
    }

    private async Task<Refusal?> ScheduleAsync(DeskWork work, TicketRow ticket, TicketAction action, CancellationToken ct)
    {
        if (ticket.Class is Rules.Diagnosis.FaultClass.HW && (await work.LinesAsync(ticket.Number, ct)).Any(l => l.Status is PartLineStatus.Unavailable))
            return Refusal.Because("ticket-waits-for-part", $"{ticket.Number} waits for a part that no depot has; a visit is planned once it is on its way");
        DateTimeOffset? start = null;
        if (action.Args.TryGetValue("start", out var text))
        {
            if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed)) return Refusal.Invalid("time-unreadable", $"'{text}' is no time; RFC 3339 is expected");
            start = parsed;
        }
        if (action.Args.TryGetValue("minutes", out var minutes))
        {
            if (!int.TryParse(minutes, CultureInfo.InvariantCulture, out var parsed) || parsed is < 1 or > 10_000) return Refusal.Invalid("visit-length", $"'{minutes}' is no length of a visit in minutes");
            ticket.WorkMinutes = parsed;
        }
        var visit = await dispatcher.ProposeAsync(work, ticket, action.Args.GetValueOrDefault("technician"), start, ct);
        if (visit is null) return Refusal.Because("technician-none", "no technician can do this");
        if (start is not null && visit.Start > start) return Refusal.Because("visit-too-early", $"not before {visit.Start:u}: the parts or the technician cannot be there earlier");
        Responded(work, ticket, work.Now);
        Dispatcher.Assign(work, ticket, visit with { Confirmed = true }, action.Actor);
        ticket.MoveTo(TicketStatus.Scheduled, work.Now);
        return null;
    }

    private static Refusal? Depart(DeskWork work, TicketRow ticket, TicketAction action, TimePoint point)
    {
        ticket.MoveTo(TicketStatus.EnRoute, work.Now, point.At);
        work.Note(ticket, "en-route", "the technician is on the way", "技术员已出发", action.Actor, point: point);
        return null;
    }

    private static Refusal? Arrive(DeskWork work, TicketRow ticket, TicketAction action, TimePoint point)
    {
        if (ticket.ArrivedAt is null)
        {
            ticket.ArrivedAt = point.At;
            TicketClocks.End(work, ticket, TicketClocks.Arrive, point.At <= ticket.ArriveBy);
            TicketClocks.Took(work, ticket, Turnaround.Travel, ticket.RespondedAt ?? ticket.OpenedAt, point.At);
        }
        ticket.Arrivals++;
        work.Touch(ticket, $"visit:{ticket.Arrivals}", Touches.Visit);
        ticket.MoveTo(TicketStatus.OnSite, work.Now, point.At);
        work.Note(ticket, "on-site", "the technician is on site", "技术员已到场", action.Actor, point: point);
        return null;
    }

    private async Task<Refusal?> InstallAsync(DeskWork work, TicketRow ticket, TicketAction action, TimePoint point, CancellationToken ct) =>
        action.Args.TryGetValue("serial", out var serial)
            ? await logistics.InstallAsync(work, ticket, serial, action.Args.GetValueOrDefault("removedSerial"), action.Actor, point, ct)
            : Missing("serial");

    private static Refusal? Resolve(DeskWork work, TicketRow ticket, TicketAction action, TimePoint point)
    {
        if (action.Args.ContainsKey("faultCode"))
        {
            var codes = Codes(work, ticket, action);
            if (!codes.Succeeded) return codes.Refusal;
            ticket.Closure = codes.Value;
        }
        Responded(work, ticket, point.At);
        ticket.ResolvedAt = point.At;
        TicketClocks.End(work, ticket, TicketClocks.Resolve, point.At <= ticket.ResolveBy);
        if (ticket.ArrivedAt is { } arrived) TicketClocks.Took(work, ticket, Turnaround.Work, arrived, point.At);
        work.Record(EventKind.Restored, $"{ticket.Reopened}", ticket, (point.At - ticket.OnsetAt).TotalMinutes, "ticket");
        ticket.MoveTo(TicketStatus.Resolved, work.Now, point.At);
        work.Note(ticket, "resolved", "repaired; the telemetry is being watched", "已修复，正在观察遥测数据", action.Actor, point: point);
        return null;
    }

    private Refusal? Reopen(DeskWork work, TicketRow ticket, TicketAction action)
    {
        if (work.Now > ticket.StateChangedAt + options.Value.ReopenWindow) return Refusal.Because("ticket-reopen-late", $"{ticket.Number} was resolved too long ago to be taken back");
        var why = action.Args.GetValueOrDefault("note", "not solved");
        TicketClocks.Reopen(work, ticket, why, why, action.Actor);
        return null;
    }

    private async Task<Refusal?> CloseAsync(DeskWork work, TicketRow ticket, TicketAction action, CancellationToken ct)
    {
        if (ticket.Closure is null || action.Args.Keys.Except([.. ClosingArticle.Arguments, "class"]).Any())
        {
            var codes = Codes(work, ticket, action);
            if (!codes.Succeeded) return codes.Refusal;
            ticket.Closure = codes.Value;
        }
        var closedAs = Endings.OfClosing(ticket, action);
        if (!closedAs.Succeeded) return closedAs.Refusal;
        if (await articles.CloseAsync(work, ticket, action, ct) is { } refusal) return refusal;
        await TicketClocks.CloseAsync(work, ticket, logistics, closedAs.Value, action.Actor, ct);
        ticket.CustomerWroteAt = null;   // whoever closes it has read it
        if (closedAs.Value is not ClosureClass.NoFaultFound) await clocks.WatchAfterAsync(work, ticket, ct);
        return null;
    }

    private async Task<Refusal?> CancelAsync(DeskWork work, TicketRow ticket, TicketAction action, CancellationToken ct)
    {
        var closedAs = Endings.OfCancelling(ticket, action);
        if (!closedAs.Succeeded) return closedAs.Refusal;
        await logistics.ReleaseAsync(work, ticket, action.Actor, ct);
        Endings.End(work, ticket, TicketStatus.Cancelled, closedAs.Value);
        (ticket.Visit, ticket.CustomerWroteAt) = (null, null);
        var why = action.Args.GetValueOrDefault("note", "no longer needed");
        work.Note(ticket, "cancelled", $"cancelled: {why}", $"已取消：{why}", action.Actor);
        return null;
    }

    private Refusal? Pause(DeskWork work, TicketRow ticket, TicketAction action)
    {
        if (!action.Args.TryGetValue("reason", out var reason)) return Missing("reason");
        if (!PauseReasons.All.Contains(reason)) return Refusal.Because("pause-reason", $"'{reason}' does not stop the clocks; {string.Join(", ", PauseReasons.All)} do");
        ticket.Pauses = [.. ticket.Pauses, new Pause(reason, work.Now, null, work.Now + options.Value.LongestPause)];
        clocks.SetDeadlines(ticket);
        ticket.Resumes = ticket.Status;
        ticket.MoveTo(TicketStatus.Paused, work.Now);
        work.Note(ticket, "paused", $"clocks stand still: {reason}", $"计时已暂停：{reason}", action.Actor);
        return null;
    }

    private Refusal? Resume(DeskWork work, TicketRow ticket, TicketAction action)
    {
        clocks.Resume(work, ticket, action.Actor);
        return null;
    }

    private static Refusal? Note(DeskWork work, TicketRow ticket, TicketAction action)
    {
        if (!action.Args.TryGetValue("text", out var text)) return Missing("text");
        work.Note(ticket, "note", text, text, action.Actor);
        return null;
    }

    private static void Responded(DeskWork work, TicketRow ticket, DateTimeOffset at)
    {
        if (ticket.RespondedAt is not null) return;
        ticket.RespondedAt = at;
        TicketClocks.End(work, ticket, TicketClocks.Respond, at <= ticket.RespondBy);
        TicketClocks.Took(work, ticket, Turnaround.Respond, ticket.OpenedAt, at);
    }

    /// <summary>ISO 14224 asks for mode, mechanism and cause as three fields; the fault code joins them to the model.</summary>
    private static Outcome<Closure> Codes(DeskWork work, TicketRow ticket, TicketAction action)
    {
        string[] required = ["mode", "mechanism", "cause", "faultCode"];
        var missing = required.Where(name => !action.Args.TryGetValue(name, out var value) || string.IsNullOrWhiteSpace(value)).ToList();
        if (missing.Count > 0) return Refusal.Invalid("closing-codes-missing", $"{ticket.Number} closes with mode, mechanism, cause (ISO 14224) and faultCode; missing: {string.Join(", ", missing)}");
        return new Closure(
            action.Args["mode"], action.Args["mechanism"], action.Args["cause"], action.Args["faultCode"], action.Args.GetValueOrDefault("note"), work.Now, action.Actor);
    }

    private static Refusal Missing(string argument) => Refusal.Invalid("field-missing", $"the argument '{argument}' is missing");
}
