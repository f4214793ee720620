using Microsoft.EntityFrameworkCore;
using Seamless.Rules.Labels;
using Seamless.ServiceDesk.Database;

namespace Seamless.ServiceDesk.Tickets;

/// <summary>What the closures of tickets say of their alarms.</summary>
internal sealed class TicketClosures(Workbench workbench) : IClosures
{
    public async Task<IReadOnlyList<ClosedTicket>> ListAsync(DateTimeOffset since, CancellationToken ct)
    {
        var closed = await workbench.ReadAsync(db => db.Tickets
            .Where(t => t.Status == TicketStatus.Closed && t.StateChangedAt >= since).OrderBy(t => t.Sequence).ToListAsync(ct), ct);
        return [.. closed.Where(ticket => ticket.Closure is not null).Select(Of)];
    }

    private static ClosedTicket Of(TicketRow ticket)
    {
        var closure = ticket.Closure!;
        return new ClosedTicket(
            ticket.Tenant, ticket.Number, ticket.Alarms, new ClosureCodes(closure.Mode, closure.Mechanism, closure.Cause), closure.FaultCode, closure.Note, closure.Actor,
            closure.At, ticket.StateChangedAt, PredictedCause.Of(ticket.Causes))
        {
            Device = ticket.Device,
        };
    }
}
