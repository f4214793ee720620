using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Seamless.ServiceDesk.Database;

namespace Seamless.ServiceDesk.Kpis;

internal sealed class EventLog(Workbench workbench) : IEventLog
{
    private const int PageLength = 2000;

    public Task<LogHead> HeadAsync(string tenant, CancellationToken ct) => workbench.ReadAsync(async db =>
    {
        var (number, hash) = await EventChain.HeadAsync(db, tenant, ct);
        return new LogHead(number, hash);
    }, ct);

    public async IAsyncEnumerable<LoggedEvent> ReadAsync(string tenant, long after, [EnumeratorCancellation] CancellationToken ct)
    {
        for (var last = Math.Max(after, 0); ;)
        {
            var from = last;
            var page = await workbench.ReadAsync(db => db.Events.Where(e => e.Tenant == tenant && e.Number > from).OrderBy(e => e.Number).ThenBy(e => e.Id).Take(PageLength).ToListAsync(ct), ct);
            foreach (var row in page) yield return row.ToEvent();
            if (page.Count < PageLength) yield break;
            last = page[^1].Number;
        }
    }

    public async Task<LogCheck> CheckAsync(string tenant, LogHead? kept, CancellationToken ct)
    {
        var check = new ChainCheck(kept);
        await foreach (var happened in ReadAsync(tenant, 0, ct)) check.Take(happened);
        return check.Result();
    }
}
