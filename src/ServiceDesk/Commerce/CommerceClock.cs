using Microsoft.EntityFrameworkCore;
using Seamless.ServiceDesk.Commerce.Contracts;
using Seamless.ServiceDesk.Commerce.Quotes;
using Seamless.ServiceDesk.Database;

namespace Seamless.ServiceDesk.Commerce;

/// <summary>What happens to contracts and quotes by time alone.</summary>
internal sealed class CommerceClock(Workbench workbench)
{
    public static async Task<DateTimeOffset?> NextAsync(DeskContext db, CancellationToken ct) =>
        new[] { await db.Contracts.MinAsync(c => c.DueAt, ct), await db.Quotes.MinAsync(q => q.DueAt, ct) }.Min();

    public async Task LookAroundAsync(DateTimeOffset now, CancellationToken ct)
    {
        foreach (var number in await workbench.ReadAsync(db => db.Contracts.Where(c => c.DueAt <= now).OrderBy(c => c.DueAt).ThenBy(c => c.Sequence).Select(c => c.Number).ToListAsync(ct), ct))
            await workbench.CommitAsync(now, work => ContractBook.SweepAsync(work, number, ct), ct);
        foreach (var quote in await workbench.ReadAsync(db => db.Quotes.Where(q => q.DueAt <= now).OrderBy(q => q.DueAt).ThenBy(q => q.Sequence).Select(q => new { q.Number, q.Revision }).ToListAsync(ct), ct))
            await workbench.CommitAsync(now, work => QuoteDesk.SweepAsync(work, quote.Number, quote.Revision, ct), ct);
    }
}
