using Microsoft.EntityFrameworkCore;
using Seamless.ServiceDesk.Database;

namespace Seamless.ServiceDesk.Parts.Promises;

internal sealed class PromiseBook(Workbench workbench) : IPromises
{
    public Task<IReadOnlyList<RepairPromise>> OfTicketAsync(string tenant, string ticket, CancellationToken ct) => workbench.ReadAsync<IReadOnlyList<RepairPromise>>(async db =>
        (await db.Promises.Where(p => p.Tenant == tenant && p.Ticket == ticket).OrderBy(p => p.Revision).ToListAsync(ct)).ConvertAll(p => p.ToPromise()), ct);
}
