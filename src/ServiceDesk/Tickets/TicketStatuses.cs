namespace Seamless.ServiceDesk.Tickets;

/// <summary>Which action each status allows. What is not here is refused aloud.</summary>
internal static class TicketStatuses
{
    private static readonly Dictionary<TicketStatus, IReadOnlyList<string>> Table = new()
    {
        [TicketStatus.New] = ["acknowledge", "assign", "schedule", "resolve", "pause", "cancel", "note"],
        [TicketStatus.Acknowledged] = ["assign", "schedule", "depart", "resolve", "pause", "cancel", "note"],
        [TicketStatus.Scheduled] = ["assign", "schedule", "depart", "arrive", "resolve", "pause", "cancel", "note"],
        [TicketStatus.EnRoute] = ["arrive", "assign", "schedule", "pause", "note"],
        [TicketStatus.OnSite] = ["install-part", "resolve", "schedule", "pause", "note"],
        [TicketStatus.Paused] = ["resume", "cancel", "note"],
        [TicketStatus.Resolved] = ["close", "reopen", "note"],
        [TicketStatus.Closed] = ["note"],
        [TicketStatus.Cancelled] = ["note"],
    };

    public static IReadOnlyList<string> Allowed(TicketStatus status) => Table[status];
}
