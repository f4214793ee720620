using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Kpis;

namespace Seamless.ServiceDesk.Tickets;

/// <summary>Tells the next person up. One step for each (ticket, reason): the same reason never climbs twice.</summary>
internal static class Escalation
{
    public static void Climb(DeskWork work, TicketRow ticket, ServiceDeskOptions options, string reason, string en, string zh)
    {
        var ladder = options.EscalationLadder;
        var rung = Math.Min(ticket.EscalationLevel, ladder.Count - 1);
        ticket.EscalationLevel = rung + 1;
        work.Record(EventKind.Escalated, reason, ticket, rung + 1, ladder[rung]);
        work.Note(ticket, "escalated", $"{en}; told {ladder[rung]}", $"{zh}；已通知 {ladder[rung]}", rung: ladder[rung]);
    }
}
