using Microsoft.EntityFrameworkCore;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Knowledge.Guidance;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Knowledge.Supervision;

/// <summary>Where somebody new has to ask: ending a ticket that is urgent, or whose cause is another than the diagnosis says.</summary>
internal static class NoviceLimits
{
    private static readonly string[] Ending = ["close", "cancel"];

    /// <returns>Null when the person may do it alone, or has been released.</returns>
    public static async Task<Refusal?> WhyNotAsync(DeskWork work, TicketRow ticket, TicketAction action, CancellationToken ct)
    {
        var confirms = action.Args.GetValueOrDefault("faultCode");
        if (!Ending.Contains(action.Name) && !(action.Name is "resolve" && confirms is not null)) return null;
        var policy = (await KnowledgePolicy.OfAsync(work.Db, ticket.Tenant, ct)).Supervision;
        if (!policy.Novices.TryGetValue(action.Actor, out var supervisor)) return null;
        if (await Beyond(work, ticket, confirms ?? ticket.Closure?.FaultCode, policy, ct) is not { } why || await IsReleasedAsync(work.Db, ticket.Number, action.Actor, ct)) return null;
        return Refusal.Forbidden("novice-limit", $"{why}: {supervisor} releases {ticket.Number} for {action.Actor}; ask with POST /api/v1/tickets/{ticket.Number}/releases");
    }

    /// <summary>Making a ticket less urgent would lift the limit.</summary>
    public static async Task<Refusal?> WhyNotLowerAsync(DeskWork work, TicketRow ticket, Priority to, string actor, CancellationToken ct)
    {
        if (to <= ticket.Priority || !(await KnowledgePolicy.OfAsync(work.Db, ticket.Tenant, ct)).Supervision.Novices.TryGetValue(actor, out var supervisor)) return null;
        return await IsReleasedAsync(work.Db, ticket.Number, actor, ct) ? null : Refusal.Forbidden("novice-urgency", $"who is new makes no ticket less urgent: {supervisor} does, or releases {ticket.Number} for {actor}");
    }

    public static Task<bool> IsReleasedAsync(DeskContext db, string ticket, string novice, CancellationToken ct) => db.Releases.AnyAsync(r => r.Ticket == ticket && r.Novice == novice && r.At != null, ct);

    private static async Task<string?> Beyond(DeskWork work, TicketRow ticket, string? cause, SupervisedAuthority policy, CancellationToken ct)
    {
        if (ticket.Priority < policy.ClosesFrom) return $"who is new ends tickets of {policy.ClosesFrom} and below, and this one is {ticket.Priority}";
        if (cause is null || (ticket.Causes.Count > 0 && ticket.Causes[0].Code == cause)) return null;
        var tested = await work.Db.GuidedSteps.AnyAsync(s => s.Ticket == ticket.Number && s.Kind == GuidedStepRow.Test && s.Code == cause && s.Positive, ct);
        return tested ? null : $"'{cause}' is neither what the diagnosis says nor what a test has shown";
    }
}
