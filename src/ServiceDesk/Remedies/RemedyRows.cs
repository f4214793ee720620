using Seamless.Rules.Alarms;
using Seamless.Rules.Diagnosis;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Reliability;

namespace Seamless.ServiceDesk.Remedies;

/// <summary>Watching: not acted on yet · Remedying: a playbook runs or is being proven · Ticketed · Closed: fixed, transient, or explained by another.</summary>
internal enum CasePhase { Watching, Remedying, Ticketed, Closed }

/// <summary>The desk's side of one alarm: where it stands on the ladder, and the alarm as last seen.</summary>
internal sealed class CaseRow
{
    public required string AlarmId { get; init; }
    public required string Tenant { get; init; }
    public string? Device { get; init; }
    public required string Site { get; init; }
    public required string Type { get; init; }
    public required string FaultKey { get; init; }

    public CasePhase Phase { get; set; }

    /// <summary>Next rung of the ladder.</summary>
    public int Step { get; set; }

    /// <summary>When the desk must look again; null when only a change of the alarm can matter.</summary>
    public DateTimeOffset? DueAt { get; set; }
    public string? Ticket { get; set; }
    public DateTimeOffset OpenedAt { get; set; }
    public DateTimeOffset? EndedAt { get; set; }
    public string? Outcome { get; set; }

    /// <summary>What made the alarm known: a limit, or a detector or model that saw it coming.</summary>
    public string Origin { get; set; } = TicketOrigin.Limit;

    public Severity Severity { get; set; }
    public bool Active { get; set; }

    /// <summary>Put aside by a person (shelved, suppressed): the desk keeps its hands off.</summary>
    public bool PutAside { get; set; }
    public string? Parent { get; set; }
    public DateTimeOffset OnsetAt { get; set; }
    public DateTimeOffset RaisedAt { get; set; }
    public DateTimeOffset? ClearedAt { get; set; }
    public required LocalizedText Title { get; set; }
    public required IReadOnlyList<Cause> Diagnosis { get; set; }
    public int Version { get; set; }

    public Cause? TopCause => Diagnosis.Count > 0 ? Diagnosis[0] : null;
    public string FaultCode => TopCause?.Code ?? "";

    public static CaseRow Of(Alarm alarm, DateTimeOffset now) => new()
    {
        AlarmId = alarm.Id, Tenant = alarm.Tenant, Device = alarm.Device, Site = alarm.Site, Type = alarm.Type, FaultKey = alarm.FaultKey,
        OnsetAt = alarm.OnsetAt, RaisedAt = alarm.RaisedAt, OpenedAt = now, Title = alarm.Message, Diagnosis = alarm.Diagnosis,
    };

    public void Take(Alarm alarm)
    {
        Severity = alarm.Severity;
        Active = alarm.IsActive;
        PutAside = alarm.Parent is null && (alarm.SuppressedBy is not null || alarm.ShelvedUntil is not null);
        Parent = alarm.Parent;
        ClearedAt = alarm.ClearedAt;
        Origin = TicketOrigin.Of(alarm);
        Title = alarm.TopCause is { Code: not Diagnoser.Unknown } top ? top.Title : alarm.Message;
        Diagnosis = alarm.Diagnosis;
        Version++;
    }

    /// <summary>It is answered like a new occurrence.</summary>
    public void StartAgain(DateTimeOffset at) => (Phase, Outcome, EndedAt, Ticket, DueAt) = (CasePhase.Watching, null, null, null, at);

    public void End(string outcome, DateTimeOffset at)
    {
        (Phase, Outcome, EndedAt, DueAt) = (CasePhase.Closed, outcome, at, null);
        Version++;
    }
}

internal sealed class RemedyRunRow
{
    public long Id { get; init; }
    public required string AlarmId { get; init; }
    public required string Tenant { get; init; }
    public string? Device { get; init; }
    public required string Site { get; init; }
    public required string FaultCode { get; init; }
    public int Step { get; init; }
    public string? Playbook { get; init; }
    public LocalizedText? Title { get; init; }
    public string? CommandId { get; set; }
    public RemedyState State { get; set; }
    public DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? SentAt { get; set; }

    /// <summary>Until when telemetry must have proven it, our clock.</summary>
    public DateTimeOffset? VerifyUntil { get; set; }
    public DateTimeOffset? EndedAt { get; set; }
    public string? Outcome { get; set; }
    public int CustomerVisibleSeconds { get; set; }
    public string? TicketNumber { get; set; }
    public int Version { get; set; }

    public void End(RemedyState state, string outcome, DateTimeOffset at)
    {
        (State, Outcome, EndedAt) = (state, outcome, at);
        Version++;
    }

    public RemedyRun ToRun() => new(
        AlarmId, Tenant, Device, Site, FaultCode, Step, Playbook, Title, CommandId, State, StartedAt, EndedAt, Outcome, CustomerVisibleSeconds, TicketNumber)
    {
        Number = Id,
    };
}
