using Microsoft.EntityFrameworkCore;
using Seamless.Fleet.Audit;
using Seamless.ServiceDesk.Commerce.Documents;
using Seamless.ServiceDesk.Database;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Commerce.Prices;

/// <summary>Price lists by tenant, currency and version. Public: what something costs is no secret.</summary>
public interface IPriceLists
{
    /// <summary>The list in force of each currency, by currency.</summary>
    Task<IReadOnlyList<Versioned<PriceList>>> InForceAsync(string tenant, CancellationToken ct);

    /// <param name="version">The one in force when not given.</param>
    Task<Versioned<PriceList>?> FindAsync(string tenant, string currency, int? version, CancellationToken ct);

    /// <summary>In force from now on for new quotes; quotes keep the version they were made with.</summary>
    Task<Outcome<Versioned<PriceList>>> PublishAsync(string tenant, PriceList list, int? expected, string actor, CancellationToken ct);
}

internal sealed class PriceBook(Workbench workbench, IAudit audit, TimeProvider clock) : IPriceLists
{
    public Task<IReadOnlyList<Versioned<PriceList>>> InForceAsync(string tenant, CancellationToken ct) => workbench.ReadAsync<IReadOnlyList<Versioned<PriceList>>>(async db =>
    {
        var kinds = await db.Documents.Where(d => d.Tenant == tenant && d.Kind.StartsWith(CommerceDocuments.PricePrefix)).Select(d => d.Kind).Distinct().OrderBy(k => k).ToListAsync(ct);
        var lists = new List<Versioned<PriceList>>();
        foreach (var kind in kinds)
            if (await VersionedDocuments.InForceAsync(db, tenant, CommerceDocuments.Prices(kind[CommerceDocuments.PricePrefix.Length..]), ct) is { } list) lists.Add(list);
        return lists;
    }, ct);

    public Task<Versioned<PriceList>?> FindAsync(string tenant, string currency, int? version, CancellationToken ct) => workbench.ReadAsync(db => version is { } n
        ? VersionedDocuments.FindAsync(db, tenant, CommerceDocuments.Prices(currency), n, ct)
        : VersionedDocuments.InForceAsync(db, tenant, CommerceDocuments.Prices(currency), ct), ct);

    public async Task<Outcome<Versioned<PriceList>>> PublishAsync(string tenant, PriceList list, int? expected, string actor, CancellationToken ct)
    {
        var published = list.Fault() is { } fault ? fault
            : await workbench.TryAsync(clock.GetUtcNow(), work => VersionedDocuments.PutAsync(work, tenant, CommerceDocuments.Prices(list.Currency), list, expected, actor, ct), ct);
        await audit.RecordAsync(tenant, actor, "prices.publish", $"prices:{list.Currency}", null, published.Refusal?.Code ?? "ok", published.Refusal?.Reason, ct);
        return published;
    }
}
