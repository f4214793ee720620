using Microsoft.EntityFrameworkCore;
using Seamless.Rules.Backtests;
using Seamless.Rules.Labels;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Database;

namespace Seamless.ServiceDesk.Tickets;

/// <summary>Closed tickets as what backtests are measured by: the cause that was found is a real fault.</summary>
internal sealed class TicketOutcomes(Workbench workbench, ILabels labels) : IConfirmedOutcomes
{
    /// <summary>A cause is looked for by the symptoms that it shows more often than not.</summary>
    private const double LeastProbability = 0.5;

    public async Task<IReadOnlyList<ConfirmedOutcome>> ListAsync(string tenant, EquipmentPack pack, DateTimeOffset from, DateTimeOffset to, CancellationToken ct)
    {
        var closed = await workbench.ReadAsync(db => db.Tickets
            .Where(t => t.Tenant == tenant && t.Status == TicketStatus.Closed && t.Device != null && t.OpenedAt >= from && t.OpenedAt < to)
            .OrderBy(t => t.Sequence).ToListAsync(ct), ct);
        var struck = (await labels.ListAsync(new LabelFilter(tenant, Source: LabelSource.Closure, Struck: true, Limit: int.MaxValue), ct)).ToLookup(label => label.Ticket, label => label.Alarm);
        return [.. closed.Where(ticket => ticket.Alarms.Count == 0 || ticket.Alarms.Except(struck[ticket.Number]).Any()).Select(ticket => Of(ticket, pack)).OfType<ConfirmedOutcome>()];
    }

    /// <summary>Null when no cause was found, or one of another type of equipment.</summary>
    private static ConfirmedOutcome? Of(TicketRow ticket, EquipmentPack pack)
    {
        if (ticket.Closure is not { } closure || pack.Faults.Fault(closure.FaultCode) is not { } fault) return null;
        var symptoms = fault.Symptoms.Where(symptom => symptom.Value >= LeastProbability).Select(symptom => symptom.Key).ToHashSet(StringComparer.Ordinal);
        var began = ticket.OnsetAt < ticket.OpenedAt ? ticket.OnsetAt : ticket.OpenedAt;
        return new ConfirmedOutcome(ticket.Device!, OutcomeVerdict.True, began, ticket.OpenedAt, ticket.ResolvedAt ?? closure.At, symptoms, ticket.Alarms);
    }
}
