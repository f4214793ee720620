using Seamless.Analytics.MachineState;
using Seamless.Rules.Alarms;
using Seamless.Rules.Diagnosis;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.PastCases;

/// <summary>What is remembered of a closed ticket.</summary>
/// <param name="Sequence">The ticket's running number: of two cases alike in everything, the newer is told first.</param>
/// <param name="Type">Equipment type; empty when it is not known any more.</param>
/// <param name="Symptoms">Codes of the fault model, each once.</param>
/// <param name="Cause">What was found: <see cref="Closure.FaultCode"/>.</param>
internal sealed record PastCase(
    int Sequence, string Ticket, string Tenant, string? Device, string Site, string Type, IReadOnlyList<string> Symptoms, string Cause, string? Note,
    IReadOnlyList<string> Alarms, DateTimeOffset ClosedAt)
{
    /// <summary>Symptoms that were looked for and not there.</summary>
    public IReadOnlyList<string> Absent { get; init; } = [];

    /// <summary><see cref="TicketRow.Named"/>; none for a ticket without an alarm.</summary>
    public IReadOnlyList<string> Named { get; init; } = [];

    /// <summary>ISO 14224 failure mechanism, as written at closure.</summary>
    public string Mechanism { get; init; } = "";

    /// <summary>What was put in.</summary>
    public IReadOnlyList<PartNeed> Parts { get; init; } = [];

    public string? Skill { get; init; }
    public int WorkMinutes { get; init; }

    /// <summary><see cref="TicketRow.Signature"/>.</summary>
    public FaultSignature? Signature { get; init; }

    public static PastCase Of(ClosedTicket ticket, string type, IReadOnlyList<PartNeed> parts) => new(
        ticket.Sequence, ticket.Number, ticket.Tenant, ticket.Device, ticket.Site, type, [.. ticket.Causes.SelectMany(cause => cause.For).Distinct()],
        ticket.Closure.FaultCode, string.IsNullOrWhiteSpace(ticket.Closure.Note) ? null : ticket.Closure.Note, ticket.Alarms, ticket.Closure.At)
    {
        Absent = [.. ticket.Causes.SelectMany(cause => cause.Against).Distinct()], Named = ticket.Named, Mechanism = ticket.Closure.Mechanism, Parts = parts, Skill = ticket.Skill, WorkMinutes = ticket.WorkMinutes, Signature = ticket.Signature,
    };
}

/// <summary>Those columns of a ticket that are read for a past case.</summary>
internal sealed record ClosedTicket(
    int Sequence, string Number, string Tenant, string? Device, string Site, IReadOnlyList<Cause> Causes, IReadOnlyList<string> Alarms, Closure Closure, string? Skill, int WorkMinutes, IReadOnlyList<string> Named,
    FaultSignature? Signature)
{
    /// <summary>The alarm that it was opened for; one opened by hand may have none.</summary>
    public string Alarm => Alarms is [var first, ..] ? first : "";
}

/// <summary>What is asked for: an alarm as far as past cases are compared with it.</summary>
/// <param name="Causes">Code → probability.</param>
internal sealed record Likened(
    string Alarm, string Type, string? Device, string Site, IReadOnlySet<string> Symptoms, IReadOnlyDictionary<string, double> Causes, DateTimeOffset At)
{
    public static Likened Of(Alarm alarm) => new(
        alarm.Id, alarm.Type, alarm.Device, alarm.Site, alarm.Evidence.Select(evidence => evidence.Symptom).Concat(alarm.Diagnosis.SelectMany(cause => cause.For)).ToHashSet(),
        alarm.Diagnosis.ToDictionary(cause => cause.Code, cause => cause.Probability), alarm.OnsetAt);
}
