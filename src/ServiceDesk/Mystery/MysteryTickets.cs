using Seamless.Rules.Diagnosis;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Mystery;

/// <summary>What a check does to the tickets of its device: the same actions that people have.</summary>
internal sealed class MysteryTickets(ITickets tickets)
{
    public async Task<Ticket?> OfAlarmAsync(MysteryRow row, CancellationToken ct) =>
        (await tickets.ListAsync(new TicketFilter(row.Tenant, row.Device), ct)).FirstOrDefault(t => t.Alarms.Contains(row.Alarm!) && t.IsOpen);

    /// <returns>Why not; null when it is closed.</returns>
    public async Task<Refusal?> CloseAsync(MysteryRow row, string mode, FaultDefinition fault, CancellationToken ct)
    {
        var codes = new Dictionary<string, string>
        {
            ["mode"] = mode, ["mechanism"] = fault.Mechanism, ["cause"] = fault.Cause, ["faultCode"] = fault.Code, ["note"] = $"mystery check {row.Key}",
        };
        var resolved = await tickets.ActAsync(row.Tenant, row.Ticket!, new TicketAction("resolve", codes, MysteryShopper.Actor), ct);
        if (!resolved.Succeeded) return resolved.Refusal;
        return (await tickets.ActAsync(row.Tenant, row.Ticket!, new TicketAction("close", new Dictionary<string, string>(), MysteryShopper.Actor), ct)).Refusal;
    }

    /// <summary>No ticket of a played fault stays open.</summary>
    public async Task WithdrawAsync(MysteryRow row, CancellationToken ct)
    {
        var note = new Dictionary<string, string> { ["class"] = nameof(ClosureClass.Test), ["note"] = $"mystery check {row.Key}" };
        foreach (var ticket in await tickets.ListAsync(new TicketFilter(row.Tenant, row.Device, OpenOnly: true), ct))
            await tickets.ActAsync(row.Tenant, ticket.Number, new TicketAction("cancel", note, MysteryShopper.Actor), ct);
    }
}
