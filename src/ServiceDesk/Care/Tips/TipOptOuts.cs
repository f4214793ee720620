using Microsoft.EntityFrameworkCore;
using Seamless.Fleet.Audit;
using Seamless.ServiceDesk.Database;

namespace Seamless.ServiceDesk.Care.Tips;

/// <summary>Who wants no tips. It holds for tips alone: messages about tickets go on.</summary>
internal sealed class TipOptOuts(Workbench workbench, IAudit audit, TimeProvider clock)
{
    public static string ActionOf(bool optedOut) => optedOut ? "tip.unsubscribe" : "tip.subscribe";

    public Task<IReadOnlyList<TipOptOut>> ListAsync(string tenant, CancellationToken ct) => workbench.ReadAsync<IReadOnlyList<TipOptOut>>(async db =>
        (await db.TipOptOuts.Where(o => o.Tenant == tenant).OrderBy(o => o.Recipient).ToListAsync(ct)).ConvertAll(o => o.ToOptOut()), ct);

    public Task<DateTimeOffset?> SinceAsync(string tenant, string recipient, CancellationToken ct) =>
        workbench.ReadAsync(db => db.TipOptOuts.Where(o => o.Tenant == tenant && o.Recipient == recipient).Select(o => (DateTimeOffset?)o.At).FirstOrDefaultAsync(ct), ct);

    /// <summary>Doing it twice is doing it once: the first time counts.</summary>
    public async Task SetAsync(string tenant, string recipient, bool optedOut, string by, string? campaign, CancellationToken ct)
    {
        var changed = await workbench.CommitAsync(clock.GetUtcNow(), async work =>
        {
            var row = await work.Db.TipOptOuts.FindAsync([tenant, recipient], ct);
            if (row is not null == optedOut) return false;
            if (row is null) work.Db.TipOptOuts.Add(new TipOptOutRow { Tenant = tenant, Recipient = recipient, At = work.Now, By = by, Campaign = campaign });
            else work.Db.TipOptOuts.Remove(row);
            return true;
        }, ct);
        if (changed) await audit.RecordAsync(tenant, by, ActionOf(optedOut), $"recipient:{recipient}", null, "ok", campaign, ct);
    }
}
