using Seamless.ServiceDesk.Parts.Promises;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.Portal.Tests.Stage;

internal sealed class StagePromises(ITickets tickets, TimeProvider clock) : IPromises
{
    public async Task<IReadOnlyList<RepairPromise>> OfTicketAsync(string tenant, string ticket, CancellationToken ct)
    {
        if (await tickets.FindAsync(tenant, ticket, ct) is not { Visit: { } visit } found) return [];
        var now = clock.GetUtcNow();
        return
        [
            new RepairPromise(found.Number, 0, now.AddMinutes(-20), visit.End, visit.End.AddHours(3),
            [
                new PromiseLeg("parts", visit.Start.AddHours(-1), visit.Start, new("1 × PMP-BRG-6309 from south, expected in time", "1 × PMP-BRG-6309 自南区仓发出，预计按时到达")),
                new PromiseLeg("visit", visit.Start, visit.Start.AddMinutes(40), new($"{visit.Technician} is planned for {visit.Start:u}", $"{visit.Technician} 计划 {visit.Start:u} 到场")),
                new PromiseLeg("work", visit.End, visit.End.AddHours(2), new("90 minutes of work", "作业 90 分钟")),
            ], null, null),
        ];
    }
}
