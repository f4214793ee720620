using Seamless.Rules.Labels;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Kpis;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Tickets;

/// <summary>As what a case left the loop. The first three close it, with ISO 14224 codes; the others end it without a repair.</summary>
public enum ClosureClass : byte
{
    RepairedOnSite, RepairedRemotely, NoFaultFound,

    /// <summary>Another ticket has it.</summary>
    Duplicate,

    /// <summary>Whoever asked for it does not need it any more.</summary>
    Withdrawn,

    /// <summary>Not ours to repair.</summary>
    OutOfScope,

    /// <summary>Taken back by the desk: a cause of the whole site, or maintenance, explains it.</summary>
    Explained,

    /// <summary>Played by the platform or by a person.</summary>
    Test,
}

/// <summary>The only way out of the loop, whoever ends a case.</summary>
internal static class Endings
{
    public static readonly IReadOnlyList<ClosureClass> Closing = [ClosureClass.RepairedOnSite, ClosureClass.RepairedRemotely, ClosureClass.NoFaultFound];
    public static readonly IReadOnlyList<ClosureClass> Cancelling = [ClosureClass.NoFaultFound, ClosureClass.Duplicate, ClosureClass.Withdrawn, ClosureClass.OutOfScope, ClosureClass.Test];

    public static void End(DeskWork work, TicketRow ticket, TicketStatus status, ClosureClass closedAs)
    {
        ticket.End(status, closedAs, work.Now);
        work.Record(EventKind.Left, "left", ticket, (work.Now - ticket.OpenedAt).TotalMinutes, closedAs.ToString());
    }

    /// <summary>What a person says, else what happened: nothing was found, somebody was there, or nobody had to be.</summary>
    public static Outcome<ClosureClass> OfClosing(TicketRow ticket, TicketAction action) => action.Args.ContainsKey("class")
        ? Read(ticket, action, Closing)
        : OfWhatHappened(ticket);

    public static ClosureClass OfWhatHappened(TicketRow ticket) =>
        string.Equals(ticket.Closure?.FaultCode, ClosedTicket.NoFaultFound, StringComparison.OrdinalIgnoreCase) ? ClosureClass.NoFaultFound
        : ticket.Arrivals > 0 ? ClosureClass.RepairedOnSite : ClosureClass.RepairedRemotely;

    /// <summary>What a person says; a case that is called off without a word is not needed any more.</summary>
    public static Outcome<ClosureClass> OfCancelling(TicketRow ticket, TicketAction action) => action.Args.ContainsKey("class")
        ? Read(ticket, action, Cancelling)
        : ClosureClass.Withdrawn;

    private static Outcome<ClosureClass> Read(TicketRow ticket, TicketAction action, IReadOnlyList<ClosureClass> allowed)
    {
        var said = action.Args.GetValueOrDefault("class");
        foreach (var one in allowed)
            if (string.Equals(one.ToString(), said, StringComparison.OrdinalIgnoreCase)) return one;
        return Refusal.Invalid("closure-class-missing", $"'{action.Name}' ends {ticket.Number} with a 'class': {string.Join(", ", allowed.Select(NameOf))}{(said is null ? "" : $"; '{said}' is none of them")}");
    }

    private static string NameOf(ClosureClass one) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(one.ToString());
}
