using Microsoft.EntityFrameworkCore;
using Seamless.ServiceDesk.Database;

namespace Seamless.ServiceDesk.Notifications.Recipients;

/// <summary>The recipients in memory: every milestone asks for them, and they hardly ever change.</summary>
internal sealed class RecipientShelf(IDbContextFactory<DeskContext> contexts)
{
    private volatile ILookup<string, RecipientRow>? _all;
    private int _changes;

    public async ValueTask<IEnumerable<RecipientRow>> OfAsync(string tenant, CancellationToken ct)
    {
        if (_all is { } known) return known[tenant];
        var changes = Volatile.Read(ref _changes);
        await using var db = await contexts.CreateDbContextAsync(ct);
        var read = (await db.Recipients.AsNoTracking().OrderBy(r => r.Tenant).ThenBy(r => r.Id).ToListAsync(ct)).ToLookup(r => r.Tenant);
        if (changes == Volatile.Read(ref _changes)) _all = read;   // changed meanwhile: the next one reads again
        return read[tenant];
    }

    public async ValueTask<RecipientRow?> FindAsync(string tenant, string id, CancellationToken ct) => (await OfAsync(tenant, ct)).FirstOrDefault(r => r.Id == id);

    public void Forget()
    {
        Interlocked.Increment(ref _changes);
        _all = null;
    }
}
